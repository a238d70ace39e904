// Package delimited reads tables that come as CSV in several parts, each with
// a header row, and writes them as one: as they are, or as a JSON object a row.
//
// It has a scanner of its own because encoding/csv makes a string of every cell
// and knows no pieces; the benchmark beside it has the ratio. The grammar is
// that of RFC 4180: a cell in quotes may hold delimiters, line breaks and
// doubled quotes. Beyond it, rows may end with a line feed alone, and a quote
// within a cell that does not begin with one stands for itself.
//
// Every row must have as many cells as the header, and every part the header
// of the first: what was cut, or a delimiter that nobody escaped, is an error
// that names the row, never a shifted column. Memory is one row and one block
// of output, whatever the size of a part.
package delimited

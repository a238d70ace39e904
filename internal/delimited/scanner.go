package delimited

import "bytes"

// scanner finds rows and cells. It keeps no text.
type scanner struct {
	delimiter byte
	// counted is the delimiter as a slice, for bytes.Count.
	counted []byte
}

func newScanner(delimiter byte) scanner {
	return scanner{delimiter: delimiter, counted: []byte{delimiter}}
}

// quotes looks for quotes in data that is scanned from front to back, each
// stretch once.
type quotes struct {
	data []byte
	next int // of the next quote at or after the last place asked about; len(data): none
}

func newQuotes(data []byte) quotes {
	q := quotes{data: data}
	q.find(0)
	return q
}

func (q *quotes) find(from int) {
	if i := bytes.IndexByte(q.data[from:], '"'); i >= 0 {
		q.next = from + i
		return
	}
	q.next = len(q.data)
}

// before reports whether there is a quote in data[from:to].
func (q *quotes) before(from, to int) bool {
	if q.next < from {
		q.find(from)
	}
	return q.next < to
}

// row returns where the row at from ends, after its line break, and how many
// cells it has. -1: data ends before the row does. A malformed row is an error.
func (s scanner) row(data []byte, from int, q *quotes) (end, cells int, err error) {
	line := bytes.IndexByte(data[from:], '\n')
	if line < 0 {
		return -1, 0, nil
	}
	if line += from; !q.before(from, line) {
		return line + 1, bytes.Count(data[from:line], s.counted) + 1, nil
	}
	for at := from; ; {
		cells++
		c, err := s.cell(data, at)
		if err != nil || c.next < 0 {
			return -1, 0, err
		}
		if at = c.next; c.last {
			return at, cells, nil
		}
	}
}

// cell is one cell of a row.
type cell struct {
	// text is what it holds, with quotes still doubled if escaped is set.
	text    []byte
	escaped bool
	// next is where the next cell begins, or the next row if last is set.
	// -1: data ends before the cell does.
	next int
	last bool
}

// cell returns the cell that begins at at.
func (s scanner) cell(data []byte, at int) (cell, error) {
	if at < len(data) && data[at] == '"' {
		return s.quoted(data, at+1)
	}
	for i := at; i < len(data); i++ {
		switch data[i] {
		case s.delimiter:
			return cell{text: data[at:i], next: i + 1}, nil
		case '\n':
			return cell{text: bytes.TrimSuffix(data[at:i], carriageReturn), next: i + 1, last: true}, nil
		}
	}
	return cell{next: -1}, nil
}

// quoted returns the cell whose first character after the quote is at at.
func (s scanner) quoted(data []byte, at int) (cell, error) {
	c := cell{next: -1}
	for i := at; ; i += 2 {
		quote := bytes.IndexByte(data[i:], '"')
		if quote < 0 || i+quote+1 == len(data) {
			return c, nil
		}
		if i += quote; data[i+1] == '"' {
			c.escaped = true
			continue
		}
		c.text = data[at:i]
		return s.after(data, i+1, c)
	}
}

// after ends a cell whose closing quote is before at.
func (s scanner) after(data []byte, at int, c cell) (cell, error) {
	switch {
	case data[at] == s.delimiter:
		c.next = at + 1
	case data[at] == '\n':
		c.next, c.last = at+1, true
	case data[at] == '\r' && at+1 == len(data):
		// what follows is not there yet
	case data[at] == '\r' && data[at+1] == '\n':
		c.next, c.last = at+2, true
	default:
		return c, errBareQuote
	}
	return c, nil
}

// unescape appends the text of a cell with its doubled quotes made single.
func unescape(dst, text []byte) []byte {
	for {
		quote := bytes.IndexByte(text, '"')
		if quote < 0 {
			return append(dst, text...)
		}
		dst = append(dst, text[:quote+1]...)
		text = text[quote+2:]
	}
}

var carriageReturn = []byte{'\r'}

package delimited

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"hash/crc32"
	"io"
	"slices"
)

const (
	// maxRow bounds one row, in bytes.
	maxRow = 4 << 20
	// flushAt is how much JSON is gathered before it is written, in bytes.
	flushAt = 256 << 10
)

// byteOrderMark may come before a part (open question 17).
var byteOrderMark = []byte("\ufeff")

// Table puts parts together. Make one with [NewCopy] or [NewObjects].
type Table struct {
	dialect Dialect
	scan    scanner
	writer  rowWriter
	// columns is asked for the columns with the names of the header, nil if
	// there is none.
	columns func(names []string) ([]Column, error)

	header  []byte // SHA-256 of the first header without its line break; nil before it
	lineEnd []byte // that of the first header row
	width   int    // cells of a row; 0 before the first header
	carry   []byte // the beginning of a row whose end has not come
}

// rowWriter writes rows.
type rowWriter interface {
	// begin comes before all rows, with the header as it came: nothing if there
	// is none.
	begin(header, lineEnd []byte, columns []Column) error
	// rows writes the whole rows that data begins with, each of width cells,
	// and returns how many bytes and rows these are.
	rows(data []byte, width int) (size int, count uint64, err error)
	// flush writes what is held back.
	flush() error
}

// NewCopy returns a table that is written to out as it comes, with one header
// row: that of the first part, or, if parts have none, one of the names of
// columns. columns is called once, with the names of the header; an error of it
// ends the reading.
func NewCopy(out io.Writer, d Dialect, columns func(names []string) ([]Column, error)) *Table {
	t := &Table{dialect: d, scan: newScanner(d.Delimiter), columns: columns}
	t.writer = &copier{out: out, scan: t.scan, delimiter: d.Delimiter}
	return t
}

// NewObjects returns a table that is written to out as JSON objects, one a
// line (NDJSON), with the keys and values of columns, which is called as
// [NewCopy] says.
func NewObjects(out io.Writer, d Dialect, columns func(names []string) ([]Column, error)) *Table {
	t := &Table{dialect: d, scan: newScanner(d.Delimiter), columns: columns}
	t.writer = &objects{out: out, scan: t.scan, dialect: d}
	return t
}

// Resume makes a table go on: the header row is not written, and has to be the
// one of the given digest, from [Table.Header].
func (t *Table) Resume(header []byte) {
	t.header = header
	if c, ok := t.writer.(*copier); ok {
		c.headed = true
	}
}

// Header returns a digest of the header row; nil before it came, or if parts
// have none.
func (t *Table) Header() []byte { return t.header }

// Columns returns the columns with their counts; nil before the first part.
func (t *Table) Columns() []Column {
	if o, ok := t.writer.(*objects); ok {
		return o.columns
	}
	return nil
}

// Part begins the next part. The one before must be closed. Its first skip
// rows are read and not written; up to there it must have the [Part.Sum] given.
func (t *Table) Part(skip uint64, sum uint32) *Part {
	return &Part{table: t, skip: skip, passing: skip > 0, want: sum}
}

// Part is one part of a table. It has its own header row unless the dialect
// says that parts have none. Write takes it in pieces of any size.
type Part struct {
	// Rows counts the rows so far, the header and what is not whole left out.
	Rows uint64
	// Sum is the CRC-32C of the part up to the end of the last of these rows.
	Sum uint32

	table   *Table
	headed  bool
	skip    uint64 // rows yet to be passed over
	passing bool   // until the sum of what is passed over was seen to be want
	want    uint32
}

// Write takes the next piece. What is whole is written, but for at most a block
// that [Part.Flush] writes. p is not kept.
func (p *Part) Write(b []byte) (int, error) {
	rest, err := p.joined(b)
	if err == nil {
		var n int
		n, err = p.take(rest)
		rest = rest[n:]
	}
	if err == nil && len(p.table.carry)+len(rest) > maxRow {
		err = p.wrong(errTooLong)
	}
	if err != nil {
		return 0, err
	}
	p.table.carry = append(p.table.carry, rest...)
	return len(b), nil
}

// joined completes the row that the piece before ended within, and returns
// what comes after it. It takes ever larger pieces of b, so that a row which
// does not end soon is not read again and again.
func (p *Part) joined(b []byte) ([]byte, error) {
	t := p.table
	for more := 4 << 10; len(t.carry) > 0 && len(b) > 0; more *= 2 {
		before := len(t.carry)
		more = min(max(more, before), len(b))
		t.carry = append(t.carry, b[:more]...)
		n, err := p.take(t.carry)
		switch {
		case err != nil:
			return nil, err
		case n >= before: // what is left is all of b
			t.carry = t.carry[:0]
			return b[n-before:], nil
		case n > 0: // a row was whole already: it had but to be seen
			t.carry = append(t.carry[:0], t.carry[n:]...)
		}
		b = b[more:]
		if len(t.carry) > maxRow {
			return nil, p.wrong(errTooLong)
		}
	}
	return b, nil
}

// Flush writes all whole rows so far.
func (p *Part) Flush() error { return p.table.writer.flush() }

// Close ends the part: what is left is its last row, without a line break.
func (p *Part) Close() error {
	t := p.table
	defer func() { t.carry = t.carry[:0] }()
	if len(t.carry) > 0 {
		whole := len(t.carry)
		t.carry = append(t.carry, t.lastBreak()...)
		n, err := p.take(t.carry)
		if err != nil {
			return err
		}
		if n <= whole {
			return p.wrong(errUnclosed)
		}
	}
	if p.passing {
		return p.wrong(errChanged)
	}
	if !p.headed && t.dialect.NoHeader {
		if err := t.begin(nil, nil); err != nil {
			return err
		}
	}
	return p.Flush()
}

// lastBreak is the line break for a last row that has none.
func (t *Table) lastBreak() []byte {
	if len(t.lineEnd) > 0 {
		return t.lineEnd
	}
	return []byte("\r\n") // as RFC 4180 has it
}

// take reads the whole rows that data begins with, and returns their size.
func (p *Part) take(data []byte) (int, error) {
	done, err := p.takeKnown(data)
	if err != nil || !p.headed || p.passing {
		return done, err
	}
	n, count, err := p.table.writer.rows(data[done:], p.table.width)
	p.Sum = crc32.Update(p.Sum, castagnoli, data[done:done+n])
	p.Rows += count
	if row, ok := errors.AsType[*RowError](err); ok {
		row.Row = p.Rows + 1
	}
	return done + n, err
}

// takeKnown reads what is not written: the header row and the rows that were
// written before.
func (p *Part) takeKnown(data []byte) (done int, err error) {
	if !p.headed {
		done, err = p.takeHeader(data)
		if err != nil || !p.headed {
			return 0, err
		}
	}
	passed, err := p.passOver(data[done:])
	done += passed
	p.Sum = crc32.Update(p.Sum, castagnoli, data[:done])
	if err == nil && p.passing && p.skip == 0 {
		if p.passing = false; p.Sum != p.want {
			err = &RowError{Row: p.Rows, Err: errChanged}
		}
	}
	return done, err
}

// passOver reads rows that were written before.
func (p *Part) passOver(data []byte) (done int, err error) {
	if p.skip == 0 {
		return 0, nil
	}
	q := newQuotes(data)
	for p.skip > 0 {
		end, cells, err := p.table.scan.row(data, done, &q)
		switch {
		case err != nil:
			return done, p.wrong(err)
		case end < 0:
			return done, nil
		case cells != p.table.width:
			return done, &RowError{Row: p.Rows + 1, Cells: cells, Want: p.table.width}
		}
		done = end
		p.skip--
		p.Rows++
	}
	return done, nil
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func (p *Part) wrong(err error) error {
	if !p.headed {
		return &RowError{Err: err}
	}
	return &RowError{Row: p.Rows + 1, Err: err}
}

// takeHeader takes the header row off the first piece, if it is there already.
func (p *Part) takeHeader(data []byte) (int, error) {
	t := p.table
	if t.dialect.NoHeader {
		p.headed = true
		return len(data) - len(bytes.TrimPrefix(data, byteOrderMark)), t.begin(nil, nil)
	}
	mark := len(data) - len(bytes.TrimPrefix(data, byteOrderMark))
	q := newQuotes(data)
	end, _, err := t.scan.row(data, mark, &q)
	if err != nil {
		return 0, p.wrong(err)
	}
	if end < 0 {
		return 0, nil
	}
	names := bytes.TrimSuffix(bytes.TrimSuffix(data[mark:end], newline), carriageReturn)
	lineEnd := data[mark+len(names) : end]
	p.headed = true
	return end, t.begin(names, lineEnd)
}

// begin takes the header of a part.
func (t *Table) begin(header, lineEnd []byte) error {
	digest := sha256.Sum256(header)
	if t.header != nil && !bytes.Equal(t.header, digest[:]) {
		return &RowError{Err: ErrOtherHeader}
	}
	if t.width > 0 {
		return nil
	}
	var names []string
	if !t.dialect.NoHeader {
		names = t.names(header)
		t.header = digest[:]
	}
	columns, err := t.columns(names)
	if err != nil {
		return err
	}
	t.width, t.lineEnd = len(columns), bytes.Clone(lineEnd)
	return t.writer.begin(header, t.lastBreak(), columns)
}

// names splits a header row, which is whole.
func (t *Table) names(header []byte) []string {
	row := slices.Concat(header, newline)
	var names []string
	for at := 0; ; {
		c, err := t.scan.cell(row, at)
		if err != nil || c.next < 0 {
			return names // unreachable: it was scanned before
		}
		text := c.text
		if c.escaped {
			text = unescape(nil, text)
		}
		names = append(names, string(text))
		if at = c.next; c.last {
			return names
		}
	}
}

var newline = []byte{'\n'}

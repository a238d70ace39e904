package delimited

import (
	"bytes"
	"io"

	"github.com/gainsight-connector/gainsight-connector/doctype"
)

// objects writes each row as a JSON object.
type objects struct {
	out     io.Writer
	scan    scanner
	dialect Dialect
	columns []Column
	// keys are what stands before each value: a brace or comma, the name and a
	// colon.
	keys    [][]byte
	buffer  []byte
	scratch []byte // a cell without its escapes
	misfits []int  // columns of the current row whose cells do not fit
}

func (o *objects) begin(_, _ []byte, columns []Column) error {
	o.columns = columns
	o.keys = make([][]byte, len(columns))
	for i, c := range columns {
		opens := byte(',')
		if i == 0 {
			opens = '{'
		}
		key, _ := doctype.Column{}.AppendText([]byte{opens}, []byte(c.Name)) // text fits
		o.keys[i] = append(key, ':')
	}
	o.buffer = make([]byte, 0, flushAt+flushAt/4)
	return nil
}

func (o *objects) rows(data []byte, width int) (size int, count uint64, err error) {
	q := newQuotes(data)
	for err == nil {
		line := bytes.IndexByte(data[size:], '\n')
		if line < 0 {
			break
		}
		row, end := len(o.buffer), size+line+1
		o.misfits = o.misfits[:0]
		if q.before(size, end) {
			end, err = o.quotedRow(data, size, width)
		} else {
			err = o.plainRow(bytes.TrimSuffix(data[size:end-1], carriageReturn), width)
		}
		if err != nil || end < 0 {
			o.buffer = o.buffer[:row]
			break
		}
		o.buffer = append(o.buffer, '}', '\n')
		for _, i := range o.misfits {
			o.columns[i].Misfits++
		}
		size = end
		count++
		if len(o.buffer) >= flushAt {
			err = o.flush()
		}
	}
	return size, count, err
}

// plainRow writes a row without quotes.
func (o *objects) plainRow(line []byte, width int) error {
	for i := range width - 1 {
		n := bytes.IndexByte(line, o.dialect.Delimiter)
		if n < 0 {
			return &RowError{Cells: i + 1, Want: width}
		}
		o.value(i, line[:n])
		line = line[n+1:]
	}
	if more := bytes.Count(line, o.scan.counted); more > 0 {
		return &RowError{Cells: width + more, Want: width}
	}
	o.value(width-1, line)
	return nil
}

// quotedRow writes the row that begins at a place and returns where it ends;
// -1 if data ends before.
func (o *objects) quotedRow(data []byte, at, width int) (int, error) {
	for i := 0; ; i++ {
		c, err := o.scan.cell(data, at)
		switch {
		case err != nil:
			return -1, &RowError{Err: err}
		case c.next < 0:
			return -1, nil
		case i < width:
			text := c.text
			if c.escaped {
				o.scratch = unescape(o.scratch[:0], text)
				text = o.scratch
			}
			o.value(i, text)
		}
		if at = c.next; !c.last {
			continue
		}
		if i+1 != width {
			return -1, &RowError{Cells: i + 1, Want: width}
		}
		return at, nil
	}
}

// value writes one member.
func (o *objects) value(i int, text []byte) {
	o.buffer = append(o.buffer, o.keys[i]...)
	if len(text) == 0 && !o.dialect.EmptyText {
		o.buffer = append(o.buffer, "null"...)
		return
	}
	var fits bool
	if o.buffer, fits = o.columns[i].Values.AppendText(o.buffer, text); !fits {
		o.misfits = append(o.misfits, i)
	}
}

func (o *objects) flush() error {
	if len(o.buffer) == 0 {
		return nil
	}
	_, err := o.out.Write(o.buffer)
	o.buffer = o.buffer[:0]
	return err
}

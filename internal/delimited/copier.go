package delimited

import (
	"bytes"
	"io"
	"strings"
)

// copier writes rows as they come.
type copier struct {
	out       io.Writer
	scan      scanner
	delimiter byte
	// headed is set once the header is out.
	headed bool
}

// begin writes the header row.
func (c *copier) begin(header, lineEnd []byte, columns []Column) error {
	if c.headed {
		return nil
	}
	c.headed = true
	if header == nil {
		for i, column := range columns {
			if i > 0 {
				header = append(header, c.delimiter)
			}
			header = c.appendName(header, column.Name)
		}
	}
	_, err := c.out.Write(append(bytes.Clone(header), lineEnd...))
	return err
}

// appendName appends a name, in quotes if it needs them.
func (c *copier) appendName(dst []byte, name string) []byte {
	if !strings.ContainsAny(name, "\"\r\n"+string(rune(c.delimiter))) {
		return append(dst, name...)
	}
	return append(append(append(dst, '"'), strings.ReplaceAll(name, `"`, `""`)...), '"')
}

func (c *copier) rows(data []byte, width int) (size int, count uint64, err error) {
	q := newQuotes(data)
	for {
		end, cells, wrong := c.scan.row(data, size, &q)
		if wrong != nil {
			err = &RowError{Err: wrong}
			break
		}
		if end < 0 {
			break
		}
		if cells != width {
			err = &RowError{Cells: cells, Want: width}
			break
		}
		size = end
		count++
	}
	if size > 0 {
		if _, failed := c.out.Write(data[:size]); failed != nil {
			return 0, 0, failed
		}
	}
	return size, count, err
}

func (*copier) flush() error { return nil }

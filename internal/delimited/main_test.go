package delimited_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/gainsight-connector/gainsight-connector/doctype"
	"github.com/gainsight-connector/gainsight-connector/internal/delimited"
)

var comma = delimited.Dialect{Delimiter: ','}

// texts makes every column one of text.
func texts(names []string) ([]delimited.Column, error) {
	columns := make([]delimited.Column, len(names))
	for i, name := range names {
		columns[i] = delimited.Column{Name: name}
	}
	return columns, nil
}

// values returns the column of a type by its letter.
func values(letter byte) doctype.Column {
	f := doctype.Field{}
	switch letter {
	case 'n':
		f.DataType = "NUMBER"
	case 'b':
		f.DataType = "BOOLEAN"
	case 'd':
		f.DataType = "DATE"
	case 't':
		f.DataType = "DATETIME"
	case 'p':
		f.DataType, f.Options = "PICKLIST", []doctype.Option{{Value: "1I01", Label: "New"}, {Value: "1I02", Label: "R&D"}}
	case 'l':
		f.DataType = "MULTISELECTDROPDOWNLIST"
	}
	return doctype.NewColumn(f)
}

// kinds gives the columns types by their letters, and names if there is no
// header.
func kinds(letters string) func([]string) ([]delimited.Column, error) {
	return func(names []string) ([]delimited.Column, error) {
		columns := make([]delimited.Column, len(letters))
		for i := range columns {
			columns[i] = delimited.Column{Name: fmt.Sprint("c", i), Values: values(letters[i])}
			if names != nil {
				columns[i].Name = names[i]
			}
		}
		return columns, nil
	}
}

// put writes parts to a table in pieces of a size; 0: at once.
func put(table *delimited.Table, size int, parts ...string) error {
	for _, text := range parts {
		p := table.Part(0, 0)
		if size == 0 {
			size = max(len(text), 1)
		}
		for text != "" {
			n := min(size, len(text))
			if _, err := p.Write([]byte(text[:n])); err != nil {
				return err
			}
			text = text[n:]
		}
		if err := p.Close(); err != nil {
			return err
		}
	}
	return nil
}

// objects returns the NDJSON of parts.
func objects(tb testing.TB, d delimited.Dialect, letters string, parts ...string) string {
	tb.Helper()
	var out strings.Builder
	if err := put(delimited.NewObjects(&out, d, kinds(letters)), 0, parts...); err != nil {
		tb.Fatal(err)
	}
	return out.String()
}

// full takes nothing.
func full() *brokenWriter { return &brokenWriter{} }

type brokenWriter struct{}

func (*brokenWriter) Write([]byte) (int, error) { return 0, iotest.ErrTimeout }

package delimited_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/internal/delimited"
)

// FuzzObjects: what encoding/csv reads without complaint comes out as JSON that
// encoding/json reads to the same cells, whatever the pieces and the kinds; and
// nothing panics.
func FuzzObjects(f *testing.F) {
	for _, seed := range []string{
		"a,b\n1,2\n", "a\n\"x\n\"\"y\"\"\"\n", "a,b\r\n\"1\",\r\n", "a,b\n1\n", "a\n\"", "a\n\xff\n", "a,b\n2024-02-29,true",
		"\ufeffa\nx;y\n",
	} {
		f.Add(seed, "sn", uint8(3))
	}
	f.Fuzz(func(t *testing.T, text, letters string, size uint8) {
		kindOf := func(names []string) ([]delimited.Column, error) {
			columns, err := texts(names)
			for i := range columns {
				if letters != "" {
					columns[i].Values = values(letters[i%len(letters)])
				}
			}
			return columns, err
		}
		var out bytes.Buffer
		err := put(delimited.NewObjects(&out, comma, kindOf), int(size), text)
		var copied bytes.Buffer
		if copyErr := put(delimited.NewCopy(&copied, comma, kindOf), int(size), text); (err == nil) != (copyErr == nil) {
			t.Fatalf("objects: %v, copy: %v", err, copyErr)
		}
		records, ok := reference(text)
		if !ok {
			return
		}
		if err != nil {
			t.Fatalf("%q: %v, and encoding/csv reads %d records", text, err, len(records))
		}
		compare(t, records, out.Bytes(), letters)
	})
}

// reference is what encoding/csv reads, if it has no objection and does not
// change line breaks or leave out empty lines, as it does.
func reference(text string) ([][]string, bool) {
	text = strings.TrimPrefix(text, "\ufeff")
	if strings.Contains(text, "\r") || strings.Contains(text, "\n\n") || strings.HasPrefix(text, "\n") {
		return nil, false
	}
	records, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	return records, err == nil && len(records) > 0
}

// compare holds NDJSON to the records of a table with a header.
func compare(t *testing.T, records [][]string, ndjson []byte, letters string) {
	t.Helper()
	lines := bytes.SplitAfter(ndjson, []byte("\n"))
	if lines = lines[:len(lines)-1]; len(lines) != len(records)-1 {
		t.Fatalf("%d lines of %d rows", len(lines), len(records)-1)
	}
	for i, line := range lines {
		if !json.Valid(line) {
			t.Fatalf("line %d is no JSON: %s", i, line)
		}
		if strings.Trim(letters, "s") != "" {
			continue
		}
		var got map[string]*string
		if err := json.Unmarshal(line, &got); err != nil {
			t.Fatal(err)
		}
		want := map[string]*string{}
		for j, cell := range records[i+1] {
			want[string([]rune(records[0][j]))] = &cell
		}
		if len(want) < len(records[0]) {
			continue // two columns of one name
		}
		for name, cell := range want {
			value, ok := got[name]
			switch {
			case !ok:
				t.Fatalf("line %d lacks %q: %s", i, name, line)
			case value == nil && *cell != "", value != nil && !sameText(*value, *cell):
				t.Fatalf("line %d: %q is %v, want %q", i, name, value, *cell)
			}
		}
	}
}

// sameText compares what JSON can hold of a text.
func sameText(got, text string) bool { return got == string([]rune(text)) }

// FuzzCopy: what a writer of CSV wrote is copied as it is, whatever the pieces.
func FuzzCopy(f *testing.F) {
	f.Add("a", "b\n", "c\"", "", uint8(2))
	f.Fuzz(func(t *testing.T, a, b, c, d string, size uint8) {
		var in, out bytes.Buffer
		w := csv.NewWriter(&in)
		if err := w.WriteAll([][]string{{a, b}, {c, d}, {d, a}}); err != nil {
			t.Skip()
		}
		text := in.String()
		if strings.HasPrefix(text, "\ufeff") {
			t.Skip()
		}
		if err := put(delimited.NewCopy(&out, comma, texts), int(size), text); err != nil || out.String() != text {
			t.Fatalf("%q became %q: %v", text, out.String(), err)
		}
	})
}

package timeline

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

// read returns all records and how the content ended.
func read(in io.Reader) (records []string, starts []int, err error) {
	r := newRecordReader(in)
	for {
		text, line, err := r.next()
		if errors.Is(err, errRecordTooLarge) {
			text, err = []byte("too large"), nil
		}
		if err != nil {
			return records, starts, err
		}
		records, starts = append(records, string(text)), append(starts, line)
	}
}

func TestRecordReader(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		content string
		records []string
		starts  []int
		fails   bool
	}{
		"lines":            {"{\"a\":1}\n\n {\"b\":2} \n", []string{`{"a":1}`, `{"b":2}`}, []int{1, 3}, false},
		"a list in a line": {"{}\n[1,2]\n", []string{`{}`, `[1,2]`}, []int{1, 2}, false},
		"an array": {
			" [ {\"a\":\"],\\\"{\"},\n\n[1,[2]],3 ] \n",
			[]string{`{"a":"],\"{"}`, `[1,[2]]`, `3`}, []int{1, 3, 3}, false,
		},
		"an empty array":             {"[]", nil, nil, false},
		"an array cut short":         {"[{},{", []string{"{}"}, []int{1}, true},
		"two arrays":                 {"[{}][{}]", nil, nil, true},
		"brackets that do not fit":   {"[}]", nil, nil, true},
		"a string that is not ended": {`["a]`, nil, nil, true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			records, starts, err := read(iotest.OneByteReader(bytes.NewReader([]byte(tt.content))))
			if (err == io.EOF) == tt.fails || tt.fails && !errors.Is(err, connector.ReasonInvalidInput) { //nolint:errorlint // as a reader ends
				t.Errorf("ended with %v", err)
			}
			if diff := cmp.Diff(tt.records, records); diff != "" {
				t.Errorf("records (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.starts, starts); diff != "" {
				t.Errorf("lines (-want +got):\n%s", diff)
			}
		})
	}
}

func TestRecordReaderPassesErrors(t *testing.T) {
	t.Parallel()
	for _, content := range []string{"", "{}\n{", "[", "[{}", "[{}]"} {
		in := io.MultiReader(bytes.NewReader([]byte(content)), iotest.ErrReader(connector.ReasonIntegrity))
		if _, _, err := read(in); !errors.Is(err, connector.ReasonIntegrity) {
			t.Errorf("%q ended with %v, want the reader's own error", content, err)
		}
	}
}

// FuzzRecordReader: whatever comes, it ends; and of a good array every element
// is delivered.
func FuzzRecordReader(f *testing.F) {
	f.Add([]byte("[{\"a\":\"]\"},2]"))
	f.Add([]byte("{}\n[\n\"\\\""))
	f.Fuzz(func(t *testing.T, data []byte) {
		records, _, err := read(bytes.NewReader(data))
		if err == nil {
			t.Fatal("it did not end")
		}
		var array []json.RawMessage
		if json.Unmarshal(data, &array) != nil || array == nil {
			return
		}
		if !errors.Is(err, io.EOF) || len(records) != len(array) {
			t.Fatalf("%d records of %d, ended with %v", len(records), len(array), err)
		}
		for i, element := range array {
			if len(element) <= maxRecord && !bytes.Equal(bytes.TrimSpace(element), []byte(records[i])) {
				t.Errorf("element %d is %q, want %q", i, records[i], element)
			}
		}
	})
}

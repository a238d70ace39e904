package indent_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/internal/indent"
)

func TestJSON(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		data   string
		levels int
		want   string
	}{
		"flat":         {`{ "b": 1.0, "a": [ 1 ] }`, 0, "{\"b\":1.0,\"a\":[1]}\n"},
		"one level":    {`{"b":1.0,"a":[1,{"c":"<\u0041>"}]}`, 1, "{\n \"b\": 1.0,\n \"a\": [1,{\"c\":\"<\\u0041>\"}]\n}\n"},
		"two levels":   {`{"a":[1,{"c":2}]}`, 2, "{\n \"a\": [\n  1,\n  {\"c\":2}\n ]\n}\n"},
		"empty":        {`{"a":[],"b":{}}`, 3, "{\n \"a\": [],\n \"b\": {}\n}\n"},
		"empty string": {`["",{"":"["}]`, 2, "[\n \"\",\n {\n  \"\": \"[\"\n }\n]\n"},
		"scalar":       {` 7 `, 2, "7\n"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := indent.JSON([]byte(tt.data), tt.levels)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, string(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestNoJSON(t *testing.T) {
	t.Parallel()
	for _, data := range []string{``, `{`, `{"a"}`, `{"a":1,}`, `[1,]`, `[1]x`, `{"a":1]`, `{1:2}`} {
		if got, err := indent.JSON([]byte(data), 2); err == nil {
			t.Errorf("%s is written as %s", data, got)
		}
	}
}

// FuzzJSON holds that the result means the same, and that nothing else is
// taken than JSON.
func FuzzJSON(f *testing.F) {
	f.Add([]byte(`{"a":[1,{"b":"x"}],"a":2}`), 2)
	f.Add([]byte(`[[[]],{"":{}}]`), 9)
	f.Fuzz(func(t *testing.T, data []byte, levels int) {
		got, err := indent.JSON(data, levels)
		if (err == nil) != json.Valid(data) {
			t.Fatalf("error %v, valid is %v", err, json.Valid(data))
		}
		if err != nil {
			return
		}
		var before, after any
		if json.Unmarshal(data, &before) != nil {
			return // a number too large for Go
		}
		if err := json.Unmarshal(got, &after); err != nil || !reflect.DeepEqual(before, after) {
			t.Errorf("%s became %s: %v", data, got, err)
		}
	})
}

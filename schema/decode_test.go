package schema_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/schema"
)

func TestDecode(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		data string
		want any
	}{
		"large integer":  {`9007199254740993`, json.Number("9007199254740993")},
		"decimal":        {`1.10`, json.Number("1.10")},
		"exponent":       {`-1E+2`, json.Number("-1E+2")},
		"escapes":        {`"\"\\\/\b\f\n\r\t\u00e4\ud83d\ude00"`, "\"\\/\b\f\n\r\tä😀"},
		"lone surrogate": {`"\ud83d x"`, "\ufffd x"},
		"constants":      {`[true, false, null]`, []any{true, false, nil}},
		"nested":         {" {\"a\": [ ], \"b\":{}} \n", map[string]any{"a": []any{}, "b": map[string]any{}}},
		"same name in different objects": {
			`{"a":{"a":1}}`, map[string]any{"a": map[string]any{"a": json.Number("1")}},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := schema.Decode([]byte(tt.data))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestDecodeError(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ data, want string }{
		"empty":               {"", "malformed JSON at line 1, column 1: expected a value, found the end"},
		"unclosed":            {`{"a":1`, `malformed JSON at line 1, column 7: expected "," or "}", found the end`},
		"no comma":            {"{\"a\":1\n \"secret\":2}", `malformed JSON at line 2, column 2: expected "," or "}"`},
		"trailing comma":      {"[1,\n]", "malformed JSON at line 2, column 1: expected a value"},
		"name without quotes": {`{secret:1}`, "malformed JSON at line 1, column 2: expected a property name in double quotes"},
		"no colon":            {`{"a" 1}`, `malformed JSON at line 1, column 6: expected ":"`},
		"column in characters": {
			`["äöü" x]`, `malformed JSON at line 1, column 8: expected "," or "]"`,
		},
		"trailing data":       {`{} {}`, "malformed JSON at line 1, column 4: expected nothing after the value"},
		"literal":             {`nul`, "malformed JSON at line 1, column 4: expected null, found the end"},
		"number":              {`-`, "malformed JSON at line 1, column 2: expected a digit, found the end"},
		"huge exponent":       {`[1e999999999]`, "malformed JSON at line 1, column 2: expected a number with an exponent between -400 and 400"},
		"long number":         {strings.Repeat("9", 401), "malformed JSON at line 1, column 1: expected a number of at most 400 characters"},
		"escape":              {`"\x"`, "malformed JSON at line 1, column 3: expected an escape sequence"},
		"unicode escape":      {`"\u12g4"`, "malformed JSON at line 1, column 4: expected four hexadecimal digits"},
		"control character":   {"\"a\nb\"", "malformed JSON at line 1, column 3: expected an escape sequence in place of a control character"},
		"unclosed string":     {`"secret`, `malformed JSON at line 1, column 8: expected the closing ", found the end`},
		"not UTF-8":           {"[\"ab\xff\"]", "malformed JSON at line 1, column 5: expected UTF-8"},
		"too deep":            {strings.Repeat("[", 10_001), "malformed JSON at line 1, column 10001: expected at most 10000 levels of nesting"},
		"a property twice":    {`{"a":[{"b/c":1,"b/c":2}]}`, "the JSON names a property twice\n  /a/0/b~1c: occurs twice in its object"},
		"twice, in two forms": {`{"a":1,"\u0061":2}`, "the JSON names a property twice\n  /a: occurs twice in its object"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := schema.Decode([]byte(tt.data))
			if !errors.Is(err, connector.ReasonInvalidInput) {
				t.Fatalf("error %v, want %v", err, connector.ReasonInvalidInput)
			}
			if err.Error() != tt.want {
				t.Errorf("error\n%s\nwant\n%s", err, tt.want)
			}
		})
	}
}

// FuzzDecode compares with encoding/json: whatever Decode accepts means the
// same, and what it refuses is malformed or one of the documented exceptions.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		`{"a":[1,-2.5e3,"x\u00e4\n",true,null]}`, `[1,]`, `{"a":1,"a":2}`, "\"\\ud800\"", "\xff", `1e401`, ``, `[[]`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := schema.Decode(data)
		if err != nil {
			if json.Valid(data) && utf8.Valid(data) && !isException(err) {
				t.Fatalf("refused valid JSON: %v", err)
			}
			return
		}
		var want any
		dec := json.NewDecoder(strings.NewReader(string(data)))
		dec.UseNumber()
		if err := dec.Decode(&want); err != nil || !json.Valid(data) {
			t.Fatalf("accepted what encoding/json refuses: %v", err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-encoding/json +schema):\n%s", diff)
		}
	})
}

func isException(err error) bool {
	return strings.Contains(err.Error(), "occurs twice") || strings.Contains(err.Error(), "400")
}

func BenchmarkDecode(b *testing.B) {
	data, err := json.Marshal(wideRecord())
	if err != nil {
		b.Fatal(err)
	}
	b.Run("Decode", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		for b.Loop() {
			if _, err := schema.Decode(data); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("encoding_json", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		for b.Loop() {
			var v any
			if err := json.Unmarshal(data, &v); err != nil {
				b.Fatal(err)
			}
		}
	})
}

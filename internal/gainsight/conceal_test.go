package gainsight_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

func TestConceal(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		text    string
		private []any
		want    string
	}{
		"template":                    {text: "Invalid picklist value (Stage = xyz).", want: "Invalid picklist value (Stage)."},
		"template, tight":             {text: "Bad date (column= 2020-13-01)", want: "Bad date (column)"},
		"template of a label":         {text: "Too long (Days Due = 5) here", want: "Too long (Days Due) here"},
		"two templates":               {text: "(A = 1) and (B.c__gr=2).", want: "(A) and (B.c__gr)."},
		"value with brackets":         {text: "Bad (Name = Acme (UK) Ltd).", want: "Bad (Name)."},
		"value with an open bracket":  {text: "Bad (Name = Acme (UK Ltd).", want: "Bad (Name)."},
		"value with a template":       {text: "Bad (Name = x (a = b) y).", want: "Bad (Name)(a)."},
		"template without an end":     {text: "Bad (Name = Acme", want: "Bad (Name)"},
		"brackets without a template": {text: "Rows (50) exceeded", want: "Rows (50) exceeded"},
		"value in a text":             {text: "Acme Corp is unknown", private: []any{"Acme Corp"}, want: "[value] is unknown"},
		"value more than once":        {text: "x Acme y Acme", private: []any{"Acme"}, want: "x [value] y [value]"},
		"longest first":               {text: "Acme Corp is unknown", private: []any{"Acme", "Acme Corp"}, want: "[value] is unknown"},
		"values that overlap":         {text: "abcd", private: []any{"abc", "bcd"}, want: "[value]"},
		"value that overlaps itself":  {text: "xaaay", private: []any{"aa"}, want: "x[value]y"},
		"the stand-in is not touched": {text: "secret", private: []any{"secret", "value", "al"}, want: "[value]"},
		"number":                      {text: "12.50 is too much", private: []any{json.Number("12.50")}, want: "[value] is too much"},
		"number as Go has it":         {text: "12.5 and 1300", private: []any{12.5, 1300}, want: "[value] and [value]"},
		"nested": {text: "ann@example.com of Acme",
			private: []any{map[string]any{"to": []any{"ann@example.com"}, "n": nil}, []string{"Acme"}}, want: "[value] of [value]"},
		"single characters stay": {text: "a is 1", private: []any{"a", json.Number("1")}, want: "a is 1"},
		"booleans stay":          {text: "true is false", private: []any{true, false, nil}, want: "true is false"},
		"what cannot be JSON":    {text: "x", private: []any{func() {}}, want: "x"},
		"nothing":                {},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := gainsight.Conceal(tt.text, tt.private...); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// FuzzConceal: between the stand-ins nothing is left of a value.
func FuzzConceal(f *testing.F) {
	f.Add("Invalid picklist value (Stage = xyz).", "xyz", "Stage")
	f.Add("aXYb", "XY", "a[")
	f.Add("abcabc", "abca", "bc")
	f.Add("(a = (b = c)", "b", ") (")
	f.Fuzz(func(t *testing.T, text, one, two string) {
		got := gainsight.Conceal(text, one, map[string]any{"x": []any{two}})
		for _, v := range []string{one, two} {
			for part := range strings.SplitSeq(got, "[value]") {
				if len(v) > 1 && strings.Contains(part, v) {
					t.Fatalf("%q of %q is left in %q", v, text, got)
				}
			}
		}
	})
}

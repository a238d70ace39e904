package sandbox

import (
	"errors"
	"strings"
	"testing"
)

func TestParseExpression(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		text string
		true string // the aliases that hold
		want bool
		bad  bool
	}{
		"one":              {text: "A", true: "A", want: true},
		"and":              {text: "A AND B", true: "A", want: false},
		"or":               {text: "A OR B", true: "B", want: true},
		"lower case":       {text: "A and B", true: "AB", want: true},
		"three":            {text: "A AND B AND C", true: "ABC", want: true},
		"and before or":    {text: "A OR B AND C", true: "A", want: true},
		"and before or, 2": {text: "A AND B OR C", true: "C", want: true},
		"brackets":         {text: "(A OR B) AND C", true: "A", want: false},
		"tight brackets":   {text: "((A)OR(B AND C))", true: "BC", want: true},
		"empty":            {text: "", bad: true},
		"blank":            {text: "  ", bad: true},
		"no operator":      {text: "A B", bad: true},
		"operator alone":   {text: "AND", bad: true},
		"no right side":    {text: "A OR", bad: true},
		"no left side":     {text: "OR A", bad: true},
		"open bracket":     {text: "(A", bad: true},
		"closed bracket":   {text: "A)", bad: true},
		"empty brackets":   {text: "()", bad: true},
		"too long":         {text: "A" + strings.Repeat(" OR A", 1000), bad: true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n, err := parseExpression(tt.text)
			if tt.bad {
				if !errors.Is(err, errExpression) {
					t.Errorf("got %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := n.eval(func(a string) bool { return strings.Contains(tt.true, a) }); got != tt.want {
				t.Errorf("got %t", got)
			}
		})
	}
}

// FuzzExpression holds the evaluator to two laws: an expression without NOT is
// true when all aliases hold and false when none does, and it asks for its own
// aliases only.
func FuzzExpression(f *testing.F) {
	for _, s := range []string{"A", "A AND B", "A OR B AND (C)", "((A)OR(B))", "A AND", ")(", "and or", "A\x00 OR ü"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		n, err := parseExpression(text)
		if err != nil {
			if !errors.Is(err, errExpression) {
				t.Fatalf("got %v", err)
			}
			return
		}
		names := map[string]bool{}
		n.aliases(names)
		for _, all := range []bool{true, false} {
			got := n.eval(func(a string) bool {
				if !names[a] {
					t.Errorf("%q: asked for %q", text, a)
				}
				return all
			})
			if got != all {
				t.Errorf("%q: got %t", text, got)
			}
		}
	})
}

// FuzzWhere throws conditions of any kind at both dialects: they compile or are
// refused, and what compiles answers for every record.
func FuzzWhere(f *testing.F) {
	f.Add("Name", "EQ", "x", "A", true)
	f.Add("DueDate", "BTW", "2024-02-05", "A", true)
	f.Add("CompanyId__gr.Csm__gr.Email", "CONTAINS", "@", "(A)", false)
	f.Add("Channels__gc", "INCLUDES", "Email", "A OR A", true)
	f.Add("Affected_Seats__gc", "IN", "1e3", "A", false)
	tenant := New(Acme(), nil)
	o := tenant.schema.object(objectCTA)
	f.Fuzz(func(_ *testing.T, name, operator, value, expression string, cockpit bool) {
		d := dialectObject
		if cockpit {
			d = dialectCockpit
		}
		for _, values := range [][]any{nil, {value}, {value, value}} {
			c := condition{Name: name, FieldName: name, Alias: "A", Operator: operator, Value: values}
			wanted, err := tenant.compile(o, &where{Conditions: []condition{c}, Expression: expression}, d)
			if err != nil {
				continue
			}
			for _, r := range tenant.table(objectCTA).records {
				wanted(r)
			}
		}
	})
}

package schema_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/schema"
)

const query = `{"$defs":{"fieldName":{}},"type":"object","properties":{
	"select":{"type":"array","items":{"type":"string","allOf":[{"$ref":"#/$defs/fieldName"}]}},
	"where":{"type":"object","properties":{"name":{"type":"string","allOf":[{"$ref":"#/$defs/fieldName"}]}}},
	"orderBy":{"type":"object","propertyNames":{"allOf":[{"$ref":"#/$defs/fieldName"}]}}}}`

// offering is the query of rows that have the fields.
func offering(tb testing.TB, names ...string) string {
	tb.Helper()
	options := make([]schema.Option, len(names))
	for i, name := range names {
		options[i] = schema.Option{Value: name, Label: "The " + name}
	}
	offered, err := schema.OfferFields(json.RawMessage(query), "/$defs/fieldName", options)
	if err != nil {
		tb.Fatal(err)
	}
	return string(offered)
}

func TestOfferFields(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ document, at, want string }{
		"there": {
			`{"$defs":{"name":{}},"type":"object"}`, "/$defs/name",
			`{"$defs":{"name":{"x-connector":{"options":[{"value":"A","label":"a"}],"source":{"kind":"fields"}}}},"type":"object"}`,
		},
		"not there": {`{"type":"object"}`, "/$defs/name", `{"type":"object"}`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := schema.OfferFields(json.RawMessage(tt.document), tt.at, []schema.Option{{Value: "A", Label: "a"}})
			if err != nil || string(got) != tt.want {
				t.Errorf("got %s, %v; want %s", got, err, tt.want)
			}
		})
	}
	for _, bad := range []struct{ document, at string }{{`{`, "/a"}, {`{"a":{}}`, "a"}, {`{"a":5}`, "/a"}} {
		if got, err := schema.OfferFields(json.RawMessage(bad.document), bad.at, nil); err == nil {
			t.Errorf("%s at %s: got %s, want an error", bad.document, bad.at, got)
		}
	}
}

// A query that was built with a field which is gone is told so wherever it names
// it, and a difference of schemas leaves that to the rows.
func TestQueryOfAFieldThatIsGone(t *testing.T) {
	t.Parallel()
	before, after := offering(t, "A", "B"), offering(t, "A", "C")
	if changes, err := schema.Diff(json.RawMessage(before), json.RawMessage(after)); err != nil || len(changes) > 0 {
		t.Errorf("Diff = %+v, %v; want nothing", changes, err)
	}
	tests := map[string]struct {
		input string
		want  []string
	}{
		"not named":      {`{"select":["A"],"where":{"name":"A"},"orderBy":{"A":"asc"}}`, nil},
		"never known":    {`{"select":["A__gr.B"],"orderBy":{"b":"asc"}}`, nil},
		"selected":       {`{"select":["A","B"]}`, []string{"options-gone /select/1"}},
		"in a condition": {`{"where":{"name":"B"}}`, []string{"options-gone /where/name"}},
		"sorted by":      {`{"orderBy":{"A":"asc","B":"desc"}}`, []string{"options-gone /orderBy/B"}},
		"wherever it can be": {
			`{"select":["B"],"where":{"name":"B"},"orderBy":{"B":"asc"}}`,
			[]string{"options-gone /orderBy/B", "options-gone /select/0", "options-gone /where/name"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			whole := take(t, before)
			for what, f := range map[string]*schema.Fingerprint{"whole": whole, "restricted": whole.For(decode(t, tt.input))} {
				f = reread(t, f)
				changes, err := f.Diff(json.RawMessage(after))
				if err != nil {
					t.Fatal(err)
				}
				var got []string
				for _, c := range f.Affected(changes, decode(t, tt.input), false) {
					got = append(got, string(c.Kind)+" "+c.Pointer)
				}
				if diff := cmp.Diff(tt.want, got); diff != "" {
					t.Errorf("%s: affected (-want +got):\n%s", what, diff)
				}
			}
		})
	}
}

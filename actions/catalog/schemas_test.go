package catalog_test

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/actions/catalog"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/schema"
)

// property is what a test reads of a property.
type property struct {
	Ref         string `json:"$ref"`
	Title       string
	Description string
	Type        any
	Format      string
	Properties  map[string]property
	Items       *property
	Defs        map[string]property `json:"$defs"`
	// AdditionalProperties is a schema, or a boolean.
	AdditionalProperties json.RawMessage
	Annotation           schema.Annotation `json:"x-connector"`
}

// has reports whether values may be of a type.
func (p property) has(jsonType string) bool {
	if list, ok := p.Type.([]any); ok {
		return slices.Contains(list, any(jsonType))
	}
	return p.Type == jsonType
}

// each visits the properties within p, by their JSON Pointers.
func (p property) each(t *testing.T, pointer string, defs map[string]property, visit func(pointer, name string, p property)) {
	t.Helper()
	if name, ok := strings.CutPrefix(p.Ref, "#/$defs/"); ok {
		p = defs[name]
	}
	for _, name := range slices.Sorted(maps.Keys(p.Properties)) {
		inner := p.Properties[name]
		if target, ok := strings.CutPrefix(inner.Ref, "#/$defs/"); ok {
			inner = defs[target]
		}
		visit(pointer+"/"+name, name, inner)
		inner.each(t, pointer+"/"+name, defs, visit)
	}
	if p.Items != nil {
		p.Items.each(t, pointer+"/*", defs, visit)
	}
	if values := p.AdditionalProperties; len(values) > 0 && values[0] == '{' {
		var inner property
		if err := json.Unmarshal(values, &inner); err != nil {
			t.Fatal(err)
		}
		inner.each(t, pointer+"/*", defs, visit)
	}
}

// unit is a word of a description that says what a number counts or measures.
var unit = regexp.MustCompile(`(?i)\b(rows?|records?|bytes|seconds|minutes|levels|days|per cent|status|from 0)\b`)

// TestInputsExplainThemselves asks of every property of every input a title and
// a description, of numbers a unit, and of e-mail addresses and dates their
// format.
func TestInputsExplainThemselves(t *testing.T) {
	t.Parallel()
	for _, a := range manifest(t).Actions {
		t.Run(a.ID, func(t *testing.T) {
			t.Parallel()
			input := described(t, a.ID).Input
			var root property
			if err := json.Unmarshal(input, &root); err != nil {
				t.Fatal(err)
			}
			root.each(t, "", root.Defs, func(pointer, name string, p property) {
				switch number := p.has("number") || p.has("integer"); {
				case p.Title == "":
					t.Errorf("%s has no title", pointer)
				case p.Description == "":
					t.Errorf("%s has no description", pointer)
				case number && !unit.MatchString(p.Description):
					t.Errorf("%s is a number and does not say of what: %s", pointer, p.Description)
				case !p.has("string"):
				case strings.HasSuffix(name, "Email") && p.Format != "email":
					t.Errorf("%s has the format %q, want email", pointer, p.Format)
				case strings.HasSuffix(name, "Date") && !strings.HasPrefix(p.Format, "date"):
					t.Errorf("%s has the format %q, want that of a date", pointer, p.Format)
				}
			})
		})
	}
}

// TestOutputsHaveTitles asks the same of outputs as far as a flow builder shows
// them.
func TestOutputsHaveTitles(t *testing.T) {
	t.Parallel()
	for _, a := range manifest(t).Actions {
		var root property
		if err := json.Unmarshal(described(t, a.ID).Output, &root); err != nil {
			t.Fatal(err)
		}
		root.each(t, a.ID, root.Defs, func(pointer, _ string, p property) {
			if p.Title == "" {
				t.Errorf("%s has no title", pointer)
			}
		})
	}
}

// described returns the static schemas of an action.
func described(t *testing.T, action string) connector.Description {
	t.Helper()
	d, err := catalog.Connector(actions.Options{}).Describe(t.Context(), connector.DescribeRequest{Action: action})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestRulesAreTold: what the document of an action demands says so itself.
func TestRulesAreTold(t *testing.T) {
	t.Parallel()
	type object struct {
		Required   []string
		Properties map[string]struct {
			Annotation schema.Annotation `json:"x-connector"`
		}
		Defs map[string]json.RawMessage `json:"$defs"`
	}
	for _, a := range manifest(t).Actions {
		t.Run(a.ID, func(t *testing.T) {
			t.Parallel()
			var input object
			if err := json.Unmarshal(described(t, a.ID).Input, &input); err != nil {
				t.Fatal(err)
			}
			objects := map[string]object{"input": input}
			for _, name := range []string{"record", "activity", "activityChange"} {
				if def, ok := input.Defs[name]; ok {
					var o object
					if err := json.Unmarshal(def, &o); err != nil {
						t.Fatal(err)
					}
					objects[name] = o
				}
			}
			for where, o := range objects {
				for _, name := range o.Required {
					envelope := name == "records" || name == "options"
					if r := o.Properties[name].Annotation.Required; !envelope && (r == nil || r.Rule == nil || !*r.Rule) {
						t.Errorf("%s: %s is required by no rule", where, name)
					}
				}
			}
		})
	}
}

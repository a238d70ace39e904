package catalog_test

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/actions/actionstest"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
	"github.com/gainsight-connector/gainsight-connector/schema"
)

// offered are the fields of an input that say that their values can be listed,
// by pattern, each with its schema.
type offered map[string]json.RawMessage

// collect walks a schema from a place in the input.
func (o offered) collect(t *testing.T, defs map[string]json.RawMessage, raw json.RawMessage, at string) {
	t.Helper()
	var node struct {
		Ref           string                     `json:"$ref"`
		Properties    map[string]json.RawMessage `json:"properties"`
		PropertyNames json.RawMessage            `json:"propertyNames"`
		Items         json.RawMessage            `json:"items"`
		OneOf         []json.RawMessage          `json:"oneOf"`
		Annotation    schema.Annotation          `json:"x-connector"`
	}
	if err := json.Unmarshal(raw, &node); err != nil {
		return // true or false
	}
	if name, ok := strings.CutPrefix(node.Ref, "#/$defs/"); ok {
		o.collect(t, defs, defs[name], at)
	}
	if l := node.Annotation.Lookup; l != nil {
		if l.Pointer != at {
			t.Errorf("%s: its options are to be asked for by %q", at, l.Pointer)
		}
		o[at] = raw
	}
	if s := node.Annotation.Source; s != nil && s.Kind == schema.SourceMetadata &&
		slices.Contains([]schema.Control{schema.ControlSelect, schema.ControlMultiSelect}, node.Annotation.Control) {
		o[at] = raw
	}
	for name, inner := range node.Properties {
		o.collect(t, defs, inner, at+"/"+name)
	}
	if node.Items != nil {
		o.collect(t, defs, node.Items, at+"/*")
	}
	if node.PropertyNames != nil {
		o.collect(t, defs, node.PropertyNames, at+"/*")
	}
}

// accepts reports whether a field's own schema takes a value: itself, or as the
// one item of an array.
func accepts(t *testing.T, raw json.RawMessage, value string) bool {
	t.Helper()
	compiled, err := schema.Compile(raw)
	if err != nil {
		t.Fatal(err)
	}
	return len(compiled.Validate(value)) == 0 || len(compiled.Validate([]any{value})) == 0
}

// TestEveryFieldListsItsOptions walks the input of every action of both
// simulated tenants: a field that says that its values can be listed lists some,
// and its schema takes all that are active.
func TestEveryFieldListsItsOptions(t *testing.T) {
	t.Parallel()
	for name, seed := range map[string]sandbox.Seed{"acme": sandbox.Acme(), "globex": sandbox.Globex()} {
		conn := actionstest.Connect(t, sandbox.New(seed, nil), actionstest.Unlimited())
		for _, action := range manifest(t).Actions {
			t.Run(name+"/"+action.ID, func(t *testing.T) {
				t.Parallel()
				d, err := conn.Describe(t.Context(), connector.DescribeRequest{Action: action.ID})
				if err != nil {
					t.Fatal(err)
				}
				var root struct {
					Defs map[string]json.RawMessage `json:"$defs"`
				}
				if err := json.Unmarshal(d.Input, &root); err != nil {
					t.Fatal(err)
				}
				fields := offered{}
				fields.collect(t, root.Defs, d.Input, "")
				for _, at := range slices.Sorted(maps.Keys(fields)) {
					listsValid(t, conn, action, at, within(t, root.Defs, fields[at]))
				}
			})
		}
	}
}

// within returns a schema with the definitions that it refers to.
func within(t *testing.T, definitions map[string]json.RawMessage, field json.RawMessage) json.RawMessage {
	t.Helper()
	whole, err := json.Marshal(struct {
		Definitions map[string]json.RawMessage `json:"$defs,omitempty"`
		AllOf       []json.RawMessage          `json:"allOf"`
	}{definitions, []json.RawMessage{field}})
	if err != nil {
		t.Fatal(err)
	}
	return whole
}

func listsValid(t *testing.T, conn *host.Connection, action connector.Action, at string, field json.RawMessage) {
	t.Helper()
	req := connector.OptionsRequest{Action: action.ID, Pointer: at, Selectors: map[string]string{}, PageSize: connector.MaxPageSize}
	if slices.Contains(action.Selectors, "objectName") {
		req.Selectors["objectName"] = "company"
	}
	page, err := conn.Options(t.Context(), req)
	if err != nil {
		t.Errorf("%s: %v", at, err)
		return
	}
	if len(page.Options) == 0 {
		t.Errorf("%s lists nothing", at)
	}
	for _, o := range page.Options {
		if o.Value == "" || o.Label == "" {
			t.Errorf("%s lists %+v, which lacks a value or a label", at, o)
		}
		if !o.Inactive && !accepts(t, field, o.Value) {
			t.Errorf("%s lists %q, which its schema does not take", at, o.Value)
		}
	}
}

func TestOptionsOfAnUnknownField(t *testing.T) {
	t.Parallel()
	conn := actionstest.Connect(t, sandbox.New(sandbox.Acme(), nil), nil)
	tests := map[string]struct {
		action, pointer string
		hints           []string
	}{
		"a misspelt field": {"cta.create", "/records/*/reson", []string{
			"did you mean /records/*/reason", "/records/*/OwnerEmail", "/records/*/Severity__gc",
		}},
		"a field of a query": {"cta.list", "/limit", []string{"/orderBy/*, /select/*, /where/conditions/*/name"}},
		"no field at all":    {"bulk.status", "/statusUrl", []string{"No field of the action has any"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := conn.Options(t.Context(), connector.OptionsRequest{Action: tt.action, Pointer: tt.pointer})
			if !errors.Is(err, connector.ReasonNotFound) {
				t.Fatalf("error %v, want %s", err, connector.ReasonNotFound)
			}
			for _, hint := range tt.hints {
				if e := connector.AsError(err); !strings.Contains(e.Hint, hint) {
					t.Errorf("hint %q, want one with %q", e.Hint, hint)
				}
			}
		})
	}
}

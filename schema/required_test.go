package schema_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/schema"
)

func TestVerdictOfTheSources(t *testing.T) {
	t.Parallel()
	yes, no := new(true), new(false)
	for name, tt := range map[string]struct {
		required schema.Required
		demanded bool
		by       schema.Demand
	}{
		"nobody":                             {},
		"metadata":                           {schema.Required{Metadata: yes}, true, schema.DemandMetadata},
		"metadata, not":                      {schema.Required{Metadata: no}, false, schema.DemandMetadata},
		"rule against metadata":              {schema.Required{Rule: yes, Metadata: no}, true, schema.DemandRule},
		"metadata against rule":              {schema.Required{Rule: no, Metadata: yes}, false, schema.DemandRule},
		"observed against metadata":          {schema.Required{Observed: yes, Metadata: no}, true, schema.DemandObserved},
		"observed against rule":              {schema.Required{Observed: yes, Rule: no}, true, schema.DemandObserved},
		"observed beside rule":               {schema.Required{Observed: yes, Rule: yes}, true, schema.DemandRule},
		"observed says nothing if it is not": {schema.Required{Observed: no, Metadata: yes}, true, schema.DemandMetadata},
		"override waives what all demand": {
			schema.Required{Override: no, Rule: yes, Observed: yes, Metadata: yes}, false, schema.DemandOverride,
		},
		"override demands what nobody wants":  {schema.Required{Override: yes, Rule: no, Metadata: no}, true, schema.DemandOverride},
		"override of what nobody speaks of":   {schema.Required{Override: yes}, true, schema.DemandOverride},
		"override beside a rule that demands": {schema.Required{Override: yes, Rule: yes}, true, schema.DemandOverride},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if demanded, by := tt.required.Verdict(); demanded != tt.demanded || by != tt.by {
				t.Errorf("demanded is %v by %q, want %v by %q", demanded, by, tt.demanded, tt.by)
			}
		})
	}
}

func TestRequire(t *testing.T) {
	t.Parallel()
	const (
		empty    = `{"type":"object"}`
		unlisted = `{"properties":{"a":{"x-connector":{"label":"A"}},"b":{"type":"string"}}}`
		listed   = `{"required":["a","z"],"properties":{"a":{"x-connector":{"required":{"rule":true}}},"b":true}}`
	)
	for name, tt := range map[string]struct {
		input  string
		decide func(r schema.Requirement) (*schema.Required, bool)
		want   string
	}{
		"nothing to decide": {empty, nil, `{"type":"object","properties":{}}`},
		"all": {
			unlisted, func(schema.Requirement) (*schema.Required, bool) { return &schema.Required{Override: new(true)}, true },
			`{"properties":{"a":{"x-connector":{"label":"A","required":{"override":true}}},` +
				`"b":{"type":"string","x-connector":{"required":{"override":true}}}},"required":["a","b"]}`,
		},
		"none, and a name without a property stays": {
			listed, func(r schema.Requirement) (*schema.Required, bool) { return r.Annotation.Required, false },
			`{"required":["z"],"properties":{"a":{"x-connector":{"required":{"rule":true}}},"b":true}}`,
		},
		"as it is": {
			listed, func(r schema.Requirement) (*schema.Required, bool) { return r.Annotation.Required, r.Listed },
			listed,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := schema.Require(json.RawMessage(`{"$defs":{"r":`+tt.input+`}}`), "/$defs/r", tt.decide)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(`{"$defs":{"r":`+tt.want+`}}`, string(got)); diff != "" {
				t.Errorf("schema (-want +got):\n%s", diff)
			}
		})
	}
}

func TestRequireNeedsAnObject(t *testing.T) {
	t.Parallel()
	for name, input := range map[string]string{
		"nothing there":      `{}`,
		"a list":             `{"r":[]}`,
		"a list of required": `{"r":{"required":{"a":true}}}`,
		"an odd annotation":  `{"r":{"properties":{"a":{"x-connector":[]}}}}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			decide := func(schema.Requirement) (*schema.Required, bool) { return nil, false }
			if _, err := schema.Require(json.RawMessage(input), "/r", decide); err == nil {
				t.Error("it was taken")
			}
		})
	}
}

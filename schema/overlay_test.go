package schema_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/schema"
)

func TestOverlay(t *testing.T) {
	t.Parallel()
	yes := true
	tests := map[string]struct {
		static string // the record's schema
		fields map[string]*schema.Node
		closed bool
		want   string
	}{
		"new fields follow by order and name": {
			static: `{"type":"object","properties":{"z":{}},"required":["z"]}`,
			fields: map[string]*schema.Node{
				"b": {Title: "B <&>"}, "a": {Type: schema.Types{"string", "null"}},
				"d": {Annotation: &schema.Annotation{Order: 1}},
			},
			want: `{"type":"object","properties":{"z":{},"d":{"x-connector":{"order":1}},"a":{"type":["string","null"]},"b":{"title":"B <&>"}},"required":["z"]}`,
		},
		"static keywords win and constraints are added": {
			static: `{"properties":{"a":{"title":"Mine","maxLength":5}}}`,
			fields: map[string]*schema.Node{"a": {
				Title: "Theirs", Description: "Help", Type: schema.Types{"string"}, MaxLength: 9, MinLength: 1,
			}},
			want: `{"properties":{"a":{"title":"Mine","maxLength":5,"description":"Help","type":"string","minLength":1}}}`,
		},
		"annotations are merged": {
			static: `{"properties":{"a":{"x-connector":{"order":1,"required":{"rule":true},"lookup":{"pointer":"/a"}}}}}`,
			fields: map[string]*schema.Node{"a": {Annotation: &schema.Annotation{
				Order: 7, Label: "L", Required: &schema.Required{Metadata: &yes}, Lookup: &schema.Lookup{Object: "company", Pointer: "/x"},
			}}},
			want: `{"properties":{"a":{"x-connector":{"order":1,"required":{"rule":true,"metadata":true},"lookup":{"pointer":"/a","object":"company"},"label":"L"}}}}`,
		},
		"contradicting types keep the static constraints": {
			static: `{"properties":{"a":{"type":"array"},"b":{"type":["null","integer"]}}}`,
			fields: map[string]*schema.Node{
				"a": {Type: schema.Types{"string"}, MaxLength: 3, Annotation: &schema.Annotation{Custom: true}},
				"b": {Type: schema.Types{"number"}, Maximum: "3"},
			},
			want: `{"properties":{"a":{"type":"array","x-connector":{"custom":true}},"b":{"type":["null","integer"],"maximum":3}}}`,
		},
		"two lists of values do not meet": {
			static: `{"properties":{"a":{"enum":["x"]}}}`,
			fields: map[string]*schema.Node{"a": {Title: "T", OneOf: []schema.Choice{{Const: "y"}}}},
			want:   `{"properties":{"a":{"enum":["x"]}}}`,
		},
		"boolean schemas": {
			static: `{"properties":{"a":true,"b":false}}`,
			fields: map[string]*schema.Node{"a": {Title: "A"}, "b": {Title: "B"}},
			want:   `{"properties":{"a":{"title":"A"},"b":false}}`,
		},
		"closed": {
			static: `{"additionalProperties":true}`,
			fields: map[string]*schema.Node{"a": {}},
			closed: true,
			want:   `{"additionalProperties":false,"properties":{"a":{}}}`,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			input := `{"$defs":{"record":` + tt.static + `,"z":{}},"$ref":"#/$defs/record"}`
			got, err := schema.Overlay(json.RawMessage(input), "/$defs/record", tt.fields, tt.closed)
			if err != nil {
				t.Fatal(err)
			}
			want := `{"$defs":{"record":` + tt.want + `,"z":{}},"$ref":"#/$defs/record"}`
			if diff := cmp.Diff(want, string(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			compile(t, string(got))
		})
	}
}

func TestOverlayError(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ input, at, want string }{
		"nothing there":      {`{"a":{}}`, "/b", `there is no "b"`},
		"not an object":      {`{"a":[{}]}`, "/a/0", "expected a JSON object"},
		"not a pointer":      {`{}`, "a", "must be empty or start with a slash"},
		"not JSON":           {`{"a"`, "", "overlay at"},
		"odd properties":     {`{"properties":[]}`, "", "expected a JSON object"},
		"unencodable number": {`{}`, "", `property "n"`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fields := map[string]*schema.Node{"n": {Minimum: "x"}}
			_, err := schema.Overlay(json.RawMessage(tt.input), tt.at, fields, false)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want one that says %q", err, tt.want)
			}
		})
	}
}

func TestNodeJSON(t *testing.T) {
	t.Parallel()
	no, two := false, 2
	node := schema.Node{
		Title: "T", Type: schema.Types{"array"}, Items: &schema.Node{OneOf: []schema.Choice{{Const: "v", Title: "V"}, {Const: nil}}},
		Maximum: "1.50", Default: []any{}, ReadOnly: true, UniqueItems: true,
		Annotation: &schema.Annotation{
			Label: "L", Visibility: schema.VisibilityInternal, Control: schema.ControlMultiSelect,
			Encoding: schema.EncodingSemicolon, Decimals: &two,
			Lookup: &schema.Lookup{
				Pointer: "/records/*/a", DependsOn: map[string]string{"entityType": "/records/*/EntityType"},
				Search: true, Category: "c",
			},
			Options:  []schema.Option{{Value: "o", Label: "Old", Inactive: true, ControllerValues: []string{"x"}}},
			Source:   &schema.Source{Kind: schema.SourceMetadata, Object: "company", Field: "a"},
			Required: &schema.Required{Override: &no},
		},
	}
	got, err := json.Marshal(node)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"title":"T","type":"array","maximum":1.50,"items":{"oneOf":[{"const":"v","title":"V"},{"const":null}]},"uniqueItems":true,` +
		`"default":[],"readOnly":true,"x-connector":{"label":"L","visibility":"internal","control":"multiselect",` +
		`"lookup":{"pointer":"/records/*/a","dependsOn":{"entityType":"/records/*/EntityType"},"search":true,"category":"c"},` +
		`"options":[{"value":"o","label":"Old","inactive":true,"controllerValues":["x"]}],` +
		`"source":{"kind":"metadata","object":"company","field":"a"},"required":{"override":false},"encoding":"semicolon","decimals":2}}`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

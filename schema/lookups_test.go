package schema_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/schema"
)

func TestLookups(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		input string
		want  map[string]schema.Lookup
	}{
		"none": {`{"properties":{"a":{"x-connector":{"lookup":{"object":"company"}}}}}`, map[string]schema.Lookup{}},
		"of a property, an item and the name of a property": {
			`{"$defs":{"r":{"properties":{"a":{"x-connector":{"lookup":{"pointer":"/r/*/a","object":"gsuser","field":"Email"}}}}}},
			"properties":{
				"list":{"items":{"x-connector":{"lookup":{"pointer":"/list/*","dependsOn":{"s":"/s"}}}}},
				"map":{"propertyNames":{"x-connector":{"lookup":{"pointer":"/map/*"}}}}}}`,
			map[string]schema.Lookup{
				"/r/*/a":  {Pointer: "/r/*/a", Object: "gsuser", Field: "Email"},
				"/list/*": {Pointer: "/list/*", DependsOn: map[string]string{"s": "/s"}},
				"/map/*":  {Pointer: "/map/*"},
			},
		},
		"malformed": {`{"x-connector":{"lookup":5}}`, map[string]schema.Lookup{}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := schema.Lookups(json.RawMessage(tt.input))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	if _, err := schema.Lookups(json.RawMessage(`{`)); err == nil {
		t.Error("no error for what is no JSON")
	}
}

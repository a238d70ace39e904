package schema_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/schema"
)

const shared = `{"$defs":{
	"id":{"type":"string","x-connector":{"lookup":{"object":"company"}}},
	"ref":{"properties":{"id":{"$ref":"#/$defs/id"},"next":{"$ref":"#/$defs/ref"}}},
	"unused":{"type":"null"},
	"dangling":{"$ref":"#/$defs/nowhere"}}}`

func TestDocument(t *testing.T) {
	t.Parallel()
	d, err := schema.ParseDocument([]byte(`{
		"$defs": {
			"output": {"type": "array", "items": {"$ref": "#/$defs/ref/properties/id"}},
			"input":  {"title": "Input <&>", "type": "object",
				"properties": {"z": {"$ref": "#/$defs/own"}, "a": {"const": {"$ref": "value"}}}},
			"own":    {"allOf": [{"$ref": "#/$defs/ref"}]}
		},
		"examples": [{"title": "one", "input": {"z": {}}, "output": []}, {"title": "two", "input": {}}]
	}`), []byte(shared))
	if err != nil {
		t.Fatal(err)
	}
	id := `"id":{"type":"string","x-connector":{"lookup":{"object":"company"}}}`
	ref := `"ref":{"properties":{"id":{"$ref":"#/$defs/id"},"next":{"$ref":"#/$defs/ref"}}}`
	wantInput := `{"$schema":"https://json-schema.org/draft/2020-12/schema","title":"Input <&>","type":"object",` +
		`"properties":{"z":{"$ref":"#/$defs/own"},"a":{"const":{"$ref":"value"}}},` +
		`"$defs":{` + id + `,"own":{"allOf":[{"$ref":"#/$defs/ref"}]},` + ref + `},"examples":[{"z":{}},{}]}`
	wantOutput := `{"$schema":"https://json-schema.org/draft/2020-12/schema","type":"array",` +
		`"items":{"$ref":"#/$defs/ref/properties/id"},"$defs":{` + id + `,` + ref + `}}`
	for range 2 {
		if diff := cmp.Diff(wantInput, string(d.Input())); diff != "" {
			t.Errorf("input (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(wantOutput, string(d.Output())); diff != "" {
			t.Errorf("output (-want +got):\n%s", diff)
		}
	}
	for _, side := range []string{wantInput, wantOutput} {
		compile(t, side)
	}
	examples := d.Examples()
	if len(examples) != 2 || examples[0].Title != "one" || string(examples[0].Output) != "[]" || examples[1].Output != nil {
		t.Errorf("examples %v", examples)
	}
}

func TestDocumentOverridesShared(t *testing.T) {
	t.Parallel()
	d, err := schema.ParseDocument([]byte(`{"$defs":{"input":{"$ref":"#/$defs/id"},"output":{},"id":{"type":"null"}}}`), []byte(shared))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"$schema":"https://json-schema.org/draft/2020-12/schema","$ref":"#/$defs/id","$defs":{"id":{"type":"null"}}}`
	if diff := cmp.Diff(want, string(d.Input())); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestParseDocumentError(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ document, want string }{
		"malformed":               {`{`, "unexpected end"},
		"no input":                {`{"$defs":{"output":{}}}`, "#/$defs/input is not defined"},
		"no output":               {`{"$defs":{"input":{}}}`, "#/$defs/output is not defined"},
		"input is no object":      {`{"$defs":{"input":true,"output":{}}}`, "input: schema: expected a JSON object"},
		"dangling reference":      {`{"$defs":{"input":{"$ref":"#/$defs/x"},"output":{}}}`, "#/$defs/x is not defined"},
		"dangling in shared":      {`{"$defs":{"input":{"$ref":"#/$defs/dangling"},"output":{}}}`, "#/$defs/nowhere is not defined"},
		"reference to the root":   {`{"$defs":{"input":{"items":{"$ref":"#"}},"output":{}}}`, `$ref "#" must start with #/$defs/`},
		"reference to elsewhere":  {`{"$defs":{"input":{"items":{"$ref":"x.json"}},"output":{}}}`, `$ref "x.json" must start with #/$defs/`},
		"example without input":   {`{"$defs":{"input":{},"output":{}},"examples":[{"title":"x"}]}`, "example 0 has no input"},
		"a property given twice":  {`{"$defs":{"input":{"title":"a","title":"b"},"output":{}}}`, "occurs twice"},
		"reference to empty name": {`{"$defs":{"input":{"$ref":"#/$defs/"},"output":{}}}`, "#/$defs/ is not defined"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := schema.ParseDocument([]byte(tt.document), []byte(shared))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want one that says %q", err, tt.want)
			}
		})
	}
}

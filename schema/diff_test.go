package schema_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/gainsight-connector/gainsight-connector/schema"
)

// told compares what changes tell.
func told() cmp.Option { return cmpopts.IgnoreUnexported(schema.Change{}) }

func diff(t *testing.T, older, newer string) []schema.Change {
	t.Helper()
	changes, err := schema.Diff(json.RawMessage(older), json.RawMessage(newer))
	if err != nil {
		t.Fatal(err)
	}
	return changes
}

func TestDiff(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		older, newer string
		want         []schema.Change
	}{
		"added and removed": {
			`{"properties":{"a":{"type":"string","title":"A"}}}`, `{"properties":{"b/c":{"type":"number"}}}`,
			[]schema.Change{
				{Kind: "removed", Pointer: "/a", Label: "A", Field: "a"},
				{Kind: "added", Pointer: "/b~1c", Field: "b/c", New: "a number"},
			},
		},
		"renamed by id": {
			`{"properties":{"a":{"x-connector":{"label":"L","source":{"object":"o","field":"a","id":"1"}}}}}`,
			`{"properties":{"b":{"type":"string","x-connector":{"label":"M","source":{"object":"o","field":"b","id":"1"}}}}}`,
			[]schema.Change{
				{Kind: "renamed", Pointer: "/a", Label: "M", Field: "a", Old: "a", New: "b"},
				{Kind: "retyped", Pointer: "/a", Label: "M", Field: "b", Old: "any value", New: "a string"},
			},
		},
		"renamed by the name at the source": {
			`{"properties":{"a":{"x-connector":{"source":{"object":"o","field":"F"}}}}}`,
			`{"properties":{"b":{"x-connector":{"source":{"object":"O","field":"f"}}}}}`,
			[]schema.Change{{Kind: "renamed", Pointer: "/a", Field: "a", Old: "a", New: "b"}},
		},
		"two of one source are not renamed": {
			`{"properties":{"a":{"x-connector":{"source":{"object":"o","field":"F"}}},"aa":{"x-connector":{"source":{"object":"o","field":"F"}}}}}`,
			`{"properties":{"b":{"x-connector":{"source":{"object":"O","field":"f"}}}}}`,
			[]schema.Change{
				{Kind: "removed", Pointer: "/a", Field: "F"}, {Kind: "removed", Pointer: "/aa", Field: "F"},
				{Kind: "added", Pointer: "/b", Field: "f", New: "any value"},
			},
		},
		"types, formats and encodings": {
			`{"properties":{"a":{"type":["string","null"]},"b":{"type":"string"},"c":{"type":"array"},"d":{"type":["null","string"]}}}`,
			`{"properties":{"a":{"type":["number","null"]},"b":{"type":"string","format":"date"},
				"c":{"type":"array","x-connector":{"encoding":"semicolon"}},"d":{"type":["string","null"]}}}`,
			[]schema.Change{
				{Kind: "retyped", Pointer: "/a", Field: "a", Old: "a string", New: "a number"},
				{Kind: "retyped", Pointer: "/b", Field: "b", Old: "a string", New: "a string with the format date"},
				{Kind: "retyped", Pointer: "/c", Field: "c", Old: "an array", New: "an array with the encoding semicolon"},
			},
		},
		"required by the schema and by the annotation": {
			`{"properties":{"a":{},"b":{},"c":{"x-connector":{"required":{"metadata":true}}},"d":{},
				"f":{"x-connector":{"required":{"rule":true}}}},
				"required":["b","d"]}`,
			`{"properties":{"a":{"x-connector":{"required":{"observed":true}}},"b":{},
				"c":{"x-connector":{"required":{"metadata":true,"override":false}}},
				"d":{},"e":{},"f":{"x-connector":{"required":{"rule":true}}}},"required":["d","e"]}`,
			[]schema.Change{
				{Kind: "required", Pointer: "/a", Field: "a"},
				{Kind: "optional", Pointer: "/b", Field: "b"},
				{Kind: "optional", Pointer: "/c", Field: "c"},
				{Kind: "added", Pointer: "/e", Field: "e", New: "any value"},
				{Kind: "required", Pointer: "/e", Field: "e"},
			},
		},
		"options": {
			`{"properties":{"a":{"oneOf":[{"const":"1","title":"One"},{"const":"2"},{"const":"3"},{"const":null}]}}}`,
			`{"properties":{"a":{"oneOf":[{"const":"1","title":"Uno"},{"const":"4"},{"const":null}],
				"x-connector":{"options":[{"value":"3","label":"Three","inactive":true}]}}}}`,
			[]schema.Change{
				{Kind: "options-gone", Pointer: "/a", Field: "a", Old: "2"},
				{Kind: "options-inactive", Pointer: "/a", Field: "a", Old: "3 (Three)"},
				{Kind: "options-added", Pointer: "/a", Field: "a", New: "4"},
			},
		},
		"options of a list, and of an enum": {
			`{"properties":{"a":{"type":"array","items":{"oneOf":[{"const":"1"},{"const":"2"}]},"x-connector":{"label":"L"}},"b":{"enum":[1,2]}}}`,
			`{"properties":{"a":{"type":"array","items":{"oneOf":[{"const":"1"}]},
				"x-connector":{"label":"L","options":[{"value":"2","label":"2","inactive":true}]}},"b":{"enum":[1]}}}`,
			[]schema.Change{
				{Kind: "options-inactive", Pointer: "/a/*", Label: "L", Field: "a", Old: "2"},
				{Kind: "options-gone", Pointer: "/b", Field: "b", Old: "2"},
			},
		},
		"limits": {
			`{"properties":{"a":{"type":"string","maxLength":20,"pattern":"x"},"b":{"minimum":1.0},"c":{"type":["string","null"]},"d":{},"e":{"maximum":3}}}`,
			`{"properties":{"a":{"type":"string","maxLength":10},"b":{"minimum":1},"c":{"type":"string"},"d":{"readOnly":true},"e":{"maximum":10}}}`,
			[]schema.Change{
				{Kind: "narrowed", Pointer: "/a", Field: "a", Old: "maxLength 20", New: "maxLength 10"},
				{Kind: "widened", Pointer: "/a", Field: "a", Old: "pattern x", New: "no pattern"},
				{Kind: "narrowed", Pointer: "/c", Field: "c", Old: "may be null", New: "may not be null"},
				{Kind: "narrowed", Pointer: "/d", Field: "d", Old: "may be set", New: "read only"},
				{Kind: "widened", Pointer: "/e", Field: "e", Old: "maximum 3", New: "maximum 10"},
			},
		},
		"a list of options where any value was": {
			`{"properties":{"a":{"type":"string"}}}`, `{"properties":{"a":{"type":"string","oneOf":[{"const":"x"}]}}}`,
			[]schema.Change{{Kind: "narrowed", Pointer: "/a", Field: "a", Old: "not only what is listed", New: "one of a list"}},
		},
		"records, references and branches": {
			`{"$defs":{"record":{"properties":{"a":{"$ref":"#/$defs/text"}}},"text":{"type":"string"}},
				"properties":{"records":{"type":"array","items":{"$ref":"#/$defs/record"}},
				"o":{"anyOf":[{"properties":{"x":{}}},{"properties":{"y":{}},"required":["y"]}]}}}`,
			`{"$defs":{"record":{"allOf":[{"properties":{"a":{"$ref":"#/$defs/text"}}}]},"text":{"type":"boolean"}},
				"properties":{"records":{"type":"array","items":{"$ref":"#/$defs/record"}},"o":{"anyOf":[{"properties":{"x":{}}}]}}}`,
			[]schema.Change{
				{Kind: "removed", Pointer: "/o/y", Field: "y"},
				{Kind: "retyped", Pointer: "/records/*/a", Field: "a", Old: "a string", New: "a boolean"},
			},
		},
		"a schema within itself": {
			`{"$defs":{"n":{"properties":{"n":{"$ref":"#/$defs/n"},"a":{}}}},"$ref":"#/$defs/n"}`,
			`{"$defs":{"n":{"properties":{"n":{"$ref":"#/$defs/n"}}}},"$ref":"#/$defs/n"}`,
			[]schema.Change{{Kind: "removed", Pointer: "/a", Field: "a"}},
		},
		"titles do not count": {`{"properties":{"a":{"title":"A"}},"examples":[1]}`, `{"properties":{"a":{"title":"B"}}}`, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, diff(t, tt.older, tt.newer), told()); diff != "" {
				t.Errorf("changes (-want +got):\n%s", diff)
			}
			for _, same := range []string{tt.older, tt.newer} {
				if changes := diff(t, same, same); len(changes) > 0 {
					t.Errorf("a schema differs from itself: %v", changes)
				}
			}
		})
	}
}

func TestDiffRefuses(t *testing.T) {
	t.Parallel()
	var huge strings.Builder // each definition has two of the next
	huge.WriteString(`{"$ref":"#/$defs/d0","$defs":{`)
	for i := range 40 {
		fmt.Fprintf(&huge, `"d%d":{"properties":{"x":{"$ref":"#/$defs/d%d"},"y":{"$ref":"#/$defs/d%[2]d"}}},`, i, i+1)
	}
	huge.WriteString(`"d40":{}}}`)
	for name, document := range map[string]string{"no JSON": "{", "unfolding": huge.String()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := schema.Diff(json.RawMessage(`{}`), json.RawMessage(document)); err == nil {
				t.Error("it was compared")
			}
			if _, err := schema.Diff(json.RawMessage(document), json.RawMessage(`{}`)); err == nil {
				t.Error("it was compared")
			}
			if _, err := schema.Take("a", nil, json.RawMessage(document)); err == nil {
				t.Error("it has a fingerprint")
			}
		})
	}
}

// field is a property of a schema that a test makes up.
type field = map[string]any

// madeUp returns the fields of an object, of every kind that an edit needs.
func madeUp(r *rand.Rand) map[string]field {
	fields := map[string]field{}
	for i := range 3 + r.IntN(20) {
		name := fmt.Sprintf("F%d__gc", i)
		f := field{"type": "string", "x-connector": map[string]any{
			"label": fmt.Sprint("Field ", i), "source": map[string]any{"object": "o", "field": name, "id": fmt.Sprint("id", i)},
		}}
		switch r.IntN(4) {
		case 0:
			f["oneOf"] = []any{field{"const": "a", "title": "A"}, field{"const": "b"}, field{"const": fmt.Sprint("c", i)}}
		case 1:
			f["maxLength"] = 5 + r.IntN(100)
		case 2:
			f["type"] = []any{"number", "null"}
		}
		fields[name] = f
	}
	return fields
}

// document wraps fields as the records of an input.
func document(t *testing.T, fields map[string]field, required []string) json.RawMessage {
	t.Helper()
	data, err := json.Marshal(map[string]any{
		"$defs":      field{"record": field{"type": "object", "properties": fields, "required": required}},
		"properties": field{"records": field{"type": "array", "items": field{"$ref": "#/$defs/record"}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// change changes one field of an object. It returns what is required then, and
// false if it cannot change that field.
type change func(fields map[string]field, name string, required []string) ([]string, bool)

// set is a change that sets a keyword.
func set(keyword string, value any) change {
	return func(fields map[string]field, name string, required []string) ([]string, bool) {
		changed := maps.Clone(fields[name])
		changed[keyword] = value
		fields[name] = changed
		return required, true
	}
}

func remove(fields map[string]field, name string, required []string) ([]string, bool) {
	delete(fields, name)
	return required, true
}

func rename(fields map[string]field, name string, required []string) ([]string, bool) {
	fields["Other__gc"] = fields[name]
	return remove(fields, name, required)
}

func require(_ map[string]field, name string, required []string) ([]string, bool) {
	return append(slices.Clone(required), name), true
}

func retire(fields map[string]field, name string, required []string) ([]string, bool) {
	options, ok := fields[name]["oneOf"].([]any)
	if !ok {
		return nil, false
	}
	return set("oneOf", options[:2])(fields, name, required)
}

// edit is a change with what it is called, there and back.
type edit struct {
	kind, back schema.ChangeKind
	change     change
}

func edits() map[string]edit {
	return map[string]edit{
		"removed":     {schema.ChangeRemoved, schema.ChangeAdded, remove},
		"renamed":     {schema.ChangeRenamed, schema.ChangeRenamed, rename},
		"retyped":     {schema.ChangeRetyped, schema.ChangeRetyped, set("type", "boolean")},
		"format":      {schema.ChangeRetyped, schema.ChangeRetyped, set("format", "email")},
		"required":    {schema.ChangeRequired, schema.ChangeOptional, require},
		"read only":   {schema.ChangeNarrowed, schema.ChangeWidened, set("readOnly", true)},
		"shorter":     {schema.ChangeNarrowed, schema.ChangeWidened, set("maxLength", 1)},
		"option gone": {schema.ChangeOptionsGone, schema.ChangeOptionsAdded, retire},
	}
}

// Every single edit of a schema is found and named, and its way back has the
// opposite name; from the fingerprint as from the schema.
func TestDiffFindsEveryEdit(t *testing.T) {
	t.Parallel()
	for name, e := range edits() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same every time
			for range 60 {
				fields := madeUp(r)
				chosen := fmt.Sprintf("F%d__gc", r.IntN(len(fields)))
				older := document(t, fields, []string{})
				required, ok := e.change(fields, chosen, []string{})
				if !ok {
					continue
				}
				newer := document(t, fields, required)
				there, back := diff(t, string(older), string(newer)), diff(t, string(newer), string(older))
				if len(there) != 1 || there[0].Kind != e.kind || there[0].Pointer != "/records/*/"+chosen ||
					!strings.Contains(there[0].String(), chosen) {
					t.Fatalf("the edit of %s gave %+v", chosen, there)
				}
				if len(back) != 1 || back[0].Kind != e.back {
					t.Fatalf("the way back of the edit of %s gave %+v", chosen, back)
				}
				f, err := schema.Take("x", nil, older)
				if err != nil {
					t.Fatal(err)
				}
				from, err := reread(t, f).Diff(newer)
				if err != nil || len(from) != 1 || from[0].Kind != e.kind || from[0].Pointer != there[0].Pointer {
					t.Fatalf("from the fingerprint the edit of %s gave %+v, %v", chosen, from, err)
				}
			}
		})
	}
}

// FuzzDiff holds that no two documents make a comparison fail otherwise than
// with an error, that a document does not differ from itself, and that the
// fingerprint tells as many changes as the document.
func FuzzDiff(f *testing.F) {
	f.Add([]byte(`{"properties":{"a":{"type":"string","maxLength":3}},"required":["a"]}`), []byte(`{"properties":{"a":{"enum":[1,null]}}}`))
	f.Add([]byte(`{"$defs":{"n":{"items":{"$ref":"#/$defs/n"}}},"$ref":"#/$defs/n"}`), []byte(`{"anyOf":[{"const":1},{"type":"array"}]}`))
	f.Add([]byte(`{"oneOf":[{"const":"a"}],"x-connector":{"options":[{"value":"b","inactive":true}]}}`), []byte(`true`))
	f.Add([]byte(offering(f, "A", "B")), []byte(offering(f, "A")))
	f.Fuzz(func(t *testing.T, older, newer []byte) {
		changes, err := schema.Diff(older, newer)
		if err != nil {
			return
		}
		if same, err := schema.Diff(older, older); err != nil || len(same) > 0 {
			t.Errorf("a schema differs from itself: %v, %v", same, err)
		}
		taken, err := schema.Take("x", nil, older)
		if err != nil {
			t.Fatal(err)
		}
		from, err := reread(t, taken).Diff(newer)
		if names := offersFields(newer); err != nil || len(from) < len(changes) || len(from) > len(changes) && !names {
			t.Errorf("the fingerprint tells %v where the schema tells %v: %v", from, changes, err)
		}
	})
}

// offersFields reports whether a schema may hold names of fields, which a
// fingerprint compares and Diff does not.
func offersFields(document json.RawMessage) bool {
	value, err := schema.Decode(document)
	if err != nil {
		return false
	}
	text, err := json.Marshal(value)
	return err == nil && bytes.Contains(text, []byte(`"`+schema.SourceFields+`"`))
}

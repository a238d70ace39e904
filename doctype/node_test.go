package doctype_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/doctype"
	"github.com/gainsight-connector/gainsight-connector/schema"
)

// TestFieldNode pins the schema of each data type for create, update and read,
// without the keywords that are the same for all.
func TestFieldNode(t *testing.T) {
	t.Parallel()
	two := 2
	options := []doctype.Option{{Value: "1", Label: "One", Active: true}, {Value: "0", Label: "Zero"}}
	tests := map[string]struct {
		field                doctype.Field
		create, update, read string
	}{
		"STRING": {
			field:  doctype.Field{Meta: doctype.Meta{Length: 255}},
			create: `{"type":"string","maxLength":255,"control":"text"}`,
			update: `{"type":["string","null"],"maxLength":255,"control":"text"}`,
			read:   `{"type":["string","null"],"control":"text"}`,
		},
		"RICHTEXTAREA": {
			field:  doctype.Field{Meta: doctype.Meta{Length: 32768}},
			create: `{"type":"string","control":"richtext"}`,
		},
		"BOOLEAN":    {create: `{"type":"boolean","control":"checkbox"}`, update: `{"type":["boolean","null"],"control":"checkbox"}`},
		"NUMBER":     {field: doctype.Field{Meta: doctype.Meta{Length: 9}}, create: `{"type":"number","control":"number"}`},
		"PERCENTAGE": {create: `{"type":"number","control":"number"}`},
		"CURRENCY":   {field: doctype.Field{Meta: doctype.Meta{Decimals: &two}}, create: `{"type":"number","control":"number","decimals":2}`},
		"DATE": {
			create: `{"type":"string","format":"date","control":"date"}`,
			read:   `{"type":["string","null"],"format":"date","control":"date"}`,
		},
		"DATETIME": {
			create: `{"type":"string","format":"date-time","control":"datetime"}`,
			update: `{"type":["string","null"],"format":"date-time","control":"datetime"}`,
			read:   `{"type":["string","null"],"format":"date-time","control":"datetime"}`,
		},
		"GSID": {
			field:  doctype.Field{Meta: doctype.Meta{Length: 220}},
			create: `{"type":"string","control":"text"}`,
			update: `{"type":"string","control":"text"}`,
		},
		"SFDCID": {
			create: `{"type":"string","pattern":"^([0-9A-Za-z]{15}|[0-9A-Za-z]{18})$","control":"text"}`,
			read:   `{"type":["string","null"],"control":"text"}`,
		},
		"EMAIL": {
			field:  doctype.Field{Meta: doctype.Meta{Length: 255}},
			create: `{"type":"string","format":"email","maxLength":255,"control":"email"}`,
			read:   `{"type":["string","null"],"control":"email"}`,
		},
		"URL": {field: doctype.Field{Meta: doctype.Meta{Length: 500}}, create: `{"type":"string","maxLength":500,"control":"url"}`},
		"LOOKUP": {
			field:  doctype.Field{Meta: doctype.Meta{Length: 220}, Lookup: &doctype.Lookup{Objects: []string{"gsuser", "x"}}},
			create: `{"type":"string","control":"lookup","lookup":{"object":"gsuser"}}`,
			update: `{"type":["string","null"],"control":"lookup","lookup":{"object":"gsuser"}}`,
		},
		"LOOKUP to nothing": {field: doctype.Field{Lookup: &doctype.Lookup{}}, create: `{"type":"string","control":"text"}`},
		"PICKLIST": {
			field:  doctype.Field{Meta: doctype.Meta{Length: 255}, Options: options, CategoryID: "c"},
			create: `{"type":"string","oneOf":[{"const":"1","title":"One"}],"control":"select","options":[{"value":"0","label":"Zero","inactive":true}]}`,
			update: `{"type":["string","null"],"oneOf":[{"const":"1","title":"One"},{"const":null,"title":"(none)"}],"control":"select",
				"options":[{"value":"0","label":"Zero","inactive":true}]}`,
			read: `{"type":["string","null"],"control":"select","options":[{"value":"1","label":"One"},{"value":"0","label":"Zero","inactive":true}]}`,
		},
		"PICKLIST without options": {
			field:  doctype.Field{CategoryID: "c"},
			create: `{"type":"string","control":"select","lookup":{"category":"c"}}`,
		},
		"MULTISELECTDROPDOWNLIST": {
			field: doctype.Field{Options: options},
			create: `{"type":"array","items":{"type":"string","oneOf":[{"const":"1","title":"One"}]},"control":"multiselect",
				"encoding":"semicolon","options":[{"value":"0","label":"Zero","inactive":true}]}`,
			update: `{"type":["array","null"],"items":{"type":"string","oneOf":[{"const":"1","title":"One"}]},"control":"multiselect",
				"encoding":"semicolon","options":[{"value":"0","label":"Zero","inactive":true}]}`,
			read: `{"type":["array","null"],"items":{"type":"string"},"control":"multiselect","encoding":"semicolon",
				"options":[{"value":"1","label":"One"},{"value":"0","label":"Zero","inactive":true}]}`,
		},
		"JSON":        {create: `{"control":"json"}`, update: `{"control":"json"}`},
		"JSONSTRING":  {create: `{"type":"string","control":"text"}`},
		"JSONNUMBER":  {create: `{"type":"number","control":"number"}`},
		"JSONBOOLEAN": {create: `{"type":"boolean","control":"checkbox"}`},
		"IMAGE":       {create: `{"type":"string","readOnly":true,"control":"text"}`},
		"WHOID":       {create: `{"type":"string","control":"text"}`},
		"WHATID":      {create: `{"type":"string","control":"text"}`},
		"CONTEXT":     {create: `{"type":"string","control":"text"}`},
		"TIMESTAMP":   {create: `{"type":"string","format":"date-time","control":"datetime"}`},
		"INTEGER":     {create: `{"type":"integer","control":"number"}`},
		"LONG":        {create: `{"type":"integer","control":"number"}`},
		"DOUBLE":      {create: `{"type":"number","control":"number"}`},
		"PERCENT":     {create: `{"type":"number","control":"number"}`},
		"SCORE":       {create: `{"type":"number","control":"number"}`},
		"ARRAY":       {create: `{"type":"array","control":"json"}`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := tt.field
			f.Name, f.Nillable = "F", true
			_, _ = fmt.Sscan(name, &f.DataType)
			for use, want := range map[doctype.Use]string{doctype.Create: tt.create, doctype.Update: tt.update, doctype.Read: tt.read} {
				if want == "" {
					continue
				}
				node, diagnostics := doctype.FieldNode(f, use)
				if diff := cmp.Diff(flat(t, []byte(want)), essence(t, node)); diff != "" {
					t.Errorf("use %d (-want +got):\n%s", use, diff)
				}
				if diagnostics != nil {
					t.Errorf("diagnostics %v, want none", diagnostics)
				}
			}
		})
	}
}

func flat(t *testing.T, data []byte) map[string]any {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal(data, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

// essence returns the keywords of a node and of its annotation in one map,
// without those that every node has.
func essence(t *testing.T, node *schema.Node) map[string]any {
	t.Helper()
	data, err := json.Marshal(node)
	if err != nil {
		t.Fatal(err)
	}
	m := flat(t, data)
	annotation, _ := m["x-connector"].(map[string]any)
	delete(m, "x-connector")
	for key, value := range annotation {
		if key != "source" && key != "required" {
			m[key] = value
		}
	}
	return m
}

func TestFieldNodeUnknownType(t *testing.T) {
	t.Parallel()
	node, diagnostics := doctype.FieldNode(doctype.Field{Object: "o", Name: "F", DataType: "HOLOGRAM"}, doctype.Create)
	if len(node.Type) != 1 || node.Type[0] != schema.TypeString {
		t.Errorf("type %v, want string", node.Type)
	}
	want := `field F of object o has the unknown type "HOLOGRAM" and is treated as text`
	if len(diagnostics) != 1 || diagnostics[0].Summary != want {
		t.Errorf("diagnostics %v, want %q", diagnostics, want)
	}
}

func TestWritable(t *testing.T) {
	t.Parallel()
	field := func(name string, change func(*doctype.Field)) doctype.Field {
		f := doctype.Field{Name: name, DataType: "STRING", Meta: doctype.Meta{Createable: true, Updateable: true}}
		change(&f)
		return f
	}
	o := doctype.Object{Fields: []doctype.Field{
		field("plain", func(*doctype.Field) {}),
		field("hidden", func(f *doctype.Field) { f.Hidden = true }),
		field("readOnly", func(f *doctype.Field) { f.ReadOnly = true }),
		field("formula", func(f *doctype.Field) { f.Formula = true }),
		field("image", func(f *doctype.Field) { f.DataType = "IMAGE" }),
		field("createOnly", func(f *doctype.Field) { f.Updateable = false }),
		field("updateOnly", func(f *doctype.Field) { f.Createable = false }),
	}}
	tests := map[string]struct {
		use  doctype.Use
		want []string
	}{
		"create": {doctype.Create, []string{"plain", "createOnly"}},
		"update": {doctype.Update, []string{"plain", "updateOnly"}},
		"read":   {doctype.Read, []string{"plain", "readOnly", "formula", "image", "createOnly", "updateOnly"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, f := range doctype.Writable(o, tt.use) {
				got = append(got, f.Name)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

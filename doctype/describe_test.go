package doctype_test

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/doctype"
	"github.com/gainsight-connector/gainsight-connector/schema"
)

//go:embed testdata/*.json
var testdata embed.FS

// outcome is what a describe payload comes to: what the golden files hold.
type outcome struct {
	Objects     []objectOutcome `json:"objects"`
	Diagnostics []string        `json:"diagnostics"`
}

type objectOutcome struct {
	Name   string                  `json:"name"`
	Type   string                  `json:"type"`
	Fields []string                `json:"fields"`
	Create map[string]*schema.Node `json:"create"`
	Update map[string]*schema.Node `json:"update"`
	Read   map[string]*schema.Node `json:"read"`
}

func outcomeOf(tb testing.TB, data []byte) outcome {
	tb.Helper()
	objects, diagnostics, err := doctype.ParseDescribe(data)
	if err != nil {
		tb.Fatal(err)
	}
	var result outcome
	for _, o := range objects {
		out := objectOutcome{Name: o.Name, Type: o.Type}
		for _, f := range o.Fields {
			out.Fields = append(out.Fields, f.Name)
		}
		var more []connector.Diagnostic
		out.Create, _ = nodes(o, doctype.Create)
		out.Update, _ = nodes(o, doctype.Update)
		out.Read, more = nodes(o, doctype.Read)
		diagnostics = append(diagnostics, more...)
		result.Objects = append(result.Objects, out)
	}
	for _, d := range diagnostics {
		result.Diagnostics = append(result.Diagnostics, fmt.Sprintf("%s: %s: %s", d.Severity, d.Pointer, d.Summary))
	}
	return result
}

func nodes(o doctype.Object, use doctype.Use) (map[string]*schema.Node, []connector.Diagnostic) {
	all := map[string]*schema.Node{}
	var diagnostics []connector.Diagnostic
	for _, f := range doctype.Writable(o, use) {
		node, remarks := doctype.FieldNode(f, use)
		all[f.Name] = node
		diagnostics = append(diagnostics, remarks...)
	}
	return all, diagnostics
}

// TestGolden holds whole outcomes. custom_object pins what a well-formed
// object becomes in each use: keys and read-only fields, a lookup, a dependent
// picklist with a default and an inactive option, decimals. tolerant pins that
// nothing with a name is lost, what each kind of damage does and how it is
// reported.
func TestGolden(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"custom_object", "tolerant"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			data, err := testdata.ReadFile("testdata/" + name + ".json")
			if err != nil {
				t.Fatal(err)
			}
			got, err := json.MarshalIndent(outcomeOf(t, data), "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, '\n')
			if diff := cmp.Diff(golden(t, name+".golden.json", got), string(got)); diff != "" {
				t.Errorf("(-want +got), -update rewrites the file:\n%s", diff)
			}
		})
	}
}

func TestParseDescribe(t *testing.T) {
	t.Parallel()
	data := []byte(`[{"objectName":"o","label":"O","labelPlural":"Os","objectType":"SYSTEM","keyPrefix":"P02","description":"D",
		"readable":"false",		"createable":false,"fields":[{"fieldName":"F","fieldId":"f1","dataType":"LOOKUP","objectName":"other",
		"options":[{"value":"v","label":"V","systemName":"s","active":true,"defaultValue":true,"controllerValues":["a",1]}],
		"meta":{"description":"fd","fieldGroupType":"STANDARD","length":5,"decimalPlaces":2,"createable":false,"updateable":false,
		"required":true,"nillable":true,"readOnly":true,"hidden":true,
		"formulaField":true,"nameField":true,"dependentPicklist":true,"filterable":true,
		"sortable":true,"groupable":true,"properties":{"PICKLIST_CATEGORY_ID":"cat"},
		"lookupDetail":{"lookupName":"F__gr","fieldName":"Gsid","lookupObjects":[{"objectName":"x"},{"objectName":"y"}]}}}]}]`)
	two := 2
	want := []doctype.Object{{
		Name: "o", Label: "O", LabelPlural: "Os", Type: "SYSTEM", KeyPrefix: "P02", Description: "D",
		Fields: []doctype.Field{{
			Object: "o", Name: "F", ID: "f1", Label: "F", DataType: "LOOKUP", CategoryID: "cat",
			Options: []doctype.Option{{
				Value: "v", Label: "V", SystemName: "s", Active: true, Default: true, ControllerValues: []string{"a", "1"},
			}},
			Lookup: &doctype.Lookup{Name: "F__gr", Field: "Gsid", Objects: []string{"x", "y"}},
			Meta: doctype.Meta{
				Description: "fd", Group: "STANDARD", Length: 5, Decimals: &two,
				Required: true, Nillable: true, ReadOnly: true, Hidden: true,
				Formula: true, NameField: true, DependentPicklist: true, Filterable: true, Sortable: true, Groupable: true,
			},
		}},
	}}
	got, diagnostics, err := doctype.ParseDescribe(data)
	if err != nil || diagnostics != nil {
		t.Fatal(err, diagnostics)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	single, _, err := doctype.ParseDescribe(bytes.TrimSuffix(bytes.TrimPrefix(data, []byte("[")), []byte("]")))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, single); diff != "" {
		t.Errorf("the object without its list (-want +got):\n%s", diff)
	}
}

func TestParseDescribeError(t *testing.T) {
	t.Parallel()
	tests := map[string]string{"null": `null`, "text": `"x"`, "number": `1`, "malformed": `[{`, "malformed object": `{"a":`, "empty": ``}
	for name, data := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, _, err := doctype.ParseDescribe([]byte(data))
			if !errors.Is(err, connector.ReasonDownstreamContract) {
				t.Errorf("error %v, want %v", err, connector.ReasonDownstreamContract)
			}
		})
	}
}

// FuzzDescribe holds that whatever a tenant says gives schemas that are valid
// by the draft's own schema, with defaults that fit them, and that the answer is
// the same every time.
func FuzzDescribe(f *testing.F) {
	for _, name := range []string{"custom_object", "tolerant"} {
		data, err := testdata.ReadFile("testdata/" + name + ".json")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(`{"fields":[{"fieldName":"a~/%","dataType":"PICKLIST","options":[{"value":"x"},{"value":"x"}],"meta":{"nillable":1,"length":1e9}}]}`))
	f.Add([]byte(`{"fields":[{"fieldName":"d","dataType":"url","meta":{"defaultValue":"0x1p-2","length":"3"}},
		{"fieldName":"n","dataType":"NUMBER","meta":{"defaultValue":1e400}},{"fieldName":"m","dataType":"multiselectdropdownlist",
		"options":[{"value":"x","defaultValue":"true","controllerValues":["y"]}]}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		objects, first, err := doctype.ParseDescribe(data)
		if err != nil {
			return
		}
		again, second, err := doctype.ParseDescribe(data)
		if diff := cmp.Diff(objects, again) + cmp.Diff(first, second); err != nil || diff != "" {
			t.Fatalf("the second answer differs: %v\n%s", err, diff)
		}
		for _, o := range objects {
			for _, use := range []doctype.Use{doctype.Create, doctype.Update, doctype.Read} {
				properties, _ := nodes(o, use)
				document, err := schema.Overlay(json.RawMessage(`{"type":"object"}`), "", properties, true)
				if err != nil {
					t.Fatal(err)
				}
				compiled, err := schema.Compile(document) // which holds it to the draft's schema
				if err != nil {
					t.Fatalf("%v\n%s", err, document)
				}
				if v := compiled.Validate(defaultsOf(t, properties)); v != nil {
					t.Errorf("the defaults do not fit: %v\n%s", v, document)
				}
			}
		}
	})
}

// defaultsOf returns the record that a form begins with.
func defaultsOf(t *testing.T, properties map[string]*schema.Node) any {
	t.Helper()
	record := map[string]any{}
	for name, node := range properties {
		if node.Default != nil {
			record[name] = node.Default
		}
	}
	text, err := json.Marshal(record)
	if err != nil {
		t.Fatal(err)
	}
	value, err := schema.Decode(text)
	if err != nil {
		t.Fatal(err)
	}
	return value
}

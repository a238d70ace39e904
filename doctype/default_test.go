package doctype_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/doctype"
)

// TestDefault: the vendor tells every default as text; a form gets it as a
// value of the field, or not at all.
func TestDefault(t *testing.T) {
	t.Parallel()
	options := []doctype.Option{
		{Value: "1", Label: "One", Active: true}, {Value: "2", Label: "Two", Active: true, Default: true}, {Value: "0", Label: "Zero"},
		{Value: "3", Label: "Three", Active: true, Default: true},
	}
	tests := map[string]struct {
		field doctype.Field
		want  any
	}{
		"text":                    {doctype.Field{DataType: "STRING", Meta: doctype.Meta{Default: "x", Length: 1}}, "x"},
		"text that is too long":   {doctype.Field{DataType: "STRING", Meta: doctype.Meta{Default: "xy", Length: 1}}, nil},
		"rich text":               {doctype.Field{DataType: "RICHTEXTAREA", Meta: doctype.Meta{Default: "<p>x</p>"}}, "<p>x</p>"},
		"boolean":                 {doctype.Field{DataType: "BOOLEAN", Meta: doctype.Meta{Default: "TRUE"}}, true},
		"no boolean":              {doctype.Field{DataType: "BOOLEAN", Meta: doctype.Meta{Default: "maybe"}}, nil},
		"number":                  {doctype.Field{DataType: "CURRENCY", Meta: doctype.Meta{Default: "1.50"}}, json.Number("1.50")},
		"no JSON number":          {doctype.Field{DataType: "NUMBER", Meta: doctype.Meta{Default: "0x10"}}, nil},
		"integer":                 {doctype.Field{DataType: "INTEGER", Meta: doctype.Meta{Default: "7"}}, int64(7)},
		"no integer":              {doctype.Field{DataType: "LONG", Meta: doctype.Meta{Default: "7.5"}}, nil},
		"date":                    {doctype.Field{DataType: "DATE", Meta: doctype.Meta{Default: "2026-12-15"}}, "2026-12-15"},
		"a word for a date":       {doctype.Field{DataType: "DATE", Meta: doctype.Meta{Default: "TODAY"}}, nil},
		"a word for a person":     {doctype.Field{DataType: "LOOKUP", Meta: doctype.Meta{Default: "CURRENT_USER"}}, nil},
		"anything":                {doctype.Field{DataType: "JSON", Meta: doctype.Meta{Default: "{}"}}, nil},
		"option by its mark":      {doctype.Field{DataType: "PICKLIST", Options: options}, "2"},
		"option by label":         {doctype.Field{DataType: "PICKLIST", Options: options[:1], Meta: doctype.Meta{Default: "one"}}, "1"},
		"no active option":        {doctype.Field{DataType: "PICKLIST", Options: options[2:3], Meta: doctype.Meta{Default: "0"}}, nil},
		"options of multi-select": {doctype.Field{DataType: "MULTISELECTDROPDOWNLIST", Options: options}, []any{"2", "3"}},
		"nothing":                 {doctype.Field{DataType: "STRING"}, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			node, _ := doctype.FieldNode(tt.field, doctype.Create)
			if diff := cmp.Diff(tt.want, node.Default); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if node, _ := doctype.FieldNode(tt.field, doctype.Update); node.Default != nil {
				t.Errorf("an update has the default %v", node.Default)
			}
		})
	}
}

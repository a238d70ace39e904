package doctype_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/doctype"
)

func encoder() *doctype.Encoder {
	options := []doctype.Option{
		{Value: "1I01", Label: "New", Active: true},
		{Value: "1I02", Label: "In Work", Active: true},
		{Value: "1I03", Label: "Twin", Active: true},
		{Value: "1I04", Label: "twin", Active: true},
		{Value: "1I05", Label: "Frozen"},
		{Value: "Open", Label: "Opened", Active: true},
		{Value: "1I06", Label: "Open", Active: true},
	}
	return doctype.NewEncoder([]doctype.Field{
		{Name: "Stage", DataType: "PICKLIST", Options: options},
		{Name: "Tags", DataType: "MULTISELECTDROPDOWNLIST", Options: options},
		{Name: "Note", DataType: "STRING", Options: options},
	})
}

func TestEncoderRecord(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ field, value, want any }{
		"label":                      {"Stage", "New", "1I01"},
		"label in another case":      {"Stage", "IN WORK", "1I02"},
		"value":                      {"Stage", "1I02", "1I02"},
		"label of two options":       {"Stage", "Twin", "Twin"},
		"label of an inactive one":   {"Stage", "Frozen", "Frozen"},
		"label that is also a value": {"Stage", "Open", "Open"},
		"no option":                  {"Stage", "Other", "Other"},
		"null":                       {"Stage", nil, nil},
		"a list for a single choice": {"Stage", []any{"New"}, []any{"New"}},
		"several":                    {"Tags", []any{"new", "1I02", 5, nil}, []any{"1I01", "1I02", 5, nil}},
		"one for several":            {"Tags", "New", "1I01"},
		"no picklist":                {"Note", "New", "New"},
		"unknown field":              {"note", "New", "New"},
		"field in another case":      {"stage", "New", "New"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			field, _ := tt.field.(string)
			rec := map[string]any{field: tt.value}
			encoder().Record(rec)
			if diff := cmp.Diff(map[string]any{field: tt.want}, rec); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestEncoderWire(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ value, want any }{
		"several": {[]any{"1I01", "1I02"}, "1I01;1I02"},
		"one":     {[]any{"1I01"}, "1I01"},
		"none":    {[]any{}, nil},
		"null":    {nil, nil},
		"string":  {"1I01;1I02", "1I01;1I02"},
		"mixed":   {[]any{"1I01", 5}, []any{"1I01", 5}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rec := map[string]any{"Tags": tt.value, "Stage": []any{"x"}}
			encoder().Wire(rec)
			if diff := cmp.Diff(map[string]any{"Tags": tt.want, "Stage": []any{"x"}}, rec); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestEncoderLabels(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ field, value, want any }{
		"value":              {"Stage", "1I01", "New"},
		"an inactive one":    {"Stage", "1I05", "Frozen"},
		"label":              {"Stage", "New", "New"},
		"value like a label": {"Stage", "Open", "Opened"},
		"null":               {"Stage", nil, nil},
		"several":            {"Tags", []any{"1I01", "1I02", 5}, []any{"New", "In Work", 5}},
		"no picklist":        {"Note", "1I01", "1I01"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			field, _ := tt.field.(string)
			rec := map[string]any{field: tt.value}
			encoder().Labels(rec)
			if diff := cmp.Diff(map[string]any{field: tt.want}, rec); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

package doctype_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/doctype"
)

func decoder() *doctype.Decoder {
	return doctype.NewDecoder([]doctype.Field{
		{Name: "Name", Label: "Title", DataType: "STRING"},
		{Name: "DueDate", Label: "Days Due", DataType: "DATE"},
		{Name: "Closed", Label: "Name", DataType: "BOOLEAN"},
		{Name: "Stage__gc", Label: "Stage", DataType: "PICKLIST", Options: []doctype.Option{{Value: "1I01", Label: "New", Active: true}}},
	}).Select([]string{"name", "OwnerId__gr.Since"}, map[string]doctype.Column{
		"OwnerId__gr.Since": doctype.NewColumn(doctype.Field{DataType: "DATETIME"}),
	})
}

func TestDecoderRow(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		row, want string
		misfits   []string
	}{
		"empty":             {row: ` { } `, want: `{}`},
		"name as asked for": {row: `{"Name":"a"}`, want: `{"name":"a"}`},
		"by name":           {row: `{"DueDate" : 1707091200000 , "Closed":"true"}`, want: `{"DueDate":"2024-02-05","Closed":true}`},
		"in another case":   {row: `{"duedate":""}`, want: `{"duedate":null}`},
		"by label":          {row: `{"Days Due":"2020-04-22 00:00:00.0"}`, want: `{"Days Due":"2020-04-22"}`},
		"a path": {
			row:  `{"ownerid__gr.since":"2020-04-17T22:00:00Z","OwnerId__gr.Name":"x"}`,
			want: `{"OwnerId__gr.Since":"2020-04-17T22:00:00.000Z","OwnerId__gr.Name":"x"}`,
		},
		"name in escapes":    {row: `{"\u0053tage__gc":"1I01"}`, want: `{"\u0053tage__gc":"New"}`},
		"values as they are": {row: `{"a":{"Closed":"true"} ,"b":[1, {"x":"}]"}],"c":-1.50,"d":"\\\"","e":null}`, want: `{"a":{"Closed":"true"},"b":[1, {"x":"}]"}],"c":-1.50,"d":"\\\"","e":null}`},
		"misfits": {
			row: `{"Closed":"x","DueDate":"x","Name":1}`, want: `{"Closed":"x","DueDate":"x","name":1}`,
			misfits: []string{"Closed", "DueDate"},
		},
		"no object":        {row: `["Name"]`, want: `["Name"]`},
		"null":             {row: `null`, want: `null`},
		"cut":              {row: `{"Name":"a","Closed":"tr`, want: `{"Name":"a","Closed":"tr`},
		"something behind": {row: `{"Name":"a"}}`, want: `{"Name":"a"}}`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var misfits []string
			got := decoder().Row([]byte("head "), json.RawMessage(tt.row), func(name string) { misfits = append(misfits, name) })
			if string(got) != "head "+tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
			if diff := cmp.Diff(tt.misfits, misfits); diff != "" {
				t.Errorf("misfits (-want +got):\n%s", diff)
			}
		})
	}
}

// FuzzDecoder holds that no member of a row is lost, whatever it is, and that
// anything else than a row comes back as it is.
func FuzzDecoder(f *testing.F) {
	f.Add([]byte(`{"Name":"a","DueDate":1707091200000,"Closed":"0","Stage__gc":"1I01","x":{"y":["}",{"z":"\""}]}}`))
	f.Add([]byte(` {"a" : 1 , "b":[ ] } `))
	f.Add([]byte(`{"a":1}}`))
	f.Add([]byte(`{"a`))
	f.Fuzz(func(t *testing.T, row []byte) {
		got := decoder().Row(nil, row, func(string) {})
		var before, after map[string]json.RawMessage
		if json.Unmarshal(row, &before) != nil || before == nil {
			if json.Valid(row) && !bytes.Equal(got, row) {
				t.Errorf("%s becomes %s", row, got)
			}
			return
		}
		if err := json.Unmarshal(got, &after); err != nil {
			t.Fatalf("%s becomes %s: %v", row, got, err)
		}
		if diff := cmp.Diff(folded(before), folded(after)); diff != "" {
			t.Errorf("names (-before +after):\n%s", diff)
		}
	})
}

// folded returns the names of members in lower case.
func folded(members map[string]json.RawMessage) []string {
	names := map[string]bool{}
	for name := range members {
		names[strings.ToLower(name)] = true
	}
	return slices.Sorted(maps.Keys(names))
}

func BenchmarkDecoder(b *testing.B) {
	d, dst := decoder(), make([]byte, 0, 1<<10)
	row := json.RawMessage(`{"Name":"Renewal at risk","DueDate":"2026-12-15","Closed":false,"Stage__gc":"1I01","OwnerId__gr.Since":1587160800000,"CompanyId":"1P02ACME0000000000000000000000000001","Comments":"<p>Call them</p>"}`)
	b.SetBytes(int64(len(row)))
	b.ReportAllocs()
	for b.Loop() {
		dst = d.Row(dst[:0], row, func(string) {})
	}
}

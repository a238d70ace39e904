package actions_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/actions/actionstest"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
	"github.com/gainsight-connector/gainsight-connector/internal/snapshot"
)

// withoutOptions takes the options of a field out of a snapshot and puts its
// category in their place.
func withoutOptions(t *testing.T, text, field, category string) string {
	t.Helper()
	s, err := snapshot.Read([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	for i, described := range s.Objects {
		var object map[string]any
		if err := json.Unmarshal(described, &object); err != nil {
			t.Fatal(err)
		}
		for _, f := range object["fields"].([]any) {
			if f := f.(map[string]any); f["fieldName"] == field {
				f["options"] = []any{}
			}
		}
		s.Objects[i] = raw(t, object)
		for _, id := range snapshot.Bare(s.Objects[i]) {
			s.Dropdowns[id] = json.RawMessage(category)
		}
	}
	if len(s.Dropdowns) != 1 {
		t.Fatalf("%d categories, want that of %s alone", len(s.Dropdowns), field)
	}
	bare, err := s.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return string(bare)
}

// TestWarmCategory: the items of a picklist that the metadata describe without
// options are in the snapshot beside them.
func TestWarmCategory(t *testing.T) {
	t.Parallel()
	m := serveMute(t, sandbox.Acme())
	text := saved(t, actionstest.Open(t, actionstest.Host(t), m.tenant, m.url, nil), "call_to_action")
	text = withoutOptions(t, text, "Severity__gc", `{"childItems":[
		{"name":"Grave","gsid":"1I00GRAVE","active":true},{"name":"Slight","gsid":"1I00SLIGHT","active":false}]}`)
	m.silent.Store(true)
	warm := actionstest.Open(t, actionstest.Host(t), m.tenant, m.url, actionstest.Settings{"snapshot": text})
	page, err := warm.Options(t.Context(), connector.OptionsRequest{
		Action: "cta.create", Pointer: "/records/*/Severity__gc", PageSize: connector.MaxPageSize,
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []connector.Option{{Value: "1I00GRAVE", Label: "Grave"}, {Value: "1I00SLIGHT", Label: "Slight", Inactive: true}}
	if diff := cmp.Diff(want, page.Options); diff != "" {
		t.Errorf("options (-want +got):\n%s", diff)
	}
}

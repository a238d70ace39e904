package successplan

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/actions"
)

func ours() map[string]string { return map[string]string{"SUCCESS_PLAN_STATUS": categoryStatus} }

// TestAddItems covers shapes of rows that the vendor may answer with: the
// columns are known, their values are not (common.md, section 12).
func TestAddItems(t *testing.T) {
	t.Parallel()
	item := func(changes string) string {
		return `[{"Name":"Draft","Gsid":"1","Category":"SUCCESS_PLAN_STATUS"` + changes + `}]`
	}
	draft := actions.ConfigurationItem{Name: "Draft", GSID: "1", Active: true}
	onboarding, inactive := draft, draft
	onboarding.TypeName, inactive.Active = "Onboarding", false
	tests := map[string]struct {
		rows string
		want []actions.ConfigurationItem
	}{
		"plain":                 {item(``), []actions.ConfigurationItem{draft}},
		"keys in another case":  {`[{"name":"Draft","GSID":"1","category":"SUCCESS_PLAN_STATUS"}]`, []actions.ConfigurationItem{draft}},
		"flags as booleans":     {item(`,"IsActive":false,"Deleted":false`), []actions.ConfigurationItem{inactive}},
		"flags as strings":      {item(`,"IsActive":"true","Deleted":"false"`), []actions.ConfigurationItem{draft}},
		"deleted":               {item(`,"Deleted":true`), nil},
		"a type by its name":    {item(`,"SpType":"Onboarding"`), []actions.ConfigurationItem{onboarding}},
		"a type by its id":      {item(`,"SpType":"T1"`), []actions.ConfigurationItem{onboarding}},
		"a type that is none":   {item(`,"SpType":7`), []actions.ConfigurationItem{draft}},
		"of another category":   {`[{"Name":"Draft","Gsid":"1","Category":"CTA_STATUS"}]`, nil},
		"a row that is no such": {`[7,{"Name":"Draft","Gsid":"1","Category":"SUCCESS_PLAN_STATUS"}]`, []actions.ConfigurationItem{draft}},
		"no list":               {`{}`, nil},
		"nothing":               {``, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := actions.Configuration{categoryType: {{Name: "Onboarding", GSID: "T1"}}}
			addItems(c, json.RawMessage(tt.rows), ours())
			if diff := cmp.Diff(tt.want, c[categoryStatus]); diff != "" {
				t.Errorf("statuses (-want +got):\n%s", diff)
			}
		})
	}
}

func FuzzAddItems(f *testing.F) {
	f.Add([]byte(`[{"Name":"Draft","Category":"SUCCESS_PLAN_STATUS","IsActive":"true"}]`))
	f.Fuzz(func(t *testing.T, rows []byte) {
		c := actions.Configuration{}
		addItems(c, rows, ours())
		for _, i := range c[categoryStatus] {
			if i.Name == "" {
				t.Error("an item has no name")
			}
		}
	})
}

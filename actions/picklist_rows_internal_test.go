package actions

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const types, statuses = "SUCCESS_PLAN_TYPE", "SUCCESS_PLAN_STATUS"

func planRows() PicklistRows { return PicklistRows{Column: "SpType", Type: types} }

func ours() map[string]string { return map[string]string{"SUCCESS_PLAN_STATUS": statuses} }

// TestPicklistRows covers shapes of rows that the vendor may answer with: the
// columns are known, their values are not (common.md, section 12).
func TestPicklistRows(t *testing.T) {
	t.Parallel()
	item := func(changes string) string {
		return `[{"Name":"Draft","Gsid":"1","Category":"SUCCESS_PLAN_STATUS"` + changes + `}]`
	}
	draft := ConfigurationItem{Name: "Draft", GSID: "1", Active: true}
	onboarding, inactive := draft, draft
	onboarding.TypeName, inactive.Active = "Onboarding", false
	tests := map[string]struct {
		rows string
		want []ConfigurationItem
	}{
		"plain":                 {item(``), []ConfigurationItem{draft}},
		"keys in another case":  {`[{"name":"Draft","GSID":"1","category":"SUCCESS_PLAN_STATUS"}]`, []ConfigurationItem{draft}},
		"flags as booleans":     {item(`,"IsActive":false,"Deleted":false`), []ConfigurationItem{inactive}},
		"flags as strings":      {item(`,"IsActive":"true","Deleted":"false"`), []ConfigurationItem{draft}},
		"deleted":               {item(`,"Deleted":true`), nil},
		"a type by its name":    {item(`,"SpType":"Onboarding"`), []ConfigurationItem{onboarding}},
		"a type by its id":      {item(`,"SpType":"T1"`), []ConfigurationItem{onboarding}},
		"a type that is none":   {item(`,"SpType":7`), []ConfigurationItem{draft}},
		"of another category":   {`[{"Name":"Draft","Gsid":"1","Category":"CTA_STATUS"}]`, nil},
		"a row that is no such": {`[7,{"Name":"Draft","Gsid":"1","Category":"SUCCESS_PLAN_STATUS"}]`, []ConfigurationItem{draft}},
		"no list":               {`{}`, nil},
		"nothing":               {``, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := Configuration{types: {{Name: "Onboarding", GSID: "T1"}}}
			planRows().add(c, json.RawMessage(tt.rows), ours())
			if diff := cmp.Diff(tt.want, c[statuses]); diff != "" {
				t.Errorf("statuses (-want +got):\n%s", diff)
			}
		})
	}
}

func FuzzPicklistRows(f *testing.F) {
	f.Add([]byte(`[{"Name":"Draft","Category":"SUCCESS_PLAN_STATUS","IsActive":"true"}]`))
	f.Fuzz(func(t *testing.T, rows []byte) {
		c := Configuration{}
		planRows().add(c, rows, ours())
		for _, i := range c[statuses] {
			if i.Name == "" {
				t.Error("an item has no name")
			}
		}
	})
}

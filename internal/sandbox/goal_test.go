package sandbox_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

const goalPath = "/v1/csgoal/external/"

// goalSample is the body of goals.md (DOC sample), with ids and names of acme.
var goalSample = `{
  "requests": [
    {
      "record": {
        "Name": "Raise adoption",
        "StatusName": "New",
        "DueDate": "2022-12-21",
        "Description": "<p>Reach 80 percent weekly use.</p>",
        "CompanyName": "Aurora Labs",
        "cf_picklist__gc": "CISCO",
        "EntityType": "COMPANY"
      },
      "association": {
        "CTA": ["` + gsid("1S01", "acme", 1) + `", "` + gsid("1S01", "acme", 2) + `"],
        "SP": ["` + gsid("1S02", "acme", 1) + `"]
      }
    }
  ],
  "lookups": {
    "CompanyId": {
      "fields": { "CompanyName": "Name" },
      "lookupField": "Gsid",
      "objectName": "company",
      "multiMatchOption": "FIRSTMATCH",
      "onNoMatch": "ERROR"
    }
  }
}`

func TestGoalSample(t *testing.T) {
	t.Parallel()
	c := acme(t, sandbox.Forms{})
	got := c.ok("POST", goalPath+"create", goalSample)
	goals := c.tenant.Goals()
	made := goals[len(goals)-1]
	if made["Gsid"] != at(t, got.body, "data", "Gsid") || made["CompanyId"] != gsid("1P02", "acme", 2) || made["DueDate"] != "2022-12-21" {
		t.Errorf("made %v", made)
	}
	want := map[string][]string{"CTA": {gsid("1S01", "acme", 1), gsid("1S01", "acme", 2)}, "SP": {gsid("1S02", "acme", 1)}}
	if diff := cmp.Diff(want, made["association"]); diff != "" {
		t.Errorf("association (-want +got):\n%s", diff)
	}
}

func TestGoalRefusals(t *testing.T) {
	t.Parallel()
	body := func(request string) string { return `{"requests":[` + request + `]}` }
	company := gsid("1P02", "acme", 1)
	good := `"Name":"a","StatusName":"New","EntityType":"COMPANY","CompanyId":"` + company + `"`
	tests := map[string]struct{ method, path, body, code, text string }{
		"two goals": {"POST", "create", body(`{"record":{` + good + `}},{"record":{` + good + `}}`), "GSOBJ_1002", "exactly one goal"},
		"no goal":   {"POST", "create", `{"requests":[]}`, "GSOBJ_1002", "exactly one goal"},
		"nothing given": {
			"POST", "create", body(`{"record":{}}`), "GSOBJ_1002", "Missing mandatory fields for create - Name, StatusName, EntityType",
		},
		"no company":        {"POST", "create", body(`{"record":{"Name":"a","StatusName":"New","EntityType":"COMPANY"}}`), "GSOBJ_1002", "CompanyId"},
		"no relationship":   {"POST", "create", body(`{"record":{"Name":"a","StatusName":"New","EntityType":"RELATIONSHIP"}}`), "GSOBJ_1002", "RelationshipId"},
		"a reference":       {"POST", "create", body(`{"record":{"referenceId":"1",` + good + `}}`), "GSOBJ_VCRUDR1002", "referenceId"},
		"an association in": {"POST", "create", body(`{"record":{"association":{},` + good + `}}`), "GSOBJ_VCRUDR1002", "association"},
		"an unknown key":    {"POST", "create", body(`{"record":{` + good + `},"links":{}}`), "GSOBJ_1002", "Unknown key links"},
		"an unknown CTA":    {"POST", "create", body(`{"record":{` + good + `},"association":{"CTA":["x"]}}`), "GSOBJ_1002", "No call"},
		"an unknown status": {"POST", "create", body(`{"record":{` + strings.Replace(good, "New", "No", 1) + `}}`), "GSOBJ_1012", "StatusName"},
		"an unknown goal":   {"PUT", "update", body(`{"record":{"Gsid":"x"}}`), "GSOBJ_1002", "Invalid GSID of goal"},
		"no select":         {"POST", "fetch", `{}`, "GSOBJ_1002", "Missing select clause"},
		"an unknown field":  {"POST", "fetch", `{"select":["Nmae"]}`, "GSOBJ_1002", "Nmae"},
		"a page too large":  {"POST", "fetch", `{"select":["Name"],"pageSize":1001}`, "GSOBJ_1002", "pageSize"},
	}
	c := acme(t, sandbox.Forms{})
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkRefusal(t, c.do(tt.method, goalPath+tt.path, tt.body), 400, tt.code, tt.text)
		})
	}
}

// TestGoalPicklistByLabel: the sample passes a label; an id is refused.
func TestGoalPicklistByLabel(t *testing.T) {
	t.Parallel()
	c := acme(t, sandbox.Forms{})
	id, _ := c.tenant.Goals()[0]["cf_picklist__gc"].(string)
	body := `{"requests":[{"record":{"Gsid":"` + gsid("1X02", "acme", 1) + `","cf_picklist__gc":"` + id + `"}}]}`
	checkRefusal(t, c.do("PUT", goalPath+"update", body), 400, "GSOBJ_1012", "cf_picklist__gc")
}

func TestGoalUpdate(t *testing.T) {
	t.Parallel()
	c := acme(t, sandbox.Forms{})
	c.ok("PUT", goalPath+"update", `{"requests":[{"record":{"Gsid":"`+gsid("1X02", "acme", 1)+`","StatusName":"In Progress"},
		"association":{"CTA":["`+gsid("1S01", "acme", 1)+`"]}}],"lookups":{}}`)
	if got := c.tenant.Goals()[0]; got["StatusName"] != "In Progress" {
		t.Errorf("got %v", got)
	}
	checkRefusal(t, c.do("POST", goalPath+"update", `{}`), 404, "GS_APIG_1000", "")
}

func TestGoalFetch(t *testing.T) {
	t.Parallel()
	c := acme(t, sandbox.Forms{})
	got := c.ok("POST", goalPath+"fetch", `{"select":["Name","StatusName","DueDate","CompanyId"],
		"where":{"conditions":[{"fieldName":"CompanyId","value":["`+gsid("1P02", "acme", 1)+`"],"alias":"A","operator":"EQ"}],
			"expression":"A"},
		"pageSize":100,"pageNumber":1}`)
	checkShape(t, got.body, `{"result":true,"errorCode":null,"errorDesc":null,"requestId":"","message":null,
		"data":[{"Name":"","StatusName":"","DueDate":"","CompanyId":""}]}`)
	page := c.ok("POST", goalPath+"fetch", `{"select":["Gsid"],"pageSize":20,"pageNumber":2}`).body["data"].([]any)
	if len(page) != 10 || at(t, page, 0, "Gsid") != gsid("1X02", "acme", 21) {
		t.Errorf("page %v", page)
	}
}

func TestGoalObjectHidden(t *testing.T) {
	t.Parallel()
	c := acme(t, sandbox.Forms{GoalObjectHidden: true})
	if list := c.ok("GET", "/v1/meta/services/objects/list", ""); strings.Contains(list.text, "cs_goal") {
		t.Error("the list has it")
	}
	if got := c.do("GET", "/v1/meta/services/objects/cs_goal/describe", ""); got.body["title"] != "OBJECT_NOT_FOUND" {
		t.Errorf("got %s", got.text)
	}
}

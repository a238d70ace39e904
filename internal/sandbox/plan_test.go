package sandbox_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

const planPath = "/v2/successPlan/"

// goodPlan is a record that acme accepts, with changes.
func goodPlan(changes map[string]any) map[string]any {
	r := map[string]any{
		"referenceId": "1", "Name": "Onboarding plan", "CompanyId": gsid("1P02", "acme", 1), "OwnerId": gsid("1P01", "acme", 1),
		"DueDate": "2026-06-01", "SuccessPlanType": "Onboarding",
	}
	for k, v := range changes {
		if r[k] = v; v == without {
			delete(r, k)
		}
	}
	return r
}

// TestCreatePlan holds the sandbox to the sample of the request and of the
// answer (success_plan.md).
func TestCreatePlan(t *testing.T) {
	t.Parallel()
	c := acme(t, sandbox.Forms{})
	got := c.ok("POST", planPath, `{
		"requests": [{"record": {
			"referenceId": "1", "Name": "Onboarding plan", "CompanyId": "`+gsid("1P02", "acme", 1)+`", "OwnerEmail": "ada.berg@example.com",
			"DueDate": "2026-06-01", "SuccessPlanType": "Onboarding", "status": "Draft", "Templates": ["Enterprise Template"]
		}}],
		"lookups": {"OwnerId": {"fields": {"OwnerEmail": "Email"}, "lookupField": "Gsid", "objectName": "gsuser"}}
	}`)
	checkShape(t, got.body, `{"result": true, "errorCode": null, "errorDesc": null, "requestId": "",
		"data": {"success": [{"1": "1S02EXAMPLEPLAN000000000000000000001"}], "failure": []}, "message": null}`)
	id, _ := written(t, got, "1")
	rows := c.ok("POST", planPath+"list/", `{"select":["name","DueDate","StatusName","TypeName","OwnerId"],
		"where":{"conditions":[{"fieldName":"Gsid","value":["`+id+`"],"alias":"A","operator":"EQ"}],"expression":"A"},"pageSize":100,"pageNumber":1}`)
	checkShape(t, rows.body, `{"result": true, "errorCode": null, "errorDesc": null, "requestId": "",
		"data": [{"Gsid": "", "Name": "", "DueDate": "", "StatusName": "", "TypeName": "", "OwnerId": ""}], "message": null}`)
	want := map[string]any{
		"Gsid": id, "Name": "Onboarding plan", "DueDate": "2026-06-01", "StatusName": "Draft", "TypeName": "Onboarding",
		"OwnerId": gsid("1P01", "acme", 1),
	}
	if diff := cmp.Diff(want, at(t, rows.body, "data", 0)); diff != "" {
		t.Errorf("row (-want +got):\n%s", diff)
	}
}

func TestPlanWrites(t *testing.T) {
	t.Parallel()
	plan := gsid("1S02", "acme", 1)
	objective := []any{map[string]any{"Name": "x"}}
	tests := map[string]struct {
		forms        sandbox.Forms
		method, path string
		record       map[string]any
		want         string // part of the failure; empty: success
	}{
		"created":         {sandbox.Forms{}, "POST", planPath, goodPlan(nil), ""},
		"without a slash": {sandbox.Forms{}, "POST", "/v2/successPlan", goodPlan(nil), ""},
		"no name":         {sandbox.Forms{}, "POST", planPath, goodPlan(map[string]any{"Name": without}), "Name is required"},
		"no type": {
			sandbox.Forms{}, "POST", planPath, goodPlan(map[string]any{"SuccessPlanType": without}), "SuccessPlanType is required",
		},
		"an inactive type":   {sandbox.Forms{}, "POST", planPath, goodPlan(map[string]any{"SuccessPlanType": "Pilot"}), "GSOBJ_1012"},
		"a type by its id":   {sandbox.Forms{}, "POST", planPath, goodPlan(map[string]any{"SuccessPlanTypeId": plan}), "cannot be written"},
		"a status of a type": {sandbox.Forms{}, "POST", planPath, goodPlan(map[string]any{"status": "In Negotiation"}), "GSOBJ_1012"},
		"a template of a type": {
			sandbox.Forms{}, "POST", planPath, goodPlan(map[string]any{"Templates": []any{"Renewal Template"}}), "Invalid template",
		},
		"an unknown field": {sandbox.Forms{}, "POST", planPath, goodPlan(map[string]any{"Nmae": "x"}), "does not exist"},
		"objectives": {
			sandbox.Forms{}, "POST", "/v2/successPlan?withObjectives=true", goodPlan(map[string]any{"Objectives": objective}), "",
		},
		"objectives, not told": {sandbox.Forms{}, "POST", planPath, goodPlan(map[string]any{"Objectives": objective}), "withObjectives"},
		"reference of one spelling": {
			sandbox.Forms{PlanReferenceKey: "ReferenceId"}, "POST", planPath,
			goodPlan(map[string]any{"referenceId": without, "ReferenceId": "1"}), "",
		},
		"updated": {sandbox.Forms{}, "PUT", planPath, map[string]any{"Gsid": plan, "ReferenceId": "1", "Name": "Changed"}, ""},
		"moved to a company": {
			sandbox.Forms{}, "PUT", planPath, goodPlan(map[string]any{"Gsid": plan, "SuccessPlanType": without}), "cannot be written",
		},
		"of another type": {
			sandbox.Forms{}, "PUT", planPath, map[string]any{"Gsid": plan, "referenceId": "1", "SuccessPlanType": "Renewal"},
			"cannot be changed",
		},
		"updated without Gsid": {
			sandbox.Forms{}, "PUT", planPath, map[string]any{"referenceId": "1", "Name": "Changed"}, "Gsid and ReferenceId",
		},
		"a name that is none": {
			sandbox.Forms{}, "PUT", planPath, map[string]any{"Gsid": plan, "referenceId": "1", "Name": nil}, "cannot be null",
		},
		"a plan of nobody": {
			sandbox.Forms{}, "PUT", planPath, map[string]any{"Gsid": gsid("1S02", "acme", 99), "referenceId": "1"}, "Invalid GSID",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			id, failure := written(t, acme(t, tt.forms).do(tt.method, tt.path, writeBody(tt.record)), "1")
			if tt.want == "" && id == "" || !strings.Contains(failure, tt.want) {
				t.Errorf("got id %q and failure %q, want %q", id, failure, tt.want)
			}
		})
	}
}

func TestPlanUpdateWithoutReference(t *testing.T) {
	t.Parallel()
	c := acme(t, sandbox.Forms{})
	_, failure := written(t, c.do("PUT", planPath, writeBody(map[string]any{"Gsid": gsid("1S02", "acme", 1), "Name": "x"})), "0")
	if !strings.Contains(failure, "Gsid and ReferenceId") {
		t.Errorf("failure %q", failure)
	}
}

func TestPlanRequestsRefused(t *testing.T) {
	t.Parallel()
	many := make([]map[string]any, 51)
	for i := range many {
		many[i] = goodPlan(map[string]any{"referenceId": strconv.Itoa(i)})
	}
	tests := map[string]struct{ method, path, body string }{
		"no requests":       {"POST", planPath, `{"requests":[]}`},
		"51 records":        {"POST", planPath, writeBody(many...)},
		"a lookup of none":  {"POST", planPath, lookupBody(map[string]any{"Ownr": map[string]any{}}, goodPlan(nil))},
		"no select":         {"POST", planPath + "list/", `{}`},
		"an unknown column": {"POST", planPath + "list/", `{"select":["Nmae"]}`},
		"dialect 1": {
			"POST", planPath + "list/", `{"select":["Name"],"where":{"conditions":[{"name":"Name","alias":"A","operator":"EQ","value":["x"]}],"expression":"A"}}`,
		},
		"too large a page": {"POST", planPath + "list/", `{"select":["Name"],"pageSize":1001}`},
		"page 0":           {"POST", planPath + "deleted/list", `{"select":["Name"],"pageNumber":0}`},
		"no category":      {"GET", planPath + "admin/picklist/lite?et=COMPANY", ""},
		"no entity type":   {"GET", planPath + "admin/picklist/lite?category=SUCCESS_PLAN_TYPE", ""},
	}
	c := acme(t, sandbox.Forms{})
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := c.do(tt.method, tt.path, tt.body); got.status != 400 || got.body["result"] != false {
				t.Errorf("got %d %s", got.status, got.text)
			}
		})
	}
}

// TestPlanConfiguration holds the answer to its sample (success_plan.md).
func TestPlanConfiguration(t *testing.T) {
	t.Parallel()
	path := planPath + "admin/picklist/lite?category=SUCCESS_PLAN_TYPE,SUCCESS_PLAN_STATUS&et=COMPANY"
	got := acme(t, sandbox.Forms{}).ok("GET", path, "")
	checkShape(t, got.body, `{"result": true, "errorCode": null, "errorDesc": null, "requestId": "",
		"data": {"SUCCESS_PLAN_TYPE": [{"name": "Onboarding", "gsid": "1I00EXAMPLEITEM000000000000000000001", "active": true}]},
		"message": null}`)
	if n := len(at(t, acme(t, sandbox.Forms{PlanCategories: true}).ok("GET", path, "").body, "data").(map[string]any)); n != 2 {
		t.Errorf("%d categories, want 2", n)
	}
	list := at(t, acme(t, sandbox.Forms{ConfigList: true}).ok("GET", path, "").body, "data").([]any)
	if len(list) != 4 || at(t, list[0], "picklistCategory") != "SUCCESS_PLAN_TYPE" {
		t.Errorf("list %v", list)
	}
}

func TestDeletedPlanLists(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		forms sandbox.Forms
		path  string
		want  int
	}{
		"by path":         {sandbox.Forms{}, planPath + "deleted/list", 3},
		"by flag":         {sandbox.Forms{}, planPath + "list/", 3},
		"by no such flag": {sandbox.Forms{PlanFlagIgnored: true}, planPath + "list/", 20},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := acme(t, tt.forms).ok("POST", tt.path, `{"select":["Name"],"includeonlyDeletedRecords":true}`)
			if n := len(at(t, got.body, "data").([]any)); n != tt.want {
				t.Errorf("%d rows, want %d", n, tt.want)
			}
		})
	}
}

func TestQueryObject(t *testing.T) {
	t.Parallel()
	const path = "/v1/data/objects/query/"
	first := `{"select":["name","Csm__gr.name"],` + whereOne("Name", "STARTS_WITH", `"A"`) + `,"orderBy":{"Name":"desc"},"limit":1,"offset":1}`
	tests := map[string]struct {
		forms        sandbox.Forms
		object, body string
		status       int
		rows         []any // path to the rows; nil: none are wanted
	}{
		"a list for companies":  {sandbox.Forms{}, "Company", first, 200, []any{"data"}},
		"records for companies": {sandbox.Forms{RecordsKey: true}, "Company", first, 200, []any{"data", "records"}},
		"records for others":    {sandbox.Forms{}, "cta_group", `{"select":["Name"],"limit":1}`, 200, []any{"data", "records"}},
		"no such object":        {sandbox.Forms{}, "nothing", `{"select":["Name"]}`, 400, nil},
		"no select":             {sandbox.Forms{}, "company", `{}`, 400, nil},
		"an unknown field":      {sandbox.Forms{}, "company", `{"select":["Nmae"]}`, 400, nil},
		"too large a page":      {sandbox.Forms{}, "company", `{"select":["Name"],"limit":5001}`, 400, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := acme(t, tt.forms).do("POST", path+tt.object, tt.body)
			if got.status != tt.status {
				t.Fatalf("got %d %s", got.status, got.text)
			}
			if tt.rows != nil {
				if n := len(at(t, got.body, tt.rows...).([]any)); n != 1 {
					t.Errorf("%d rows, want 1", n)
				}
			}
		})
	}
	row := at(t, acme(t, sandbox.Forms{}).ok("POST", path+"company", first).body, "data", 0).(map[string]any)
	if row["name"] != "Amber Analytics" || row["Csm__gr.name"] == nil {
		t.Errorf("row %v, want the second from the end with its keys as asked", row)
	}
}

package sandbox_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

const (
	taskPath     = "/v2/cockpit/task/"
	queryPath    = "/v1/data/objects/query/"
	playbookPath = "/v2/cockpit/admin/playbook/lite"
)

func TestTaskSample(t *testing.T) {
	t.Parallel()
	c := acme(t, sandbox.Forms{})
	// The body of task_playbook.md (INFERRED), with ids and names of acme.
	got := c.ok("POST", taskPath, `{"requests":[{"record":{"referenceId":"1","CtaId":"`+gsid("1S01", "acme", 1)+`","Name":"Call the sponsor",
		"OwnerEmail":"ada.berg@example.com","DueDate":"2026-12-10","status":"New","priority":"High","type":"Call",
		"Description":"<p>Agree next steps.</p>"}}],
		"lookups":{"OwnerId":{"fields":{"OwnerEmail":"Email"},
			"lookupField":"Gsid","objectName":"gsuser","multiMatchOption":"FIRSTMATCH","onNoMatch":"ERROR"}}}`)
	tasks := c.tenant.Tasks()
	made := tasks[len(tasks)-1]
	want := map[string]any{"success": []any{map[string]any{"1": made["Gsid"]}}, "failure": []any{}}
	if diff := cmp.Diff(want, got.body["data"]); diff != "" {
		t.Errorf("data (-want +got):\n%s", diff)
	}
	if made["OwnerId"] != gsid("1P01", "acme", 1) || made["CompanyId"] != c.tenant.CTAs()[0]["CompanyId"] {
		t.Errorf("made %v", made)
	}
	c.ok("PUT", taskPath, `{"requests":[{"record":{"referenceId":"1","Gsid":"`+made["Gsid"].(string)+`","status":"Closed"}}]}`)
	if after := c.tenant.Tasks()[len(tasks)-1]; after["IsClosed"] != true || after["ClosedDate"] == nil {
		t.Errorf("after %v", after)
	}
}

func TestTaskFailures(t *testing.T) {
	t.Parallel()
	good := `"Name":"a","CtaId":"` + gsid("1S01", "acme", 1) + `","OwnerId":"` + gsid("1P01", "acme", 1) + `","DueDate":"2026-12-10","status":"New","priority":"High"`
	tests := map[string]struct{ method, record, want string }{
		"nothing given":      {"POST", ``, "COCKPIT_9700: Missing mandatory fields for create - Name, CtaId, OwnerId, DueDate, status, priority"},
		"an unknown CTA":     {"POST", strings.Replace(good, "1S01", "1S09", 1), "COCKPIT_6007: Invalid GSID of CTA"},
		"an unknown status":  {"POST", strings.Replace(good, "New", "Nonesuch", 1), "GSOBJ_1012: "},
		"an id for a status": {"POST", good + `,"StatusId":"x"`, "GSOBJ_1008: Field StatusId cannot be written"},
		"an unknown field":   {"POST", good + `,"Nmae":"x"`, "GSOBJ_VCRUDR1002: "},
		"a field of its own": {"POST", good + `,"IsClosed":true`, "GSOBJ_1008: "},
		"an unknown task":    {"PUT", `"Gsid":"x"`, "COCKPIT_6007: Invalid GSID of task"},
		"another CTA":        {"PUT", `"Gsid":"` + gsid("1X01", "acme", 1) + `","CtaId":"` + gsid("1S01", "acme", 2) + `"`, "GSOBJ_1008: "},
		"no name":            {"PUT", `"Gsid":"` + gsid("1X01", "acme", 1) + `","Name":null`, "GSOBJ_1007: "},
	}
	c := acme(t, sandbox.Forms{})
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := c.ok(tt.method, taskPath, `{"requests":[{"record":{`+tt.record+`}}]}`)
			if text, _ := at(t, got.body, "data", "failure", 0, "0").(string); !strings.HasPrefix(text, tt.want) {
				t.Errorf("got %s, want %s", got.text, tt.want)
			}
		})
	}
}

func TestTaskListRoutes(t *testing.T) {
	t.Parallel()
	list := taskPath + "list"
	ofCTA := list + "/" + gsid("1S01", "acme", 1)
	tests := map[sandbox.TaskListForm]map[string]int{
		sandbox.TaskListPost:      {"POST " + list: 45, "POST " + list + "/": 45, "POST " + ofCTA: 2, "GET " + ofCTA: -1},
		sandbox.TaskListPostPlain: {"POST " + list: 45, "POST " + ofCTA: -1, "GET " + ofCTA: -1},
		sandbox.TaskListGet:       {"POST " + list: -1, "POST " + ofCTA: -1, "GET " + ofCTA: 2},
		sandbox.TaskListNone:      {"POST " + list: -1, "POST " + ofCTA: -1, "GET " + ofCTA: -1},
	}
	for form, routes := range tests {
		c := acme(t, sandbox.Forms{TaskList: form})
		for request, want := range routes {
			t.Run(fmt.Sprint(form, request), func(t *testing.T) {
				t.Parallel()
				method, path, _ := strings.Cut(request, " ")
				got := c.do(method, path, `{"select":["Name"]}`)
				if rows, ok := got.body["data"].([]any); want >= 0 && len(rows) != want || want < 0 && (ok || got.status != 404) {
					t.Errorf("got %d %s, want %d rows", got.status, got.text, want)
				}
			})
		}
	}
}

func TestObjectQuery(t *testing.T) {
	t.Parallel()
	c := acme(t, sandbox.Forms{})
	// The fall-back body of task_playbook.md.
	got := c.ok("POST", queryPath+"cs_task", `{"select":["Gsid","name","DueDate","OwnerId","CtaId","IsClosed","ModifiedDate"],
		"where":{"conditions":[{"name":"CtaId","alias":"A","value":["`+gsid("1S01", "acme", 1)+`"],"operator":"EQ"}],"expression":"A"},
		"orderBy":{"ModifiedDate":"desc"},"limit":5000,"offset":0}`)
	if len(at(t, got.body, "data", "records").([]any)) != 2 || at(t, got.body, "data", "records", 0, "Gsid") != gsid("1X01", "acme", 2) ||
		at(t, got.body, "data", "records", 0, "name") == nil {
		t.Errorf("got %s", got.text)
	}
	page := c.ok("POST", queryPath+"CS_Task", `{"select":["Gsid"],"limit":10,"offset":40}`)
	if rows := at(t, page.body, "data", "records").([]any); len(rows) != 5 || at(t, rows, 0, "Gsid") != gsid("1X01", "acme", 41) {
		t.Errorf("got %s", page.text)
	}
	if rows := c.ok("POST", queryPath+"cs_task", `{"select":["Gsid"],"offset":99}`).body["data"].([]any); len(rows) != 0 {
		t.Errorf("rows %v", rows)
	}
	for body, code := range map[string]string{
		`{}`:                                        "GSOBJ_ESS_9104",
		`{"select":["Nmae"]}`:                       "GSOBJ_ESS_9150",
		`{"select":["Gsid"],"limit":5001}`:          "GSOBJ_ESS_9150",
		`{"select":["Gsid"],"offset":-1}`:           "GSOBJ_ESS_9150",
		`{"select":["Gsid"],"orderBy":{"x":"asc"}}`: "GSOBJ_ESS_9150",
	} {
		checkRefusal(t, c.do("POST", queryPath+"cs_task", body), 400, code, "")
	}
	if got := c.do("POST", queryPath+"nothing", `{"select":["Gsid"]}`); got.body["title"] != "OBJECT_NOT_FOUND" {
		t.Errorf("got %s", got.text)
	}
}

func TestPlaybookConfiguration(t *testing.T) {
	t.Parallel()
	c := acme(t, sandbox.Forms{})
	got := c.ok("GET", playbookPath+"?et=COMPANY", "")
	if at(t, got.body, "data", "PLAYBOOK", 0, "gsid") != gsid("1X03", "acme", 1) {
		t.Errorf("got %s", got.text)
	}
	checkRefusal(t, c.do("GET", playbookPath, ""), 400, "COCKPIT_5101", "et must be")
}

func TestTasksAndGoalsDiffer(t *testing.T) {
	t.Parallel()
	a, g := acme(t, sandbox.Forms{}), newClient(t, sandbox.Globex(), nil)
	if len(a.tenant.Tasks()) == len(g.tenant.Tasks()) || len(a.tenant.Goals()) == len(g.tenant.Goals()) {
		t.Error("the tenants have as many tasks or goals")
	}
	if got := g.ok("GET", playbookPath+"?et=COMPANY", ""); !strings.Contains(got.text, "Restart the line") {
		t.Errorf("got %s", got.text)
	}
}

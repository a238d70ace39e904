package sandbox_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

const activityPath = "/v1/ant/es/activity"

// sampleActivity is the vendor's sample of a single save (timeline.md, DOC),
// with a company and people of acme.
const sampleActivity = `{
  "records": [{
    "ContextName": "Company", "TypeName": "Update", "ExternalId": "example-external-id-0001",
    "Subject": "Quarterly review", "Notes": "<p>Discussed the rollout plan.</p>",
    "ActivityDate": "2022-07-01T06:36:00.000-07:00", "Author": "ada.berg@example.com",
    "companyName": "Aurora Labs", "internalAttendees": ["ben.costa@example.com"]
  }],
  "lookups": {
    "AuthorId": {"fields": {"Author": "Email"}, "lookupField": "Gsid", "objectName": "GsUser",
      "multiMatchOption": "FIRSTMATCH", "onNoMatch": "ERROR"},
    "GsCompanyId": {"fields": {"companyName": "Name"}, "lookupField": "Gsid", "objectName": "Company",
      "multiMatchOption": "FIRSTMATCH", "onNoMatch": "ERROR"},
    "InternalAttendees": {"fields": {"internalAttendees": "Email"}, "lookupField": "Gsid", "objectName": "GsUser",
      "multiMatchOption": "FIRSTMATCH", "onNoMatch": "ERROR"}
  }
}`

func TestSampleActivityIsSaved(t *testing.T) {
	t.Parallel()
	c := acme(t, sandbox.Forms{})
	got := c.ok("POST", activityPath, sampleActivity)
	checkShape(t, got.body, `{"result": true, "errorCode": null, "errorDesc": null, "requestId": "x", "message": null,
		"data": {"success": {"example-external-id-0001": [{"activityId": "x"}]}, "failures": {}}}`)

	// The vendor's sample of a read, with acme's custom fields (timeline.md,
	// DOC2 sample): attendees are one string, keys are spelt as asked.
	read := c.ok("POST", "/v1/data/objects/query/Activity_Timeline", `{
		"select": ["contextname", "GsRelationshipId", "GsCompanyId", "AuthorId", "InternalAttendees", "ExternalAttendees"],
		"where": {"conditions": [
			{"name": "ExternalId", "alias": "A", "value": ["example-external-id-0001"], "operator": "EQ"}
		], "expression": "A"},
		"orderBy": {"CreatedDate": "desc"}, "limit": 5000, "offset": 0}`)
	checkShape(t, read.body, `{"result": true, "errorCode": null, "errorDesc": null, "requestId": "x", "message": null,
		"data": {"records": [{"contextname": "Company", "GsRelationshipId": null, "GsCompanyId": "x", "AuthorId": "x",
			"InternalAttendees": "example attendee", "ExternalAttendees": null}]}}`)

	again := c.ok("POST", activityPath, sampleActivity)
	if code := at(t, again.body, "data", "failures", "example-external-id-0001", 0, "errorCode"); code != "GS_TL_10_0207" {
		t.Errorf("the second save: %s", again.text)
	}
}

// activityOf is a record of acme without lookups.
func activityOf(changes map[string]any) string {
	r := map[string]any{
		"ContextName": "Company", "TypeName": "Update", "ExternalId": "x", "Subject": "s", "Notes": "n",
		"ActivityDate": "2022-07-01T06:36:00.000-07:00", "AuthorId": gsid("1P01", "acme", 1), "GsCompanyId": gsid("1P02", "acme", 2),
	}
	maps.Copy(r, changes)
	b, err := json.Marshal(map[string]any{"records": []any{r}})
	if err != nil {
		return err.Error()
	}
	return string(b)
}

func TestRefusedActivities(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		changes    map[string]any
		code, text string
	}{
		"no context":          {map[string]any{"ContextName": nil}, "GS_TL_10_0206", "Activity context name for key 'ContextName' missing"},
		"no date":             {map[string]any{"ActivityDate": nil}, "GS_TL_10_0206", "'ActivityDate'"},
		"no company":          {map[string]any{"GsCompanyId": nil}, "GS_TL_10_0206", "'GsCompanyId'"},
		"no relationship":     {map[string]any{"ContextName": "Relationship"}, "GS_TL_10_0206", "'GsRelationshipId'"},
		"an unknown context":  {map[string]any{"ContextName": "Planet"}, "GS_TL_10_0213", "context"},
		"an unknown type":     {map[string]any{"TypeName": "Seance"}, "GS_TL_10_0213", "type"},
		"a date ending in Z":  {map[string]any{"ActivityDate": "2022-07-01T06:36:00.000Z"}, "GSOBJ_1005", "ActivityDate"},
		"without a fraction":  {map[string]any{"ActivityDate": "2022-07-01T06:36:00-07:00"}, "GSOBJ_1005", "ActivityDate"},
		"a field of nobody":   {map[string]any{"Nothing": 1}, "GSOBJ_VCRUDR1002", "Nothing"},
		"a read-only field":   {map[string]any{"CreatedDate": "x"}, "GSOBJ_1008", "CreatedDate"},
		"attendees as text":   {map[string]any{"InternalAttendees": "x"}, "GSOBJ_1002", "a list"},
		"an unknown attendee": {map[string]any{"InternalAttendees": []any{"x"}}, "GS_TL_10_0213", "InternalAttendees"},
		"an unknown label":    {map[string]any{"Ant__Sentiment__c": "Sad"}, "GSOBJ_1012", "Ant__Sentiment__c"},
	}
	c := acme(t, sandbox.Forms{})
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := c.ok("POST", activityPath, activityOf(tt.changes))
			e := at(t, got.body, "data", "failures", "x", 0)
			if at(t, e, "errorCode") != tt.code || !strings.Contains(at(t, e, "message").(string), tt.text) {
				t.Errorf("got %v, want %s with %q", e, tt.code, tt.text)
			}
		})
	}
}

func TestRefusedActivityRequests(t *testing.T) {
	t.Parallel()
	c := acme(t, sandbox.Forms{})
	many := `{"records":[` + strings.TrimSuffix(strings.Repeat(`{},`, 51), ",") + `]}`
	tests := map[string]struct{ method, path, body, text string }{
		"no records":         {"POST", activityPath, `{"records":[]}`, "at least one record"},
		"more than fifty":    {"POST", activityPath, many, "more than 50"},
		"a bad lookup":       {"POST", activityPath, `{"records":[{}],"lookups":{"AuthorId":{"objectName":"x"}}}`, "Invalid lookup"},
		"no identifier":      {"PUT", activityPath, `{"records":[{}]}`, "identifier"},
		"another identifier": {"PUT", activityPath + "/bulk?identifier=subject", `{"records":[{}]}`, "identifier"},
		"nothing to delete":  {"DELETE", activityPath, `{}`, "activityId"},
		"no range":           {"POST", activityPath + "/deleted", `{"from":"x"}`, "two dates"},
		"no select":          {"POST", "/v1/data/objects/query/activity_timeline", `{}`, "select"},
		"a page too large":   {"POST", "/v1/data/objects/query/activity_timeline", `{"select":["Gsid"],"limit":5001}`, "5000"},
		"an unknown column":  {"POST", "/v1/data/objects/query/activity_timeline", `{"select":["X"]}`, "invalid field in select"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := c.do(tt.method, tt.path, tt.body)
			desc, _ := got.body["errorDesc"].(string)
			if got.status != http.StatusBadRequest || got.body["result"] != false || !strings.Contains(desc, tt.text) {
				t.Errorf("got %d %s, want 400 with %q", got.status, got.text, tt.text)
			}
		})
	}
}

func TestTimelineLimits(t *testing.T) {
	t.Parallel()
	c := acme(t, sandbox.Forms{})
	for i := range 200 {
		c.ok("POST", activityPath, activityOf(map[string]any{"ExternalId": fmt.Sprint("n", i)}))
	}
	if got := c.do("POST", activityPath, activityOf(nil)); got.status != http.StatusTooManyRequests {
		t.Errorf("call 201 of a minute: %d", got.status)
	}
	for range 12 {
		c.ok("POST", activityPath+"/bulk", activityOf(nil))
	}
	if got := c.do("POST", activityPath+"/bulk", activityOf(nil)); got.status != http.StatusTooManyRequests {
		t.Errorf("bulk call 13 of an hour: %d", got.status)
	}
}

func TestBulkActivitiesAreBounded(t *testing.T) {
	t.Parallel()
	body := activityOf(nil)
	for size, want := range map[int]int{len(body): http.StatusOK, len(body) - 1: http.StatusRequestEntityTooLarge} {
		c := newClient(t, sandbox.Acme(), &sandbox.Options{ActivityBytes: int64(size)})
		if got := c.do("POST", activityPath+"/bulk", body); got.status != want {
			t.Errorf("%d bytes of %d: %d, want %d", len(body), size, got.status, want)
		}
	}
}

func TestActivityJobs(t *testing.T) {
	t.Parallel()
	c := newClient(t, sandbox.Acme(), &sandbox.Options{JobPolls: 1})
	job := at(t, c.ok("POST", activityPath+"/bulk", activityOf(nil)).body, "data", "jobId").(string)
	const status, abort = "/v1/ant/es/job/status/", "/v1/ant/es/job/abort/"
	checkShape(t, c.ok("GET", status+job, "").body,
		`{"result": true, "errorCode": null, "errorDesc": null, "requestId": "x", "data": {"jobStatus": "SUBMITTED"}, "message": null}`)
	last := c.ok("GET", status+job, "")
	if at(t, last.body, "data", "jobStatus") != "COMPLETED" || len(c.tenant.Activities()) != 26 {
		t.Errorf("got %s with %d activities", last.text, len(c.tenant.Activities()))
	}
	c.ok("POST", abort+job, "") // too late
	if got := at(t, c.ok("GET", status+job, "").body, "data", "jobStatus"); got != "COMPLETED" {
		t.Errorf("an aborted job that was over is %v", got)
	}
	for range 3 {
		if got := at(t, c.ok("GET", status+"acme-job-running", "").body, "data", "jobStatus"); got != "IN_PROGRESS" {
			t.Errorf("the job that does not end is %v", got)
		}
	}
	checkRefusal(t, c.do("GET", status+"nobody", ""), http.StatusBadRequest, "GS_TL_10_0213", "Job not found")
	checkRefusal(t, c.do("POST", abort+"nobody", ""), http.StatusBadRequest, "GS_TL_10_0213", "Job not found")
}

// TestDeletedActivitiesAreForgotten: after 15 days (common.md 13).
func TestDeletedActivitiesAreForgotten(t *testing.T) {
	t.Parallel()
	now := fixedClock()
	c := newClient(t, sandbox.Acme(), &sandbox.Options{Clock: func() time.Time { return now }})
	c.ok("DELETE", activityPath, `{"records":[{"activityId":"acme-a-0001"}]}`)
	const all = `{"startDate":"2020-01-01T00:00:00.000Z","endDate":"2030-01-01T00:00:00.000Z"}`
	for days, want := range []int{0: 1, 15: 1, 16: 0} {
		if days > 0 && days < 15 {
			continue
		}
		now = fixedClock().AddDate(0, 0, days)
		if got := len(at(t, c.ok("POST", activityPath+"/deleted", all).body, "data").([]any)); got != want {
			t.Errorf("%d rows after %d days, want %d", got, days, want)
		}
	}
}

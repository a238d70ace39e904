package timeline_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/actions/actionstest"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

const bulkPath = activityPath + "/bulk"

func TestUploadedActivitiesAreInTheTenant(t *testing.T) {
	t.Parallel()
	array, err := json.Marshal([]any{good("u1", nil), good("u2", map[string]any{"Ant__Channels__c": []any{"Email"}})})
	if err != nil {
		t.Fatal(err)
	}
	two := lines(t, good("u1", nil), good("u2", map[string]any{"Ant__Channels__c": []any{"Email"}}))
	contents := map[string]string{
		"lines":                   two,
		"no newline at the end":   strings.TrimSpace(two),
		"blank lines, carriages":  "\r\n" + strings.ReplaceAll(two, "\n", "\r\n\r\n"),
		"an array":                string(array),
		"an array after a mark":   "\ufeff \n" + string(array) + "\n",
		"an array over two lines": strings.Replace(string(array), "},{", "}\n,\n{", 1),
	}
	for name, content := range contents {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant := sandbox.New(sandbox.Acme(), &sandbox.Options{JobPolls: 3})
			conn := actionstest.Connect(t, tenant, nil)
			states, last := finish(t, conn, start(t, conn, "activity.save_bulk", `{}`, content))
			if diff := cmp.Diff([]string{"SUBMITTED", "NOT_STARTED", "IN_PROGRESS", "COMPLETED"}, states); diff != "" {
				t.Errorf("states (-want +got):\n%s", diff)
			}
			if last["succeeded"] != 2.0 || last["failed"] != 0.0 || len(last["errors"].([]any)) != 0 {
				t.Errorf("last state %v", last)
			}
			if activity(tenant, "u1") == nil || activity(tenant, "u2")["Ant__Channels__c"] == nil {
				t.Error("the activities are not in the tenant")
			}
		})
	}
}

func TestUploadedChanges(t *testing.T) {
	t.Parallel()
	for field, ids := range map[string][2]string{
		"ExternalId": {"acme-activity-0001", "acme-activity-0002"}, "ActivityId": {"acme-a-0001", "acme-a-0002"},
		"Gsid": {"1X04ACME0000000000000000000000000001", "1X04ACME0000000000000000000000000002"},
	} {
		t.Run(field, func(t *testing.T) {
			t.Parallel()
			tenant := sandbox.New(sandbox.Acme(), nil)
			conn := actionstest.Connect(t, tenant, nil)
			finish(t, conn, start(t, conn, "activity.update_bulk",
				`{"lookups":{"AuthorId":{"fields":{"Writer":"Name"},"objectName":"gsuser"}}}`,
				lines(t, map[string]any{field: ids[0], "Subject": "one"}, map[string]any{field: ids[1], "Writer": "Ben Costa"})))
			if activity(tenant, "acme-activity-0001")["Subject"] != "one" ||
				activity(tenant, "acme-activity-0002")["AuthorId"] != "1P01ACME0000000000000000000000000002" {
				t.Error("the activities have not changed")
			}
		})
	}
}

// TestJobReplies: wherever the tenant has the id, the state and the errors
// (open question 11).
func TestJobReplies(t *testing.T) {
	t.Parallel()
	dup := map[string]any{"record": "acme-activity-0001", "code": "GS_TL_10_0207", "message": "Activity with ExternalId already exists"}
	tests := map[string]struct {
		forms    sandbox.Forms
		override map[string]any
		want     []any
	}{
		"with failures":  {sandbox.Forms{}, nil, []any{dup}},
		"list of errors": {sandbox.Forms{ActivityJob: sandbox.JobWithErrors, ActivityJobKey: "id"}, nil, []any{dup}},
		"state alone":    {sandbox.Forms{ActivityJob: sandbox.JobBare, ActivityJobKey: "-"}, nil, []any{}},
		"another key": {sandbox.Forms{ActivityJobKey: "ticket"}, map[string]any{
			"keys": map[string]any{"job_id": []string{"data.ticket"}},
		}, []any{dup}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if tt.override == nil {
				tt.override = map[string]any{}
			}
			tenant := sandbox.New(sandbox.Acme(), &sandbox.Options{Forms: tt.forms})
			conn := actionstest.Connect(t, tenant, with("activity.save_bulk", tt.override))
			content := lines(t, good("acme-activity-0001", nil), good("j", nil))
			_, last := finish(t, conn, start(t, conn, "activity.save_bulk", `{}`, content))
			if diff := cmp.Diff(tt.want, last["errors"]); diff != "" {
				t.Errorf("errors (-want +got):\n%s", diff)
			}
			if activity(tenant, "j") == nil {
				t.Error("the other record was not written")
			}
		})
	}
}

func TestJobThatFails(t *testing.T) {
	t.Parallel()
	tenant := sandbox.New(sandbox.Acme(), &sandbox.Options{
		JobOutcomes: map[string]sandbox.JobState{"activity_timeline": sandbox.JobFailed},
	})
	conn := actionstest.Connect(t, tenant, nil)
	_, last := finish(t, conn, start(t, conn, "activity.save_bulk", `{}`, lines(t, good("f", nil))))
	if last["jobStatus"] != "FAILED" || activity(tenant, "f") != nil {
		t.Errorf("last state %v, want FAILED and nothing written", last)
	}
}

func TestJobIDThatIsNotFound(t *testing.T) {
	t.Parallel()
	tenant := sandbox.New(sandbox.Acme(), &sandbox.Options{Forms: sandbox.Forms{ActivityJobKey: "ticket"}})
	conn := actionstest.Connect(t, tenant, nil)
	_, err := upload(t, conn, "activity.save_bulk", `{}`, lines(t, good("t", nil)))
	e := connector.AsError(err)
	if !errors.Is(err, connector.ReasonDownstreamContract) || !e.OutcomeUnknown || !strings.Contains(e.Hint, "keys.job_id") {
		t.Errorf("error %v, want DOWNSTREAM_CONTRACT, outcome unknown, and what to set", err)
	}
	_, err = execute(t, conn, "activity.job_status", `{"jobId":"nobody"}`)
	if !errors.Is(err, connector.ReasonInvalidInput) {
		t.Errorf("error %v of an unknown job, want INVALID_INPUT", err)
	}
}

func TestBadContentIsNotSent(t *testing.T) {
	t.Parallel()
	large := `{"Notes":"` + strings.Repeat("x", 1<<20) + `"}`
	first, second := lines(t, good("b1", nil)), lines(t, good("b2", map[string]any{"Subject": nil, "TypeName": 1}))
	tests := map[string]struct {
		content    string
		violations []string // pointer and a part of the message
		message    string
	}{
		"records with faults": {
			first + "\n" + second + "[]\n" + first + `{"a":` + "\n" + `{"a":1,"a":2}` + "\n",
			[]string{
				"/records/1/Subject is required (line 3)", "/records/1/TypeName must be", "/records/2 must be an object (line 4)",
				"/records/4 is no JSON value: malformed JSON at line 1", "/records/5/a occurs twice",
			}, "nothing was sent",
		},
		"an array with faults": {"[\n" + strings.TrimSpace(second) + ",\n\n7]", []string{
			"/records/0/Subject is required (line 2)", "/records/0/TypeName", "/records/1 must be an object (line 4)",
		}, "nothing was sent"},
		"nothing":                  {"", nil, "holds no activities"},
		"white space":              {" \n\n", nil, "holds no activities"},
		"an empty array":           {" [ ] ", nil, "holds no activities"},
		"an array that ends early": {"[" + first, nil, "the array does not end"},
		"more after the array":     {"[" + first + "]" + first, nil, "something follows the array"},
		"an element that is not":   {"[" + first + ",]", nil, "an element is missing"},
		"a bracket alone":          {"[", nil, "the array does not end"},
		"a record that is too long": {first + large + "\n7\n", []string{
			"/records/1 is larger than", "/records/2 must be an object (line 3)",
		}, "nothing was sent"},
		"a long one in an array": {"[" + large + ",7]", []string{"/records/0 is larger than", "/records/1 must be"}, "nothing was sent"},
	}
	tenant := sandbox.New(sandbox.Acme(), nil)
	conn := actionstest.Connect(t, tenant, nil)
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := upload(t, conn, "activity.save_bulk", `{}`, tt.content)
			if !errors.Is(err, connector.ReasonInvalidInput) || !strings.Contains(err.Error(), tt.message) {
				t.Fatalf("error %v, want INVALID_INPUT with %q", err, tt.message)
			}
			var got []string
			for _, v := range connector.AsError(err).Violations {
				got = append(got, v.Pointer+" "+v.Message)
			}
			if len(got) != len(tt.violations) {
				t.Fatalf("violations %q, want %q", got, tt.violations)
			}
			for i, want := range tt.violations {
				if !strings.HasPrefix(got[i], want) {
					t.Errorf("violation %q, want %q", got[i], want)
				}
			}
		})
	}
	t.Cleanup(func() {
		if n := sent(tenant, http.MethodPost, bulkPath); n > 0 {
			t.Errorf("%d requests were sent", n)
		}
	})
}

// TestEndlessFaultsEnd: reading stops when there is more wrong than can be
// told.
func TestEndlessFaultsEnd(t *testing.T) {
	t.Parallel()
	conn := actionstest.Connect(t, sandbox.New(sandbox.Acme(), nil), nil)
	_, err := upload(t, conn, "activity.save_bulk", `{}`, strings.Repeat("7\n", 100_000))
	e := connector.AsError(err)
	if len(e.Violations) != connector.MaxViolations || !strings.Contains(e.Message, "of the first 100 records") {
		t.Errorf("%d violations and %q, want 100 and how far it came", len(e.Violations), e.Message)
	}
}

func TestUploadOfWrongThings(t *testing.T) {
	t.Parallel()
	conn := actionstest.Connect(t, sandbox.New(sandbox.Acme(), nil), nil)
	_, err := conn.Upload(t.Context(), connector.Call{Action: "activity.save_bulk"}, "text/csv", strings.NewReader("a,b"))
	if !errors.Is(err, connector.ReasonInvalidInput) || !strings.Contains(err.Error(), "another type") {
		t.Errorf("error %v of CSV, want INVALID_INPUT", err)
	}
	_, err = upload(t, conn, "activity.save_bulk", input(t, good("x", nil)), lines(t, good("y", nil)))
	if v := connector.AsError(err).Violations; len(v) != 1 || v[0].Pointer != "/records" {
		t.Errorf("error %v of records in the input, want a violation at /records", err)
	}
	_, err = upload(t, conn, "activity.save_bulk", `{"lookups":{"AuthorId":{}}}`, lines(t, good("y", nil)))
	if !errors.Is(err, connector.ReasonInvalidInput) {
		t.Errorf("error %v of bad lookups, want INVALID_INPUT", err)
	}
	_, err = upload(t, conn, "activity.update_bulk", `{}`, lines(t,
		map[string]any{"ActivityId": "acme-a-0001", "Subject": "x"}, map[string]any{"ExternalId": "acme-activity-0002", "Subject": "y"}))
	if v := connector.AsError(err).Violations; len(v) != 1 || v[0].Pointer != "/records/1/ActivityId" {
		t.Errorf("error %v of mixed ids, want a violation at /records/1/ActivityId", err)
	}
}

// TestByteTooMany: the last byte that fits is sent, the next is refused before
// anything is sent.
func TestByteTooMany(t *testing.T) {
	t.Parallel()
	content := lines(t, good("m1", nil), good("m2", nil))
	tenant := sandbox.New(sandbox.Acme(), nil)
	conn := actionstest.Connect(t, tenant, nil)
	result, err := upload(t, conn, "activity.save_bulk", `{}`, content)
	if err != nil {
		t.Fatal(err)
	}
	var job struct{ Bytes int }
	if err := json.Unmarshal(result.Output, &job); err != nil {
		t.Fatal(err)
	}
	// The size is that of the whole request, lookups included: the tenant takes
	// exactly so much.
	exact := sandbox.New(sandbox.Acme(), &sandbox.Options{ActivityBytes: int64(job.Bytes)})
	for _, tt := range []struct {
		limit int
		want  connector.Reason
	}{{job.Bytes, ""}, {job.Bytes - 1, connector.ReasonTooLarge}, {200, connector.ReasonTooLarge}} {
		before := sent(exact, http.MethodPost, bulkPath)
		conn := actionstest.Connect(t, exact, with("activity.save_bulk", map[string]any{"body_bytes": tt.limit}))
		_, err := upload(t, conn, "activity.save_bulk", `{}`, content)
		after := sent(exact, http.MethodPost, bulkPath)
		if tt.want == "" && (err != nil || after != before+1) || tt.want != "" && (!errors.Is(err, tt.want) || after != before) {
			t.Errorf("limit %d: error %v after %d requests", tt.limit, err, after-before)
		}
	}
	less := sandbox.New(sandbox.Acme(), &sandbox.Options{ActivityBytes: int64(job.Bytes) - 1})
	_, err = upload(t, actionstest.Connect(t, less, nil), "activity.save_bulk", `{}`, content)
	if !errors.Is(err, connector.ReasonTooLarge) {
		t.Errorf("error %v of a tenant that takes less, want TOO_LARGE", err)
	}
}

func TestLostUploadIsNotRepeated(t *testing.T) {
	t.Parallel()
	for name, kind := range map[string]sandbox.FaultKind{"answer lost": sandbox.FaultLostAnswer, "server error": sandbox.FaultServerError} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant := sandbox.New(sandbox.Acme(), nil)
			conn := actionstest.Connect(t, tenant, nil)
			tenant.Inject(sandbox.Fault{Path: bulkPath, Kind: kind})
			_, err := upload(t, conn, "activity.save_bulk", `{}`, lines(t, good("l", nil)))
			if e := connector.AsError(err); e == nil || !e.OutcomeUnknown || !strings.Contains(e.Hint, "activity.read") {
				t.Errorf("error %v, want an unknown outcome and what to do", err)
			}
			if n := sent(tenant, http.MethodPost, bulkPath); n != 1 {
				t.Errorf("%d requests, want 1", n)
			}
			change := lines(t, map[string]any{"ExternalId": "acme-activity-0001", "Subject": "x"})
			_, err = upload(t, conn, "activity.update_bulk", `{}`, change)
			if n := sent(tenant, http.MethodPut, bulkPath); err == nil || n != 3 {
				t.Errorf("error %v after %d requests of an update, want one after 3", err, n)
			}
		})
	}
}

func TestUploadOverBudget(t *testing.T) {
	t.Parallel()
	tenant := sandbox.New(sandbox.Acme(), &sandbox.Options{Limits: &sandbox.Limits{TimelineBulkPerHour: 1}})
	conn := actionstest.Connect(t, tenant, nil)
	start(t, conn, "activity.save_bulk", `{}`, lines(t, good("o1", nil)))
	_, err := upload(t, conn, "activity.save_bulk", `{}`, lines(t, good("o2", nil)))
	if e := connector.AsError(err); !errors.Is(err, connector.ReasonRateLimited) || e.OutcomeUnknown {
		t.Errorf("error %v, want RATE_LIMITED", err)
	}
}

func TestRefusedUploadRepeatsNoValue(t *testing.T) {
	t.Parallel()
	tenant := sandbox.New(sandbox.Acme(), nil)
	conn := actionstest.Connect(t, tenant, nil)
	_, err := upload(t, conn, "activity.save_bulk",
		`{"lookups":{"GsCompanyId":{"fields":{"companyName":"Nam"},"objectName":"company"}}}`, lines(t, good("secret-1", map[string]any{"Subject": "GsCompanyId"})))
	if !errors.Is(err, connector.ReasonInvalidInput) || !strings.Contains(err.Error(), "Invalid lookup configuration - [value]") {
		t.Errorf("error %v, want the tenant's words without the value", err)
	}
}

func TestDryRunOfAnUpload(t *testing.T) {
	t.Parallel()
	tenant := sandbox.New(sandbox.Acme(), nil)
	names := map[string]any{"Notes": "notes", "AuthorId": "authorId"}
	conn := actionstest.Connect(t, tenant, with("activity.save_bulk", map[string]any{"field_names": names}))
	dry := func(in string) (connector.Result, error) {
		return conn.Execute(t.Context(), connector.Call{Action: "activity.save_bulk", DryRun: true, Input: json.RawMessage(in)})
	}
	result, err := dry(input(t, good("d", map[string]any{"Ant__Channels__c": []any{"Email"}})))
	if err != nil {
		t.Fatal(err)
	}
	var plan struct {
		Requests []struct {
			Path string
			Body struct {
				Records []map[string]any
				Lookups map[string]any
			}
		}
	}
	if err := json.Unmarshal(result.Output, &plan); err != nil {
		t.Fatal(err)
	}
	if len(plan.Requests) != 1 {
		t.Fatalf("plan %s, want one request", result.Output)
	}
	r := plan.Requests[0]
	if r.Path != bulkPath || r.Body.Records[0]["ActivityDate"] != "2026-10-01T09:30:00.000+00:00" ||
		r.Body.Records[0]["notes"] == nil || r.Body.Records[0]["Notes"] != nil || r.Body.Lookups["authorId"] == nil ||
		r.Body.Lookups["InternalAttendees"] != nil {
		t.Errorf("plan %s", result.Output)
	}
	if _, err := dry(input(t, good("d", map[string]any{"Subject": nil}))); !errors.Is(err, connector.ReasonInvalidInput) {
		t.Errorf("error %v of a bad record, want INVALID_INPUT", err)
	}
	if n := sent(tenant, http.MethodPost, bulkPath); n > 0 {
		t.Errorf("%d requests were sent", n)
	}
}

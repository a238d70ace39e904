package catalog_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/actions/actionstest"
	"github.com/gainsight-connector/gainsight-connector/actions/catalog"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

// findings are those of a probe over a connection.
func findings(t *testing.T, conn *host.Connection, req connector.ThoroughCheck) connector.Findings {
	t.Helper()
	check, err := conn.CheckThoroughly(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	var f connector.Findings
	if err := json.Unmarshal(check.Report, &f); err != nil {
		t.Fatal(err)
	}
	return f
}

// differing returns the ids of what differs.
func differing(f connector.Findings) []string {
	ids := []string{}
	for _, a := range f.Assumptions {
		if a.Verdict == connector.VerdictDiffers {
			ids = append(ids, a.ID)
		}
	}
	return ids
}

// TestProbe: at a tenant that is as the connector assumes, nothing differs, all
// that can be tested holds, and nothing was sent to an operation that writes or
// starts a job.
func TestProbe(t *testing.T) {
	t.Parallel()
	for _, seed := range []sandbox.Seed{sandbox.Acme(), sandbox.Globex()} {
		t.Run(seed.Name, func(t *testing.T) {
			t.Parallel()
			tenant := sandbox.New(seed, nil)
			f := findings(t, actionstest.Connect(t, tenant, nil), connector.ThoroughCheck{})
			untestable := 0
			for i, a := range catalog.Assumptions() {
				got := f.Assumptions[i]
				want := connector.VerdictHolds
				if a.Try == nil || a.Writes || a.Jobs {
					want = connector.VerdictUnknown
					untestable++
				}
				if got.ID != a.ID || got.Verdict != want || got.Observed == "" || got.Default == "" || len(got.Settings) > 0 {
					t.Errorf("want %s %s, got %+v", a.ID, want, got)
				}
			}
			if untestable == 0 || len(f.Assumptions) != len(catalog.Assumptions()) || string(f.Settings) != "{}" {
				t.Errorf("%d assumptions, %d of them untestable, settings %s", len(f.Assumptions), untestable, f.Settings)
			}
			if n := len(tenant.Requests()); n > 40 {
				t.Errorf("%d requests", n)
			}
			for _, r := range tenant.Requests() {
				if writes(r) {
					t.Errorf("%s %s was sent", r.Method, r.Path)
				}
			}
		})
	}
}

// writes reports whether a request went to an operation that writes.
func writes(r sandbox.Request) bool {
	if r.Method == http.MethodGet {
		return false
	}
	reads := []string{"/list", "/list/", "/fetch", "/describe", "/meta/services/objects", "/meta/services/objects/", "/activity/deleted"}
	return !strings.Contains(r.Path, "/query/") && !strings.Contains(r.Path, "/task/list/") &&
		!slices.ContainsFunc(reads, func(end string) bool { return strings.HasSuffix(r.Path, end) })
}

// TestAssumptionsAreComplete asks of every assumption what a report shows.
func TestAssumptionsAreComplete(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	actions := []string{""}
	for _, a := range manifest(t).Actions {
		actions = append(actions, a.ID)
	}
	for _, a := range catalog.Assumptions() {
		if seen[a.ID] || a.ID == "" || a.Title == "" || a.Group == "" || a.Evidence == "" || (a.Try == nil) == (a.Why == "") {
			t.Errorf("not complete, or twice: %+v", a)
		}
		if !slices.Contains(actions, a.Operation) {
			t.Errorf("%s: there is no action %s", a.ID, a.Operation)
		}
		seen[a.ID] = true
	}
}

// difference is a tenant that is not as the connector assumes.
type difference struct {
	forms sandbox.Forms
	// ids are the assumptions that differ, and settings what mends them.
	ids      []string
	settings string
	asked    connector.ThoroughCheck
	// With the settings, action answers to input with something that has want.
	action, input, want string
}

func differences() map[string]difference {
	reads, writes, jobs := connector.ThoroughCheck{}, connector.ThoroughCheck{Writes: true}, connector.ThoroughCheck{Jobs: true}
	names := `{"select":["Name"],"limit":2}`
	return map[string]difference{
		"no result in a success": {
			sandbox.Forms{ResultAbsent: true}, []string{"answers.success"}, `{"answers":{"success":"result_not_false"}}`, reads,
			"cta.list", names, `"Name"`,
		},
		"another title of a missing object": {
			sandbox.Forms{NotFoundTitle: "ENTITY_NOT_FOUND", NotFoundStatus: 404},
			[]string{"answers.object_not_found"}, `{"answers":{"codes":{"ENTITY_NOT_FOUND":"object_not_found"}}}`, reads,
			"object.describe", `{"objectName":"compny"}`, "did you mean company?",
		},
		"another code of an empty result": {
			sandbox.Forms{EmptyList: sandbox.EmptyOther}, []string{"cta.list.empty"}, `{"answers":{"codes":{"COCKPIT_5404":"empty_result"}}}`, reads,
			"cta.list", noCTAs, `"records":[]`,
		},
		"flags of a describe": {
			sandbox.Forms{DescribeConnection: true}, []string{"object.describe.query"},
			`{"endpoints":{"object.describe":{"query":"ci=mda&idd=true"}}}`, reads,
			"object.describe", `{"objectName":"company"}`, `"fieldName":"Name"`,
		},
		"typed flags": {
			sandbox.Forms{TypedFlags: true}, []string{"object.describe_many.form", "object.list_filtered.form"},
			`{"endpoints":{"object.describe_many":{"form":"typed"},"object.list_filtered":{"form":"typed"}}}`, reads,
			"object.describe_many", `{"objectNames":["company"]}`, `"objectName":"company"`,
		},
		"slash of the object list": {
			sandbox.Forms{ObjectListSlash: sandbox.SlashRequired}, []string{"object.list_filtered.path"},
			`{"endpoints":{"object.list_filtered":{"path":"/v1/meta/services/objects/"}}}`, reads,
			"object.list_filtered", `{"objectNames":["company"]}`, `"objectName":"company"`,
		},
		"data types": {
			sandbox.Forms{NumberType: "DECIMAL"}, []string{"field_types"}, `{"field_types":{"DECIMAL":"NUMBER"}}`, reads,
			"object.describe", `{"objectName":"company"}`, "DECIMAL",
		},
		"place of rows": {
			sandbox.Forms{RowsKey: "rows"},
			[]string{
				"cta.list.records", "task.list.records", "success_plan.list.records", "goal.list.records", "user.list.records",
				"activity.read.records",
			},
			`{"endpoints":{"cta.list":{"keys":{"records":["data.rows"]}},"task.list":{"keys":{"records":["data.rows"]}},` +
				`"success_plan.list":{"keys":{"records":["data.rows"]}},"goal.list":{"keys":{"records":["data.rows"]}},` +
				`"user.list":{"keys":{"records":["data.rows"]}},"activity.read":{"keys":{"records":["data.rows"]}}}}`, reads,
			"user.list", names, `"Name"`,
		},
		"sorted lists": {
			sandbox.Forms{CockpitSorts: true}, []string{"cta.list.order_by"}, `{"endpoints":{"cta.list":{"order_by":"sent"}}}`, reads,
			"cta.list", `{"select":["Name"],"orderBy":{"Name":"asc"},"limit":1}`, `"Name"`,
		},
		"category of reasons": {
			sandbox.Forms{ReasonCategory: "CTA_REASONS"}, []string{"cta.config.reason"},
			`{"endpoints":{"cta.config":{"keys":{"reason":["CTA_REASONS"]}}}}`, reads, "cta.config", `{}`, "Bugs Risk",
		},
		"tasks by POST without a CTA": {
			sandbox.Forms{TaskList: sandbox.TaskListPostPlain}, []string{"task.list.form"}, `{"endpoints":{"task.list":{"form":"post"}}}`, reads,
			"task.list", names, `"Name"`,
		},
		"tasks by GET": {
			sandbox.Forms{TaskList: sandbox.TaskListGet}, []string{"task.list.form"}, `{"endpoints":{"task.list":{"form":"object-query"}}}`, reads,
			"task.list", names, `"Name"`,
		},
		"tasks by a query alone": {
			sandbox.Forms{TaskList: sandbox.TaskListNone}, []string{"task.list.form"}, `{"endpoints":{"task.list":{"form":"object-query"}}}`, reads,
			"task.list", names, `"Name"`,
		},
		"path of playbooks": {
			sandbox.Forms{PlaybookPath: "/v2/cockpit/admin/playbooks/lite"}, []string{"playbook.config.path"},
			`{"endpoints":{"playbook.config":{"path":"/v2/cockpit/admin/playbooks/lite"}}}`, reads, "playbook.config", `{}`, `"gsid"`,
		},
		"slash of the plan list": {
			sandbox.Forms{PlanListSlash: sandbox.SlashRefused}, []string{"success_plan.list.path"},
			`{"endpoints":{"success_plan.list":{"path":"/v2/successPlan/list"}}}`, reads, "success_plan.list", names, `"Name"`,
		},
		"path of goals": {
			sandbox.Forms{GoalListPath: "/v1/csgoal/external/list"}, []string{"goal.list.path"},
			`{"endpoints":{"goal.list":{"path":"/v1/csgoal/external/list"}}}`, reads, "goal.list", names, `"Name"`,
		},
		"dates in seconds": {
			sandbox.Forms{Dates: sandbox.DatesSeconds}, []string{"answers.dates"}, `{"answers":{"dates":"seconds"}}`, reads,
			"cta.list", datedCTAs, `"CreatedDate":"202`,
		},
		"dates with the day first": {
			sandbox.Forms{Dates: sandbox.DatesDayFirst}, []string{"answers.dates"}, `{"answers":{"dates":"day-first"}}`, reads,
			"cta.list", datedCTAs, `"CreatedDate":"202`,
		},
		"form of filter dates": {
			sandbox.Forms{FilterDates: sandbox.FilterDatesUTC}, []string{"activity.read.date_form"},
			`{"endpoints":{"activity.read":{"date_form":"utc"}}}`, reads, "activity.read", readActivities, `"ExternalId"`,
		},
		"filter dates without an offset": {
			sandbox.Forms{FilterDates: sandbox.FilterDatesSpace}, []string{"activity.read.date_form"},
			`{"endpoints":{"activity.read":{"date_form":"space"}}}`, reads, "activity.read", readActivities, `"ExternalId"`,
		},
		"keys of the deleted range": {
			sandbox.Forms{DeletedRange: [2]string{"from", "to"}}, []string{"activity.list_deleted.range"},
			`{"endpoints":{"activity.list_deleted":{"field_names":{"deletedFrom":"from","deletedTo":"to"}}}}`, reads,
			"activity.list_deleted", `{"deletedFrom":"2026-01-01T00:00:00Z"}`, `"records":[]`,
		},
		"deleted range as a condition": {
			sandbox.Forms{DeletedWhere: true}, []string{"activity.list_deleted.range"},
			`{"endpoints":{"activity.list_deleted":{"form":"where"}}}`, reads,
			"activity.list_deleted", `{"deletedFrom":"2026-01-01T00:00:00Z"}`, `"records":[]`,
		},
		"header of exports": {
			sandbox.Forms{BulkHeader: sandbox.BulkHeaderAuthentication}, []string{"bulk.submit.auth_header"},
			`{"endpoints":{"bulk.chunk":{"auth_header":"authentication"},"bulk.status":{"auth_header":"authentication"},` +
				`"bulk.submit":{"auth_header":"authentication"}}}`, jobs,
			"bulk.submit", `{"objectName":"company","select":["Name"]}`, `"statusUrl"`,
		},
		"address of a job": {
			sandbox.Forms{StatusURLKey: "pollAt"}, []string{"bulk.submit.status_url"},
			`{"endpoints":{"bulk.submit":{"keys":{"status_url":["data.pollAt"]}}}}`, jobs,
			"bulk.submit", `{"objectName":"company","select":["Name"]}`, `"statusUrl"`,
		},
		"slash of writes": {
			sandbox.Forms{CTASlash: sandbox.SlashRefused},
			[]string{"cta.create.path", "cta.update.path", "task.create.path", "task.update.path"},
			`{"endpoints":{"cta.create":{"path":"/v2/cockpit/cta"},"cta.update":{"path":"/v2/cockpit/cta"},` +
				`"task.create":{"path":"/v2/cockpit/task"},"task.update":{"path":"/v2/cockpit/task"}}}`, writes,
			"cta.create", fmt.Sprintf(newCTA, "ada.berg@example.com"), `"status":"succeeded"`,
		},
		"goals by POST": {
			sandbox.Forms{GoalUpdatePost: true}, []string{"goal.update.path"}, `{"endpoints":{"goal.update":{"method":"POST"}}}`, writes,
			"goal.list", names, `"Name"`,
		},
		"form of an abort": {
			sandbox.Forms{ActivityAbort: sandbox.AbortByIDs}, []string{"activity.abort_job.form"},
			`{"endpoints":{"activity.abort_job":{"form":"ids"}}}`, writes,
			"activity.abort_job", `{"jobId":"acme-job-running"}`, `"jobStatus":"ABORTED"`,
		},
	}
}

// TestProbeFindsWhatDiffers: the setting that a probe recommends makes the
// assumption hold, and the action work.
func TestProbeFindsWhatDiffers(t *testing.T) {
	t.Parallel()
	p := actionstest.Host(t)
	for name, d := range differences() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := findings(t, connected(t, p, sandbox.New(sandbox.Acme(), &sandbox.Options{Forms: d.forms}), `{}`), d.asked)
			if diff := cmp.Diff(d.ids, differing(f)); diff != "" {
				t.Errorf("differing (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(decodedJSON(t, d.settings), decodedJSON(t, string(f.Settings))); diff != "" {
				t.Errorf("settings (-want +got):\n%s", diff)
			}
			tenant := sandbox.New(sandbox.Acme(), &sandbox.Options{Forms: d.forms})
			conn := connected(t, p, tenant, string(f.Settings))
			mended := findings(t, conn, d.asked)
			if ids := differing(mended); len(ids) > 0 {
				t.Errorf("with the settings there differ %v", ids)
			}
			for _, a := range mended.Assumptions {
				if slices.Contains(d.ids, a.ID) && a.Verdict != connector.VerdictHolds {
					t.Errorf("with the settings: %+v", a)
				}
			}
			if got := answerOf(t, conn, d.action, d.input); !strings.Contains(got, d.want) {
				t.Errorf("with the settings %s answers %s", d.action, got)
			}
		})
	}
}

func decodedJSON(t *testing.T, text string) any {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// TestProbeOfWrites: only if asked to does a probe send something to operations
// that write, and no record is written.
func TestProbeOfWrites(t *testing.T) {
	t.Parallel()
	tenant := sandbox.New(sandbox.Acme(), nil)
	before := []int{len(tenant.CTAs()), len(tenant.Tasks()), len(tenant.Plans()), len(tenant.Goals()), len(tenant.Activities())}
	f := findings(t, actionstest.Connect(t, tenant, nil), connector.ThoroughCheck{Writes: true})
	for i, a := range catalog.Assumptions() {
		if got := f.Assumptions[i]; a.Writes && got.Verdict != connector.VerdictHolds {
			t.Errorf("%+v", got)
		}
	}
	if !slices.ContainsFunc(tenant.Requests(), writes) {
		t.Error("nothing was sent to an operation that writes")
	}
	after := []int{len(tenant.CTAs()), len(tenant.Tasks()), len(tenant.Plans()), len(tenant.Goals()), len(tenant.Activities())}
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("records (-before +after):\n%s", diff)
	}
}

// TestProbeOfJobs: only if asked to does a probe start jobs, few of them, and it
// sends nothing to operations that write.
func TestProbeOfJobs(t *testing.T) {
	t.Parallel()
	tenant := sandbox.New(sandbox.Acme(), nil)
	f := findings(t, actionstest.Connect(t, tenant, nil), connector.ThoroughCheck{Jobs: true})
	for i, a := range catalog.Assumptions() {
		if got := f.Assumptions[i]; a.Jobs && got.Verdict != connector.VerdictHolds {
			t.Errorf("%+v", got)
		}
	}
	jobs := 0
	for _, r := range tenant.Requests() {
		switch {
		case strings.HasPrefix(r.Path, "/v3/exports/"):
			jobs++
		case writes(r):
			t.Errorf("%s %s was sent", r.Method, r.Path)
		}
	}
	if jobs != 2 {
		t.Errorf("%d jobs were submitted", jobs)
	}
}

// TestProbeSignsInOnce: whatever settings a probe tries, it does so with the one
// access token of the connection.
func TestProbeSignsInOnce(t *testing.T) {
	t.Parallel()
	tenant := sandbox.New(sandbox.Acme(), &sandbox.Options{Forms: sandbox.Forms{RowsKey: "rows"}})
	server := httptest.NewServer(tenant)
	t.Cleanup(server.Close)
	config := fmt.Sprintf(`{"base_url":%q,"auth":{"type":"oauth_client_credentials","client_id":%q}}`, server.URL, tenant.Machine().ID)
	conn, err := actionstest.Host(t).Open(t.Context(), connector.Settings{
		Config:  json.RawMessage(config),
		Secrets: map[string]connector.Secret{"/auth/client_secret": connector.NewSecret(tenant.Machine().Secret)},
	})
	if err != nil {
		t.Fatal(err)
	}
	f := findings(t, conn, connector.ThoroughCheck{Jobs: true})
	if ids := differing(f); len(ids) != 6 {
		t.Errorf("differing: %v", ids)
	}
	for _, a := range f.Assumptions {
		if a.ID == "bulk.submit.auth_header" && (a.Verdict != connector.VerdictHolds || a.Default != "Authorization") {
			t.Errorf("%+v", a)
		}
	}
	tokens := 0
	for _, r := range tenant.Requests() {
		if strings.HasSuffix(r.Path, "/token") {
			tokens++
		}
	}
	if tokens != 1 {
		t.Errorf("%d token requests", tokens)
	}
}

func TestProbeOfAGroup(t *testing.T) {
	t.Parallel()
	conn := actionstest.Connect(t, sandbox.New(sandbox.Acme(), nil), nil)
	f := findings(t, conn, connector.ThoroughCheck{Groups: []string{"goals"}, Object: "gsuser"})
	groups := []string{}
	for _, a := range f.Assumptions {
		if !slices.Contains(groups, a.Group) {
			groups = append(groups, a.Group)
		}
		if a.ID == "answers.dates" && !slices.Contains(a.Requests, "POST /v1/data/objects/query/gsuser") {
			t.Errorf("the object that was asked for was not looked at: %v", a.Requests)
		}
	}
	if diff := cmp.Diff([]string{"answers", "goals"}, groups); diff != "" {
		t.Errorf("groups (-want +got):\n%s", diff)
	}
}

// TestProbeFails: a tenant that cannot be asked, and a request that makes no
// sense, fail the probe as a whole.
func TestProbeFails(t *testing.T) {
	t.Parallel()
	p := actionstest.Host(t)
	for name, tt := range map[string]struct {
		fault sandbox.Fault
		req   connector.ThoroughCheck
		want  connector.Reason
		hint  string
	}{
		"unknown group":  {sandbox.Fault{}, connector.ThoroughCheck{Groups: []string{"gaols"}}, connector.ReasonInvalidInput, "goals"},
		"unknown object": {sandbox.Fault{}, connector.ThoroughCheck{Object: "compnay"}, connector.ReasonInvalidInput, "object.list"},
		"wrong key":      {sandbox.Fault{Kind: sandbox.FaultUnauthorized}, connector.ThoroughCheck{}, connector.ReasonAuthFailed, "access_key"},
		"not allowed":    {sandbox.Fault{Kind: sandbox.FaultAddress}, connector.ThoroughCheck{}, connector.ReasonPermissionDenied, "IP list"},
		"does not serve": {sandbox.Fault{Kind: sandbox.FaultUnavailable}, connector.ThoroughCheck{}, connector.ReasonDownstreamUnavailable, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant := sandbox.New(sandbox.Acme(), nil)
			if tt.fault != (sandbox.Fault{}) {
				tenant.Inject(tt.fault)
			}
			_, err := connected(t, p, tenant, `{}`).CheckThoroughly(t.Context(), tt.req)
			e := connector.AsError(err)
			if e == nil || e.Reason != tt.want || !strings.Contains(e.Hint, tt.hint) {
				t.Errorf("got %v, want %s with a hint of %q", err, tt.want, tt.hint)
			}
		})
	}
}

// TestProbeCannotTell: what spoils single answers leaves single verdicts open.
func TestProbeCannotTell(t *testing.T) {
	t.Parallel()
	p := actionstest.Host(t)
	for name, tt := range map[string]struct {
		forms sandbox.Forms
		fault sandbox.Fault
		id    string
	}{
		"no playbook path at all": {sandbox.Forms{Playbooks: sandbox.PlaybooksNone}, sandbox.Fault{}, "playbook.config.records"},
		"goals do not serve":      {sandbox.Forms{}, sandbox.Fault{Kind: sandbox.FaultUnavailable, Path: "/v1/csgoal"}, "goal.list.path"},
		"goals are cut off":       {sandbox.Forms{}, sandbox.Fault{Kind: sandbox.FaultMalformed, Path: "/v1/csgoal"}, "goal.list.records"},
		"goals hide their object": {sandbox.Forms{GoalObjectHidden: true}, sandbox.Fault{}, "objects.goal"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant := sandbox.New(sandbox.Acme(), &sandbox.Options{Forms: tt.forms})
			if tt.fault != (sandbox.Fault{}) {
				tenant.Inject(tt.fault)
			}
			f := findings(t, connected(t, p, tenant, `{}`), connector.ThoroughCheck{})
			i := slices.IndexFunc(f.Assumptions, func(a connector.Assumption) bool { return a.ID == tt.id })
			if got := f.Assumptions[i]; got.Verdict != connector.VerdictUnknown || got.Observed == "" {
				t.Errorf("%+v", got)
			}
		})
	}
}

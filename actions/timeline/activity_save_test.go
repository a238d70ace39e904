package timeline_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/actions/actionstest"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

const (
	activityPath = "/v1/ant/es/activity"
	queryPath    = "/v1/data/objects/query/activity_timeline"
)

// replies are all plausible forms of the answer to a write (open question 18).
func replies() map[string]sandbox.Forms {
	return map[string]sandbox.Forms{
		"maps":                      {ActivityReply: sandbox.ActivityMaps},
		"maps, result false":        {ActivityReply: sandbox.ActivityMaps, PartialFails: true},
		"lists of single-key maps":  {ActivityReply: sandbox.ActivityLists},
		"lists, result false":       {ActivityReply: sandbox.ActivityLists, PartialFails: true},
		"objects":                   {ActivityReply: sandbox.ActivityObjects},
		"object API, status 400":    {ActivityReply: sandbox.ActivityObjectAPI},
		"object API, status 200":    {ActivityReply: sandbox.ActivityObjectAPI, RefusalStatus: http.StatusOK},
		"nothing unless it fails":   {ActivityReply: sandbox.ActivityBare},
		"nothing, or result false":  {ActivityReply: sandbox.ActivityBare, PartialFails: true},
		"maps, plain list of query": {ObjectRowsInData: true},
	}
}

func TestSavedActivityIsInTheTenant(t *testing.T) {
	t.Parallel()
	tenant := sandbox.New(sandbox.Acme(), nil)
	conn := actionstest.Connect(t, tenant, nil)
	_, output := actionstest.Run(t, conn, "activity.save", input(t, good("new-1", map[string]any{
		"ActivityDate": "2026-10-01T09:30:00+02:00", "internalAttendees": []any{"ben.costa@example.com", "chloe.dubois@example.com"},
		"externalAttendees": []any{"pat.quinn@acme.example.org"}, "Ant__CustomNumber__c": json.Number("9007199254740993"),
		"Ant__Sentiment__c": "positive", "Ant__Channels__c": []any{"Phone", "Email"}, "DurationInMins": 30,
	})))
	result := output["results"].([]any)[0].(map[string]any)
	made := activity(tenant, "new-1")
	if made == nil || result["status"] != "succeeded" || result["referenceId"] != "new-1" || result["id"] != made["activityId"] {
		t.Fatalf("result %v of activity %v", result, made)
	}
	want := map[string]any{
		"Subject": "Review", "Notes": "<p>R&D said \"no\"</p>", "ActivityDate": "2026-10-01T07:30:00Z", "TypeName": "Update",
		"InternalAttendees": "Ben Costa, Chloe Dubois", "ExternalAttendees": "Pat Quinn",
		"AuthorId": "1P01ACME0000000000000000000000000001", "Ant__CustomNumber__c": json.Number("9007199254740993"),
	}
	got := map[string]any{}
	for name := range want {
		got[name] = made[name]
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("activity (-want +got):\n%s", diff)
	}
	if s, _ := made["Ant__Channels__c"].(string); strings.Count(s, ";") != 1 {
		t.Errorf("channels %v, want two", made["Ant__Channels__c"])
	}
}

func TestPicklistsByIDIfTheTenantWantsThem(t *testing.T) {
	t.Parallel()
	tenant := sandbox.New(sandbox.Acme(), &sandbox.Options{Forms: sandbox.Forms{ActivityPicklistIDs: true}})
	for form, want := range map[string]string{"labels": "failed", "ids": "succeeded"} {
		conn := actionstest.Connect(t, tenant, with("activity.save", map[string]any{"form": form}))
		_, output := actionstest.Run(t, conn, "activity.save", input(t, good("p-"+form, map[string]any{"Ant__Sentiment__c": "Neutral"})))
		if got := outcomes(t, output)[0].Status; got != want {
			t.Errorf("form %s: %s, want %s", form, got, want)
		}
	}
}

// TestSaveReplies: whatever the tenant answers, every record has its own
// result, in the order of the input.
func TestSaveReplies(t *testing.T) {
	t.Parallel()
	for name, forms := range replies() {
		for _, size := range []int{1, 50} {
			t.Run(fmt.Sprintf("%s, %d a request", name, size), func(t *testing.T) {
				t.Parallel()
				tenant := sandbox.New(sandbox.Acme(), &sandbox.Options{Forms: forms})
				conn := actionstest.Connect(t, tenant, with("activity.save", map[string]any{"records_per_request": size}))
				result, output := actionstest.Run(t, conn, "activity.save", input(t,
					good("a", nil), good("acme-activity-0001", nil), good("b", nil),
					good("c", map[string]any{"TypeName": "Seance"}), good("d", nil)))
				want := []outcome{
					{Ref: "a", Status: "succeeded"}, {Ref: "acme-activity-0001", Status: "failed", Code: "GS_TL_10_0207"},
					{Ref: "b", Status: "succeeded"},
					{Ref: "c", Status: "failed", Code: "GS_TL_10_0213"}, {Ref: "d", Status: "succeeded"},
				}
				if diff := cmp.Diff(want, outcomes(t, output)); diff != "" {
					t.Errorf("results (-want +got):\n%s", diff)
				}
				if strings.Contains(string(result.Output), "Seance") {
					t.Error("the output repeats a value")
				}
				for _, id := range []string{"a", "b", "d"} {
					if activity(tenant, id) == nil {
						t.Errorf("%s is not in the tenant", id)
					}
				}
			})
		}
	}
}

// TestManyAreSplit: 51 records of which a request takes 50.
func TestManyAreSplit(t *testing.T) {
	t.Parallel()
	tenant := sandbox.New(sandbox.Acme(), nil)
	conn := actionstest.Connect(t, tenant, with("activity.save", map[string]any{"records_per_request": 50}))
	var records []map[string]any
	for i := range 51 {
		records = append(records, good(fmt.Sprintf("many-%d", i), nil))
	}
	result, _ := actionstest.Run(t, conn, "activity.save", input(t, records...))
	if n := sent(tenant, http.MethodPost, activityPath); result.Records.Succeeded != 51 || n != 2 {
		t.Errorf("%+v in %d requests, want 51 in 2", result.Records, n)
	}
}

// TestLostSaveIsLookedForAndSentAgain: the ExternalId makes that safe
// (timeline.md, DOC).
func TestLostSaveIsLookedForAndSentAgain(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		faults []sandbox.Fault
		want   []string
		posts  int
	}{
		"written, answer lost": {
			[]sandbox.Fault{{Path: activityPath, Kind: sandbox.FaultLostAnswer, After: 1, Times: 1}},
			[]string{"succeeded", "succeeded", "succeeded"}, 3,
		},
		"written, answer cut": {
			[]sandbox.Fault{{Path: activityPath, Kind: sandbox.FaultMalformed, After: 1, Times: 1}},
			[]string{"succeeded", "succeeded", "succeeded"}, 3,
		},
		"not written, connection lost": {
			[]sandbox.Fault{{Path: activityPath, Kind: sandbox.FaultDropped, After: 1, Times: 1}},
			[]string{"succeeded", "succeeded", "succeeded"}, 4,
		},
		"server error": {
			[]sandbox.Fault{{Path: activityPath, Kind: sandbox.FaultServerError, Times: 1}},
			[]string{"succeeded", "succeeded", "succeeded"}, 4,
		},
		"and the second as well": {
			[]sandbox.Fault{{Path: activityPath, Kind: sandbox.FaultDropped, After: 1, Times: 2}},
			[]string{"succeeded", "unknown", "failed"}, 3,
		},
		"second refused": {
			[]sandbox.Fault{
				{Path: activityPath, Kind: sandbox.FaultDropped, After: 1, Times: 1},
				{Path: activityPath, Kind: sandbox.FaultThrottled, After: 2},
			},
			[]string{"succeeded", "unknown", "failed"}, 8,
		},
		"cannot be looked for": {
			[]sandbox.Fault{
				{Path: activityPath, Kind: sandbox.FaultLostAnswer, After: 1, Times: 1},
				{Path: queryPath, Kind: sandbox.FaultUnauthorized},
			},
			[]string{"succeeded", "unknown", "failed"}, 2,
		},
		"budget spent": {
			[]sandbox.Fault{{Path: activityPath, Kind: sandbox.FaultThrottled, After: 1}},
			[]string{"succeeded", "failed", "failed"}, 7,
		},
		"budget spent for a minute": {
			[]sandbox.Fault{{Path: activityPath, Kind: sandbox.FaultThrottled, After: 1, Times: 1}},
			[]string{"succeeded", "succeeded", "succeeded"}, 4,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant := sandbox.New(sandbox.Acme(), nil)
			conn := actionstest.Connect(t, tenant, nil)
			for _, f := range tt.faults {
				f.Method = http.MethodPost
				tenant.Inject(f)
			}
			_, output := actionstest.Run(t, conn, "activity.save", input(t, good("l1", nil), good("l2", nil), good("l3", nil)))
			var got []string
			for _, o := range outcomes(t, output) {
				got = append(got, o.Status)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("statuses (-want +got):\n%s\n%v", diff, output)
			}
			if n := sent(tenant, http.MethodPost, activityPath); n != tt.posts {
				t.Errorf("%d requests that write, want %d", n, tt.posts)
			}
			n := 0
			for _, a := range tenant.Activities() {
				if a["ExternalId"] == "l2" {
					n++
				}
			}
			if n > 1 {
				t.Errorf("%d activities of one ExternalId", n)
			}
		})
	}
}

func TestInvalidActivitiesNeverLeave(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		record  map[string]any
		pointer string
		message string
	}{
		"no external id":      {good("", map[string]any{"ExternalId": nil}), "/records/0/ExternalId", "is required"},
		"an empty one":        {good("", nil), "/records/0/ExternalId", ""},
		"no author":           {good("x", map[string]any{"Author": nil}), "/records/0/AuthorId", "Author to look it up"},
		"an unknown context":  {good("x", map[string]any{"ContextName": "Compny"}), "/records/0/ContextName", "did you mean Company?"},
		"a date without time": {good("x", map[string]any{"ActivityDate": "2026-10-01"}), "/records/0/ActivityDate", ""},
		"a field of no one":   {good("x", map[string]any{"Subjekt": "x"}), "/records/0/Subjekt", "did you mean Subject?"},
		"an inactive option":  {good("x", map[string]any{"Ant__Sentiment__c": "Ecstatic"}), "/records/0/Ant__Sentiment__c", ""},
		"the tenant's own":    {good("x", map[string]any{"CreatedDate": "2026-10-01T00:00:00Z"}), "/records/0/CreatedDate", ""},
	}
	tenant := sandbox.New(sandbox.Acme(), nil)
	conn := actionstest.Connect(t, tenant, nil)
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, run := range []func() error{
				func() error { _, err := execute(t, conn, "activity.save", input(t, tt.record)); return err },
				func() error { _, err := upload(t, conn, "activity.save_bulk", `{}`, lines(t, tt.record)); return err },
			} {
				err := run()
				if !errors.Is(err, connector.ReasonInvalidInput) {
					t.Fatalf("error %v, want INVALID_INPUT", err)
				}
				v := connector.AsError(err).Violations
				if len(v) != 1 || v[0].Pointer != tt.pointer || !strings.Contains(v[0].Message, tt.message) {
					t.Errorf("violations %v, want %q at %s", v, tt.message, tt.pointer)
				}
			}
		})
	}
	t.Cleanup(func() {
		if n := sent(tenant, http.MethodPost, activityPath); n > 0 {
			t.Errorf("%d requests were sent", n)
		}
	})
}

func TestOneExternalIDTwice(t *testing.T) {
	t.Parallel()
	conn := actionstest.Connect(t, sandbox.New(sandbox.Acme(), nil), nil)
	_, err := execute(t, conn, "activity.save", input(t, good("a", nil), good("a", nil)))
	v := connector.AsError(err).Violations
	if len(v) != 1 || v[0].Pointer != "/records/1/ExternalId" {
		t.Errorf("error %v, want one violation at /records/1/ExternalId", err)
	}
}

func TestTypesAreThoseInUse(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		seed sandbox.Seed
		want []string
	}{
		"acme":   {sandbox.Acme(), []string{"Call", "Email", "Meeting", "Milestone", "Update"}},
		"globex": {sandbox.Globex(), []string{"Board Review", "Update", "Visit"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn := actionstest.Connect(t, sandbox.New(tt.seed, nil), nil)
			page, err := conn.Options(t.Context(), connector.OptionsRequest{Action: "activity.save_bulk", Pointer: "/records/3/TypeName"})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, o := range page.Options {
				got = append(got, o.Value)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("types (-want +got):\n%s", diff)
			}
		})
	}
}

// TestTenantsFields: the custom fields of each tenant, under their own names,
// are in the schemas of all four writes.
func TestTenantsFields(t *testing.T) {
	t.Parallel()
	for tenant, want := range map[string]string{"acme": "Ant__Sentiment__c", "globex": "Ant__Site_Visited__c"} {
		seed := sandbox.Acme()
		if tenant == "globex" {
			seed = sandbox.Globex()
		}
		conn := actionstest.Connect(t, sandbox.New(seed, nil), nil)
		for action, def := range map[string]string{
			"activity.save": "activity", "activity.save_bulk": "activity",
			"activity.update": "activityChange", "activity.update_bulk": "activityChange",
		} {
			d, err := conn.Describe(t.Context(), connector.DescribeRequest{Action: action})
			if err != nil {
				t.Fatal(err)
			}
			var s struct {
				Defs map[string]struct {
					Properties map[string]any `json:"properties"`
				} `json:"$defs"`
			}
			if err := json.Unmarshal(d.Input, &s); err != nil {
				t.Fatal(err)
			}
			p := s.Defs[def].Properties
			if p[want] == nil || p["InternalAttendees"] != nil || p["NotesPlainText"] != nil {
				t.Errorf("%s of %s: %s is missing, or a field is there that no one may write", action, tenant, want)
			}
		}
	}
}

package tasks_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/actions/actionstest"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

func TestCreatedTaskIsInTheTenant(t *testing.T) {
	t.Parallel()
	tenant, conn := rig(t, sandbox.Forms{}, nil)
	before := len(tenant.Tasks())
	_, output := actionstest.Run(t, conn, "task.create", actionstest.Input(t, good(map[string]any{
		"referenceId": "step-1", "type": "Call", "Description": "<p>R&D</p>", "Channel__gc": "video",
	})))
	if diff := cmp.Diff([]outcome{{Ref: "step-1", Status: "succeeded"}}, actionstest.Outcomes(t, output)); diff != "" {
		t.Fatalf("results (-want +got):\n%s\n%v", diff, output)
	}
	tasks := tenant.Tasks()
	made := tasks[len(tasks)-1]
	if len(tasks) != before+1 || made["Gsid"] != output["results"].([]any)[0].(map[string]any)["id"] {
		t.Fatalf("%d tasks were made, the last is %v", len(tasks)-before, made)
	}
	for name, want := range map[string]any{
		"Name": "Call the sponsor", "CtaId": ctaID(1), "OwnerId": gsid("1P01", 1), "DueDate": "2026-12-10",
		"Description": "<p>R&D</p>", "IsClosed": false,
	} {
		if made[name] != want {
			t.Errorf("%s is %v, want %v", name, made[name], want)
		}
	}
	for _, name := range []string{"StatusId", "PriorityId", "TypeId", "Channel__gc"} {
		if made[name] == nil {
			t.Errorf("%s is empty", name)
		}
	}
}

func TestInvalidTasksNeverLeave(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		record map[string]any
		want   []connector.Violation
	}{
		"everything missing": {map[string]any{}, []connector.Violation{
			{Pointer: "/records/0/CtaId", Keyword: "required"}, {Pointer: "/records/0/Name", Keyword: "required"},
		}},
		"an id where a name is due": {
			good(map[string]any{"StatusId": gsid("1I00", 1)}),
			[]connector.Violation{{Pointer: "/records/0/StatusId", Keyword: "additionalProperties"}},
		},
		"no date": {
			good(map[string]any{"DueDate": "soon"}),
			[]connector.Violation{{Pointer: "/records/0/DueDate", Keyword: "format"}},
		},
		"no e-mail": {
			good(map[string]any{"OwnerEmail": "ada"}),
			[]connector.Violation{{Pointer: "/records/0/OwnerEmail", Keyword: "format"}},
		},
		"no option": {
			good(map[string]any{"Channel__gc": "Fax"}),
			[]connector.Violation{{Pointer: "/records/0/Channel__gc", Keyword: "oneOf"}},
		},
		"not its own": {
			good(map[string]any{"IsClosed": true}),
			[]connector.Violation{{Pointer: "/records/0/IsClosed", Keyword: "additionalProperties"}},
		},
	}
	tenant, conn := rig(t, sandbox.Forms{}, nil)
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := execute(t, conn, "task.create", actionstest.Input(t, tt.record))
			if diff := cmp.Diff(tt.want, actionstest.Violations(t, err)); diff != "" {
				t.Errorf("violations (-want +got):\n%s", diff)
			}
		})
	}
	t.Cleanup(func() {
		if posts(tenant) > 0 {
			t.Error("a task was sent")
		}
	})
}

func TestPartialFailureKeepsTheOrder(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		size  int
		forms sandbox.Forms
	}{
		"one record a request":                  {1, sandbox.Forms{}},
		"all in one request":                    {50, sandbox.Forms{}},
		"all in one request, refused as well":   {50, sandbox.Forms{PartialFails: true}},
		"one record a request, refused as well": {1, sandbox.Forms{PartialFails: true}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, conn := rig(t, tt.forms, endpoint("task.create", map[string]any{"records_per_request": tt.size}))
			result, output := actionstest.Run(t, conn, "task.create", actionstest.Input(t,
				good(nil),
				good(map[string]any{"CtaId": ctaID(999)}),
				good(map[string]any{"referenceId": "mine"}),
				good(map[string]any{"status": "Nonesuch"}),
				good(map[string]any{"priority": nil}),
			))
			want := []outcome{
				{Ref: "made", Status: "succeeded"}, {Ref: "made", Status: "failed", Code: "COCKPIT_6007"},
				{Ref: "mine", Status: "succeeded"},
				{Ref: "made", Status: "failed", Code: "GSOBJ_1012"}, {Ref: "made", Status: "failed", Code: "COCKPIT_9700"},
			}
			if diff := cmp.Diff(want, actionstest.Outcomes(t, output)); diff != "" {
				t.Errorf("results (-want +got):\n%s", diff)
			}
			if strings.Contains(string(result.Output), "Nonesuch") {
				t.Errorf("the output repeats a value: %s", result.Output)
			}
		})
	}
}

// TestOpenNames: the key of the CTA, and whether names or ids are taken, are
// not known (open question 1).
func TestOpenNames(t *testing.T) {
	t.Parallel()
	tenant, conn := rig(t, sandbox.Forms{TaskCTAKey: "ctaGsid", ClassifyByID: true}, endpoint("task.create", map[string]any{
		"field_names": map[string]string{"CtaId": "ctaGsid", "status": "StatusId"},
	}))
	status := written(t, tenant, taskID(2))["StatusId"]
	_, output := actionstest.Run(t, conn, "task.create", actionstest.Input(t, good(map[string]any{"status": status})))
	result := output["results"].([]any)[0].(map[string]any)
	if result["status"] != "succeeded" {
		t.Fatalf("not written: %v", result)
	}
	if made := written(t, tenant, result["id"].(string)); made["CtaId"] != ctaID(1) || made["StatusId"] != status {
		t.Errorf("made %v", made)
	}
}

func TestManyTasks(t *testing.T) {
	t.Parallel()
	tenant, conn := rig(t, sandbox.Forms{}, endpoint("task.create", map[string]any{"records_per_request": 50}))
	var records []map[string]any
	for range 51 {
		records = append(records, good(nil))
	}
	result, _ := actionstest.Run(t, conn, "task.create", actionstest.Input(t, records...))
	if result.Records.Succeeded != 51 || posts(tenant) != 2 {
		t.Errorf("%+v in %d requests, want 51 in 2", result.Records, posts(tenant))
	}
}

func TestCreateFaults(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		kind  sandbox.FaultKind
		want  []string
		posts int
	}{
		"answer lost":  {sandbox.FaultLostAnswer, []string{"succeeded", "unknown", "failed"}, 2},
		"server error": {sandbox.FaultServerError, []string{"succeeded", "unknown", "failed"}, 2},
		"budget spent": {sandbox.FaultThrottled, []string{"succeeded", "succeeded", "succeeded"}, 4},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant, conn := rig(t, sandbox.Forms{}, nil)
			tenant.Inject(sandbox.Fault{Method: http.MethodPost, Kind: tt.kind, After: 1, Times: 1})
			_, output := actionstest.Run(t, conn, "task.create", actionstest.Input(t, good(nil), good(nil), good(nil)))
			var got []string
			for _, o := range actionstest.Outcomes(t, output) {
				got = append(got, o.Status)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("statuses (-want +got):\n%s", diff)
			}
			if n := posts(tenant); n != tt.posts {
				t.Errorf("%d requests were sent, want %d", n, tt.posts)
			}
		})
	}
}

func TestUnconfirmedPathIsSaid(t *testing.T) {
	t.Parallel()
	_, conn := rig(t, sandbox.Forms{}, endpoint("task.create", map[string]any{"path": "/v2/cockpit/tasks"}))
	_, err := execute(t, conn, "task.create", actionstest.Input(t, good(nil)))
	if e := connector.AsError(err); !errors.Is(err, connector.ReasonNotFound) || !strings.Contains(e.Message, "not confirmed") ||
		!strings.Contains(e.Hint, `endpoints."task.create"`) {
		t.Errorf("error %v", err)
	}
}

func TestUpdateTouchesOnlyWhatIsGiven(t *testing.T) {
	t.Parallel()
	tenant, conn := rig(t, sandbox.Forms{}, nil)
	before := written(t, tenant, taskID(1))
	result, _ := actionstest.Run(t, conn, "task.update", actionstest.Input(t, map[string]any{
		"Gsid": taskID(1), "status": "Closed", "OwnerEmail": "ben.costa@example.com",
	}))
	if result.Records.Succeeded != 1 {
		t.Fatalf("not written: %s", result.Output)
	}
	after := written(t, tenant, taskID(1))
	if after["IsClosed"] != true || after["ClosedDate"] == nil || after["OwnerId"] != gsid("1P01", 2) || after["Name"] != before["Name"] {
		t.Errorf("from %v to %v", before, after)
	}
}

func TestUpdateOfUnknownTasks(t *testing.T) {
	t.Parallel()
	_, conn := rig(t, sandbox.Forms{}, nil)
	_, err := execute(t, conn, "task.update", actionstest.Input(t, map[string]any{"referenceId": "a", "status": "New"}))
	e := connector.AsError(err)
	if !errors.Is(err, connector.ReasonInvalidInput) || len(e.Violations) != 1 || e.Violations[0].Pointer != "/records/0/Gsid" {
		t.Errorf("error %v, want one violation at /records/0/Gsid", err)
	}
	_, output := actionstest.Run(t, conn, "task.update", actionstest.Input(t,
		map[string]any{"Gsid": taskID(999), "status": "New"}, map[string]any{"Gsid": taskID(2), "status": "New"},
	))
	want := []outcome{{Ref: "made", Status: "failed", Code: "COCKPIT_6007"}, {Ref: "made", Status: "succeeded"}}
	if diff := cmp.Diff(want, actionstest.Outcomes(t, output)); diff != "" {
		t.Errorf("results (-want +got):\n%s", diff)
	}
}

// TestUpdateIsRepeated: an update has the same effect twice, so a lost answer
// does not leave its outcome open.
func TestUpdateIsRepeated(t *testing.T) {
	t.Parallel()
	tenant, conn := rig(t, sandbox.Forms{}, nil)
	tenant.Inject(sandbox.Fault{Method: http.MethodPut, Kind: sandbox.FaultLostAnswer, Times: 1})
	result, _ := actionstest.Run(t, conn, "task.update", actionstest.Input(t, map[string]any{"Gsid": taskID(1), "status": "New"}))
	if result.Records.Succeeded != 1 || result.Stats.Retries != 1 {
		t.Errorf("%+v after %d retries, want one success after one", result.Records, result.Stats.Retries)
	}
}

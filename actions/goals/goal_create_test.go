package goals_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/actions/actionstest"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

const createPath = "/v1/csgoal/external/create"

func TestCreatedGoalIsInTheTenant(t *testing.T) {
	t.Parallel()
	tenant, conn := rig(t, sandbox.Forms{}, nil)
	before := len(tenant.Goals())
	_, output := actionstest.Run(t, conn, "goal.create", actionstest.Input(t, good(map[string]any{
		"referenceId": "okr-1", "DueDate": "2026-12-21", "Description": "<p>R&D</p>", "cf_picklist__gc": "cisco", "Target_Value__gc": 80,
		"association": map[string]any{"CTA": []any{ctaID(1), ctaID(2)}, "SP": []any{planID}},
	})))
	if diff := cmp.Diff([]outcome{{Ref: "okr-1", Status: "succeeded"}}, actionstest.Outcomes(t, output)); diff != "" {
		t.Fatalf("results (-want +got):\n%s\n%v", diff, output)
	}
	goals := tenant.Goals()
	made := goals[len(goals)-1]
	if len(goals) != before+1 || made["Gsid"] != output["results"].([]any)[0].(map[string]any)["id"] {
		t.Fatalf("%d goals were made, the last is %v", len(goals)-before, made)
	}
	for name, want := range map[string]any{
		"Name": "Raise adoption", "StatusName": "New", "EntityType": "COMPANY", "DueDate": "2026-12-21", "Description": "<p>R&D</p>",
		"CompanyId": gsid("1P02", 2), "Target_Value__gc": json.Number("80"),
	} {
		if made[name] != want {
			t.Errorf("%s is %v, want %v", name, made[name], want)
		}
	}
	want := map[string][]string{"CTA": {ctaID(1), ctaID(2)}, "SP": {planID}}
	if diff := cmp.Diff(want, made["association"]); diff != "" {
		t.Errorf("association (-want +got):\n%s", diff)
	}
}

// TestCreateReplies: the answer to a created goal is not known (open question
// 26).
func TestCreateReplies(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		form  sandbox.GoalReplyForm
		hasID bool
	}{
		"the record":            {sandbox.GoalReplyObject, true},
		"a list of it":          {sandbox.GoalReplyList, true},
		"success and failure":   {sandbox.GoalReplyMaps, true},
		"count and records":     {sandbox.GoalReplyCounts, true},
		"the id":                {sandbox.GoalReplyText, true},
		"nothing but a success": {sandbox.GoalReplyNull, false},
	}
	for name, tt := range tests {
		for _, partial := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s/%v", name, partial), func(t *testing.T) {
				t.Parallel()
				tenant, conn := rig(t, sandbox.Forms{GoalReply: tt.form, PartialFails: partial}, nil)
				before := len(tenant.Goals())
				result, output := actionstest.Run(t, conn, "goal.create", actionstest.Input(t,
					good(nil), good(map[string]any{"StatusName": "Nonesuch", "referenceId": "b"}), good(nil),
				))
				want := []outcome{
					{Ref: "made", Status: "succeeded"}, {Ref: "b", Status: "failed", Code: "GSOBJ_1012"},
					{Ref: "made", Status: "succeeded"},
				}
				if diff := cmp.Diff(want, actionstest.Outcomes(t, output)); diff != "" {
					t.Errorf("results (-want +got):\n%s\n%s", diff, result.Output)
				}
				goals := tenant.Goals()
				if len(goals) != before+2 {
					t.Fatalf("%d goals were made, want 2", len(goals)-before)
				}
				id := output["results"].([]any)[2].(map[string]any)["id"]
				if tt.hasID && id != goals[len(goals)-1]["Gsid"] || !tt.hasID && id != nil {
					t.Errorf("the id is %v, want that of the goal: %v", id, tt.hasID)
				}
				if strings.Contains(string(result.Output), "Nonesuch") {
					t.Errorf("the output repeats a value: %s", result.Output)
				}
			})
		}
	}
}

func TestInvalidGoalsNeverLeave(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		record map[string]any
		want   []connector.Violation
	}{
		"everything missing": {map[string]any{}, []connector.Violation{
			{Pointer: "/records/0/Name", Keyword: "required"}, {Pointer: "/records/0/StatusName", Keyword: "required"},
			{Pointer: "/records/0/CompanyId"},
		}},
		"an unknown field": {
			good(map[string]any{"Nmae": "x"}),
			[]connector.Violation{{Pointer: "/records/0/Nmae", Keyword: "additionalProperties"}},
		},
		"an unknown association": {
			good(map[string]any{"association": map[string]any{"Cta": []any{ctaID(1)}}}),
			[]connector.Violation{{Pointer: "/records/0/association/Cta", Keyword: "additionalProperties"}},
		},
		"no ids": {
			good(map[string]any{"association": map[string]any{"CTA": ctaID(1)}}),
			[]connector.Violation{{Pointer: "/records/0/association/CTA", Keyword: "type"}},
		},
		"no option of the tenant": {
			good(map[string]any{"cf_picklist__gc": "NORTEL"}),
			[]connector.Violation{{Pointer: "/records/0/cf_picklist__gc", Keyword: "oneOf"}},
		},
		"no date": {good(map[string]any{"DueDate": "soon"}), []connector.Violation{{Pointer: "/records/0/DueDate", Keyword: "format"}}},
		"associations to remove": {
			good(map[string]any{"dissociation": map[string]any{}}),
			[]connector.Violation{{Pointer: "/records/0/dissociation", Keyword: "additionalProperties"}},
		},
	}
	tenant, conn := rig(t, sandbox.Forms{}, nil)
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := execute(t, conn, "goal.create", actionstest.Input(t, tt.record))
			if diff := cmp.Diff(tt.want, actionstest.Violations(t, err)); diff != "" {
				t.Errorf("violations (-want +got):\n%s", diff)
			}
		})
	}
	t.Cleanup(func() {
		if sent(tenant, http.MethodPost, createPath) > 0 {
			t.Error("a goal was sent")
		}
	})
}

// TestOtherContexts: a goal of a relationship or an opportunity needs no
// company, and its entity type follows.
func TestOtherContexts(t *testing.T) {
	t.Parallel()
	tenant, conn := rig(t, sandbox.Forms{}, nil)
	result, output := actionstest.Run(t, conn, "goal.create", actionstest.Input(t,
		good(map[string]any{"CompanyName": nil, "RelationshipId": gsid("1X00", 1)}),
		good(map[string]any{"CompanyName": nil, "OpportunityId": gsid("1Z02", 1)}),
		good(map[string]any{"RelationshipId": gsid("1X00", 2), "EntityType": "COMPANY"}),
	))
	if result.Records.Succeeded != 3 {
		t.Fatalf("not written: %s", result.Output)
	}
	for i, want := range []string{"RELATIONSHIP", "OPPORTUNITY", "COMPANY"} {
		id := output["results"].([]any)[i].(map[string]any)["id"].(string)
		if got := written(t, tenant, id)["EntityType"]; got != want {
			t.Errorf("goal %d has the entity type %v, want %s", i, got, want)
		}
	}
}

// TestNames: a connection says what the tenant calls a part whose name is not
// known.
func TestNames(t *testing.T) {
	t.Parallel()
	_, conn := rig(t, sandbox.Forms{}, endpoint("goal.create", map[string]any{
		"field_names": map[string]string{"RelationshipId": "relationship"},
	}))
	in := actionstest.Input(t, good(map[string]any{"CompanyName": nil, "RelationshipId": gsid("1X00", 1)}))
	result, err := conn.Execute(t.Context(), connector.Call{Action: "goal.create", DryRun: true, Input: json.RawMessage(in)})
	if err != nil {
		t.Fatal(err)
	}
	if plan := string(result.Output); !strings.Contains(plan, `"relationship":"1X00`) || strings.Contains(plan, `"RelationshipId"`) {
		t.Errorf("planned %s", plan)
	}
}

func TestOneGoalPerCall(t *testing.T) {
	t.Parallel()
	tenant := sandbox.New(sandbox.Acme(), &sandbox.Options{Limits: &sandbox.Limits{}})
	conn := actionstest.Connect(t, tenant, nil)
	var records []map[string]any
	for range 51 {
		records = append(records, good(nil))
	}
	result, _ := actionstest.Run(t, conn, "goal.create", actionstest.Input(t, records...))
	if result.Records.Succeeded != 51 || sent(tenant, http.MethodPost, createPath) != 51 {
		t.Errorf("%+v in %d requests, want 51 in 51", result.Records, sent(tenant, http.MethodPost, createPath))
	}
}

func TestCreateFaults(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		kind  sandbox.FaultKind
		want  []string
		posts int
	}{
		"answer lost":      {sandbox.FaultLostAnswer, []string{"succeeded", "unknown", "failed"}, 2},
		"answer cut short": {sandbox.FaultTruncated, []string{"succeeded", "unknown", "failed"}, 2},
		"server error":     {sandbox.FaultServerError, []string{"succeeded", "unknown", "failed"}, 2},
		"budget spent":     {sandbox.FaultThrottled, []string{"succeeded", "succeeded", "succeeded"}, 4},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant, conn := rig(t, sandbox.Forms{}, nil)
			tenant.Inject(sandbox.Fault{Method: http.MethodPost, Path: createPath, Kind: tt.kind, After: 1, Times: 1})
			_, output := actionstest.Run(t, conn, "goal.create", actionstest.Input(t, good(nil), good(nil), good(nil)))
			var got []string
			for _, o := range actionstest.Outcomes(t, output) {
				got = append(got, o.Status)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("statuses (-want +got):\n%s", diff)
			}
			if n := sent(tenant, http.MethodPost, createPath); n != tt.posts {
				t.Errorf("%d requests were sent, want %d", n, tt.posts)
			}
		})
	}
}

// TestSilenceAboutSeveral: a connection may send several goals a request, but
// an answer that does not tell them apart proves none of them written.
func TestSilenceAboutSeveral(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != createPath {
			w.WriteHeader(http.StatusNotFound)
		}
		_, _ = io.WriteString(w, `{"result":true,"data":{"success":[],"failure":[{"x":"no"}]}}`)
	}))
	t.Cleanup(server.Close)
	conn := actionstest.Open(t, actionstest.Host(t), sandbox.New(sandbox.Acme(), nil), server.URL, actionstest.Settings{
		"endpoints": map[string]any{"goal.create": map[string]any{"records_per_request": 2}},
	})
	result, _ := actionstest.Run(t, conn, "goal.create", actionstest.Input(t, good(nil), good(nil), good(nil)))
	if want := (&connector.RecordSummary{Total: 3, Failed: 1, Unknown: 2}); !cmp.Equal(want, result.Records) {
		t.Errorf("%+v, want the two that went together unknown: %s", result.Records, result.Output)
	}
}

package successplan_test

import (
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/actions/actionstest"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

func TestUpdateTouchesOnlyWhatIsGiven(t *testing.T) {
	t.Parallel()
	tenant, conn := connect(t, sandbox.Forms{}, nil)
	before := plan(t, tenant, planID)
	result, _ := actionstest.Run(t, conn, "success_plan.update", input(t, map[string]any{
		"Gsid": planID, "status": "Closed Success", "OwnerEmail": "ben.costa@example.com",
	}))
	if result.Records.Succeeded != 1 {
		t.Fatalf("not written: %s", result.Output)
	}
	after := plan(t, tenant, planID)
	if after["IsClosed"] != true || after["OwnerId"] == before["OwnerId"] {
		t.Errorf("the plan is not closed or not handed over: %v", after)
	}
	for _, field := range []string{"Name", "CompanyId", "DueDate", "SuccessPlanTypeId", "ActionPlan", "Budget__gc"} {
		if !cmp.Equal(before[field], after[field]) {
			t.Errorf("%s was not given and has changed", field)
		}
	}
}

// TestUpdateSendsOnlyWhatIsGiven: a field that cannot be changed must be left
// out (success_plan.md, DOC2 summary), so that none is added.
func TestUpdateSendsOnlyWhatIsGiven(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		endpoints map[string]any
		record    map[string]any
		want      []string // names of the fields that go out
	}{
		"one field, a reference made": {
			nil, map[string]any{"Gsid": planID, "status": "Active"}, []string{"Gsid", "referenceId", "status"},
		},
		"the reference given": {
			nil, map[string]any{"Gsid": planID, "referenceId": "x", "Name": "New"}, []string{"Gsid", "Name", "referenceId"},
		},
		"the reference in its other spelling": {
			map[string]any{"success_plan.update": map[string]any{"field_names": map[string]any{"referenceId": "ReferenceId"}}},
			map[string]any{"Gsid": planID, "referenceId": "x", "Name": "New"}, []string{"Gsid", "Name", "ReferenceId"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant, conn := connect(t, sandbox.Forms{}, tt.endpoints)
			result, err := conn.Execute(t.Context(), connector.Call{
				Action: "success_plan.update", Input: json.RawMessage(input(t, tt.record)), DryRun: true,
			})
			if err != nil {
				t.Fatal(err)
			}
			var planned struct {
				Requests []struct {
					Method, Path string
					Body         struct {
						Requests []struct{ Record map[string]string }
						Lookups  map[string]any
					}
				}
			}
			if err := json.Unmarshal(result.Output, &planned); err != nil || len(planned.Requests) != 1 {
				t.Fatalf("planned %s, error %v", result.Output, err)
			}
			r := planned.Requests[0]
			if r.Method != http.MethodPut || r.Path != "/v2/successPlan/" || len(r.Body.Requests) != 1 || r.Body.Lookups != nil {
				t.Fatalf("planned %+v", r)
			}
			record := r.Body.Requests[0].Record
			if diff := cmp.Diff(tt.want, slices.Sorted(maps.Keys(record))); diff != "" || slices.Contains(slices.Collect(maps.Values(record)), "") {
				t.Errorf("record %v, fields (-want +got):\n%s", record, diff)
			}
			if got := sent(tenant); len(got) > 0 {
				t.Errorf("a dry run sent %v", got)
			}
		})
	}
}

func TestUpdateFailures(t *testing.T) {
	t.Parallel()
	tests := map[string]map[string]any{
		"no such plan":                  {"Gsid": strings.Replace(planID, "0001", "9999", 1), "status": "Active"},
		"a type that cannot be changed": {"Gsid": planID, "SuccessPlanType": "Renewal"},
		"no such owner":                 {"Gsid": planID, "OwnerEmail": "nobody@example.com"},
	}
	_, conn := connect(t, sandbox.Forms{}, nil)
	for name, record := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			record["referenceId"] = "a"
			in := input(t, record, map[string]any{"referenceId": "b", "Gsid": planID, "status": "Active"})
			_, output := actionstest.Run(t, conn, "success_plan.update", in)
			want := []outcome{{Ref: "a", Status: "failed", Reason: "INVALID_INPUT"}, {Ref: "b", Status: "succeeded"}}
			if diff := cmp.Diff(want, outcomes(t, output)); diff != "" {
				t.Errorf("results (-want +got):\n%s", diff)
			}
		})
	}
}

func TestUpdateNeedsTheGsid(t *testing.T) {
	t.Parallel()
	_, conn := connect(t, sandbox.Forms{}, nil)
	_, err := execute(t, conn, "success_plan.update", `{"records":[{"referenceId":"x","status":"Active"}]}`)
	e := connector.AsError(err)
	if !errors.Is(err, connector.ReasonInvalidInput) || len(e.Violations) != 1 || e.Violations[0].Pointer != "/records/0/Gsid" {
		t.Errorf("error %v, want one violation at /records/0/Gsid", err)
	}
}

// TestUpdateIsRepeated: an update has the same effect twice, so a lost answer
// does not leave its outcome open.
func TestUpdateIsRepeated(t *testing.T) {
	t.Parallel()
	tenant, conn := connect(t, sandbox.Forms{}, nil)
	tenant.Inject(sandbox.Fault{Method: http.MethodPut, Kind: sandbox.FaultLostAnswer, Times: 1})
	result, _ := actionstest.Run(t, conn, "success_plan.update", input(t, map[string]any{"Gsid": planID, "status": "Active"}))
	if result.Records.Succeeded != 1 || result.Stats.Retries != 1 {
		t.Errorf("%+v after %d retries, want one success after one", result.Records, result.Stats.Retries)
	}
}

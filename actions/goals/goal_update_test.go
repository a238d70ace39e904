package goals_test

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

const updatePath = "/v1/csgoal/external/update"

func TestUpdateTouchesOnlyWhatIsGiven(t *testing.T) {
	t.Parallel()
	tenant, conn := rig(t, sandbox.Forms{}, nil)
	before := written(t, tenant, goalID(1))
	result, _ := actionstest.Run(t, conn, "goal.update", actionstest.Input(t, map[string]any{
		"Gsid": goalID(1), "StatusName": "Achieved", "cf_picklist__gc": "ARISTA",
	}))
	if result.Records.Succeeded != 1 {
		t.Fatalf("not written: %s", result.Output)
	}
	after := written(t, tenant, goalID(1))
	if after["StatusName"] != "Achieved" || after["cf_picklist__gc"] == before["cf_picklist__gc"] || after["Name"] != before["Name"] {
		t.Errorf("from %v to %v", before, after)
	}
}

// TestUpdateEncodes: a goal takes the values that a list of goals gives.
func TestUpdateEncodes(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		forms   sandbox.Forms
		given   []any
		want    any
		remarks int
	}{
		"labels":           {given: []any{"Training", "Support"}, want: []any{"Training", "Support"}},
		"none":             {given: []any{}, want: nil},
		"without metadata": {forms: sandbox.Forms{GoalObjectHidden: true}, given: []any{"Training"}, remarks: 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, conn := rig(t, tt.forms, nil)
			result, _ := actionstest.Run(t, conn, "goal.update", actionstest.Input(t, map[string]any{
				"Gsid": goalID(1), "Focus_Areas__gc": tt.given, "cf_picklist__gc": "ARISTA",
			}))
			if result.Records.Succeeded != 1 || len(result.Diagnostics) != tt.remarks {
				t.Fatalf("output %s, remarks %v", result.Output, result.Diagnostics)
			}
			if tt.remarks > 0 {
				return
			}
			_, output := actionstest.Run(t, conn, "goal.list", `{"select":["Focus_Areas__gc","cf_picklist__gc"],
				"where":{"conditions":[{"name":"Gsid","operator":"EQ","value":["`+goalID(1)+`"]}]}}`)
			row, _ := output["records"].([]any)[0].(map[string]any)
			if diff := cmp.Diff(tt.want, row["Focus_Areas__gc"]); diff != "" || row["cf_picklist__gc"] != "ARISTA" {
				t.Errorf("row %v, focus areas (-want +got):\n%s", row, diff)
			}
		})
	}
}

func TestUpdateAssociates(t *testing.T) {
	t.Parallel()
	for name, key := range map[string]string{"the default name": "", "a name of the connection": "removeAssociation"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			settings := actionstest.Settings{}
			if key != "" {
				settings = endpoint("goal.update", map[string]any{"field_names": map[string]string{"dissociation": key}})
			}
			tenant, conn := rig(t, sandbox.Forms{GoalDissociation: key}, settings)
			run := func(change map[string]any) {
				t.Helper()
				change["Gsid"] = goalID(1)
				if result, _ := actionstest.Run(t, conn, "goal.update", actionstest.Input(t, change)); result.Records.Succeeded != 1 {
					t.Fatalf("not written: %s", result.Output)
				}
			}
			run(map[string]any{"association": map[string]any{"CTA": []any{ctaID(1), ctaID(2)}, "SP": []any{planID}}})
			run(map[string]any{
				"association":  map[string]any{"CTA": []any{ctaID(2), ctaID(3)}},
				"dissociation": map[string]any{"CTA": []any{ctaID(1)}, "SP": []any{planID}},
			})
			want := map[string][]string{"CTA": {ctaID(2), ctaID(3)}, "SP": {}}
			if diff := cmp.Diff(want, written(t, tenant, goalID(1))["association"]); diff != "" {
				t.Errorf("association (-want +got):\n%s", diff)
			}
		})
	}
}

// TestUpdateMethod: whether the vendor wants PUT or POST is not known (open
// question 5). A method that the connection sets is not second-guessed.
func TestUpdateMethod(t *testing.T) {
	t.Parallel()
	in := actionstest.Input(t, map[string]any{"Gsid": goalID(1), "StatusName": "Missed"})
	tenant, conn := rig(t, sandbox.Forms{GoalUpdatePost: true}, nil)
	result, _ := actionstest.Run(t, conn, "goal.update", in)
	if result.Records.Succeeded != 1 || sent(tenant, http.MethodPut, updatePath) != 1 || sent(tenant, http.MethodPost, updatePath) != 1 {
		t.Errorf("%s; want one try of each method", result.Output)
	}
	tenant, conn = rig(t, sandbox.Forms{GoalUpdatePost: true}, endpoint("goal.update", map[string]any{"method": "POST"}))
	result, _ = actionstest.Run(t, conn, "goal.update", in)
	if result.Records.Succeeded != 1 || sent(tenant, http.MethodPut, updatePath) != 0 {
		t.Errorf("%s; want no PUT", result.Output)
	}
}

func TestUpdatePathIsNotConfirmed(t *testing.T) {
	t.Parallel()
	_, conn := rig(t, sandbox.Forms{}, endpoint("goal.update", map[string]any{"path": "/v1/csgoal/external/change"}))
	_, err := execute(t, conn, "goal.update", actionstest.Input(t, map[string]any{"Gsid": goalID(1), "StatusName": "Missed"}))
	e := connector.AsError(err)
	if !errors.Is(err, connector.ReasonNotFound) || !strings.Contains(e.Message, "not confirmed") || !strings.Contains(e.Hint, `endpoints."goal.update"`) {
		t.Errorf("error %v, hint %q", err, e.Hint)
	}
}

func TestUpdateOfUnknownGoals(t *testing.T) {
	t.Parallel()
	_, conn := rig(t, sandbox.Forms{}, nil)
	_, err := execute(t, conn, "goal.update", actionstest.Input(t, map[string]any{"StatusName": "New"}))
	e := connector.AsError(err)
	if !errors.Is(err, connector.ReasonInvalidInput) || len(e.Violations) != 1 || e.Violations[0].Pointer != "/records/0/Gsid" {
		t.Errorf("error %v, want one violation at /records/0/Gsid", err)
	}
	_, output := actionstest.Run(t, conn, "goal.update", actionstest.Input(t,
		map[string]any{"Gsid": goalID(999), "StatusName": "New"}, map[string]any{"Gsid": goalID(2), "StatusName": "New"},
	))
	if got := actionstest.Outcomes(t, output); got[0].Status != "failed" || got[1].Status != "succeeded" {
		t.Errorf("results %+v, want the first failed", got)
	}
}

// TestUpdateIsRepeated: an update has the same effect twice, so a lost answer
// does not leave its outcome open.
func TestUpdateIsRepeated(t *testing.T) {
	t.Parallel()
	tenant, conn := rig(t, sandbox.Forms{}, nil)
	tenant.Inject(sandbox.Fault{Method: http.MethodPut, Kind: sandbox.FaultLostAnswer, Times: 1})
	result, _ := actionstest.Run(t, conn, "goal.update", actionstest.Input(t, map[string]any{"Gsid": goalID(1), "StatusName": "New"}))
	if result.Records.Succeeded != 1 || result.Stats.Retries != 1 {
		t.Errorf("%+v after %d retries, want one success after one", result.Records, result.Stats.Retries)
	}
}

package successplan_test

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

func TestCreatedPlanIsInTheTenant(t *testing.T) {
	t.Parallel()
	tenant, conn := connect(t, sandbox.Forms{}, nil)
	_, output := actionstest.Run(t, conn, "success_plan.create", input(t, good(map[string]any{
		"referenceId": "deal-1", "status": "Active", "ActionPlan": "<p>R&D</p>", "Templates": []any{"Quick Start"},
		"Executive_Goal__gc": "Growth", "Plan_Risk__gc": "High",
	})))
	if diff := cmp.Diff([]outcome{{Ref: "deal-1", Status: "succeeded"}}, outcomes(t, output)); diff != "" {
		t.Errorf("results (-want +got):\n%s", diff)
	}
	made := plan(t, tenant, output["results"].([]any)[0].(map[string]any)["id"])
	for field, want := range map[string]any{
		"Name": "Onboarding plan", "DueDate": "2027-06-01", "CompanyId": companyID, "ActionPlan": "<p>R&D</p>",
		"Executive_Goal__gc": "Growth",
	} {
		if made[field] != want {
			t.Errorf("%s is %v, want %v", field, made[field], want)
		}
	}
	if diff := cmp.Diff([]any{"Quick Start"}, made["Templates"]); diff != "" {
		t.Errorf("templates (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"POST /v2/successPlan/ "}, sent(tenant)); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}

func TestObjectives(t *testing.T) {
	t.Parallel()
	const plain, with = "POST /v2/successPlan/ ", "POST /v2/successPlan withObjectives=true"
	objectives := []any{map[string]any{"Name": "Go live", "deep": map[string]any{"n": json.Number("12345678901234567890")}}, "text"}
	tests := map[string]struct {
		objectives []any
		options    string
		want       string
		status     string
	}{
		"none":                   {nil, `{}`, plain, "succeeded"},
		"given":                  {objectives, `{}`, with, "succeeded"},
		"none, asked for":        {nil, `{"withObjectives":true}`, with, "succeeded"},
		"given, not to be taken": {objectives, `{"withObjectives":false}`, plain, "failed"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant, conn := connect(t, sandbox.Forms{}, nil)
			record := good(nil)
			if tt.objectives != nil {
				record["Objectives"] = tt.objectives
			}
			in, err := json.Marshal(map[string]any{"records": []any{record}, "options": json.RawMessage(tt.options)})
			if err != nil {
				t.Fatal(err)
			}
			_, output := actionstest.Run(t, conn, "success_plan.create", string(in))
			if diff := cmp.Diff([]string{tt.want}, sent(tenant)); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
			result := output["results"].([]any)[0].(map[string]any)
			if result["status"] != tt.status {
				t.Fatalf("result %v, want %s", result, tt.status)
			}
			if tt.status == "succeeded" && tt.objectives != nil {
				if diff := cmp.Diff(any(tt.objectives), plan(t, tenant, result["id"])["Objectives"]); diff != "" {
					t.Errorf("objectives are not as given (-want +got):\n%s", diff)
				}
			}
		})
	}
}

func TestInvalidPlansNeverLeave(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		record map[string]any
		want   []string
	}{
		"everything missing": {map[string]any{}, []string{
			"/records/0/DueDate", "/records/0/Name", "/records/0/SuccessPlanType", "/records/0/CompanyId", "/records/0/OwnerId",
		}},
		"no type of the tenant":   {good(map[string]any{"SuccessPlanType": "Rollout"}), []string{"/records/0/SuccessPlanType"}},
		"an inactive type":        {good(map[string]any{"SuccessPlanType": "Pilot"}), []string{"/records/0/SuccessPlanType"}},
		"no status of it":         {good(map[string]any{"status": "New"}), []string{"/records/0/status"}},
		"a date that is none":     {good(map[string]any{"DueDate": "tomorrow"}), []string{"/records/0/DueDate"}},
		"templates not a list":    {good(map[string]any{"Templates": "Quick Start"}), []string{"/records/0/Templates"}},
		"objectives not a list":   {good(map[string]any{"Objectives": map[string]any{}}), []string{"/records/0/Objectives"}},
		"a field of nobody":       {good(map[string]any{"Nmae": "x"}), []string{"/records/0/Nmae"}},
		"a status by its id":      {good(map[string]any{"StatusId": "x"}), []string{"/records/0/StatusId"}},
		"a field only to be read": {good(map[string]any{"PercentComplete": 3}), []string{"/records/0/PercentComplete"}},
	}
	tenant, conn := connect(t, sandbox.Forms{}, nil)
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := execute(t, conn, "success_plan.create", input(t, tt.record))
			if !errors.Is(err, connector.ReasonInvalidInput) {
				t.Fatalf("error %v, want INVALID_INPUT", err)
			}
			var got []string
			for _, v := range connector.AsError(err).Violations {
				got = append(got, v.Pointer)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("violations (-want +got):\n%s", diff)
			}
		})
	}
	t.Cleanup(func() {
		if got := sent(tenant); len(got) > 0 {
			t.Errorf("sent: %v", got)
		}
	})
}

// TestReplyShapes: the reply to a write is inferred; its plausible forms give
// the same results.
func TestReplyShapes(t *testing.T) {
	t.Parallel()
	for name, forms := range map[string]sandbox.Forms{
		"lists of maps": {}, "maps": {PlanResultMaps: true}, "result false": {PartialFails: true},
		"maps, result false": {PlanResultMaps: true, PartialFails: true},
	} {
		for _, size := range []int{1, 2, 50} {
			t.Run(fmt.Sprintf("%s/%d a request", name, size), func(t *testing.T) {
				t.Parallel()
				_, conn := connect(t, forms, map[string]any{"success_plan.create": map[string]any{"records_per_request": size}})
				result, output := actionstest.Run(t, conn, "success_plan.create", input(t,
					good(map[string]any{"referenceId": "z"}),
					good(map[string]any{"referenceId": "y", "CompanyName": "No Such Company"}),
					good(map[string]any{"referenceId": "a"}),
					good(map[string]any{"referenceId": "b", "Templates": []any{"Renewal Template"}}), // not one of Onboarding
				))
				want := []outcome{
					{Ref: "z", Status: "succeeded"}, {Ref: "y", Status: "failed", Reason: "INVALID_INPUT"},
					{Ref: "a", Status: "succeeded"}, {Ref: "b", Status: "failed", Reason: "INVALID_INPUT"},
				}
				if diff := cmp.Diff(want, outcomes(t, output)); diff != "" {
					t.Errorf("results (-want +got):\n%s", diff)
				}
				if want := (&connector.RecordSummary{Total: 4, Succeeded: 2, Failed: 2}); !cmp.Equal(want, result.Records) {
					t.Errorf("summary %+v, want %+v", result.Records, want)
				}
				if strings.Contains(string(result.Output), "No Such Company") {
					t.Errorf("the output repeats a value: %s", result.Output)
				}
			})
		}
	}
}

func TestFiftyOnePlansGoInTwoRequests(t *testing.T) {
	t.Parallel()
	tenant, conn := connect(t, sandbox.Forms{}, map[string]any{"success_plan.create": map[string]any{"records_per_request": 50}})
	for n, requests := range map[int]int{50: 1, 51: 2} {
		records := make([]map[string]any, n)
		for i := range records {
			records[i] = good(map[string]any{"Name": fmt.Sprintf("Plan %d", i)})
		}
		before := len(sent(tenant))
		result, _ := actionstest.Run(t, conn, "success_plan.create", input(t, records...))
		if got := len(sent(tenant)) - before; got != requests || result.Records.Succeeded != n {
			t.Errorf("%d plans: %d requests and %+v, want %d requests and all written", n, got, result.Records, requests)
		}
	}
}

func TestLostAnswerIsUnknownAndNotResent(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		kind sandbox.FaultKind
		want []string
	}{
		"applied, answer lost": {sandbox.FaultLostAnswer, []string{"succeeded", "unknown", "failed"}},
		"answer cut short":     {sandbox.FaultTruncated, []string{"succeeded", "unknown", "failed"}},
		"answer malformed":     {sandbox.FaultMalformed, []string{"succeeded", "unknown", "failed"}},
		"server error":         {sandbox.FaultServerError, []string{"succeeded", "unknown", "failed"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant, conn := connect(t, sandbox.Forms{}, nil)
			tenant.Inject(sandbox.Fault{Method: http.MethodPost, Path: "/v2/successPlan", Kind: tt.kind, After: 1, Times: 1})
			_, output := actionstest.Run(t, conn, "success_plan.create", input(t, good(nil), good(nil), good(nil)))
			var got []string
			for _, o := range outcomes(t, output) {
				got = append(got, o.Status)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("statuses (-want +got):\n%s", diff)
			}
			if n := len(sent(tenant)); n != 2 {
				t.Errorf("%d requests, want 2: a write was repeated, or sent after the failure", n)
			}
		})
	}
}

func TestThrottledFromTheStart(t *testing.T) {
	t.Parallel()
	for name, form := range map[string]sandbox.ThrottleForm{
		"gateway": sandbox.ThrottleGateway429, "gateway with 200": sandbox.ThrottleGateway200, "GU_2400": sandbox.ThrottleUser429,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant, conn := connect(t, sandbox.Forms{}, nil)
			tenant.Inject(sandbox.Fault{Method: http.MethodPost, Path: "/v2/successPlan", Kind: sandbox.FaultThrottled, Throttle: form})
			_, err := execute(t, conn, "success_plan.create", input(t, good(nil)))
			if !errors.Is(err, connector.ReasonRateLimited) || connector.AsError(err).RetryAfter <= 0 {
				t.Errorf("error %v, want RATE_LIMITED with a time to wait", err)
			}
		})
	}
}

// TestOtherSpellings: a tenant that spells keys in its own way (open question
// 25) needs a setting and no more.
func TestOtherSpellings(t *testing.T) {
	t.Parallel()
	forms := sandbox.Forms{PlanReferenceKey: "ReferenceId", PlanCompanyKey: "Company"}
	names := map[string]any{"field_names": map[string]any{"referenceId": "ReferenceId", "CompanyId": "Company"}}
	tests := map[string]struct {
		endpoints map[string]any
		record    map[string]any
		want      string
	}{
		"as documented":          {nil, good(nil), "failed"},
		"set, company looked up": {map[string]any{"success_plan.create": names}, good(nil), "succeeded"},
		"set, company by its id": {
			map[string]any{"success_plan.create": names},
			good(map[string]any{"CompanyName": nil, "CompanyId": companyID}), "succeeded",
		},
		"set, reference is given": {map[string]any{"success_plan.create": names}, good(map[string]any{"referenceId": "x"}), "succeeded"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, conn := connect(t, forms, tt.endpoints)
			_, output := actionstest.Run(t, conn, "success_plan.create", input(t, tt.record))
			if got := outcomes(t, output)[0].Status; got != tt.want {
				t.Errorf("%s, want %s: %v", got, tt.want, output["results"])
			}
		})
	}
}

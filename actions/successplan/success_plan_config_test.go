package successplan_test

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/actions/actionstest"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

func names(t *testing.T, output map[string]any, category string) []string {
	t.Helper()
	var all []string
	for _, i := range output[category].([]any) {
		all = append(all, i.(map[string]any)["name"].(string))
	}
	return all
}

// picklist is the address that tells what the documented call does not.
const picklist = "/v1/data/objects/query/da_picklist"

func TestConfiguration(t *testing.T) {
	t.Parallel()
	all := map[string]any{"success_plan.config": map[string]any{
		"query": "category=SUCCESS_PLAN_TYPE,SUCCESS_PLAN_STATUS,OBJECTIVE_CATEGORY",
	}}
	statuses := []string{"Draft", "Active", "Closed Success", "Closed Invalid", "On Hold", "In Negotiation"}
	tests := map[string]struct {
		forms     sandbox.Forms
		endpoints map[string]any
		fault     *sandbox.Fault
		statuses  []string
		requests  int
		remarks   int
	}{
		"types from the call, the rest from picklists": {statuses: statuses, requests: 2},
		"picklists at the other place": {
			forms: sandbox.Forms{EmptyList: sandbox.EmptyError, RecordsKey: true}, statuses: statuses, requests: 2,
		},
		"all from the call": {
			forms: sandbox.Forms{PlanCategories: true}, endpoints: all, statuses: statuses, requests: 1,
		},
		"as a list": {
			forms: sandbox.Forms{PlanCategories: true, ConfigList: true}, endpoints: all, statuses: statuses, requests: 1,
		},
		"asked for but not known": {endpoints: all, statuses: statuses, requests: 2},
		"picklists refused": {
			fault: &sandbox.Fault{Path: picklist, Kind: sandbox.FaultAddress}, requests: 2, remarks: 2,
		},
		"categories of other names": {
			endpoints: map[string]any{"success_plan.picklist": map[string]any{"keys": map[string]any{"status": []string{"SP_STATE"}}}},
			requests:  2, remarks: 1,
		},
		"no picklist has such a category": {
			forms: sandbox.Forms{EmptyList: sandbox.EmptyFalse},
			endpoints: map[string]any{"success_plan.picklist": map[string]any{"keys": map[string]any{
				"status": []string{"SP_STATE", "SP_STATUS"}, "objective_category": []string{"OC"},
			}}},
			requests: 2, remarks: 2,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant, conn := connect(t, tt.forms, tt.endpoints)
			if tt.fault != nil {
				tenant.Inject(*tt.fault)
			}
			result, output := actionstest.Run(t, conn, "success_plan.config", `{}`)
			if diff := cmp.Diff([]string{"Onboarding", "Adoption", "Renewal", "Pilot"}, names(t, output, "SUCCESS_PLAN_TYPE")); diff != "" {
				t.Errorf("types (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.statuses, names(t, output, "SUCCESS_PLAN_STATUS")); diff != "" {
				t.Errorf("statuses (-want +got):\n%s", diff)
			}
			if len(result.Diagnostics) != tt.remarks {
				t.Errorf("remarks %v, want %d", result.Diagnostics, tt.remarks)
			}
			if n := len(tenant.Requests()); n != tt.requests {
				t.Errorf("%d requests, want %d", n, tt.requests)
			}
		})
	}
}

// TestConfigurationFails: what will pass, or is wrong with the whole
// connection, is no tenant without statuses.
func TestConfigurationFails(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		kind sandbox.FaultKind
		want connector.Reason
	}{
		"throttled":    {sandbox.FaultThrottled, connector.ReasonRateLimited},
		"server error": {sandbox.FaultServerError, connector.ReasonDownstreamUnavailable},
		"key refused":  {sandbox.FaultUnauthorized, connector.ReasonAuthFailed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant, conn := connect(t, sandbox.Forms{}, nil)
			tenant.Inject(sandbox.Fault{Path: picklist, Kind: tt.kind})
			if _, err := execute(t, conn, "success_plan.config", `{}`); !errors.Is(err, tt.want) {
				t.Errorf("error %v, want %s", err, tt.want)
			}
		})
	}
}

// offered returns the values that the schema of a field allows.
func offered(t *testing.T, conn *host.Connection, action, field string, selectors map[string]string) []string {
	t.Helper()
	d, err := conn.Describe(t.Context(), connector.DescribeRequest{Action: action, Selectors: selectors})
	if err != nil {
		t.Fatal(err)
	}
	var document struct {
		Defs struct {
			Record struct {
				Properties map[string]struct {
					OneOf []struct{ Const string }
				}
			}
		} `json:"$defs"`
	}
	if err := json.Unmarshal(d.Input, &document); err != nil {
		t.Fatal(err)
	}
	property, ok := document.Defs.Record.Properties[field]
	if !ok {
		t.Fatalf("%s has no %s", action, field)
	}
	var all []string
	for _, o := range property.OneOf {
		all = append(all, o.Const)
	}
	return all
}

func TestFieldsFollowTheTenant(t *testing.T) {
	t.Parallel()
	acme := actionstest.Connect(t, sandbox.New(sandbox.Acme(), nil), nil)
	globex := actionstest.Connect(t, sandbox.New(sandbox.Globex(), nil), nil)
	onHold, inTalks := "On Hold", "In Negotiation"
	tests := map[string]struct {
		conn      *host.Connection
		action    string
		field     string
		selectors map[string]string
		want      []string
	}{
		"types":            {acme, "success_plan.create", "SuccessPlanType", nil, []string{"Onboarding", "Adoption", "Renewal"}},
		"types of another": {globex, "success_plan.create", "SuccessPlanType", nil, []string{"Rollout", "Modernization"}},
		"statuses": {
			acme, "success_plan.update", "status", nil, []string{"Draft", "Active", "Closed Success", "Closed Invalid", inTalks},
		},
		"statuses of a type": {
			acme, "success_plan.create", "status", map[string]string{"SuccessPlanType": "Adoption"},
			[]string{"Draft", "Active", "Closed Success", "Closed Invalid"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := offered(t, tt.conn, tt.action, tt.field, tt.selectors)
			if diff := cmp.Diff(tt.want, got); diff != "" || slices.Contains(got, onHold) {
				t.Errorf("values (-want +got):\n%s", diff)
			}
			page, err := tt.conn.Options(t.Context(), connector.OptionsRequest{
				Action: tt.action, Pointer: "/records/0/" + tt.field, Selectors: tt.selectors,
			})
			if err != nil {
				t.Fatal(err)
			}
			var options []string
			for _, o := range page.Options {
				if !o.Inactive {
					options = append(options, o.Value)
				}
			}
			if diff := cmp.Diff(got, options); diff != "" {
				t.Errorf("options and schema differ (-schema +options):\n%s", diff)
			}
		})
	}
}

// TestStatusesThatNobodyTells leave the field open: a plan can still be made.
func TestStatusesThatNobodyTells(t *testing.T) {
	t.Parallel()
	tenant, conn := connect(t, sandbox.Forms{}, nil)
	tenant.Inject(sandbox.Fault{Path: picklist, Kind: sandbox.FaultAddress})
	if got := offered(t, conn, "success_plan.create", "status", nil); len(got) > 0 {
		t.Errorf("statuses %v from a tenant that tells none", got)
	}
	result, _ := actionstest.Run(t, conn, "success_plan.create", input(t, good(map[string]any{"status": "Active"})))
	if result.Records.Succeeded != 1 {
		t.Errorf("not written: %s", result.Output)
	}
}

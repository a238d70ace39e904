package successplan_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/actions/actionstest"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

// Records of acme.
const (
	planID    = "1S02ACME0000000000000000000000000001"
	companyID = "1P02ACME0000000000000000000000000002"
)

// good is a record that acme accepts; changes are laid over it, and a nil
// takes a field away.
func good(changes map[string]any) map[string]any {
	return actionstest.With(map[string]any{
		"Name": "Onboarding plan", "CompanyName": "Aurora Labs", "OwnerEmail": "ada.berg@example.com",
		"DueDate": "2027-06-01", "SuccessPlanType": "Onboarding",
	}, changes)
}

func input(t *testing.T, records ...map[string]any) string {
	t.Helper()
	return actionstest.Input(t, records...)
}

func execute(t *testing.T, conn *host.Connection, action, in string) (connector.Result, error) {
	t.Helper()
	return conn.Execute(t.Context(), connector.Call{Action: action, Input: json.RawMessage(in)})
}

// connect opens a connection to acme in the given forms, with settings of one
// endpoint.
func connect(t *testing.T, forms sandbox.Forms, endpoints map[string]any) (*sandbox.Tenant, *host.Connection) {
	t.Helper()
	tenant := sandbox.New(sandbox.Acme(), &sandbox.Options{Forms: forms})
	settings := actionstest.Settings{}
	if endpoints != nil {
		settings["endpoints"] = endpoints
	}
	return tenant, actionstest.Connect(t, tenant, settings)
}

// outcome is what a test compares of a record's result.
type outcome struct{ Ref, Status, Reason string }

func outcomes(t *testing.T, output map[string]any) []outcome {
	t.Helper()
	var got []outcome
	for _, r := range actionstest.Results(t, output) {
		got = append(got, outcome{r.Ref, r.Status, r.Reason})
	}
	return got
}

// plan reads a plan back.
func plan(t *testing.T, tenant *sandbox.Tenant, id any) map[string]any {
	t.Helper()
	for _, p := range tenant.Plans() {
		if p["Gsid"] == id {
			return p
		}
	}
	t.Fatalf("there is no plan %v", id)
	return nil
}

// sent returns method, path and query of the requests to the plan API that
// write.
func sent(tenant *sandbox.Tenant) []string {
	var all []string
	for _, r := range tenant.Requests() {
		if r.Method != http.MethodGet && r.Path != "/v1/data/objects/query/da_picklist" {
			all = append(all, r.Method+" "+r.Path+" "+r.Query)
		}
	}
	return all
}

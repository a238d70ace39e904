package goals_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/actions/actionstest"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

// gsid is the id of a seeded record of acme.
func gsid(kind string, n int) string { return fmt.Sprintf("%sACME0000000000%018d", kind, n) }

// planID is a success plan of acme.
const planID = "1S02ACME0000000000000000000000000001"

func ctaID(n int) string  { return gsid("1S01", n) }
func goalID(n int) string { return gsid("1X02", n) }

// good is a goal that acme accepts, with changes; a nil takes a field away.
func good(changes map[string]any) map[string]any {
	return actionstest.With(map[string]any{"Name": "Raise adoption", "StatusName": "New", "CompanyName": "Aurora Labs"}, changes)
}

// outcome is what a test compares of a record's result.
type outcome = actionstest.Outcome

// rig is a connection to a tenant of its own.
func rig(t *testing.T, forms sandbox.Forms, settings actionstest.Settings) (*sandbox.Tenant, *host.Connection) {
	t.Helper()
	tenant := sandbox.New(sandbox.Acme(), &sandbox.Options{Forms: forms})
	return tenant, actionstest.Connect(t, tenant, settings)
}

func endpoint(name string, own map[string]any) actionstest.Settings {
	return actionstest.Settings{"endpoints": map[string]any{name: own}}
}

func execute(t *testing.T, conn *host.Connection, action, in string) (connector.Result, error) {
	t.Helper()
	return conn.Execute(t.Context(), connector.Call{Action: action, Input: json.RawMessage(in)})
}

// written returns a goal as the tenant has it.
func written(t *testing.T, tenant *sandbox.Tenant, id string) map[string]any {
	t.Helper()
	for _, g := range tenant.Goals() {
		if g["Gsid"] == id {
			return g
		}
	}
	t.Fatalf("there is no goal %s", id)
	return nil
}

// sent counts the requests with a method and a path.
func sent(tenant *sandbox.Tenant, method, path string) int {
	n := 0
	for _, r := range tenant.Requests() {
		if r.Method == method && r.Path == path {
			n++
		}
	}
	return n
}

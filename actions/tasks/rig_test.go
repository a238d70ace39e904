package tasks_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/actions/actionstest"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

// gsid is the id of a seeded record of acme.
func gsid(kind string, n int) string { return fmt.Sprintf("%sACME0000000000%018d", kind, n) }

func ctaID(n int) string  { return gsid("1S01", n) }
func taskID(n int) string { return gsid("1X01", n) }

// good is a task that acme accepts, with changes; a nil takes a field away.
func good(changes map[string]any) map[string]any {
	return actionstest.With(map[string]any{
		"CtaId": ctaID(1), "Name": "Call the sponsor", "OwnerEmail": "ada.berg@example.com", "DueDate": "2026-12-10",
		"status": "New", "priority": "High",
	}, changes)
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

// written returns a task as the tenant has it.
func written(t *testing.T, tenant *sandbox.Tenant, id string) map[string]any {
	t.Helper()
	for _, task := range tenant.Tasks() {
		if task["Gsid"] == id {
			return task
		}
	}
	t.Fatalf("there is no task %s", id)
	return nil
}

// posts counts the requests by POST.
func posts(tenant *sandbox.Tenant) int {
	n := 0
	for _, r := range tenant.Requests() {
		if r.Method == http.MethodPost {
			n++
		}
	}
	return n
}

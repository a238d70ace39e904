package timeline_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/actions/actionstest"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

// with returns settings that override one endpoint.
func with(endpoint string, override map[string]any) actionstest.Settings {
	return actionstest.Settings{"endpoints": map[string]any{endpoint: override}}
}

// good is a record that acme accepts; changes are laid over it, and a nil
// takes a field away.
func good(id string, changes map[string]any) map[string]any {
	return actionstest.With(map[string]any{
		"ExternalId": id, "ContextName": "Company", "TypeName": "Update", "Subject": "Review", "Notes": "<p>R&D said \"no\"</p>",
		"ActivityDate": "2026-10-01T09:30:00Z", "Author": "ada.berg@example.com", "companyName": "Aurora Labs",
	}, changes)
}

func input(t *testing.T, records ...map[string]any) string {
	t.Helper()
	return actionstest.Input(t, records...)
}

// lines is records as NDJSON.
func lines(t *testing.T, records ...map[string]any) string {
	t.Helper()
	var b strings.Builder
	for _, r := range records {
		line, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(line)
		b.WriteByte('\n')
	}
	return b.String()
}

// outcome is what a test compares of a record's result.
type outcome = actionstest.Outcome

func outcomes(t *testing.T, output map[string]any) []outcome {
	t.Helper()
	return actionstest.Outcomes(t, output)
}

// activity returns the activity of an ExternalId; nil if there is none.
func activity(tenant *sandbox.Tenant, id string) map[string]any {
	for _, a := range tenant.Activities() {
		if a["ExternalId"] == id {
			return a
		}
	}
	return nil
}

// sent counts requests of a method whose path begins so.
func sent(tenant *sandbox.Tenant, method, path string) int {
	n := 0
	for _, r := range tenant.Requests() {
		if r.Method == method && strings.HasPrefix(r.Path, path) {
			n++
		}
	}
	return n
}

func execute(t *testing.T, conn *host.Connection, action, in string) (connector.Result, error) {
	t.Helper()
	return conn.Execute(t.Context(), connector.Call{Action: action, Input: json.RawMessage(in)})
}

func upload(t *testing.T, conn *host.Connection, action, in, content string) (connector.Result, error) {
	t.Helper()
	call := connector.Call{Action: action, Input: json.RawMessage(in)}
	return conn.Upload(t.Context(), call, "application/x-ndjson", strings.NewReader(content))
}

// start uploads and returns the job id.
func start(t *testing.T, conn *host.Connection, action, in, content string) string {
	t.Helper()
	result, err := upload(t, conn, action, in, content)
	if err != nil {
		t.Fatal(err)
	}
	var job struct {
		JobID string `json:"jobId"`
	}
	if err := json.Unmarshal(result.Output, &job); err != nil || job.JobID == "" {
		t.Fatalf("output %s: %v", result.Output, err)
	}
	return job.JobID
}

// finish asks for the state of a job until it is final, and returns the states
// on the way.
func finish(t *testing.T, conn *host.Connection, id string) (states []string, last map[string]any) {
	t.Helper()
	for {
		_, output := actionstest.Run(t, conn, "activity.job_status", `{"jobId":"`+id+`"}`)
		states = append(states, output["jobStatus"].(string))
		if output["done"] == true {
			return states, output
		}
	}
}

// connectTo opens a connection to a tenant behind a handler of the test's own.
func connectTo(t *testing.T, tenant *sandbox.Tenant, handler http.Handler) *host.Connection {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return actionstest.Open(t, actionstest.Host(t), tenant, server.URL, nil)
}

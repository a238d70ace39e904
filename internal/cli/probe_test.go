package cli_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

// formed serves acme with forms and returns what its connection file holds.
func formed(t *testing.T, forms sandbox.Forms) map[string]any {
	t.Helper()
	seed := sandbox.Acme()
	tenant := sandbox.New(seed, &sandbox.Options{Limits: &sandbox.Limits{}, Forms: forms})
	server := httptest.NewServer(tenant)
	t.Cleanup(server.Close)
	return decoded(t, connectionTo(t, server.URL, seed.AccessKey))
}

func (o outcome) settings(t *testing.T) map[string]any {
	t.Helper()
	settings, ok := decoded(t, o.stdout)["settings"].(map[string]any)
	if !ok {
		t.Fatalf("stdout has no settings:\n%s", o.stdout)
	}
	return settings
}

func asFile(t *testing.T, settings map[string]any) string {
	t.Helper()
	text, err := json.Marshal(settings)
	if err != nil {
		t.Fatal(err)
	}
	return file(t, "connection.json", string(text))
}

func TestProbe(t *testing.T) {
	t.Parallel()
	_, connection := acme(t)
	o := run(t, "probe", "--connection", connection)
	o.wants(t, 0, "0 differ", "requests to the tenant")
	golden(t, "probe.txt", o.stdout)
}

// TestProbeMends: what a probe of a tenant that differs prints, merged into the
// connection file, leaves nothing that differs.
func TestProbeMends(t *testing.T) {
	t.Parallel()
	settings := formed(t, sandbox.Forms{TaskList: sandbox.TaskListNone, ReasonCategory: "CTA_REASONS", Playbooks: sandbox.PlaybooksNone})
	connection := asFile(t, settings)
	o := run(t, "probe", "--connection", connection)
	o.wants(t, 3, "3 differ")
	for _, text := range []string{
		`set /endpoints/task.list/form to "object-query"`, `set /endpoints/cta.config/keys/reason to ["CTA_REASONS"]`,
		"no setting is known that mends it", "Merge this into " + connection, `"form": "object-query"`,
	} {
		if !strings.Contains(o.stdout, text) {
			t.Errorf("stdout lacks %q:\n%s", text, o.stdout)
		}
	}
	o = run(t, "probe", "--json", "--only", "tasks", "--only", "cockpit", "--connection", connection)
	o.wants(t, 3, `"probe":{"hold":`, `"differ":3`)
	settings["endpoints"] = o.settings(t)["endpoints"]
	o = run(t, "probe", "--json", "--connection", asFile(t, settings))
	o.wants(t, 3, `"differ":1`) // the playbooks that nothing can find
	if got := o.settings(t); len(got) > 0 {
		t.Errorf("settings are left to be made: %v", got)
	}
}

func TestProbeOfWrites(t *testing.T) {
	t.Parallel()
	tenant, connection := acme(t)
	run(t, "probe", "--writes", "--connection", connection).wants(t, 0, "warning: --writes", "use a test tenant", "0 differ")
	sent := false
	for _, r := range tenant.Requests() {
		sent = sent || r.Method == http.MethodPut
	}
	if !sent {
		t.Error("nothing was sent to an operation that writes")
	}
	o := run(t, "probe", "--writes", "--json", "--only", "goals", "--connection", connection)
	o.wants(t, 0)
	if diagnostics, _ := decoded(t, o.stderr)["diagnostics"].([]any); len(diagnostics) != 1 {
		t.Errorf("stderr: %s", o.stderr)
	}
}

func TestProbeOfJobs(t *testing.T) {
	t.Parallel()
	_, connection := acme(t)
	o := run(t, "probe", "--jobs", "--only", "bulk", "--connection", connection)
	o.wants(t, 0, "warning: --jobs", "at most three", "0 differ", "asynchronous")
	if strings.Contains(o.stderr, "--writes") {
		t.Errorf("stderr: %s", o.stderr)
	}
}

func TestProbeRefusals(t *testing.T) {
	t.Parallel()
	_, connection := acme(t)
	run(t, "probe", "--only", "taks", "--connection", connection).wants(t, 1, `there is no group "taks"`, "did you mean tasks?")
	run(t, "probe", "--object", "compnay", "--connection", connection).wants(t, 1, `the tenant has no object "compnay"`, "object.list")
	run(t, "probe").wants(t, 2, "--connection FILE is missing")
	settings := formed(t, sandbox.Forms{})
	settings["auth"] = map[string]any{"type": "access_key", "access_key": "wrong"}
	run(t, "probe", "--connection", asFile(t, settings)).wants(t, 1, "refused the access key")
}

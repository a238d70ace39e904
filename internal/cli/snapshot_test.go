package cli_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

// TestSnapshot: what is saved of a tenant gives the schemas that the tenant
// gives, without it.
func TestSnapshot(t *testing.T) {
	t.Parallel()
	for _, seed := range []sandbox.Seed{sandbox.Acme(), sandbox.Globex()} {
		t.Run(seed.Name, func(t *testing.T) {
			t.Parallel()
			tenant, connection := serve(t, seed)
			path := filepath.Join(t.TempDir(), "tenant.snapshot.json")
			run(t, "describe", "--save", path, "--connection", connection, "--objects", "wide__gc").
				wants(t, 0, "the metadata of tenant acme, ", "no credentials and no records")
			saved := content(t, path)
			for _, secret := range []string{seed.AccessKey, "Northwind", "Alpine Rail", "@example.com", "namedFieldDetails"} {
				if strings.Contains(saved, secret) {
					t.Errorf("the snapshot holds %s", secret)
				}
			}
			for _, action := range []string{
				"cta.create", "cta.update", "activity.save", "user.create", "goal.create", "task.create", "success_plan.create",
			} {
				live := run(t, "describe", action, "--connection", connection)
				asked := len(tenant.Requests())
				from := run(t, "describe", action, "--from", path)
				from.wants(t, 0, "the schema of tenant acme; its metadata were read")
				if diff := cmp.Diff(live.stdout, from.stdout); diff != "" {
					t.Errorf("%s (-tenant +snapshot):\n%s", action, diff)
				}
				if n := len(tenant.Requests()) - asked; n != 0 {
					t.Errorf("the tenant was asked %d times", n)
				}
			}
		})
	}
}

// TestSnapshotKeepsSettings: what a connection says of its tenant beside the
// metadata counts without the tenant as well, and its own path to a picklist's
// items is the one that is taken.
func TestSnapshotKeepsSettings(t *testing.T) {
	t.Parallel()
	seed := sandbox.Globex()
	tenant := sandbox.New(seed, &sandbox.Options{Limits: &sandbox.Limits{}})
	const usual, own = "/v1/meta/services/dropdowns/", "/v9/lists/"
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch rest, moved := strings.CutPrefix(r.URL.Path, own); {
		case moved:
			r.URL.Path = usual + rest
		case strings.HasPrefix(r.URL.Path, usual):
			http.NotFound(w, r)
			return
		}
		tenant.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	settings, err := json.Marshal(map[string]any{
		"tenant": "acme", "base_url": server.URL, "auth": map[string]any{"type": "access_key", "access_key": seed.AccessKey},
		"field_types": map[string]string{"CURRENCY": "STRING", "BLUEPRINT": "URL"}, "time_zone": "Europe/Berlin",
		"objects":    map[string]string{"goal": "goal__gc"}, // not what the label would lead to
		"validation": "strict",
		"required":   map[string]any{"cta.create": map[string]any{"DueDate": true}},
		"observed": map[string]any{"user.create": map[string]any{
			"Title": map[string]any{"code": "GSOBJ_1007", "requestId": "r-1", "at": "2026-11-01T00:00:00Z"},
		}},
		"endpoints": map[string]any{"dropdown": map[string]any{"path": own + "{categoryId}"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	connection := file(t, "connection.json", string(settings))
	path := filepath.Join(t.TempDir(), "tenant.snapshot.json")
	saved := run(t, "describe", "--save", path, "--connection", connection)
	saved.wants(t, 0)
	if strings.Contains(saved.stderr, "picklist category") {
		t.Errorf("a category was not found:\n%s", saved.stderr)
	}
	for _, action := range []string{"cta.create", "goal.create", "user.create"} {
		live := run(t, "describe", action, "--connection", connection)
		from := run(t, "describe", action, "--from", path)
		if diff := cmp.Diff(live.stdout, from.stdout); diff != "" {
			t.Errorf("%s (-tenant +snapshot):\n%s", action, diff)
		}
	}
	text := content(t, path)
	for _, part := range []string{"/v9/", "127.0.0.1", seed.AccessKey} {
		if strings.Contains(text, part) {
			t.Errorf("the snapshot holds %s", part)
		}
	}
	twin := content(t, sandboxed(t, 1, "--from", path)["acme"])
	for _, part := range []string{"Europe/Berlin", "CURRENCY", "strict", "DueDate", "GSOBJ_1007"} {
		if !strings.Contains(twin, part) {
			t.Errorf("the connection to the twin lacks the setting with %s:\n%s", part, twin)
		}
	}
}

// TestSnapshotOfOneAction has only what that needs, and is the same every time.
func TestSnapshotOfOneAction(t *testing.T) {
	t.Parallel()
	_, connection := acme(t)
	dir := t.TempDir()
	first, second := filepath.Join(dir, "1.json"), filepath.Join(dir, "2.json")
	for _, path := range []string{first, second} {
		run(t, "describe", "user.create", "--save", path, "--connection", connection).wants(t, 0)
	}
	lines := func(path string) string { // but for the moment
		text := content(t, path)
		before, rest, _ := strings.Cut(text, ` "takenAt"`)
		_, after, _ := strings.Cut(rest, "\n")
		return before + after
	}
	if diff := cmp.Diff(lines(first), lines(second)); diff != "" {
		t.Errorf("two snapshots differ:\n%s", diff)
	}
	text := content(t, first)
	if !strings.Contains(text, `"objectName": "gsuser"`) || strings.Contains(text, `"objectName": "call_to_action"`) {
		t.Errorf("it has not the object of the action, or others:\n%.3000s", text)
	}
}

// TestTwin: a simulated tenant made of a snapshot takes what the tenant takes.
func TestTwin(t *testing.T) {
	t.Parallel()
	_, connection := serve(t, sandbox.Globex())
	path := filepath.Join(t.TempDir(), "globex.snapshot.json")
	run(t, "describe", "--save", path, "--connection", connection).wants(t, 0)
	twin := sandboxed(t, 1, "--from", path)["acme"]
	record := map[string]any{
		"Name": "Late parts", "CompanyName": "Aurora Labs", "OwnerEmail": "ada.berg@example.com", "DueDate": "2026-12-15",
		"type": "Risk", "reason": "Usage", "status": "New", "priority": "Critical", "Business_Impact__gc": "Delayed",
	}
	runWith(t.Context(), records(t, record), "run", "cta.create", "--connection", twin, "--input", "-").
		wants(t, 0, "1 record: 1 succeeded")
	for what, want := range map[string]struct {
		action, pointer string
		values          []string
	}{
		"activity types": {"activity.save", "/records/*/TypeName", []string{"Visit", "Board Review"}},
		"task types":     {"task.create", "/records/*/type", []string{"Site Visit"}},
	} {
		listed := run(t, "options", want.action, want.pointer, "--connection", twin)
		for _, value := range want.values {
			if !strings.Contains(listed.stdout, `"`+value+`"`) {
				t.Errorf("%s: the twin has no %s:\n%s", what, value, listed.stdout)
			}
		}
	}
	record["Business_Impact__gc"] = "Unheard of"
	runWith(t.Context(), records(t, record), "run", "cta.create", "--connection", twin, "--input", "-").
		wants(t, 1, "Business_Impact__gc")
}

func TestSnapshotRefusals(t *testing.T) {
	t.Parallel()
	_, connection := acme(t)
	dead := httptest.NewServer(nil)
	dead.Close()
	foreign := file(t, "foreign.json", `{"version":9}`)
	const unwritten = "SNAPSHOT"
	tests := map[string]struct {
		args  []string
		code  int
		wants []string
	}{
		"no action": {[]string{"describe", "--connection", connection}, 2, []string{"ACTION is missing"}},
		"an unknown action": {
			[]string{"describe", "cta.crate", "--save", unwritten, "--connection", connection}, 1, []string{"did you mean cta.create"},
		},
		"an unknown object": {
			[]string{"describe", "cta.create", "--save", unwritten, "--objects", "compny", "--connection", connection},
			1, []string{"did you mean company?"},
		},
		"no connection": {[]string{"describe", "--save", unwritten}, 2, []string{"--connection FILE is missing"}},
		"no such tenant": {
			[]string{"describe", "--save", unwritten, "--connection", file(t, "c.json", connectionTo(t, dead.URL, "k"))},
			1, []string{"cannot be reached"},
		},
		"two tenants": {
			[]string{"describe", "cta.create", "--from", foreign, "--connection", connection}, 2, []string{"--from needs no tenant"},
		},
		"objects alone":     {[]string{"describe", "cta.create", "--objects", "company"}, 2, []string{"--objects goes with --save"}},
		"selectors to save": {[]string{"describe", "--save", unwritten, "--select", "type=Risk"}, 2, []string{"--select goes with"}},
		"another version":   {[]string{"describe", "cta.create", "--from", foreign}, 2, []string{"is a snapshot of version 9", "--save"}},
		"no snapshot":       {[]string{"sandbox", "--from", connection}, 2, []string{"is no snapshot"}},
		"tenant and file":   {[]string{"sandbox", "--from", foreign, "--tenant", "acme"}, 2, []string{"--from has one of its own"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "x.json")
			args := slices.Clone(tt.args)
			for i, arg := range args {
				args[i] = strings.Replace(arg, unwritten, path, 1)
			}
			run(t, args...).wants(t, tt.code, tt.wants...)
			if _, err := os.Stat(path); err == nil {
				t.Error("a file was left behind")
			}
		})
	}
}

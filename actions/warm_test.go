package actions_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/actions/actionstest"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
	"github.com/gainsight-connector/gainsight-connector/internal/snapshot"
)

// mute is a tenant that can stop telling anything of itself, while it goes on
// to take records.
type mute struct {
	tenant *sandbox.Tenant
	url    string
	silent atomic.Bool
}

func serveMute(t *testing.T, seed sandbox.Seed) *mute {
	t.Helper()
	m := &mute{tenant: sandbox.New(seed, &sandbox.Options{Limits: &sandbox.Limits{}})}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		tells := strings.HasPrefix(r.URL.Path, "/v1/meta/") || strings.Contains(r.URL.Path, "/admin/") ||
			strings.HasPrefix(r.URL.Path, "/v1/data/objects/query/")
		if m.silent.Load() && tells {
			http.Error(w, "down", http.StatusServiceUnavailable)
			return
		}
		m.tenant.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	m.url = server.URL
	return m
}

// saved takes a snapshot of a tenant, as the command line does.
func saved(t *testing.T, conn *host.Connection, objects ...string) string {
	t.Helper()
	s := snapshot.New("acme", time.Date(2026, 11, 1, 10, 0, 0, 0, time.UTC))
	for _, name := range objects {
		_, output := actionstest.Run(t, conn, "object.describe", `{"objectName":"`+name+`"}`)
		for _, o := range output["records"].([]any) {
			if err := s.Add(raw(t, o)); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, id := range []string{"cta.config", "success_plan.config"} {
		_, output := actionstest.Run(t, conn, id, `{}`)
		s.Configurations[id] = raw(t, output)
	}
	text, err := s.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func raw(t *testing.T, v any) json.RawMessage {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

const (
	newCTA = `{"records":[{"Name":"A","CompanyName":"Aurora Labs","OwnerEmail":"ada.berg@example.com","DueDate":"2026-12-15",
		"type":"Risk","reason":"Habits","status":"New","priority":"High","Severity__gc":"High"}]}`
	newGoal = `{"records":[{"Name":"A","StatusName":"New","CompanyName":"Aurora Labs","DueDate":"2026-12-15","cf_picklist__gc":"CISCO"}]}`
)

// TestWarmConnection: a connection that has a snapshot writes although it was
// never told anything by the tenant, and holds records to what the snapshot
// says. When the tenant tells again, that counts.
func TestWarmConnection(t *testing.T) {
	t.Parallel()
	m := serveMute(t, sandbox.Acme())
	text := saved(t, actionstest.Open(t, actionstest.Host(t), m.tenant, m.url, nil), "call_to_action", "cs_goal")
	m.silent.Store(true)

	cold := actionstest.Open(t, actionstest.Host(t), m.tenant, m.url, nil)
	_, err := cold.Execute(t.Context(), connector.Call{Action: "cta.create", Input: []byte(newCTA)})
	if !errors.Is(err, connector.ReasonDownstreamUnavailable) {
		t.Fatalf("error %v, want that a cold connection cannot write", err)
	}
	warm := actionstest.Open(t, actionstest.Host(t), m.tenant, m.url, actionstest.Settings{"snapshot": text})
	for action, input := range map[string]string{"cta.create": newCTA, "goal.create": newGoal} {
		if _, err := warm.Execute(t.Context(), connector.Call{Action: action, Input: []byte(input)}); err != nil {
			t.Errorf("%s: %v", action, err)
		}
	}
	huge := strings.Replace(newCTA, `"Severity__gc":"High"`, `"Severity__gc":"Huge"`, 1)
	_, err = warm.Execute(t.Context(), connector.Call{Action: "cta.create", Input: []byte(huge)})
	if !errors.Is(err, connector.ReasonInvalidInput) {
		t.Errorf("error %v, want the record refused by the snapshot's schema", err)
	}
	d, err := warm.Describe(t.Context(), connector.DescribeRequest{Action: "cta.create"})
	if err != nil || !d.FetchedAt.Equal(time.Date(2026, 11, 1, 10, 0, 0, 0, time.UTC)) || len(d.Diagnostics) == 0 {
		t.Errorf("described %v, %+v, error %v; want the snapshot's age and a remark", d.FetchedAt, d.Diagnostics, err)
	}

	if slices.ContainsFunc(d.Diagnostics, ofAnotherTenant) {
		t.Errorf("described with %+v, want the snapshot taken as the tenant's own", d.Diagnostics)
	}

	m.silent.Store(false)
	fresh, err := warm.Describe(t.Context(), connector.DescribeRequest{Action: "cta.create", Refresh: true})
	if err != nil || !fresh.FetchedAt.After(d.FetchedAt) {
		t.Errorf("described %v, error %v; want what the tenant says now", fresh.FetchedAt, err)
	}
	if diff := cmp.Diff(string(d.Input), string(fresh.Input)); diff != "" {
		t.Errorf("the snapshot gives another schema (-snapshot +tenant):\n%s", diff)
	}
}

func TestSnapshotsThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	p := actionstest.Host(t)
	tests := map[string]struct{ text, want string }{
		"no JSON":            {`{`, "is no snapshot"},
		"another version":    {`{"version":7}`, "version 7"},
		"no list of objects": {`{"version":1,"objects":7}`, "cannot be read"},
		"a broken category":  {`{"version":1,"dropdowns":{"x":7}}`, "/snapshot"},
		"empty":              {``, "/snapshot"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config, err := json.Marshal(map[string]any{
				"base_url": "http://127.0.0.1:1", "auth": map[string]any{"type": "access_key"}, "snapshot": tt.text,
			})
			if err != nil {
				t.Fatal(err)
			}
			_, err = p.Open(t.Context(), connector.Settings{
				Config: config, Secrets: map[string]connector.Secret{"/auth/access_key": connector.NewSecret("k")},
			})
			if !errors.Is(err, connector.ReasonInvalidConnection) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %s that says %q", err, connector.ReasonInvalidConnection, tt.want)
			}
		})
	}
}

func ofAnotherTenant(d connector.Diagnostic) bool {
	return d.Severity == connector.SeverityWarning && strings.Contains(d.Summary, `the snapshot of tenant "globex", which the settings of tenant "acme" name`)
}

// TestSnapshotOfAnotherTenant serves, for it may be the same one by another
// name, and whoever describes an action by it is told.
func TestSnapshotOfAnotherTenant(t *testing.T) {
	t.Parallel()
	m := serveMute(t, sandbox.Acme())
	text := saved(t, actionstest.Open(t, actionstest.Host(t), m.tenant, m.url, nil), "call_to_action")
	text = strings.Replace(text, `"tenant": "acme"`, `"tenant": "globex"`, 1)
	m.silent.Store(true)
	conn := actionstest.Open(t, actionstest.Host(t), m.tenant, m.url, actionstest.Settings{"snapshot": text})
	d, err := conn.Describe(t.Context(), connector.DescribeRequest{Action: "cta.create"})
	if err != nil || !slices.ContainsFunc(d.Diagnostics, ofAnotherTenant) {
		t.Errorf("described with %+v, error %v; want a warning", d.Diagnostics, err)
	}
	m.silent.Store(false)
	d, err = conn.Describe(t.Context(), connector.DescribeRequest{Action: "cta.create", Refresh: true})
	if err != nil || slices.ContainsFunc(d.Diagnostics, ofAnotherTenant) {
		t.Errorf("described with %+v, error %v; want what the tenant says, without a warning", d.Diagnostics, err)
	}
}

package catalog_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

// manyTenants answers for as many tenants as there are access keys "NNNN", each
// at an address below /NNNN: budgets belong to an address. All have the same 200
// fields on call_to_action, but ids of their own unless they are alike, so that
// no two schemas are the same.
type manyTenants struct {
	tenant *sandbox.Tenant
	object []byte
	alike  bool
}

func newManyTenants() *manyTenants {
	t := sandbox.New(sandbox.Acme(), &sandbox.Options{Limits: &sandbox.Limits{}})
	req := httptest.NewRequest(http.MethodGet, "/v1/meta/services/objects/wide__gc/describe", http.NoBody)
	req.Header.Set("Accesskey", t.AccessKey())
	answer := httptest.NewRecorder()
	t.ServeHTTP(answer, req)
	return &manyTenants{tenant: t, object: bytes.ReplaceAll(answer.Body.Bytes(), []byte("wide__gc"), []byte("call_to_action"))}
}

func (m *manyTenants) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !strings.HasSuffix(r.URL.Path, "/call_to_action/describe") {
		key := r.Header.Get("Accesskey")
		r.Header.Set("Accesskey", m.tenant.AccessKey())
		http.StripPrefix("/"+key, m.tenant).ServeHTTP(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	id := r.Header.Get("Accesskey")
	if m.alike {
		id = "0000"
	}
	_, _ = w.Write(bytes.ReplaceAll(m.object, []byte("ACME"), []byte(id))) //nolint:gosec // no page, and keys of our own
}

// BenchmarkIdleConnections opens a thousand connections in one process, has
// each describe an action with 200 tenant fields and check a record against
// them, and says what the process then takes. In a second round all of them
// describe again: what was dropped is asked for anew.
func BenchmarkIdleConnections(b *testing.B) {
	const connections = 1000
	tenants := newManyTenants()
	server := httptest.NewServer(tenants)
	b.Cleanup(server.Close)
	path, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		p, err := host.Launch(b.Context(), path, nil)
		if err != nil {
			b.Fatal(err)
		}
		all := make([]*host.Connection, connections)
		for i := range all {
			key := fmt.Sprintf("%04d", i)
			all[i] = openKeyed(b, p, server.URL+"/"+key, key)
		}
		b.ReportMetric(resident(b, p.PID(), "VmRSS"), "MiB_opened")
		for _, conn := range all {
			checkOne(b, conn)
		}
		b.ReportMetric(resident(b, p.PID(), "VmRSS"), "MiB_used")
		b.ReportMetric(resident(b, p.PID(), "VmHWM"), "MiB_peak")
		if err := p.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkOpen measures a new connection.
func BenchmarkOpen(b *testing.B) {
	p, _, server := launched(b)
	for b.Loop() {
		openKeyed(b, p, server.URL, "0000")
	}
}

func openKeyed(tb testing.TB, p *host.Plugin, url, key string) *host.Connection {
	tb.Helper()
	conn, err := p.Open(tb.Context(), connector.Settings{
		Tenant:  "tenant " + key,
		Config:  json.RawMessage(fmt.Sprintf(`{"base_url":%q,"auth":{"type":"access_key"}}`, url)),
		Secrets: map[string]connector.Secret{"/auth/access_key": connector.NewSecret(key)},
	})
	if err != nil {
		tb.Fatal(err)
	}
	return conn
}

// checkOne has the schema made and compiled.
func checkOne(tb testing.TB, conn *host.Connection) {
	tb.Helper()
	d, err := conn.Describe(tb.Context(), connector.DescribeRequest{Action: "cta.create"})
	if err != nil || len(d.Input) < 50_000 {
		tb.Fatalf("%d bytes of schema, %v", len(d.Input), err)
	}
	_, err = conn.Execute(tb.Context(), connector.Call{Action: "cta.create", DryRun: true, Input: json.RawMessage(
		`{"records":[{"Name":"x","CompanyName":"c","OwnerEmail":"a@example.com","DueDate":"2026-12-15",
			"type":"Risk","reason":"Bugs Risk","status":"New","priority":"High"}]}`)})
	if err != nil {
		tb.Fatal(err)
	}
}

// resident returns a line of the status of a process in MiB; the benchmark is
// skipped where there is none.
func resident(b *testing.B, pid int, line string) float64 {
	b.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		b.Skip("this system does not tell what a process takes")
	}
	for text := range strings.SplitSeq(string(status), "\n") {
		var kib float64
		if _, err := fmt.Sscanf(text, line+": %f kB", &kib); err == nil {
			return kib / 1024
		}
	}
	b.Fatal("the status has no " + line)
	return 0
}

package actions_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/actions/catalog"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
	"github.com/gainsight-connector/gainsight-connector/plugin"
	"github.com/gainsight-connector/gainsight-connector/schema"
)

// alike answers for any number of tenants, each below a path of its own, whose
// call_to_action has the same 200 fields.
type alike struct {
	tenant *sandbox.Tenant
	object []byte
}

func newAlike() *alike {
	t := sandbox.New(sandbox.Acme(), &sandbox.Options{Limits: &sandbox.Limits{}})
	req := httptest.NewRequest(http.MethodGet, "/v1/meta/services/objects/wide__gc/describe", http.NoBody)
	req.Header.Set("Accesskey", t.AccessKey())
	answer := httptest.NewRecorder()
	t.ServeHTTP(answer, req)
	return &alike{t, bytes.ReplaceAll(answer.Body.Bytes(), []byte("wide__gc"), []byte("call_to_action"))}
}

func (a *alike) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, path, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	r.URL.Path = "/" + path
	if !strings.HasSuffix(path, "/call_to_action/describe") {
		a.tenant.ServeHTTP(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(a.object)
}

// open opens the connection to one of the tenants.
func (a *alike) open(tb testing.TB, c plugin.Connector, address string) plugin.Connection {
	tb.Helper()
	conn, err := c.Open(tb.Context(), connector.Settings{
		Config:  fmt.Appendf(nil, `{"base_url":%q,"auth":{"type":"access_key"}}`, address),
		Secrets: map[string]connector.Secret{"/auth/access_key": connector.NewSecret(a.tenant.AccessKey())},
	}, func(connector.Event) {})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = conn.Close() })
	return conn
}

// checked has a record checked against the tenant's schema.
func checked(tb testing.TB, conn plugin.Connection) {
	tb.Helper()
	_, err := conn.Execute(tb.Context(), connector.Call{Action: "cta.create", DryRun: true, Input: []byte(
		`{"records":[{"Name":"x","CompanyName":"c","OwnerEmail":"a@example.com","DueDate":"2026-12-15",
			"type":"Risk","reason":"Bugs Risk","status":"New","priority":"High"}]}`)})
	if err != nil {
		tb.Error(err)
	}
}

// TestCompiledOnce: tenants whose object has the same 200 fields share one
// compiled schema, even if all of them need it at the same time.
func TestCompiledOnce(t *testing.T) {
	t.Parallel()
	const tenants = 20
	all := newAlike()
	server := httptest.NewServer(all)
	t.Cleanup(server.Close)
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	c := catalog.Connector(actions.Options{Transport: transport})
	var running sync.WaitGroup
	for i := range tenants {
		conn := all.open(t, c, fmt.Sprintf("%s/%d", server.URL, i))
		running.Go(func() { checked(t, conn) })
	}
	running.Wait()
	if n := actions.Compilations(c); n != 1 {
		t.Errorf("%d tenants cost %d compilations, want one", tenants, n)
	}
}

// BenchmarkCompiledOnce measures the compilation of a schema with 200 fields of
// a tenant, and what another tenant with the same pays in its place.
func BenchmarkCompiledOnce(b *testing.B) {
	all := newAlike()
	server := httptest.NewServer(all)
	b.Cleanup(server.Close)
	conn := all.open(b, catalog.Connector(actions.Options{}), server.URL+"/0")
	describer, _ := conn.(plugin.Describer)
	d, err := describer.Describe(b.Context(), connector.DescribeRequest{Action: "cta.create"})
	if err != nil {
		b.Fatal(err)
	}
	b.Run("compiled", func(b *testing.B) {
		b.SetBytes(int64(len(d.Input)))
		for b.Loop() {
			if _, err := schema.Compile(d.Input); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("shared", func(b *testing.B) {
		cache := schema.NewCache(1 << 30)
		for b.Loop() {
			if _, err := cache.Compile(d.Input); err != nil {
				b.Fatal(err)
			}
		}
		if n := cache.Compilations(); n != 1 {
			b.Errorf("%d compilations, want one", n)
		}
	})
}

package actions

import (
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
	"github.com/gainsight-connector/gainsight-connector/internal/memo"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
	"github.com/gainsight-connector/gainsight-connector/schema"
)

// TestMetadataShareABudget: what the tenants of a process know together is
// bounded. What is dropped for another tenant is asked for again.
func TestMetadataShareABudget(t *testing.T) {
	t.Parallel()
	object := func(t *testing.T, of *Tenant) {
		t.Helper()
		if _, err := of.Object(t.Context(), "company"); err != nil {
			t.Fatal(err)
		}
	}
	list := func(t *testing.T, of *Tenant) {
		t.Helper()
		if _, err := of.ObjectList(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	tests := map[string]struct {
		mine, others func(*testing.T, *Tenant)
		bytes        int64
		want         int // questions
	}{
		"an object for an object": {object, object, 1, 2},
		"an object for a fact":    {object, list, 1, 2},
		"a fact for an object":    {list, object, 1, 2},
		"a fact for a fact":       {list, list, 1, 2},
		"room for both":           {object, list, metadataBytes, 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			shared := newMemory(schema.NewCache(compiledBytes))
			shared.metadata = memo.NewBudget(tt.bytes)
			simulated, mine := remembered(t, shared, sandbox.Acme())
			_, other := remembered(t, shared, sandbox.Globex())
			tt.mine(t, mine)
			tt.mine(t, mine) // even what is too large alone is kept until another comes
			if n := asked(simulated); n != 1 {
				t.Errorf("the tenant was asked %d times, want once", n)
			}
			tt.others(t, other)
			tt.mine(t, mine)
			if n := asked(simulated); n != tt.want {
				t.Errorf("the tenant was asked %d times, want %d", n, tt.want)
			}
		})
	}
}

// remembered connects to a simulated tenant that others share a memory with.
func remembered(t *testing.T, shared *memory, seed sandbox.Seed) (*sandbox.Tenant, *Tenant) {
	t.Helper()
	simulated := sandbox.New(seed, nil)
	server := httptest.NewServer(simulated)
	t.Cleanup(server.Close)
	config, err := gainsight.ParseConfig(connector.Settings{
		Tenant: seed.Name, Config: json.RawMessage(`{"base_url":"` + server.URL + `","auth":{"type":"access_key"}}`),
		Secrets: map[string]connector.Secret{gainsight.AccessKeyPointer: connector.NewSecret(seed.AccessKey)},
	})
	if err != nil {
		t.Fatal(err)
	}
	transport := gainsight.NewTransport()
	t.Cleanup(transport.CloseIdleConnections)
	tenant := newTenant(gainsight.New(config, gainsight.Options{Transport: transport}), shared, func(connector.Event) {})
	t.Cleanup(tenant.close)
	return simulated, tenant
}

// asked counts the questions about metadata that a tenant got.
func asked(tenant *sandbox.Tenant) int {
	n := 0
	for _, r := range tenant.Requests() {
		if strings.HasPrefix(r.Path, "/v1/meta/") {
			n++
		}
	}
	return n
}

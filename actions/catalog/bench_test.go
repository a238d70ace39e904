package catalog_test

import (
	"net/http/httptest"
	"os"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/actions/actionstest"
	"github.com/gainsight-connector/gainsight-connector/host"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

// launched is the connector as a process of its own, with a connection to a
// tenant without limits.
func launched(b *testing.B) (*host.Plugin, *host.Connection, *httptest.Server) {
	b.Helper()
	path, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	p, err := host.Launch(b.Context(), path, nil)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := p.Close(); err != nil {
			b.Error(err)
		}
	})
	tenant := sandbox.New(sandbox.Acme(), &sandbox.Options{Limits: &sandbox.Limits{}})
	server := httptest.NewServer(tenant)
	b.Cleanup(server.Close)
	return p, actionstest.Open(b, p, tenant, server.URL, actionstest.Unlimited()), server
}

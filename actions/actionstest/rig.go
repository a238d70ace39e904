// Package actionstest connects a test to the whole product in one process: a
// host, the connector behind real gRPC, and a simulated tenant behind real
// HTTP.
package actionstest

import (
	"context"
	"encoding/json"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/test/bufconn"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/actions/catalog"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
	"github.com/gainsight-connector/gainsight-connector/plugin"
)

// Host returns a running connector that never waits.
func Host(tb testing.TB) *host.Plugin {
	tb.Helper()
	return HostWith(tb, actions.Options{}, nil)
}

// HostWith returns a running connector. It never waits unless the options say
// how; it has a transport of its own. Nil hosting is the default.
func HostWith(tb testing.TB, options actions.Options, hosting *host.Options) *host.Plugin {
	tb.Helper()
	transport := http.DefaultTransport.(*http.Transport).Clone() //nolint:forcetypeassert // the standard library's own
	options.Transport = transport
	if options.Sleep == nil {
		options.Sleep = func(ctx context.Context, _ time.Duration) error { return ctx.Err() }
	}
	listener := bufconn.Listen(1 << 20)
	opts := &plugin.Options{}
	server := grpc.NewServer(plugin.ServerOptions(opts)...)
	closer := plugin.Register(server, catalog.Connector(options), opts)
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()

	conn, err := grpc.NewClient("passthrough:///connector",
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return listener.DialContext(ctx) }))
	if err != nil {
		tb.Fatal(err)
	}
	p, err := host.Attach(tb.Context(), conn, hosting)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := p.Close(); err != nil {
			tb.Errorf("close the plugin: %v", err)
		}
		if err := conn.Close(); err != nil {
			tb.Errorf("close the gRPC connection: %v", err)
		}
		if err := closer.Close(); err != nil {
			tb.Errorf("close the connector: %v", err)
		}
		server.Stop()
		if err := <-served; err != nil {
			tb.Errorf("serve: %v", err)
		}
		transport.CloseIdleConnections()
	})
	return p
}

// Settings are a connection's settings beside the address and the key.
type Settings map[string]any

// Unlimited are the settings for a tenant that takes any number of calls.
func Unlimited() Settings {
	return Settings{"limits": map[string]any{"synchronous": nil, "asynchronous": nil, "users": nil, "timeline": nil, "timeline_bulk": nil}}
}

// Connect opens a connection to a tenant, which is served over HTTP until the
// test ends.
func Connect(tb testing.TB, tenant *sandbox.Tenant, settings Settings) *host.Connection {
	tb.Helper()
	server := httptest.NewServer(tenant)
	tb.Cleanup(server.Close)
	return Open(tb, Host(tb), tenant, server.URL, settings)
}

// Open opens a connection of a running connector to a tenant at an address.
func Open(tb testing.TB, p *host.Plugin, tenant *sandbox.Tenant, address string, settings Settings) *host.Connection {
	tb.Helper()
	all := map[string]any{"base_url": address, "auth": map[string]any{"type": "access_key"}}
	maps.Copy(all, settings)
	config, err := json.Marshal(all)
	if err != nil {
		tb.Fatal(err)
	}
	conn, err := p.Open(tb.Context(), connector.Settings{
		Tenant: tenant.Name(), Config: config,
		Secrets: map[string]connector.Secret{"/auth/access_key": connector.NewSecret(tenant.AccessKey())},
	})
	if err != nil {
		tb.Fatal(err)
	}
	return conn
}

// Run executes an action with a JSON input and returns its decoded output.
func Run(tb testing.TB, conn *host.Connection, action, input string) (connector.Result, map[string]any) {
	tb.Helper()
	result, err := conn.Execute(tb.Context(), connector.Call{Action: action, Input: json.RawMessage(input)})
	if err != nil {
		tb.Fatalf("%s: %v", action, err)
	}
	var output map[string]any
	if err := json.Unmarshal(result.Output, &output); err != nil {
		tb.Fatalf("%s: output: %v", action, err)
	}
	return result, output
}

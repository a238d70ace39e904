package host_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net"
	"os"
	"sync"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/test/bufconn"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
	"github.com/gainsight-connector/gainsight-connector/plugin"
)

// self is the path of the test binary, which is also every child.
func self(tb testing.TB) string {
	tb.Helper()
	path, err := os.Executable()
	if err != nil {
		tb.Fatal(err)
	}
	return path
}

// launch starts the test binary as a child.
func launch(tb testing.TB, mode string, opts *host.Options) (*host.Plugin, error) {
	tb.Helper()
	if opts == nil {
		opts = &host.Options{}
	}
	opts.Args = []string{"child", mode}
	return host.Launch(tb.Context(), self(tb), opts)
}

// running starts the well-behaved child.
func running(tb testing.TB, opts *host.Options) *host.Plugin {
	tb.Helper()
	p, err := launch(tb, "serve", opts)
	if err != nil {
		tb.Fatalf("Launch: %v", err)
	}
	tb.Cleanup(func() {
		if err := p.Close(); err != nil {
			tb.Errorf("Close: %v", err)
		}
	})
	return p
}

// serverConn returns a connection to a gRPC server in memory.
func serverConn(tb testing.TB, register func(*grpc.Server), opts ...grpc.ServerOption) *grpc.ClientConn {
	tb.Helper()
	server := grpc.NewServer(opts...)
	register(server)
	lis := bufconn.Listen(1 << 20)
	served := make(chan error, 1)
	go func() { served <- server.Serve(lis) }()
	conn, err := grpc.NewClient("passthrough:///connector",
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return lis.DialContext(ctx) }))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := conn.Close(); err != nil {
			tb.Errorf("closing the client: %v", err)
		}
		server.Stop()
		if err := <-served; err != nil {
			tb.Errorf("serving: %v", err)
		}
	})
	return conn
}

// attached speaks to c over gRPC in memory.
func attached(tb testing.TB, c plugin.Connector, opts *host.Options) *host.Plugin {
	tb.Helper()
	serve := &plugin.Options{Logger: slog.New(slog.DiscardHandler)}
	conn := serverConn(tb, func(s *grpc.Server) { plugin.Register(s, c, serve) }, plugin.ServerOptions(serve)...)
	p, err := host.Attach(tb.Context(), conn, opts)
	if err != nil {
		tb.Fatalf("Attach: %v", err)
	}
	tb.Cleanup(func() {
		if err := p.Close(); err != nil {
			tb.Errorf("Close: %v", err)
		}
	})
	return p
}

// open opens a tenant's connection.
func open(tb testing.TB, p *host.Plugin, tenant string) *host.Connection {
	tb.Helper()
	c, err := p.Open(tb.Context(), connector.Settings{Tenant: tenant, Config: json.RawMessage(`{}`)})
	if err != nil {
		tb.Fatalf("Open: %v", err)
	}
	return c
}

// call returns a call of an action with an order.
func call(tb testing.TB, action string, o order) connector.Call {
	tb.Helper()
	input, err := json.Marshal(o)
	if err != nil {
		tb.Fatal(err)
	}
	return connector.Call{Action: action, Input: input, RequestID: "req-1"}
}

// failed returns the error of a call that must have failed with reason.
func failed(tb testing.TB, err error, reason connector.Reason) *connector.Error {
	tb.Helper()
	var e *connector.Error
	if !errors.As(err, &e) || e.Reason != reason {
		tb.Fatalf("error = %v, want %s", err, reason)
	}
	return e
}

// wantReason is failed for a test that needs to know no more.
func wantReason(tb testing.TB, err error, reason connector.Reason) {
	tb.Helper()
	_ = failed(tb, err, reason)
}

// logged is a slog handler that keeps what it gets.
type logged struct {
	mu      sync.Mutex
	records []slog.Record
}

func (*logged) Enabled(context.Context, slog.Level) bool { return true }

func (l *logged) Handle(_ context.Context, r slog.Record) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.records = append(l.records, r)
	return nil
}

func (l *logged) WithAttrs([]slog.Attr) slog.Handler { return l }
func (l *logged) WithGroup(string) slog.Handler      { return l }

// find returns the records with a message.
func (l *logged) find(message string) []slog.Record {
	l.mu.Lock()
	defer l.mu.Unlock()
	var found []slog.Record
	for _, r := range l.records {
		if r.Message == message {
			found = append(found, r)
		}
	}
	return found
}

// entrust opens a connection that has a secret.
func entrust(tb testing.TB, p *host.Plugin, secret string) *host.Connection {
	tb.Helper()
	c, err := p.Open(tb.Context(), connector.Settings{
		Tenant: "acme", Config: []byte(`{}`), Secrets: map[string]connector.Secret{"/token": connector.NewSecret(secret)},
	})
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

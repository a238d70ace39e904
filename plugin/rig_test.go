package plugin_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/test/bufconn"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
	"github.com/gainsight-connector/gainsight-connector/plugin"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

// rig is a connector on a real gRPC server in memory, and a client.
type rig struct {
	connectorv1.ConnectorServiceClient

	closer io.Closer
}

// dial serves c and connects to it, without a handshake.
func dial(tb testing.TB, c plugin.Connector, opts *plugin.Options) rig {
	tb.Helper()
	if opts == nil {
		opts = &plugin.Options{}
	}
	if opts.Logger == nil {
		opts.Logger = slog.New(slog.DiscardHandler)
	}
	var closer io.Closer
	tb.Cleanup(func() { // after the server has stopped
		if err := closer.Close(); err != nil && !errors.Is(err, errClose) && !errors.Is(err, connector.ReasonPluginPanic) {
			tb.Errorf("closing the connector: %v", err)
		}
	})
	r := dialServer(tb, opts, func(s *grpc.Server) { closer = plugin.Register(s, c, opts) })
	r.closer = closer
	return r
}

// dialServer serves what register puts on a server and connects to it.
func dialServer(tb testing.TB, opts *plugin.Options, register func(*grpc.Server)) rig {
	tb.Helper()
	server := grpc.NewServer(plugin.ServerOptions(opts)...)
	register(server)
	lis := bufconn.Listen(1 << 20)
	served := make(chan error, 1)
	go func() { served <- server.Serve(lis) }()
	client, err := grpc.NewClient("passthrough:///connector",
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(64<<20), grpc.MaxCallSendMsgSize(64<<20)),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return lis.DialContext(ctx) }))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := client.Close(); err != nil {
			tb.Errorf("closing the client: %v", err)
		}
		server.Stop()
		if err := <-served; err != nil {
			tb.Errorf("serving: %v", err)
		}
	})
	return rig{ConnectorServiceClient: connectorv1.NewConnectorServiceClient(client)}
}

// errClose is a failure to close that a test provokes.
var errClose = errors.New("the socket stuck")

// start is dial with a handshake on all features and the given limits.
func start(tb testing.TB, c plugin.Connector, limits connector.Limits) rig {
	tb.Helper()
	r := dial(tb, c, nil)
	r.shake(tb, limits)
	return r
}

func (r rig) shake(tb testing.TB, limits connector.Limits) {
	tb.Helper()
	_, err := r.Handshake(tb.Context(), &connectorv1.HandshakeRequest{
		Features: []string{wire.FeatureEvents, wire.FeatureProgress, wire.FeatureResume, wire.FeatureDrift}, Limits: wire.LimitsTo(limits),
	})
	if err != nil {
		tb.Fatalf("Handshake: %v", err)
	}
}

// tenant opens a connection.
func (r rig) tenant(tb testing.TB) *connectorv1.CallContext {
	tb.Helper()
	resp, err := r.OpenConnection(tb.Context(), wire.SettingsTo(connector.Settings{Tenant: "acme", Config: []byte(`{}`)}))
	if err != nil {
		tb.Fatalf("OpenConnection: %v", err)
	}
	return &connectorv1.CallContext{Handle: resp.GetHandle(), RequestId: "req-1"}
}

// failure returns the error of a call that must have failed with reason.
func failure(tb testing.TB, err error, reason connector.Reason) connector.Error {
	tb.Helper()
	var e *connector.Error
	if !errors.As(wire.FromStatus(err), &e) {
		tb.Fatalf("error = %v, want %s", err, reason)
	}
	if e.Reason != reason {
		tb.Fatalf("error = %s: %v, want %s", e.Reason, e, reason)
	}
	if e.RequestID == "" {
		tb.Errorf("error %v has no request id", e)
	}
	return *e
}

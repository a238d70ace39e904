package plugin

import (
	"context"
	"io"
	"log/slog"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

// closeGrace is how long a connector that is shut down waits for running calls
// and for [Connection.Close]. A host kills the process after two seconds.
const closeGrace = time.Second

// service is the gRPC face of a [Connector]. Each method is one line here; what
// it does is in the file of its noun.
type service struct {
	connectorv1.UnimplementedConnectorServiceServer

	author      Connector
	log         *slog.Logger
	level       *slog.LevelVar // of log; nil: it is not ours to set
	own         connector.Limits
	instance    string
	contract    contract
	catalog     catalog
	admission   *admission
	connections *registry
	events      *mailbox

	fingerprints *fingerprints
}

var _ connectorv1.ConnectorServiceServer = (*service)(nil)

func newService(c Connector, o Options) *service {
	return &service{
		author: c, log: o.Logger, level: o.level, own: o.Limits, instance: wire.NewID(),
		catalog:     newCatalog(c, o.Logger),
		admission:   newAdmission(),
		connections: newRegistry(),
		events:      newMailbox(),

		fingerprints: newFingerprints(),
	}
}

// Register puts c on a gRPC server, as a host in the same process or a test
// does; the server should have been made with [ServerOptions]. [Serve] does all
// this for a process of its own. Closing the result refuses new calls, ends the
// event stream and closes all connections; it waits a second at most.
func Register(r grpc.ServiceRegistrar, c Connector, opts *Options) io.Closer {
	s := newService(c, opts.resolved())
	connectorv1.RegisterConnectorServiceServer(r, s)
	return s
}

// Close implements [io.Closer].
func (s *service) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), closeGrace)
	defer cancel()
	ctx = (&scope{method: "Close", log: s.log}).in(ctx)
	s.admission.close()
	s.events.close()
	group, _ := NewGroup(ctx) // one that hangs must not keep the others from closing
	for _, open := range s.connections.close() {
		group.Go(func() error { return open.close(ctx) })
	}
	return group.Wait()
}

func (s *service) Handshake(ctx context.Context, req *connectorv1.HandshakeRequest) (*connectorv1.HandshakeResponse, error) {
	return unary(ctx, s, "Handshake", req, s.handshake)
}

func (s *service) GetManifest(ctx context.Context, req *connectorv1.GetManifestRequest) (*connectorv1.GetManifestResponse, error) {
	return unary(ctx, s, "GetManifest", req, s.getManifest)
}

func (s *service) OpenConnection(ctx context.Context, req *connectorv1.OpenConnectionRequest) (*connectorv1.OpenConnectionResponse, error) {
	return unary(ctx, s, "OpenConnection", req, s.open)
}

func (s *service) CheckConnection(ctx context.Context, req *connectorv1.CheckConnectionRequest) (*connectorv1.CheckConnectionResponse, error) {
	return unary(ctx, s, "CheckConnection", req, s.check)
}

func (s *service) CloseConnection(ctx context.Context, req *connectorv1.CloseConnectionRequest) (*connectorv1.CloseConnectionResponse, error) {
	return unary(ctx, s, "CloseConnection", req, s.closeConnection)
}

func (s *service) DescribeAction(ctx context.Context, req *connectorv1.DescribeActionRequest) (*connectorv1.DescribeActionResponse, error) {
	return unary(ctx, s, "DescribeAction", req, s.describe)
}

func (s *service) ListOptions(ctx context.Context, req *connectorv1.ListOptionsRequest) (*connectorv1.ListOptionsResponse, error) {
	return unary(ctx, s, "ListOptions", req, s.listOptions)
}

func (s *service) Execute(ctx context.Context, req *connectorv1.ExecuteRequest) (*connectorv1.ExecuteResponse, error) {
	return unary(ctx, s, "Execute", req, s.execute)
}

func (s *service) Download(req *connectorv1.DownloadRequest, stream grpc.ServerStreamingServer[connectorv1.DownloadResponse]) error {
	return s.run(stream.Context(), scopeOf("Download", req), func(ctx context.Context) error {
		return s.download(ctx, req, stream)
	})
}

func (s *service) Upload(stream grpc.ClientStreamingServer[connectorv1.UploadRequest, connectorv1.UploadResponse]) error {
	return s.run(stream.Context(), scopeOf("Upload", nil), func(ctx context.Context) error {
		return s.upload(ctx, stream)
	})
}

func (s *service) WatchEvents(_ *connectorv1.WatchEventsRequest, stream grpc.ServerStreamingServer[connectorv1.WatchEventsResponse]) error {
	return s.run(stream.Context(), scopeOf("WatchEvents", nil), func(ctx context.Context) error {
		return s.watch(ctx, stream)
	})
}

func (s *service) Probe(ctx context.Context, req *connectorv1.ProbeRequest) (*connectorv1.ProbeResponse, error) {
	return unary(ctx, s, "Probe", req, s.probe)
}

func (s *service) Drain(ctx context.Context, req *connectorv1.DrainRequest) (*connectorv1.DrainResponse, error) {
	return unary(ctx, s, "Drain", req, s.drain)
}

// unary runs a call of one request and one response, and sees that the
// response fits a message.
func unary[Q, R proto.Message](ctx context.Context, s *service, method string, req Q, f func(context.Context, Q) (R, error)) (R, error) {
	var resp, none R
	err := s.run(ctx, scopeOf(method, req), func(ctx context.Context) (err error) {
		if resp, err = f(ctx, req); err != nil {
			return err
		}
		return s.fits(ctx, resp)
	})
	if err != nil {
		return none, err
	}
	return resp, nil
}

// run is the way of every call: admitted, named, protected, and if it fails,
// failed with a status that carries an ErrorDetail.
func (s *service) run(ctx context.Context, c *scope, f func(context.Context) error) error {
	start := time.Now()
	c.log = s.log
	if c.id == "" {
		c.id = wire.NewID()
	}
	c.detailed = s.contract.agreed().has(wire.FeatureRequests)
	ctx = c.in(ctx)
	err := s.admit(c.method)
	if err == nil {
		defer s.admission.leave(c.method)
		err = protect(ctx, func() error { return f(ctx) })
	}
	if err == nil {
		if s.log.Enabled(ctx, slog.LevelDebug) {
			c.logger(ctx).DebugContext(ctx, "call succeeded", slog.Duration("took", time.Since(start)))
		}
		return nil
	}
	e := c.failure(ctx, err)
	s.tell(ctx, c, e, time.Since(start))
	return wire.ToStatus(c.asked(e), c.id)
}

// tell logs a failure. The message is the caller's and may repeat what the
// caller sent; only that of a defect is of use to somebody else.
func (s *service) tell(ctx context.Context, c *scope, e *connector.Error, took time.Duration) {
	level := slog.LevelDebug
	if e.Reason == connector.ReasonInternal {
		level = slog.LevelError
	}
	if !s.log.Enabled(ctx, level) {
		return
	}
	attrs := []slog.Attr{slog.String("reason", string(e.Reason)), slog.Duration("took", took)}
	if level == slog.LevelError {
		attrs = append(attrs, slog.String("error", e.Message))
	}
	c.logger(ctx).LogAttrs(ctx, level, "call failed", attrs...)
}

// admit lets a call in, or says why not.
func (s *service) admit(method string) error {
	if !beforeHandshake(method) && s.contract.agreed() == nil {
		return misuse("%s was called before Handshake, which settles features and limits", method)
	}
	return s.admission.enter(method)
}

// misuse is the error for a host that breaks the contract.
func misuse(format string, args ...any) *connector.Error {
	e := connector.Errorf(connector.ReasonInternal, format, args...)
	e.Origin = connector.OriginRuntime
	return e
}

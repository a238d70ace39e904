package hosttest

import (
	"context"
	"io"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/encoding/proto"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

// Target is a connector under test. Make one with [Connector], [Server] or
// [Binary].
type Target interface {
	// load prepares for starts.
	load() (source, error)
}

// source is a target that was loaded: where running connectors come from.
type source interface {
	// start runs the connector, for as long as it takes, up to, and not
	// including, the handshake.
	start(ctx context.Context, within time.Duration) (*instance, error)
	// binary is the path of the connector's binary; empty if it has none.
	binary() string
	// close frees what load took, once all that was started has ended.
	close() error
}

// instance is one running connector.
type instance struct {
	connectorv1.ConnectorServiceClient

	conn grpc.ClientConnInterface
	// stop ends it and waits until nothing of it is left.
	stop func() error
	// killed reports whether it had to be killed, once it is stopped.
	killed func() bool
	// log is all that it wrote to its log or stderr.
	log *record
	// stray is what it printed to stdout besides the handshake.
	stray *record
	// pid is its process; 0: it is in this one.
	pid int
	// label marks its goroutines if it is in this process.
	label string
	// features are those that a handshake agreed on.
	features []string
	// handles are those of the connections that the case at hand has opened.
	handles []string
}

// newInstance completes an instance around a connection. The kit takes messages
// of any size: what is too large is for the cases to say.
func newInstance(conn grpc.ClientConnInterface) *instance {
	sized := sizedConn{conn}
	return &instance{
		ConnectorServiceClient: connectorv1.NewConnectorServiceClient(sized), conn: sized, log: &record{}, stray: &record{},
		killed: func() bool { return false },
	}
}

// greet makes a handshake on all features.
func (in *instance) greet(ctx context.Context, limits connector.Limits) error {
	resp, err := in.Handshake(ctx, offer(limits))
	in.features = resp.GetFeatures()
	return err
}

// offer is a handshake on all features.
func offer(limits connector.Limits) *connectorv1.HandshakeRequest {
	return &connectorv1.HandshakeRequest{
		HostName: "hosttest", Limits: wire.LimitsTo(limits),
		Features: []string{wire.FeatureEvents, wire.FeatureProgress, wire.FeatureResume, wire.FeatureDrift},
	}
}

// maxMessage is the largest message that the kit takes, in bytes.
const maxMessage = 512 << 20

// sizedConn overrides the limits that a connection was made with, and its
// codec: the kit trusts protobuf's own alone.
type sizedConn struct{ grpc.ClientConnInterface }

func sized(opts []grpc.CallOption) []grpc.CallOption {
	plain := []grpc.CallOption{
		grpc.MaxCallRecvMsgSize(maxMessage), grpc.MaxCallSendMsgSize(maxMessage), grpc.ForceCodecV2(encoding.GetCodecV2(proto.Name)),
	}
	return append(plain, opts...)
}

func (c sizedConn) Invoke(ctx context.Context, method string, args, reply any, opts ...grpc.CallOption) error {
	return c.ClientConnInterface.Invoke(ctx, method, args, reply, sized(opts)...)
}

func (c sizedConn) NewStream(ctx context.Context, d *grpc.StreamDesc, method string, opts ...grpc.CallOption) (grpc.ClientStream, error) {
	return c.ClientConnInterface.NewStream(ctx, d, method, sized(opts)...)
}

var _ io.Writer = (*record)(nil)

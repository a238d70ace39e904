package host

import (
	"context"
	"slices"

	"google.golang.org/grpc"
	"google.golang.org/grpc/peer"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
)

// handshakeBytes bounds every message until limits are agreed.
const handshakeBytes = 64 << 10

// bounded is a connection that carries no message larger than max bytes, in
// either direction. go-plugin's own limit is 2 GiB.
type bounded struct {
	conn  grpc.ClientConnInterface
	max   int
	sizes []grpc.CallOption
}

func newBounded(conn grpc.ClientConnInterface, limit int) bounded {
	return bounded{conn: conn, max: limit, sizes: sizes(limit)}
}

func sizes(limit int) []grpc.CallOption {
	return []grpc.CallOption{grpc.MaxCallRecvMsgSize(limit), grpc.MaxCallSendMsgSize(limit), grpc.ForceCodecV2(wire.Codec())}
}

// Invoke makes a unary call. A request that is too large does not leave.
func (b bounded) Invoke(ctx context.Context, method string, args, reply any, opts ...grpc.CallOption) error {
	if m, ok := args.(proto.Message); ok {
		if n := proto.Size(m); n > b.max {
			return tooLarge("the request", n, b.max)
		}
	}
	var at peer.Peer
	err := b.conn.Invoke(ctx, method, args, reply, slices.Concat(b.sizes, opts, []grpc.CallOption{grpc.Peer(&at)})...)
	if err != nil && at.Addr == nil { // known as soon as there is a link to send on
		return unsent{err}
	}
	return err
}

// NewStream makes a streaming call.
func (b bounded) NewStream(ctx context.Context, desc *grpc.StreamDesc, method string, opts ...grpc.CallOption) (grpc.ClientStream, error) {
	stream, err := b.conn.NewStream(ctx, desc, method, slices.Concat(b.sizes, opts)...)
	if err != nil {
		return nil, unsent{err}
	}
	return stream, nil
}

// unsent is the failure of a call that provably never left: there was no link
// to send it on.
type unsent struct{ error }

// Unwrap returns the failure.
func (u unsent) Unwrap() error { return u.error }

// GRPCStatus lets the failure be read as if it were not wrapped.
func (u unsent) GRPCStatus() *status.Status { return status.Convert(u.error) }

// tooLarge is about something that was not sent.
func tooLarge(what string, size, limit int) *connector.Error {
	return connector.Errorf(connector.ReasonTooLarge, "%s has %d bytes and the limit agreed with the connector is %d", what, size, limit).
		WithHint("send less at once, or use an action that streams its content")
}

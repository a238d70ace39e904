package hosttest

import (
	"context"
	"slices"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

// versionCases are about hosts that are older or newer than the connector.
func versionCases() []Case {
	return []Case{
		{"versions", "no-features", "A host with no optional ability is served.", nil, noFeatures},
		{"versions", "unknown-feature", "An ability that the connector does not know is not agreed on.", nil, unknownFeature},
		{"versions", "no-limits", "A host that states no limits gets them all.", nil, noLimits},
		{"versions", "unknown-fields", "Fields of a later contract are ignored.", nil, unknownFields},
		{"versions", "unknown-method", "A call of a later contract is refused and does no harm.", nil, unknownMethod},
		{"versions", "events-agreed", "A host that did not agree to events gets none.", nil, eventsAgreed},
		{"versions", "events-taken-over", "A second stream of events takes over from the first.", nil, eventsTakenOver},
	}
}

// shake makes one handshake.
func (t *trial) shake(req *connectorv1.HandshakeRequest) (*instance, *connectorv1.HandshakeResponse) {
	in := t.launch()
	resp, err := in.Handshake(t.ctx, req)
	t.must(err, "the handshake")
	return in, resp
}

func noFeatures(t *trial) {
	in, resp := t.shake(&connectorv1.HandshakeRequest{})
	if len(resp.GetFeatures()) > 0 {
		t.errorf("the connector agreed on %q, which nobody offered", resp.GetFeatures())
	}
	t.raw(in)
}

func unknownFeature(t *trial) {
	in, resp := t.shake(&connectorv1.HandshakeRequest{Features: []string{"telepathy", wire.FeatureProgress}})
	for _, f := range resp.GetFeatures() {
		if f != wire.FeatureProgress {
			t.errorf("the connector agreed on %q", f)
		}
	}
	t.raw(in)
}

func noLimits(t *trial) {
	_, resp := t.shake(&connectorv1.HandshakeRequest{})
	if l := resp.GetLimits(); l.GetMaxInlineBytes() == 0 || l.GetMaxChunkBytes() == 0 || l.GetMaxMessageBytes() == 0 {
		t.errorf("the limits in force are %v", l)
	}
}

// later adds fields that a later contract might have.
func later[M proto.Message](m M) M {
	raw := protowire.AppendTag(nil, 999, protowire.BytesType)
	raw = protowire.AppendBytes(raw, []byte("from the future"))
	raw = protowire.AppendTag(raw, 1000, protowire.VarintType)
	raw = protowire.AppendVarint(raw, 7)
	m.ProtoReflect().SetUnknown(raw)
	return m
}

func unknownFields(t *trial) {
	in, _ := t.shake(later(offer(connector.Limits{})))
	_, err := in.GetManifest(t.ctx, later(&connectorv1.GetManifestRequest{}))
	t.must(err, "a request with fields of a later contract")
	for id := range t.static {
		_, err := in.DescribeAction(t.ctx, later(&connectorv1.DescribeActionRequest{Action: id}))
		t.must(err, "a request with fields of a later contract")
	}
}

func unknownMethod(t *trial) {
	in := t.start()
	err := in.conn.Invoke(t.ctx, "/connector.v1.ConnectorService/FromTheFuture", &connectorv1.ProbeRequest{}, &connectorv1.ProbeResponse{})
	if status.Code(err) != codes.Unimplemented {
		t.errorf("an unknown call failed with %v and not with Unimplemented", err)
	}
	t.raw(in)
}

func eventsAgreed(t *trial) {
	in, resp := t.shake(&connectorv1.HandshakeRequest{Features: []string{wire.FeatureProgress}})
	if slices.Contains(resp.GetFeatures(), wire.FeatureEvents) {
		t.errorf("the connector agreed on events, which nobody offered")
	}
	ctx, cancel := context.WithTimeout(t.ctx, t.options.Patience)
	defer cancel()
	stream, err := in.WatchEvents(ctx, &connectorv1.WatchEventsRequest{})
	if err == nil {
		_, err = stream.Recv()
	}
	t.refused("watching events that are not agreed on", err, connector.ReasonUnsupported)
}

func eventsTakenOver(t *trial) {
	in := t.fresh()
	ctx, cancel := context.WithCancel(t.ctx)
	defer cancel()
	ended := make(chan struct{}, 2) // which of the two came first is open
	for range 2 {
		stream, err := in.WatchEvents(ctx, &connectorv1.WatchEventsRequest{})
		t.must(err, "watching events")
		go func() {
			for err == nil {
				_, err = stream.Recv()
			}
			ended <- struct{}{}
		}()
	}
	if !t.soon(func() bool { return len(ended) > 0 }) {
		t.errorf("two streams of events run at once")
	}
}

// soonClosed waits for a channel for a part of the patience.
func (t *trial) soonClosed(c <-chan struct{}) bool {
	closed := func() bool {
		select {
		case <-c:
			return true
		default:
			return false
		}
	}
	return t.soon(closed)
}

package plugin

import (
	"context"
	"log/slog"

	"google.golang.org/grpc"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

// emitter returns the function with which the connection under handle tells
// the host something. Without a host that reads events it does nothing.
func (s *service) emitter(handle string) func(connector.Event) {
	return func(e connector.Event) {
		if !s.contract.agreed().has(wire.FeatureEvents) {
			return
		}
		switch e := e.(type) {
		case connector.SchemaChanged:
			s.events.put(subject{handle: handle, action: e.Action}, e)
		case *connector.SchemaChanged: // a pointer is an Event to the compiler, too
			s.events.put(subject{handle: handle, action: e.Action}, *e)
		case connector.SecretRotated:
			s.events.put(subject{handle: handle, rotated: true}, e)
		case *connector.SecretRotated:
			s.events.put(subject{handle: handle, rotated: true}, *e)
		default:
			s.log.Error("the connector emitted an event that is neither connector.SchemaChanged nor connector.SecretRotated",
				slog.String("method", "emit"))
		}
	}
}

func (s *service) watch(ctx context.Context, stream grpc.ServerStreamingServer[connectorv1.WatchEventsResponse]) error {
	if !s.contract.agreed().has(wire.FeatureEvents) {
		return connector.Errorf(connector.ReasonUnsupported, "the handshake did not agree on the feature %q", wire.FeatureEvents)
	}
	return s.events.deliver(ctx, func(about subject, e connector.Event) error {
		return stream.Send(wire.EventTo(about.handle, e))
	})
}

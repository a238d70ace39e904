package plugin

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

// agreement is what a handshake settled, for the life of the process.
type agreement struct {
	host     connector.Limits // as the host asked, defaults filled in
	limits   connector.Limits
	features []string
}

func (a *agreement) has(feature string) bool { return a != nil && slices.Contains(a.features, feature) }

// contract holds the agreement once there is one.
type contract struct {
	settling sync.Mutex
	current  atomic.Pointer[agreement]
}

// agreed returns nil before the handshake.
func (c *contract) agreed() *agreement { return c.current.Load() }

// settle makes offer the agreement, or reports false if another one stands.
func (c *contract) settle(offer *agreement) bool {
	c.settling.Lock()
	defer c.settling.Unlock()
	if a := c.agreed(); a != nil {
		return a.host == offer.host && slices.Equal(a.features, offer.features)
	}
	c.current.Store(offer)
	return true
}

// beforeHandshake reports whether a call needs no agreement. Probe and Drain
// are among them so that a host can watch and stop a process whatever its
// state.
func beforeHandshake(method string) bool {
	return method == "Handshake" || method == "Probe" || method == "Drain"
}

func (s *service) handshake(ctx context.Context, req *connectorv1.HandshakeRequest) (*connectorv1.HandshakeResponse, error) {
	host := wire.LimitsFrom(req.GetLimits()).Resolved()
	offer := &agreement{host: host, limits: s.own.Min(host)}
	for _, feature := range []string{
		wire.FeatureEvents, wire.FeatureProgress, wire.FeatureResume, wire.FeatureDrift, wire.FeatureRequests,
	} {
		if slices.Contains(req.GetFeatures(), feature) {
			offer.features = append(offer.features, feature)
		}
	}
	if !s.contract.settle(offer) {
		return nil, connector.Errorf(connector.ReasonConflict,
			"an earlier Handshake settled other limits or features, which hold for the life of the process").
			WithHint("start a process of its own for other limits")
	}
	if s.level != nil {
		s.level.Set(wire.LevelFrom(req.GetLogLevel()))
	}
	Logger(ctx).InfoContext(ctx, "handshake", slog.String("host", req.GetHostName()), slog.String("host_version", req.GetHostVersion()),
		slog.Any("features", offer.features), slog.Int("inline_bytes", offer.limits.InlineBytes))
	return &connectorv1.HandshakeResponse{
		Features: offer.features, Limits: wire.LimitsTo(offer.limits), InstanceId: s.instance,
	}, nil
}

// limits returns the limits in force.
func (s *service) limits() connector.Limits {
	if a := s.contract.agreed(); a != nil {
		return a.limits
	}
	return s.own
}

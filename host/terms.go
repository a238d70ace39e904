package host

import (
	"context"
	"fmt"
	"log/slog"
	"slices"

	"google.golang.org/grpc"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

// terms are what the handshake settled for the life of the process.
type terms struct {
	limits   connector.Limits
	features []string
	instance string
}

// agree makes the first call of a process. What the connector answers must lie
// within what was offered.
func agree(ctx context.Context, conn grpc.ClientConnInterface, o *Options) (terms, error) {
	offered := []string{wire.FeatureProgress, wire.FeatureResume, wire.FeatureDrift}
	if o.Events != nil {
		offered = append(offered, wire.FeatureEvents)
	}
	if o.Requests {
		offered = append(offered, wire.FeatureRequests)
	}
	client := connectorv1.NewConnectorServiceClient(newBounded(conn, handshakeBytes))
	resp, err := client.Handshake(ctx, &connectorv1.HandshakeRequest{
		HostName: o.Name, HostVersion: o.Version, Features: offered, Limits: wire.LimitsTo(o.Limits),
		LogLevel: wire.LevelTo(wanted(ctx, o.Logger)),
	})
	if err != nil {
		return terms{}, err
	}
	t := terms{limits: wire.LimitsFrom(resp.GetLimits()), features: resp.GetFeatures(), instance: resp.GetInstanceId()}
	if problem := t.problem(offered, o.Limits); problem != "" {
		return terms{}, connector.Errorf(connector.ReasonInternal, "the connector's handshake breaks the contract: %s", problem).
			WithHint("report it to the author of the connector")
	}
	return t, nil
}

// wanted is the level of the lines that are of use to logger. Warnings always
// are: they may be a process's last words.
func wanted(ctx context.Context, logger *slog.Logger) slog.Level {
	for _, level := range []slog.Level{slog.LevelDebug, slog.LevelInfo} {
		if logger.Enabled(ctx, level) {
			return level
		}
	}
	return slog.LevelWarn
}

// problem says which part of t the contract does not allow, if any.
func (t terms) problem(offered []string, own connector.Limits) string {
	for _, f := range t.features {
		if !slices.Contains(offered, f) {
			return fmt.Sprintf("feature %q was not offered", f)
		}
	}
	l := t.limits
	switch {
	case l.InlineBytes <= 0 || l.ChunkBytes <= 0 || l.MessageBytes <= 0:
		return "a limit is missing"
	case l.InlineBytes > own.InlineBytes || l.ChunkBytes > own.ChunkBytes || l.MessageBytes > own.MessageBytes:
		return "a limit is larger than the host's"
	case max(l.InlineBytes, l.ChunkBytes) >= l.MessageBytes:
		return "a message has no room for its payload"
	case t.instance == "":
		return "the instance id is missing"
	}
	return ""
}

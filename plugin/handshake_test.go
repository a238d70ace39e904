package plugin_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
	"github.com/gainsight-connector/gainsight-connector/plugin"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

func TestHandshakeNegotiates(t *testing.T) {
	t.Parallel()
	own := connector.Limits{InlineBytes: 1 << 20, ChunkBytes: 64 << 10}
	tests := map[string]struct {
		features     []string
		limits       *connectorv1.Limits
		wantFeatures []string
		wantLimits   connector.Limits
	}{
		"a host that says nothing gets the connector's limits": {
			wantLimits: own.Resolved(),
		},
		"features both have": {
			features:     []string{"telepathy", wire.FeatureProgress, wire.FeatureEvents, wire.FeatureEvents},
			wantFeatures: []string{wire.FeatureEvents, wire.FeatureProgress},
			wantLimits:   own.Resolved(),
		},
		"the smaller of each limit": {
			limits:     &connectorv1.Limits{MaxInlineBytes: 2 << 20, MaxChunkBytes: 16 << 10},
			wantLimits: connector.Limits{InlineBytes: 1 << 20, ChunkBytes: 16 << 10, MessageBytes: 1<<20 + connector.EnvelopeBytes},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := dial(t, echo(), &plugin.Options{Limits: own})
			req := &connectorv1.HandshakeRequest{Features: tt.features, Limits: tt.limits}
			resp, err := r.Handshake(t.Context(), req)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.wantFeatures, resp.GetFeatures()); diff != "" {
				t.Errorf("features (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.wantLimits, wire.LimitsFrom(resp.GetLimits())); diff != "" {
				t.Errorf("limits (-want +got):\n%s", diff)
			}
			again, err := r.Handshake(t.Context(), req)
			if err != nil {
				t.Fatalf("second handshake: %v", err)
			}
			if again.GetInstanceId() != resp.GetInstanceId() || resp.GetInstanceId() == "" {
				t.Errorf("instance = %q, then %q", resp.GetInstanceId(), again.GetInstanceId())
			}
		})
	}
}

func TestHandshakeHoldsForLife(t *testing.T) {
	t.Parallel()
	tests := map[string]*connectorv1.HandshakeRequest{
		"other limits": {
			Features: []string{wire.FeatureEvents, wire.FeatureProgress}, Limits: &connectorv1.Limits{MaxInlineBytes: 2 << 20},
		},
		"other features": {Features: []string{wire.FeatureEvents}},
	}
	for name, second := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := start(t, echo(), connector.Limits{})
			_, err := r.Handshake(t.Context(), second)
			failure(t, err, connector.ReasonConflict)
		})
	}
}

func TestCallsBeforeHandshake(t *testing.T) {
	t.Parallel()
	r := dial(t, echo(), nil)
	_, err := r.GetManifest(t.Context(), &connectorv1.GetManifestRequest{})
	e := failure(t, err, connector.ReasonInternal)
	if e.Origin != connector.OriginRuntime || !strings.Contains(e.Message, "GetManifest was called before Handshake") {
		t.Errorf("error = %s: %v", e.Origin, e)
	}
	stream, err := r.Download(t.Context(), &connectorv1.DownloadRequest{Action: "echo.export"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = stream.Recv()
	failure(t, err, connector.ReasonInternal)

	probe, err := r.Probe(t.Context(), &connectorv1.ProbeRequest{Nonce: "n"})
	if err != nil || probe.GetNonce() != "n" {
		t.Errorf("Probe = %v, %v; want an answer whatever the state", probe, err)
	}
}

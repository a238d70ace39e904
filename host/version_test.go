package host_test

import (
	"errors"
	"os/exec"
	"testing"

	"github.com/google/go-cmp/cmp"
	goplugin "github.com/hashicorp/go-plugin"

	"github.com/gainsight-connector/gainsight-connector/host"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
)

func TestVersionsWithoutCommon(t *testing.T) {
	t.Parallel()
	tests := map[string]host.VersionError{
		"newer": {Connector: 7, Host: []int{1}, Upgrade: host.SideHost},
		"older": {Connector: 0, Host: []int{1}, Upgrade: host.SideConnector},
	}
	for mode, want := range tests {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			_, err := launch(t, mode, nil)
			var got *host.VersionError
			if !errors.As(err, &got) || !errors.Is(err, host.ErrProtocol) {
				t.Fatalf("error = %v, want a VersionError", err)
			}
			if diff := cmp.Diff(want, *got); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
		})
	}
}

// A connector that has learned the next version still serves this host.
func TestConnectorWithTwoVersions(t *testing.T) {
	t.Parallel()
	p, err := launch(t, "both", nil)
	if err != nil {
		t.Fatalf("Launch: %v", err)
	}
	if _, err := open(t, p, "acme").Execute(t.Context(), call(t, "echo.get", order{})); err != nil {
		t.Errorf("Execute: %v", err)
	}
	if err := p.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
}

// A host that has learned the next version still gets along with this
// connector.
func TestHostWithTwoVersions(t *testing.T) {
	t.Parallel()
	client := goplugin.NewClient(&goplugin.ClientConfig{
		HandshakeConfig:  goplugin.HandshakeConfig{MagicCookieKey: wire.CookieKey, MagicCookieValue: wire.CookieValue},
		VersionedPlugins: map[int]goplugin.PluginSet{wire.ProtocolVersion: {}, wire.ProtocolVersion + 1: {}},
		Cmd:              exec.CommandContext(t.Context(), self(t), "child", "serve"), //nolint:gosec // the test binary itself
		AllowedProtocols: []goplugin.Protocol{goplugin.ProtocolGRPC},
		AutoMTLS:         true,
		SkipHostEnv:      true,
	})
	defer client.Kill()
	if _, err := client.Start(); err != nil {
		t.Fatalf("Start: %v", err)
	}
	if got := client.NegotiatedVersion(); got != wire.ProtocolVersion {
		t.Errorf("version = %d, want %d", got, wire.ProtocolVersion)
	}
}

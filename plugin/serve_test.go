package plugin_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/hashicorp/go-hclog"
	goplugin "github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
	"github.com/gainsight-connector/gainsight-connector/plugin"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

// child returns this test binary as a connector that env starts.
func child(ctx context.Context, t *testing.T, env ...string) *exec.Cmd {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(ctx, path) //nolint:gosec // this very binary
	cmd.Env = append(os.Environ(), append(env, serveKey+"=1", "TMPDIR="+t.TempDir())...)
	return cmd
}

func TestServeUnlaunched(t *testing.T) {
	t.Parallel()
	if plugin.Launched() {
		t.Fatal("a host started this test")
	}
	if err := plugin.Serve(echo(), nil); !errors.Is(err, plugin.ErrNotLaunched) {
		t.Errorf("Serve = %v, want %v", err, plugin.ErrNotLaunched)
	}
	cmd := child(t.Context(), t)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); cmd.ProcessState.ExitCode() != 1 {
		t.Errorf("the process ended with %v", err)
	}
	if stdout.Len() > 0 || !strings.Contains(stderr.String(), "a host starts it") {
		t.Errorf("stdout = %q, stderr = %q", &stdout, &stderr)
	}
}

// The host takes the first line of stdout for the address.
func TestServeLeavesWithItsLease(t *testing.T) {
	t.Parallel()
	cmd := child(t.Context(), t, wire.CookieKey+"="+wire.CookieValue, "PLUGIN_PROTOCOL_VERSIONS=1", wire.LeaseKey+"="+wire.LeaseStdin)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(stdout)
	first, err := lines.ReadString('\n')
	if err != nil || !strings.HasPrefix(first, "1|1|") || !strings.Contains(first, "|grpc|") {
		t.Errorf("first line = %q, %v, want the handshake", first, err)
	}
	if err := stdin.Close(); err != nil {
		t.Fatal(err)
	}
	rest, err := io.ReadAll(lines)
	if err != nil || len(rest) > 0 {
		t.Errorf("more on stdout: %q, %v", rest, err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("the process ended with %v: %s", err, &stderr)
	}
}

func TestServeOverGoPlugin(t *testing.T) {
	t.Parallel()
	cmd := child(context.WithoutCancel(t.Context()), t)
	client := goplugin.NewClient(&goplugin.ClientConfig{
		HandshakeConfig:  goplugin.HandshakeConfig{MagicCookieKey: wire.CookieKey, MagicCookieValue: wire.CookieValue},
		VersionedPlugins: map[int]goplugin.PluginSet{wire.ProtocolVersion: {wire.ServiceName: &dispenser{}}},
		AllowedProtocols: []goplugin.Protocol{goplugin.ProtocolGRPC},
		Cmd:              cmd,
		AutoMTLS:         true,
		SkipHostEnv:      true,
		Logger:           hclog.NewNullLogger(),
	})
	defer client.Kill()
	protocol, err := client.Client()
	if err != nil {
		t.Fatal(err)
	}
	raw, err := protocol.Dispense(wire.ServiceName)
	if err != nil {
		t.Fatal(err)
	}
	service, ok := raw.(connectorv1.ConnectorServiceClient)
	if !ok {
		t.Fatalf("dispensed a %T", raw)
	}
	r := rig{ConnectorServiceClient: service}
	r.shake(t, connector.Limits{})
	input := bytes.Repeat([]byte("x"), 5<<20) // more than gRPC takes by default
	resp, err := r.Execute(t.Context(), &connectorv1.ExecuteRequest{Call: r.tenant(t), Action: "echo.get", Input: input})
	if err != nil || !bytes.Equal(resp.GetOutput(), input) {
		t.Errorf("Execute gave back %d bytes, %v", len(resp.GetOutput()), err)
	}
	if got := fetch(t, r, r.tenant(t), input); got.err != nil || !bytes.Equal(got.data, input) {
		t.Errorf("Download gave %d bytes, %v", len(got.data), got.err)
	}
	client.Kill()
	if code := cmd.ProcessState.ExitCode(); code != 0 {
		t.Errorf("the process ended with %d after a shutdown, want 0", code)
	}
}

// dispenser is the host's half of the plugin.
type dispenser struct {
	goplugin.NetRPCUnsupportedPlugin
}

func (*dispenser) GRPCServer(*goplugin.GRPCBroker, *grpc.Server) error {
	return errors.New("this is the client's side")
}

func (*dispenser) GRPCClient(_ context.Context, _ *goplugin.GRPCBroker, c *grpc.ClientConn) (any, error) {
	return connectorv1.NewConnectorServiceClient(c), nil
}

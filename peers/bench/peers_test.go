package bench_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"strings"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
	"github.com/grafana/grafana-plugin-sdk-go/backend/grpcplugin"
	"github.com/grafana/grafana-plugin-sdk-go/genproto/pluginv2"
	"github.com/hashicorp/go-hclog"
	goplugin "github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"
)

// barePlugin is the host's side of the bare plugin.
type barePlugin struct {
	goplugin.NetRPCUnsupportedPlugin
}

func (barePlugin) GRPCServer(*goplugin.GRPCBroker, *grpc.Server) error {
	return errors.New("this is the client's side")
}

func (barePlugin) GRPCClient(_ context.Context, _ *goplugin.GRPCBroker, conn *grpc.ClientConn) (any, error) {
	return connectorv1.NewConnectorServiceClient(conn), nil
}

// newClient returns a client of go-plugin, which starts the plugin when it is
// first asked for something.
func newClient(config *goplugin.ClientConfig) *goplugin.Client {
	config.AllowedProtocols = []goplugin.Protocol{goplugin.ProtocolGRPC}
	config.Logger = hclog.NewNullLogger()
	return goplugin.NewClient(config)
}

// dispense starts a plugin and returns what it serves.
func dispense[T any](tb testing.TB, client *goplugin.Client, name string) T {
	tb.Helper()
	protocol, err := client.Client()
	if err != nil {
		tb.Fatal(err)
	}
	raw, err := protocol.Dispense(name)
	if err != nil {
		tb.Fatal(err)
	}
	served, ok := raw.(T)
	if !ok {
		tb.Fatalf("the plugin serves %T", raw)
	}
	return served
}

func bareConfig(cmd *exec.Cmd) *goplugin.ClientConfig {
	return &goplugin.ClientConfig{
		HandshakeConfig: goplugin.HandshakeConfig{ProtocolVersion: 1, MagicCookieKey: "BARE", MagicCookieValue: "bare"},
		Plugins:         goplugin.PluginSet{"bare": barePlugin{}},
		AutoMTLS:        true,
		Cmd:             cmd,
	}
}

func launchBare(tb testing.TB, path string) (client connectorv1.ConnectorServiceClient, pid int) {
	tb.Helper()
	cmd := exec.CommandContext(tb.Context(), path)
	c := newClient(bareConfig(cmd))
	tb.Cleanup(c.Kill)
	client = dispense[connectorv1.ConnectorServiceClient](tb, c, "bare")
	return client, cmd.Process.Pid
}

// launchGrafana starts the SDK's plugin as Grafana does: without mutual TLS.
func launchGrafana(tb testing.TB, path string) (client grpcplugin.ResourceClient, pid int) {
	tb.Helper()
	cmd := exec.CommandContext(tb.Context(), path)
	c := newClient(&goplugin.ClientConfig{
		HandshakeConfig: goplugin.HandshakeConfig{
			ProtocolVersion: grpcplugin.ProtocolVersion,
			MagicCookieKey:  grpcplugin.MagicCookieKey, MagicCookieValue: grpcplugin.MagicCookieValue,
		},
		VersionedPlugins: map[int]goplugin.PluginSet{grpcplugin.ProtocolVersion: {"resource": &grpcplugin.ResourceGRPCPlugin{}}},
		Cmd:              cmd,
	})
	tb.Cleanup(c.Kill)
	client = dispense[grpcplugin.ResourceClient](tb, c, "resource")
	return client, cmd.Process.Pid
}

// launchConnector starts the connector with a connection to a tenant without
// limits.
func launchConnector(tb testing.TB, path, address string) (*host.Plugin, *host.Connection) {
	tb.Helper()
	p, err := host.Launch(tb.Context(), path, nil)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := p.Close(); err != nil {
			tb.Error(err)
		}
	})
	conn, err := p.Open(tb.Context(), connector.Settings{
		Tenant: "acme",
		Config: json.RawMessage(fmt.Sprintf(
			`{"base_url":%q,"auth":{"type":"access_key"},"limits":{"synchronous":null,"asynchronous":null}}`, address)),
		Secrets: map[string]connector.Secret{"/auth/access_key": connector.NewSecret(sandbox.Acme().AccessKey)},
	})
	if err != nil {
		tb.Fatal(err)
	}
	return p, conn
}

// order is a request of about 1 KiB to the tenant, as an action and as what the
// connector sends for it.
type order struct {
	call connector.Call
	path string
	url  string
	key  string
	body []byte
}

func newOrder(tb testing.TB, conn *host.Connection, address string) order {
	tb.Helper()
	call := connector.Call{Action: "cta.list", Input: json.RawMessage(fmt.Sprintf(
		`{"select":["Name"],"limit":1,"where":{"conditions":[{"name":"Name","operator":"NE","value":[%q]}]}}`, strings.Repeat("x", 900)))}
	dry := call
	dry.DryRun = true
	result, err := conn.Execute(tb.Context(), dry)
	if err != nil {
		tb.Fatal(err)
	}
	var plan struct {
		Requests []struct {
			Path string          `json:"path"`
			Body json.RawMessage `json:"body"`
		} `json:"requests"`
	}
	if err := json.Unmarshal(result.Output, &plan); err != nil || len(plan.Requests) != 1 {
		tb.Fatalf("the plan is %s: %v", result.Output, err)
	}
	return order{call, plan.Requests[0].Path, address + plan.Requests[0].Path, sandbox.Acme().AccessKey, plan.Requests[0].Body}
}

// raw is the request as api.request makes it.
func (o order) raw() connector.Call {
	return connector.Call{Action: "api.request", Input: json.RawMessage(fmt.Sprintf(
		`{"method":"POST","path":%q,"idempotent":true,"body":%s}`, o.path, o.body))}
}

// execute has the connector make a request.
func execute(ctx context.Context, conn *host.Connection, call connector.Call) error {
	_, err := conn.Execute(ctx, call)
	return err
}

// direct makes the request itself.
func (o order) direct(ctx context.Context, client *http.Client) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, o.url, bytes.NewReader(o.body))
	if err != nil {
		return err
	}
	req.Header.Set("Accesskey", o.key)
	req.Header.Set("Content-Type", "application/json")
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, resp.Body)
	if resp.StatusCode != http.StatusOK {
		err = errors.New(resp.Status)
	}
	return errors.Join(err, resp.Body.Close())
}

// echo sends the request's body to the bare plugin and back.
func (o order) echo(ctx context.Context, bare connectorv1.ConnectorServiceClient) error {
	_, err := bare.Execute(ctx, &connectorv1.ExecuteRequest{Action: o.call.Action, Input: o.body})
	return err
}

// resource has the SDK's plugin make the request.
func (o order) resource(ctx context.Context, client grpcplugin.ResourceClient) error {
	stream, err := client.CallResource(ctx, &pluginv2.CallResourceRequest{
		PluginContext: &pluginv2.PluginContext{OrgId: 1, PluginId: "bench"}, Path: o.url, Method: http.MethodPost, Body: o.body,
		Headers: map[string]*pluginv2.StringList{
			"Accesskey": {Values: []string{o.key}}, "Content-Type": {Values: []string{"application/json"}},
		},
	})
	if err != nil {
		return err
	}
	resp, err := stream.Recv()
	if err != nil {
		return err
	}
	if resp.GetCode() != http.StatusOK {
		return fmt.Errorf("the resource call answered %d: %s", resp.GetCode(), resp.GetBody())
	}
	if _, err = stream.Recv(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("the resource call did not end: %w", err)
	}
	return nil
}

package catalog_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/hashicorp/go-hclog"
	goplugin "github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

// What the gigabyte is made of: chunks of 20,000 rows, as the vendor cuts them.
const (
	gigabyte     = 1 << 30
	rowsPerChunk = 20_000
	bareChunk    = 256 << 10
)

// Modes in which the test binary starts itself for the benchmark.
const (
	modeTenant = "tenant-of-a-gigabyte"
	modeBare   = "bare-stream"
)

// serveMode is the main function of a mode.
func serveMode(mode string) {
	switch mode {
	case modeTenant:
		serveTenant()
	case modeBare:
		goplugin.Serve(&goplugin.ServeConfig{
			HandshakeConfig: bareHandshake(), Plugins: goplugin.PluginSet{"bare": bare{}}, GRPCServer: goplugin.DefaultGRPCServer,
			Logger: hclog.NewNullLogger(),
		})
	}
}

// chunkOfRows is one chunk, header and all.
func chunkOfRows() []byte {
	var b bytes.Buffer
	b.WriteString("Gsid,Row_Number__gc,Company__gc,Day__gc,Recorded_At__gc,Revenue__gc,Active__gc,Note__gc\r\n")
	for i := range rowsPerChunk {
		note := "Steady use of the dashboard"
		if i%10 == 0 {
			note = `"Logins fell, then rose again"`
		}
		fmt.Fprintf(&b, "1P02EXAMPLE%025d,%d,1P02EXAMPLE%025d,2024-%02d-%02d,2024-02-03T04:05:%02dZ,%d.50,%t,%s\r\n",
			i, i, i%100, i%12+1, i%28+1, i%60, i*7, i%2 == 0, note)
	}
	return b.Bytes()
}

// serveTenant is a tenant that has an export of a gigabyte ready, made once. It
// ends when stdin does.
func serveTenant() {
	chunk := chunkOfRows()
	n := gigabyte/len(chunk) + 1
	var list []string
	for i := range n {
		list = append(list, fmt.Sprintf(`{"chunkURL":"v3/chunk/%d","offset":%d,"limit":%d}`, i, i*rowsPerChunk, rowsPerChunk))
	}
	status := fmt.Sprintf(`{"result":true,"data":{"jobStatus":"COMPLETED","totalRecords":%d,"chunkDetails":[%s]}}`, n*rowsPerChunk, strings.Join(list, ","))
	mux := http.NewServeMux()
	mux.HandleFunc("/v3/exports/data/bulk/usage__gc", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"result":true,"data":{"statusURL":"v3/status"}}`)
	})
	mux.HandleFunc("/v3/status", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, status) })
	mux.HandleFunc("/v3/chunk/", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/csv")
		_, _ = w.Write(chunk)
	})
	mux.HandleFunc("/whole", func(w http.ResponseWriter, _ *http.Request) {
		for range n {
			_, _ = w.Write(chunk)
		}
	})
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return
	}
	_, _ = fmt.Fprintln(os.Stdout, listener.Addr())
	go func() { _ = http.Serve(listener, mux) }() //nolint:gosec // for a benchmark on loopback
	_, _ = io.Copy(io.Discard, os.Stdin)
}

// bare is the least that a plugin can do to stream.
type bare struct {
	goplugin.NetRPCUnsupportedPlugin
}

type bareServer struct {
	connectorv1.UnimplementedConnectorServiceServer
}

func (bareServer) Download(_ *connectorv1.DownloadRequest, stream grpc.ServerStreamingServer[connectorv1.DownloadResponse]) error {
	data := make([]byte, bareChunk)
	for range gigabyte / bareChunk {
		err := stream.Send(&connectorv1.DownloadResponse{Event: &connectorv1.DownloadResponse_Chunk{Chunk: &connectorv1.Chunk{Data: data}}})
		if err != nil {
			return err
		}
	}
	return nil
}

func (bare) GRPCServer(_ *goplugin.GRPCBroker, s *grpc.Server) error {
	connectorv1.RegisterConnectorServiceServer(s, bareServer{})
	return nil
}

func (bare) GRPCClient(_ context.Context, _ *goplugin.GRPCBroker, conn *grpc.ClientConn) (any, error) {
	return connectorv1.NewConnectorServiceClient(conn), nil
}

func bareHandshake() goplugin.HandshakeConfig {
	return goplugin.HandshakeConfig{ProtocolVersion: 1, MagicCookieKey: "BARE", MagicCookieValue: "bare"}
}

// startTenant starts the tenant as a process of its own.
func startTenant(b *testing.B) (address string) {
	b.Helper()
	cmd := exec.CommandContext(b.Context(), os.Args[0], modeTenant) //nolint:gosec // the test binary itself
	stdin, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		_ = stdin.Close()
		_ = cmd.Wait()
	})
	return "http://" + strings.TrimSpace(line)
}

// BenchmarkGigabyte is a gigabyte from a tenant in a process of its own,
// through the connector's process and the host into a file, beside the two
// things that it cannot be faster than: the same bytes downloaded with net/http
// alone, and as many streamed by a plugin that does nothing else.
func BenchmarkGigabyte(b *testing.B) {
	address := startTenant(b)
	b.Run("http_to_file", func(b *testing.B) {
		b.SetBytes(gigabyte)
		for b.Loop() {
			fetchTo(b, address+"/whole", filepath.Join(b.TempDir(), "whole"))
		}
	})
	b.Run("bare_stream", func(b *testing.B) {
		client := bareClient(b)
		b.SetBytes(gigabyte)
		for b.Loop() {
			drainBare(b, client)
		}
	})
	for _, format := range []string{"csv", "ndjson"} {
		b.Run("export_"+format, func(b *testing.B) { benchmarkExport(b, address, format) })
	}
}

func benchmarkExport(b *testing.B, address, format string) {
	b.Helper()
	path, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	p, err := host.Launch(b.Context(), path, nil)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = p.Close() }()
	// Its chunks would be more requests than a tenant takes in a minute.
	conn, err := p.Open(b.Context(), connector.Settings{
		Tenant: "acme", Config: json.RawMessage(fmt.Sprintf(
			`{"base_url":%q,"auth":{"type":"access_key"},"limits":{"synchronous":null,"asynchronous":null}}`, address)),
		Secrets: map[string]connector.Secret{"/auth/access_key": connector.NewSecret("x")},
	})
	if err != nil {
		b.Fatal(err)
	}
	call := connector.Call{Action: "bulk.export", Input: json.RawMessage(fmt.Sprintf(`{"objectName":"usage__gc","format":%q,"select":[
		"Gsid","Row_Number__gc","Company__gc","Day__gc","Recorded_At__gc","Revenue__gc","Active__gc","Note__gc"]}`, format))}
	b.SetBytes(gigabyte)
	for b.Loop() {
		if _, err := conn.DownloadFile(b.Context(), call, filepath.Join(b.TempDir(), "export"), nil); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(peak(p.PID()), "plugin-MiB")
	b.ReportMetric(peak(os.Getpid()), "host-MiB")
}

// peak is the largest resident memory that a process has had, in MiB; 0 where
// the system does not tell.
func peak(pid int) float64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	kib, err := strconv.ParseFloat(strings.Fields(rest + " 0")[0], 64)
	if err != nil {
		return 0
	}
	return kib / 1024
}

func fetchTo(b *testing.B, url, path string) {
	b.Helper()
	req, err := http.NewRequestWithContext(b.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		b.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		b.Fatal(err)
	}
	f, err := os.Create(path) //nolint:gosec // in a benchmark's own folder
	if err != nil {
		b.Fatal(err)
	}
	_, err = io.Copy(f, resp.Body)
	if err := errors.Join(err, f.Sync(), f.Close(), resp.Body.Close()); err != nil {
		b.Fatal(err)
	}
}

func bareClient(b *testing.B) connectorv1.ConnectorServiceClient {
	b.Helper()
	client := goplugin.NewClient(&goplugin.ClientConfig{
		HandshakeConfig: bareHandshake(), Plugins: goplugin.PluginSet{"bare": bare{}}, AutoMTLS: true,
		Cmd:              exec.CommandContext(b.Context(), os.Args[0], modeBare), //nolint:gosec // the test binary itself
		AllowedProtocols: []goplugin.Protocol{goplugin.ProtocolGRPC}, Logger: hclog.NewNullLogger(),
	})
	b.Cleanup(client.Kill)
	protocol, err := client.Client()
	if err != nil {
		b.Fatal(err)
	}
	raw, err := protocol.Dispense("bare")
	if err != nil {
		b.Fatal(err)
	}
	return raw.(connectorv1.ConnectorServiceClient)
}

func drainBare(b *testing.B, client connectorv1.ConnectorServiceClient) {
	b.Helper()
	stream, err := client.Download(b.Context(), &connectorv1.DownloadRequest{})
	for err == nil {
		_, err = stream.Recv()
	}
	if !errors.Is(err, io.EOF) {
		b.Fatal(err)
	}
}

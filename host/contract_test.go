package host_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"hash/crc32"
	"strings"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

// server is a connector that does what a test tells it, right or wrong.
type server struct {
	connectorv1.UnimplementedConnectorServiceServer

	handshake func(*connectorv1.HandshakeResponse)
	download  []*connectorv1.DownloadResponse
	end       error
	upload    func(grpc.ClientStreamingServer[connectorv1.UploadRequest, connectorv1.UploadResponse]) error
	execute   func() (*connectorv1.ExecuteResponse, error)
	closeErr  error
}

func (s *server) Handshake(_ context.Context, req *connectorv1.HandshakeRequest) (*connectorv1.HandshakeResponse, error) {
	resp := &connectorv1.HandshakeResponse{Limits: req.GetLimits(), Features: req.GetFeatures(), InstanceId: "i-1"}
	if s.handshake != nil {
		s.handshake(resp)
	}
	return resp, nil
}

func (*server) GetManifest(context.Context, *connectorv1.GetManifestRequest) (*connectorv1.GetManifestResponse, error) {
	return &connectorv1.GetManifestResponse{Manifest: wire.ManifestTo(newEcho(nil, nil).Manifest())}, nil
}

func (*server) OpenConnection(context.Context, *connectorv1.OpenConnectionRequest) (*connectorv1.OpenConnectionResponse, error) {
	return &connectorv1.OpenConnectionResponse{Handle: "h-1"}, nil
}

func (s *server) CloseConnection(context.Context, *connectorv1.CloseConnectionRequest) (*connectorv1.CloseConnectionResponse, error) {
	return &connectorv1.CloseConnectionResponse{}, s.closeErr
}

// CheckConnection is that of a connector which does not know of thorough checks.
func (*server) CheckConnection(context.Context, *connectorv1.CheckConnectionRequest) (*connectorv1.CheckConnectionResponse, error) {
	return &connectorv1.CheckConnectionResponse{Report: []byte(`{}`)}, nil
}

func (*server) Probe(context.Context, *connectorv1.ProbeRequest) (*connectorv1.ProbeResponse, error) {
	return &connectorv1.ProbeResponse{Nonce: "stale"}, nil
}

func (s *server) Execute(context.Context, *connectorv1.ExecuteRequest) (*connectorv1.ExecuteResponse, error) {
	return s.execute()
}

func (s *server) Download(_ *connectorv1.DownloadRequest, stream grpc.ServerStreamingServer[connectorv1.DownloadResponse]) error {
	for _, event := range s.download {
		if err := stream.Send(event); err != nil {
			return err
		}
	}
	return s.end
}

func (s *server) Upload(stream grpc.ClientStreamingServer[connectorv1.UploadRequest, connectorv1.UploadResponse]) error {
	return s.upload(stream)
}

// attach speaks to s with small limits.
func (s *server) attach(t *testing.T) (*host.Plugin, error) {
	t.Helper()
	conn := serverConn(t, func(r *grpc.Server) { connectorv1.RegisterConnectorServiceServer(r, s) })
	return host.Attach(t.Context(), conn, &host.Options{Limits: connector.Limits{InlineBytes: 64, ChunkBytes: 16}})
}

func (s *server) tenant(t *testing.T) *host.Connection {
	t.Helper()
	p, err := s.attach(t)
	if err != nil {
		t.Fatalf("Attach: %v", err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return open(t, p, "acme")
}

func TestHandshakeBreaksContract(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		change func(*connectorv1.HandshakeResponse)
		text   string
	}{
		"no limits":        {change: func(r *connectorv1.HandshakeResponse) { r.Limits = nil }, text: "limit is missing"},
		"a zero limit":     {change: func(r *connectorv1.HandshakeResponse) { r.Limits.MaxChunkBytes = 0 }, text: "limit is missing"},
		"a larger limit":   {change: func(r *connectorv1.HandshakeResponse) { r.Limits.MaxInlineBytes++ }, text: "larger than the host's"},
		"no envelope":      {change: func(r *connectorv1.HandshakeResponse) { r.Limits.MaxMessageBytes = 64 }, text: "no room"},
		"unasked feature":  {change: func(r *connectorv1.HandshakeResponse) { r.Features = []string{wire.FeatureEvents} }, text: `"events" was not offered`},
		"no instance id":   {change: func(r *connectorv1.HandshakeResponse) { r.InstanceId = "" }, text: "instance id"},
		"a huge handshake": {change: func(r *connectorv1.HandshakeResponse) { r.InstanceId = strings.Repeat("x", 65<<10) }, text: "larger than max"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := (&server{handshake: tc.change}).attach(t)
			if err == nil || !strings.Contains(err.Error(), tc.text) {
				t.Fatalf("error = %v, want %q", err, tc.text)
			}
		})
	}
}

// Events of a download.
func header(total *uint64) *connectorv1.DownloadResponse {
	return &connectorv1.DownloadResponse{Event: &connectorv1.DownloadResponse_Header{Header: &connectorv1.StreamHeader{TotalBytes: total}}}
}

func chunk(offset uint64, data string) *connectorv1.DownloadResponse {
	sum := crc32.Checksum([]byte(data), crc32.MakeTable(crc32.Castagnoli))
	return &connectorv1.DownloadResponse{Event: &connectorv1.DownloadResponse_Chunk{
		Chunk: &connectorv1.Chunk{Offset: offset, Data: []byte(data), Crc32C: sum},
	}}
}

func trailer(total uint64, content string) *connectorv1.DownloadResponse {
	sum := sha256.Sum256([]byte(content))
	return &connectorv1.DownloadResponse{Event: &connectorv1.DownloadResponse_Trailer{
		Trailer: &connectorv1.StreamTrailer{TotalBytes: total, Sha256: sum[:]},
	}}
}

func TestDownloadBreaksContract(t *testing.T) {
	t.Parallel()
	flipped := chunk(0, "abc")
	flipped.GetChunk().Crc32C ^= 1
	progress := &connectorv1.DownloadResponse{Event: &connectorv1.DownloadResponse_Progress{Progress: &connectorv1.Progress{}}}
	promised := uint64(4)
	tests := map[string]struct {
		events []*connectorv1.DownloadResponse
		end    error
		reason connector.Reason
	}{
		"nothing":               {reason: connector.ReasonIntegrity},
		"no trailer":            {events: []*connectorv1.DownloadResponse{header(nil), chunk(0, "abc")}, reason: connector.ReasonIntegrity},
		"chunk before header":   {events: []*connectorv1.DownloadResponse{chunk(0, "abc"), header(nil)}, reason: connector.ReasonIntegrity},
		"trailer before header": {events: []*connectorv1.DownloadResponse{trailer(0, "")}, reason: connector.ReasonIntegrity},
		"progress before header": {
			events: []*connectorv1.DownloadResponse{progress, header(nil), trailer(0, "")}, reason: connector.ReasonIntegrity,
		},
		"two headers":         {events: []*connectorv1.DownloadResponse{header(nil), header(nil), trailer(0, "")}, reason: connector.ReasonIntegrity},
		"gap":                 {events: []*connectorv1.DownloadResponse{header(nil), chunk(1, "abc")}, reason: connector.ReasonIntegrity},
		"repeated chunk":      {events: []*connectorv1.DownloadResponse{header(nil), chunk(0, "abc"), chunk(0, "abc")}, reason: connector.ReasonIntegrity},
		"wrong crc":           {events: []*connectorv1.DownloadResponse{header(nil), flipped}, reason: connector.ReasonIntegrity},
		"wrong total":         {events: []*connectorv1.DownloadResponse{header(nil), chunk(0, "abc"), trailer(4, "abc")}, reason: connector.ReasonIntegrity},
		"wrong sha256":        {events: []*connectorv1.DownloadResponse{header(nil), chunk(0, "abc"), trailer(3, "abd")}, reason: connector.ReasonIntegrity},
		"not as promised":     {events: []*connectorv1.DownloadResponse{header(&promised), chunk(0, "abc"), trailer(3, "abc")}, reason: connector.ReasonIntegrity},
		"chunk after trailer": {events: []*connectorv1.DownloadResponse{header(nil), trailer(0, ""), chunk(0, "a")}, reason: connector.ReasonIntegrity},
		"two trailers":        {events: []*connectorv1.DownloadResponse{header(nil), trailer(0, ""), trailer(0, "")}, reason: connector.ReasonIntegrity},
		"chunk over limit":    {events: []*connectorv1.DownloadResponse{header(nil), chunk(0, strings.Repeat("a", 17))}, reason: connector.ReasonTooLarge},
		"message over limit":  {events: []*connectorv1.DownloadResponse{header(nil), chunk(0, strings.Repeat("a", 1<<20))}, reason: connector.ReasonTooLarge},
		"error after trailer": {
			events: []*connectorv1.DownloadResponse{header(nil), trailer(0, "")}, end: wire.ToStatus(connector.Errorf(connector.ReasonConflict, "no"), "r"),
			reason: connector.ReasonConflict,
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := (&server{download: tc.events, end: tc.end}).tenant(t)
			_, err := c.Download(t.Context(), call(t, "echo.export", order{}), &bytes.Buffer{}, nil)
			if e := failed(t, err, tc.reason); e.RequestID == "" {
				t.Errorf("error %v has no request id", e)
			}
		})
	}
	t.Run("of an action that writes", func(t *testing.T) {
		t.Parallel()
		c := (&server{download: []*connectorv1.DownloadResponse{header(nil)}}).tenant(t)
		_, err := c.Download(t.Context(), call(t, "echo.submit", order{}), &bytes.Buffer{}, nil)
		if e := failed(t, err, connector.ReasonIntegrity); !e.OutcomeUnknown {
			t.Errorf("error = %+v, want an unknown outcome", e)
		}
	})
	t.Run("an event of a later version", func(t *testing.T) {
		t.Parallel()
		c := (&server{download: []*connectorv1.DownloadResponse{header(nil), {}, chunk(0, "abc"), trailer(3, "abc")}}).tenant(t)
		var got bytes.Buffer
		summary, err := c.Download(t.Context(), call(t, "echo.export", order{}), &got, nil)
		if err != nil || got.String() != "abc" || summary.ContentType != "application/octet-stream" {
			t.Errorf("Download: %q, %+v, %v", got.String(), summary, err)
		}
	})
}

func TestUploadEvents(t *testing.T) {
	t.Parallel()
	var got []*connectorv1.UploadRequest
	s := &server{upload: func(stream grpc.ClientStreamingServer[connectorv1.UploadRequest, connectorv1.UploadResponse]) error {
		for {
			event, err := stream.Recv()
			if err != nil {
				return stream.SendAndClose(&connectorv1.UploadResponse{Output: []byte(`1`), Records: &connectorv1.RecordSummary{Total: 2}})
			}
			got = append(got, event)
		}
	}}
	resp, err := s.tenant(t).Upload(t.Context(), call(t, "echo.import", order{}), "text/csv", strings.NewReader(strings.Repeat("a", 35)))
	if err != nil || string(resp.Output) != "1" || resp.Records.Total != 2 {
		t.Fatalf("Upload: %+v, %v", resp, err)
	}
	if len(got) != 5 {
		t.Fatalf("%d events, want start, three chunks and finish", len(got))
	}
	start := got[0].GetStart()
	if start.GetCall().GetHandle() != "h-1" || start.GetCall().GetRequestId() != "req-1" || start.GetContentType() != "text/csv" {
		t.Errorf("start = %v", start)
	}
	chunks := wire.NewChunkReader()
	for _, event := range got[1:4] {
		data, err := chunks.Data(event.GetChunk())
		if err != nil || len(data) > 16 {
			t.Errorf("chunk of %d bytes: %v", len(data), err)
		}
	}
	if err := chunks.Finish(got[4].GetFinish().GetTotalBytes(), got[4].GetFinish().GetSha256()); err != nil || chunks.Total() != 35 {
		t.Errorf("finish after %d bytes: %v", chunks.Total(), err)
	}
}

func TestUploadEarlySuccess(t *testing.T) {
	t.Parallel()
	s := &server{upload: func(stream grpc.ClientStreamingServer[connectorv1.UploadRequest, connectorv1.UploadResponse]) error {
		return stream.SendAndClose(&connectorv1.UploadResponse{})
	}}
	_, err := s.tenant(t).Upload(t.Context(), call(t, "echo.import", order{}), "", endless{})
	if e := failed(t, err, connector.ReasonIntegrity); !e.OutcomeUnknown {
		t.Errorf("error = %+v, want an unknown outcome", e)
	}
}

func TestCallBreaksContract(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		resp    *connectorv1.ExecuteResponse
		err     error
		reason  connector.Reason
		unknown bool
	}{
		"bare status": {err: status.Error(codes.Aborted, "eh"), reason: connector.ReasonInternal, unknown: true},
		"link broke":  {err: status.Error(codes.Unavailable, "eof"), reason: connector.ReasonPluginExited, unknown: true},
		"answer too large": {
			resp: &connectorv1.ExecuteResponse{Output: make([]byte, 1<<20)}, reason: connector.ReasonTooLarge, unknown: true,
		},
		"refused by contract": {
			err: wire.ToStatus(connector.Errorf(connector.ReasonConflict, "no"), "r"), reason: connector.ReasonConflict,
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := (&server{execute: func() (*connectorv1.ExecuteResponse, error) { return tc.resp, tc.err }}).tenant(t)
			_, err := c.Execute(t.Context(), call(t, "echo.put", order{}))
			if e := failed(t, err, tc.reason); e.OutcomeUnknown != tc.unknown {
				t.Errorf("error = %+v, want OutcomeUnknown %t", e, tc.unknown)
			}
		})
	}
	t.Run("link broke while closing", func(t *testing.T) {
		t.Parallel()
		c := (&server{closeErr: status.Error(codes.Unavailable, "eof")}).tenant(t)
		if err := c.Close(t.Context()); err != nil {
			t.Errorf("Close = %v, want nil: nothing is left to close", err)
		}
	})
	t.Run("probe", func(t *testing.T) {
		t.Parallel()
		p, err := (&server{}).attach(t)
		if err != nil {
			t.Fatalf("Attach: %v", err)
		}
		_, err = p.Probe(t.Context())
		wantReason(t, err, connector.ReasonInternal)
	})
	t.Run("stream dry run", func(t *testing.T) {
		t.Parallel()
		c := (&server{}).tenant(t)
		_, err := c.Upload(t.Context(), connector.Call{Action: "echo.import", DryRun: true}, "", endless{})
		wantReason(t, err, connector.ReasonUnsupported)
		_, err = c.Download(t.Context(), connector.Call{Action: "echo.export", DryRun: true}, &bytes.Buffer{}, nil)
		wantReason(t, err, connector.ReasonUnsupported)
	})
}

// A connector that is older than thorough checks makes the cheap one, which must
// not pass for the other.
func TestThoroughCheckOfAnOldConnector(t *testing.T) {
	t.Parallel()
	p, err := (&server{}).attach(t)
	if err != nil {
		t.Fatal(err)
	}
	c := open(t, p, "acme")
	if _, err := c.Check(t.Context()); err != nil {
		t.Errorf("Check: %v", err)
	}
	_, err = c.CheckThoroughly(t.Context(), connector.ThoroughCheck{})
	if e := connector.AsError(err); e == nil || e.Reason != connector.ReasonUnsupported {
		t.Errorf("CheckThoroughly: %v, want unsupported", err)
	}
}

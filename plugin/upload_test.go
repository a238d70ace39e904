package plugin_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
	"github.com/gainsight-connector/gainsight-connector/plugin"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

// uploads returns a connector that uploads by f.
func uploads(f func(context.Context, *plugin.Input) (connector.Result, error)) author {
	return opens(&conn{upload: func(ctx context.Context, _ connector.Call, in *plugin.Input) (connector.Result, error) {
		return f(ctx, in)
	}})
}

func readAll(_ context.Context, in *plugin.Input) (connector.Result, error) {
	_, err := io.Copy(io.Discard, in)
	return connector.Result{}, err
}

func TestUpload(t *testing.T) {
	t.Parallel()
	var content []byte
	var got connector.Call
	var contentType string
	r := start(t, opens(&conn{upload: func(_ context.Context, call connector.Call, in *plugin.Input) (connector.Result, error) {
		got, contentType = call, in.ContentType()
		data, err := io.ReadAll(in)
		content = data
		return connector.Result{Records: &connector.RecordSummary{Total: 2, Succeeded: 2}}, err
	}}), connector.Limits{})
	w := wire.NewChunkWriter()
	err := send(t, r, startEvent(r.tenant(t), "echo.import"), chunkEvent(chunkOf(w, []byte("a,b\n"))), chunkEvent(chunkOf(w, nil)),
		chunkEvent(chunkOf(w, []byte("1,2\n"))), finishEvent(w))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(content, []byte("a,b\n1,2\n")) || contentType != "text/csv" {
		t.Errorf("content = %q as %s", content, contentType)
	}
	if got.Action != "echo.import" || string(got.Input) != `{}` || got.RequestID != "req-1" {
		t.Errorf("call = %+v", got)
	}
}

func TestUploadFails(t *testing.T) {
	t.Parallel()
	stopEarly := func(context.Context, *plugin.Input) (connector.Result, error) { return connector.Result{}, nil }
	w := wire.NewChunkWriter()
	first, second := chunkOf(w, []byte("first")), chunkOf(w, []byte("second"))
	changed := &connectorv1.Chunk{Offset: 0, Data: []byte("fIrst"), Crc32C: first.GetCrc32C()}
	short := wire.NewChunkWriter()
	chunkOf(short, []byte("first"))
	tests := map[string]struct {
		run    func(context.Context, *plugin.Input) (connector.Result, error)
		events []*connectorv1.UploadRequest // after the start
		reason connector.Reason
		text   string
	}{
		"no finish":              {readAll, []*connectorv1.UploadRequest{chunkEvent(first)}, connector.ReasonIntegrity, "at byte 5 without its finish"},
		"no finish, author done": {stopEarly, []*connectorv1.UploadRequest{chunkEvent(first)}, connector.ReasonIntegrity, "without its finish"},
		"a gap":                  {readAll, []*connectorv1.UploadRequest{chunkEvent(second)}, connector.ReasonIntegrity, "a chunk at byte 5 came where byte 0 was due"},
		"doubled":                {readAll, []*connectorv1.UploadRequest{chunkEvent(first), chunkEvent(first)}, connector.ReasonIntegrity, "byte 5 was due"},
		"changed":                {readAll, []*connectorv1.UploadRequest{chunkEvent(changed)}, connector.ReasonIntegrity, "fails its checksum"},
		"wrong total":            {readAll, []*connectorv1.UploadRequest{chunkEvent(first), finishEvent(w)}, connector.ReasonIntegrity, "5 bytes where its sender counted 11"},
		"wrong sum": {readAll, []*connectorv1.UploadRequest{chunkEvent(first), {Event: &connectorv1.UploadRequest_Finish{
			Finish: &connectorv1.UploadFinish{TotalBytes: 5, Sha256: w.Sum()},
		}}}, connector.ReasonIntegrity, "SHA-256"},
		"a second start": {readAll, []*connectorv1.UploadRequest{startEvent(nil, "echo.import")}, connector.ReasonInternal, "neither a chunk nor its finish"},
		"a chunk too large": {readAll, []*connectorv1.UploadRequest{chunkEvent(chunkOf(wire.NewChunkWriter(), make([]byte, 101)))},
			connector.ReasonTooLarge, "max_chunk_bytes"},
		"the author": {func(context.Context, *plugin.Input) (connector.Result, error) {
			return connector.Result{}, connector.Errorf(connector.ReasonInvalidInput, "line 1 has no column Name")
		}, []*connectorv1.UploadRequest{chunkEvent(first), finishEvent(short)}, connector.ReasonInvalidInput, "no column Name"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := start(t, uploads(tt.run), connector.Limits{ChunkBytes: 100})
			err := send(t, r, append([]*connectorv1.UploadRequest{startEvent(r.tenant(t), "echo.import")}, tt.events...)...)
			e := failure(t, err, tt.reason)
			if !strings.Contains(e.Message, tt.text) {
				t.Errorf("error = %v, want %q in it", e, tt.text)
			}
			if e.RequestID != "req-1" {
				t.Errorf("request id = %q, want that of the start event", e.RequestID)
			}
		})
	}
}

func TestUploadMustStart(t *testing.T) {
	t.Parallel()
	tests := map[string][]*connectorv1.UploadRequest{
		"nothing at all": nil,
		"a chunk first":  {chunkEvent(chunkOf(wire.NewChunkWriter(), []byte("x")))},
		"an empty event": {{}},
	}
	for name, events := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := start(t, uploads(readAll), connector.Limits{})
			if e := failure(t, send(t, r, events...), connector.ReasonInternal); e.Origin != connector.OriginRuntime {
				t.Errorf("error = %+v, want the host's fault", e)
			}
		})
	}
}

func TestUploadReadIsFinal(t *testing.T) {
	t.Parallel()
	r := start(t, uploads(func(_ context.Context, in *plugin.Input) (connector.Result, error) {
		_, first := io.ReadAll(in)
		n, second := in.Read(make([]byte, 1))
		if first != nil || n != 0 || !errors.Is(second, io.EOF) {
			t.Errorf("after the end: %v, then %d, %v", first, n, second)
		}
		if n, err := in.Read(nil); n != 0 || err != nil {
			t.Errorf("Read(nil) = %d, %v", n, err)
		}
		return connector.Result{}, nil
	}), connector.Limits{})
	w := wire.NewChunkWriter()
	if err := send(t, r, startEvent(r.tenant(t), "echo.import"), chunkEvent(chunkOf(w, []byte("abc"))), finishEvent(w)); err != nil {
		t.Error(err)
	}
}

// What the author did before the upload broke off may stand.
func TestUploadBrokenAfterTheAuthor(t *testing.T) {
	t.Parallel()
	r := start(t, uploads(func(context.Context, *plugin.Input) (connector.Result, error) {
		return connector.Result{}, nil
	}), connector.Limits{})
	e := failure(t, send(t, r, startEvent(r.tenant(t), "echo.import")), connector.ReasonIntegrity)
	if !e.OutcomeUnknown {
		t.Error("outcome unknown is not set")
	}
}

func TestUploadIsCancelled(t *testing.T) {
	t.Parallel()
	entered, ended := make(chan struct{}), make(chan error, 1)
	r := start(t, uploads(func(_ context.Context, in *plugin.Input) (connector.Result, error) {
		close(entered)
		_, err := io.ReadAll(in)
		ended <- err
		return connector.Result{}, err
	}), connector.Limits{})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	stream, err := r.Upload(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := stream.Send(startEvent(r.tenant(t), "echo.import")); err != nil {
		t.Fatal(err)
	}
	<-entered
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("Read after the cancel = %v", err)
	}
}

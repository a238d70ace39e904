package plugin_test

import (
	"errors"
	"io"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/internal/wire"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

// received is all events of a download and how it ended.
type received struct {
	kinds   string // h, c, p, k (checkpoint) and t in order
	data    []byte
	header  *connectorv1.StreamHeader
	trailer *connectorv1.StreamTrailer
	largest int
	err     error
}

// fetch downloads an action and checks each chunk.
func fetch(tb testing.TB, r rig, call *connectorv1.CallContext, input []byte) received {
	tb.Helper()
	return fetchFrom(tb, r, &connectorv1.DownloadRequest{Call: call, Action: "echo.export", Input: input})
}

// fetchFrom is fetch for any request.
func fetchFrom(tb testing.TB, r rig, req *connectorv1.DownloadRequest) received {
	tb.Helper()
	stream, err := r.Download(tb.Context(), req)
	if err != nil {
		tb.Fatal(err)
	}
	var got received
	chunks := wire.NewChunkReader()
	for {
		event, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return got
		}
		if err != nil {
			got.err = err
			return got
		}
		switch e := event.GetEvent().(type) {
		case *connectorv1.DownloadResponse_Header:
			got.kinds, got.header = got.kinds+"h", e.Header
			chunks.StartAt(e.Header.GetOffset())
		case *connectorv1.DownloadResponse_Checkpoint:
			got.kinds += "k"
			if _, err := chunks.Checkpoint(e.Checkpoint); err != nil {
				tb.Error(err)
			}
		case *connectorv1.DownloadResponse_Progress:
			got.kinds += "p"
		case *connectorv1.DownloadResponse_Chunk:
			data, err := chunks.Data(e.Chunk)
			if err != nil {
				tb.Fatal(err)
			}
			got.kinds, got.data, got.largest = got.kinds+"c", append(got.data, data...), max(got.largest, len(data))
		case *connectorv1.DownloadResponse_Trailer:
			got.kinds, got.trailer = got.kinds+"t", e.Trailer
			if err := chunks.Finish(e.Trailer.GetTotalBytes(), e.Trailer.GetSha256()); err != nil {
				tb.Error(err)
			}
		}
	}
}

// send uploads events and returns how the call ended.
func send(tb testing.TB, r rig, events ...*connectorv1.UploadRequest) error {
	tb.Helper()
	stream, err := r.Upload(tb.Context())
	if err != nil {
		tb.Fatal(err)
	}
	for _, e := range events {
		if err := stream.Send(e); err != nil {
			break // CloseAndRecv says why
		}
	}
	_, err = stream.CloseAndRecv()
	return err
}

func startEvent(call *connectorv1.CallContext, action string) *connectorv1.UploadRequest {
	return &connectorv1.UploadRequest{Event: &connectorv1.UploadRequest_Start{Start: &connectorv1.UploadStart{
		Call: call, Action: action, Input: []byte(`{}`), ContentType: "text/csv",
	}}}
}

func chunkEvent(c *connectorv1.Chunk) *connectorv1.UploadRequest {
	return &connectorv1.UploadRequest{Event: &connectorv1.UploadRequest_Chunk{Chunk: c}}
}

func finishEvent(w *wire.ChunkWriter) *connectorv1.UploadRequest {
	return &connectorv1.UploadRequest{Event: &connectorv1.UploadRequest_Finish{Finish: &connectorv1.UploadFinish{
		TotalBytes: w.Total(), Sha256: w.Sum(),
	}}}
}

// chunkOf returns the next chunk of w.
func chunkOf(w *wire.ChunkWriter, data []byte) (next *connectorv1.Chunk) {
	_ = w.Send(data, func(c *connectorv1.Chunk) error { next = c; return nil })
	return next
}

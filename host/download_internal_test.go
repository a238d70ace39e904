package host

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/mem"
	"google.golang.org/protobuf/proto"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

// frames is a stream whose events come from a fuzzer: each a length and that
// many bytes of a message.
type frames struct {
	grpc.ServerStreamingClient[connectorv1.DownloadResponse]

	rest []byte
}

func (f *frames) RecvMsg(m any) error {
	if len(f.rest) == 0 {
		return io.EOF
	}
	n := min(int(f.rest[0]), len(f.rest)-1)
	message := f.rest[1 : 1+n]
	f.rest = f.rest[1+n:]
	return wire.Codec().Unmarshal(mem.BufferSlice{mem.SliceBuffer(message)}, m)
}

// framed are messages in the form of frames.
func framed(tb testing.TB, events ...*connectorv1.DownloadResponse) []byte {
	tb.Helper()
	var all []byte
	for _, e := range events {
		message, err := proto.Marshal(e)
		if err != nil {
			tb.Fatal(err)
		}
		all = append(append(all, byte(len(message))), message...) //nolint:gosec // they are short
	}
	return all
}

// FuzzDownload feeds any events to the receiver of a download. What it takes
// for complete is what the trailer says, and every checkpoint is where the
// writer is.
func FuzzDownload(f *testing.F) {
	header := func(offset uint64) *connectorv1.DownloadResponse {
		return &connectorv1.DownloadResponse{Event: &connectorv1.DownloadResponse_Header{Header: &connectorv1.StreamHeader{Offset: offset}}}
	}
	for _, offset := range []uint64{0, 7} {
		w := wire.NewChunkWriter()
		w.StartAt(offset)
		events := []*connectorv1.DownloadResponse{header(offset)}
		for _, data := range []string{"some ", "", "content"} {
			_ = w.Send([]byte(data), func(c *connectorv1.Chunk) error {
				events = append(events, &connectorv1.DownloadResponse{Event: &connectorv1.DownloadResponse_Chunk{Chunk: c}})
				return nil
			})
			events = append(events, &connectorv1.DownloadResponse{Event: &connectorv1.DownloadResponse_Checkpoint{
				Checkpoint: &connectorv1.Checkpoint{Offset: w.Offset(), Token: []byte("t")},
			}})
		}
		f.Add(framed(f, append(events, &connectorv1.DownloadResponse{Event: &connectorv1.DownloadResponse_Trailer{
			Trailer: &connectorv1.StreamTrailer{TotalBytes: w.Total(), Sha256: w.Sum()},
		}})...), offset)
	}
	f.Add(framed(f, header(3), header(0)), uint64(3))
	f.Fuzz(func(t *testing.T, data []byte, asked uint64) {
		w := &placed{t: t}
		d := download{w: w, maxChunk: 64, chunks: wire.NewChunkReader()}
		if asked > 0 {
			d.resume, w.start = &connector.Checkpoint{Offset: asked}, asked
		}
		err := d.receive(&frames{rest: data})
		if err != nil {
			return
		}
		sum := sha256.Sum256(w.Bytes())
		if d.summary.Bytes != uint64(w.Len()) || d.summary.SHA256 != hex.EncodeToString(sum[:]) || d.summary.Offset != asked { //nolint:gosec // a length
			t.Errorf("%q passed for %+v", w.Bytes(), d.summary)
		}
	})
}

// placed is a writer that knows where in the output it is.
type placed struct {
	bytes.Buffer

	t     *testing.T
	start uint64
}

func (p *placed) Checkpoint(c connector.Checkpoint) error {
	if c.Offset != p.start+uint64(p.Len()) { //nolint:gosec // a length
		p.t.Errorf("a checkpoint at byte %d came with %d bytes from %d", c.Offset, p.Len(), p.start)
	}
	return nil
}

package wire_test

import (
	"bytes"
	"testing"

	"google.golang.org/grpc/mem"
	"google.golang.org/protobuf/proto"

	"github.com/gainsight-connector/gainsight-connector/internal/wire"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

// flat is what a message is on the wire.
func flat(tb testing.TB, v any) []byte {
	tb.Helper()
	data, err := wire.Codec().Marshal(v)
	if err != nil {
		tb.Fatal(err)
	}
	defer data.Free()
	return data.Materialize()
}

// pool counts what is put back.
type pool struct{ back int }

func (*pool) Get(size int) *[]byte { b := make([]byte, size); return &b }
func (p *pool) Put(*[]byte)        { p.back++ }

// TestFrames: a frame is on the wire what the message is, for a reader that
// knows nothing of frames, and its memory comes back once.
func TestFrames(t *testing.T) {
	t.Parallel()
	for name, size := range map[string]int{"nothing": 0, "a byte": 1, "small": 127, "a chunk": 256 << 10} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, plain, r := wire.NewChunkWriter(), wire.NewChunkWriter(), wire.NewChunkReader()
			w.StartAt(1 << 40)
			plain.StartAt(1 << 40)
			r.StartAt(1 << 40)
			var p pool
			for range 2 {
				text := bytes.Repeat([]byte("x"), size)
				want := chunkOf(plain, text)
				buffer := append(make([]byte, 0, 512<<10), text...)
				var got []byte
				if err := w.SendBuffer(mem.NewBuffer(&buffer, &p), func(f *wire.Frame) error { got = flat(t, f); return nil }); err != nil {
					t.Fatal(err)
				}
				response := &connectorv1.DownloadResponse{}
				if err := proto.Unmarshal(got, response); err != nil || !proto.Equal(want, response.GetChunk()) {
					t.Errorf("a frame is %v, %v", response, err)
				}
				var e wire.Event
				if err := wire.Codec().Unmarshal(mem.BufferSlice{mem.SliceBuffer(got)}, &e); err != nil {
					t.Fatal(err)
				}
				if _, err := r.Data(e.Response.GetChunk()); err != nil {
					t.Error(err)
				}
			}
			if err := r.Finish(w.Total(), w.Sum()); err != nil || p.back != 2 {
				t.Errorf("%v; %d buffers came back", err, p.back)
			}
		})
	}
}

// FuzzEvent: an event is what protobuf reads, in whatever pieces it comes.
func FuzzEvent(f *testing.F) {
	chunk := &connectorv1.Chunk{Offset: 7, Data: []byte("data"), Crc32C: 9}
	for _, m := range []*connectorv1.DownloadResponse{
		{},
		{Event: &connectorv1.DownloadResponse_Chunk{Chunk: chunk}},
		{Event: &connectorv1.DownloadResponse_Chunk{Chunk: &connectorv1.Chunk{}}},
		{Event: &connectorv1.DownloadResponse_Header{Header: &connectorv1.StreamHeader{ContentType: "text/csv", Offset: 3}}},
		{Event: &connectorv1.DownloadResponse_Checkpoint{Checkpoint: &connectorv1.Checkpoint{Offset: 3, Token: []byte("t")}}},
	} {
		b, err := proto.Marshal(m)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b, 3)
		f.Add(append(b, b...), 1)
	}
	f.Fuzz(func(t *testing.T, b []byte, cut int) {
		cut = min(max(cut, 0), len(b))
		var e wire.Event
		err := wire.Codec().Unmarshal(mem.BufferSlice{mem.SliceBuffer(b[:cut]), mem.SliceBuffer(b[cut:])}, &e)
		want := &connectorv1.DownloadResponse{}
		if wantErr := proto.Unmarshal(b, want); (err == nil) != (wantErr == nil) {
			t.Fatalf("error = %v, protobuf says %v", err, wantErr)
		}
		if err == nil && !proto.Equal(want, e.Response) {
			t.Fatalf("event = %v, protobuf reads %v", e.Response, want)
		}
	})
}

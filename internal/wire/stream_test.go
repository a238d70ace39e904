package wire_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

func TestChunks(t *testing.T) {
	t.Parallel()
	w, r := wire.NewChunkWriter(), wire.NewChunkReader()
	var got []byte
	read := func(c *connectorv1.Chunk) error {
		data, err := r.Data(c)
		got = append(got, data...)
		return err
	}
	if err := read(chunkOf(w, []byte("first "))); err != nil {
		t.Fatal(err)
	}
	if err := w.Send([]byte("second"), read); err != nil {
		t.Fatal(err)
	}
	if err := w.Send(nil, read); err != nil {
		t.Fatal(err)
	}
	if err := r.Finish(w.Total(), w.Sum()); err != nil {
		t.Errorf("Finish = %v", err)
	}
	sum := sha256.Sum256([]byte("first second"))
	if string(got) != "first second" || r.Total() != 12 || r.Sum() != hex.EncodeToString(sum[:]) || !bytes.Equal(w.Sum(), sum[:]) {
		t.Errorf("got %q, %d bytes, sum %s", got, r.Total(), r.Sum())
	}
}

// TestChunksOfAPart: a part of an output has its own totals and the output's
// offsets.
func TestChunksOfAPart(t *testing.T) {
	t.Parallel()
	w, r := wire.NewChunkWriter(), wire.NewChunkReader()
	w.StartAt(100)
	r.StartAt(100)
	if _, err := r.Data(chunkOf(w, []byte("data"))); err != nil {
		t.Fatal(err)
	}
	if w.Offset() != 104 || r.Offset() != 104 || w.Total() != 4 || r.Total() != 4 {
		t.Errorf("offsets %d and %d, totals %d and %d", w.Offset(), r.Offset(), w.Total(), r.Total())
	}
	want := connector.Checkpoint{Offset: 104, Token: []byte("t")}
	if got, err := r.Checkpoint(&connectorv1.Checkpoint{Offset: 104, Token: []byte("t")}); err != nil || !cmp.Equal(want, got) {
		t.Errorf("Checkpoint = %v, %v", got, err)
	}
	if _, err := r.Checkpoint(&connectorv1.Checkpoint{Offset: 100}); !errors.Is(err, connector.ReasonIntegrity) {
		t.Errorf("a checkpoint elsewhere: %v", err)
	}
	large := &connectorv1.Checkpoint{Offset: 104, Token: make([]byte, wire.MaxToken+1)}
	if _, err := r.Checkpoint(large); !errors.Is(err, connector.ReasonTooLarge) {
		t.Errorf("a token too large: %v", err)
	}
	if err := r.Finish(w.Total(), w.Sum()); err != nil {
		t.Error(err)
	}
	if got := wire.ResumeFrom(wire.ResumeTo(&want)); !cmp.Equal(&want, got) || wire.ResumeFrom(wire.ResumeTo(nil)) != nil {
		t.Errorf("Resume = %v", got)
	}
}

func TestSendReturnsTheError(t *testing.T) {
	t.Parallel()
	gone := errors.New("gone")
	if err := wire.NewChunkWriter().Send([]byte("x"), func(*connectorv1.Chunk) error { return gone }); !errors.Is(err, gone) {
		t.Errorf("Send = %v", err)
	}
}

func TestChunkReaderRefuses(t *testing.T) {
	t.Parallel()
	good := chunkOf(wire.NewChunkWriter(), []byte("data"))
	tests := map[string]func(*wire.ChunkReader) error{
		"a gap": func(r *wire.ChunkReader) error {
			_, err := r.Data(&connectorv1.Chunk{Offset: 1, Data: good.GetData(), Crc32C: good.GetCrc32C()})
			return err
		},
		"a chunk again": func(r *wire.ChunkReader) error {
			_, first := r.Data(good)
			_, err := r.Data(good)
			return errors.Join(first, err)
		},
		"other bytes": func(r *wire.ChunkReader) error {
			_, err := r.Data(&connectorv1.Chunk{Data: []byte("dAta"), Crc32C: good.GetCrc32C()})
			return err
		},
		"another total": func(r *wire.ChunkReader) error { return r.Finish(1, wire.NewChunkWriter().Sum()) },
		"another sum":   func(r *wire.ChunkReader) error { return r.Finish(0, nil) },
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := tt(wire.NewChunkReader()); !errors.Is(err, connector.ReasonIntegrity) {
				t.Errorf("error = %v, want %s", err, connector.ReasonIntegrity)
			}
		})
	}
}

// chunkOf returns the next chunk of w.
func chunkOf(w *wire.ChunkWriter, data []byte) (next *connectorv1.Chunk) {
	_ = w.Send(data, func(c *connectorv1.Chunk) error { next = c; return nil })
	return next
}

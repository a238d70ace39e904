package bulk

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"sync/atomic"
	"testing"
	"testing/iotest"
	"testing/synctest"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

// chunkOf is a chunk of a size that counts what is read of it.
type chunkOf struct {
	io.Reader

	read *atomic.Int64
}

func (c chunkOf) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.read.Add(int64(n))
	return n, err
}

func (chunkOf) Close() error { return nil }

// TestReadAheadIsBounded: whatever the size of the chunks, no more is read than
// the blocks hold, no more chunks are open than asked for, and what comes out
// is in order.
func TestReadAheadIsBounded(t *testing.T) {
	t.Parallel()
	for _, parallel := range []int{1, 2, 3, 5, maxParallel} {
		t.Run(strconv.Itoa(parallel), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				const chunks, size = 9, 9 << 20
				var opened, read atomic.Int64
				r := startReading(t.Context(), 0, chunks, parallel, func(_ context.Context, index int) (io.ReadCloser, error) {
					opened.Add(1)
					return chunkOf{io.LimitReader(endless(bytes.Repeat([]byte{byte(index)}, block)), size), &read}, nil //nolint:gosec // below 256
				})
				for p := range r.parts {
					synctest.Wait() // until all readers wait for the consumer
					if ahead := read.Load() - int64(p.index)*size; ahead > blocks*block {
						t.Errorf("at chunk %d, %d bytes are read ahead", p.index, ahead)
					}
					if n := int(opened.Load()); n > p.index+parallel {
						t.Errorf("at chunk %d, %d chunks have been opened", p.index, n)
					}
					got := 0
					for b := range p.full {
						if !bytes.Equal(b[:1], []byte{byte(p.index)}) { //nolint:gosec // below 256
							t.Fatalf("chunk %d has a byte of chunk %d", p.index, b[0])
						}
						got += len(b)
						r.reuse(b)
					}
					if got != size || p.err != nil {
						t.Errorf("chunk %d has %d bytes, %v", p.index, got, p.err)
					}
				}
				if err := r.stop(); err != nil {
					t.Error(err)
				}
				if n := len(r.free); n > blocks {
					t.Errorf("%d blocks were made", n)
				}
			})
		})
	}
}

// endless repeats itself.
type endless []byte

func (e endless) Read(p []byte) (int, error) { return copy(p, e), nil }

var errBroken = errors.New("broken")

// TestReadAheadFails: a failure is told when its chunk is due, and not before.
func TestReadAheadFails(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		open func(index int) (io.Reader, error)
		want []string // error of each chunk
	}{
		"on opening": {func(index int) (io.Reader, error) {
			if index == 1 {
				return nil, errBroken
			}
			return bytes.NewReader([]byte("x")), nil
		}, []string{"", "broken", ""}},
		"on reading": {func(index int) (io.Reader, error) {
			if index == 2 {
				return io.MultiReader(bytes.NewReader([]byte("x")), iotest.ErrReader(fmt.Errorf("%w: %w", errBroken, io.EOF))), nil
			}
			return bytes.NewReader([]byte("x")), nil
		}, []string{"", "", "broken: EOF"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := startReading(t.Context(), 0, len(tt.want), 3, func(_ context.Context, index int) (io.ReadCloser, error) {
				body, err := tt.open(index)
				return io.NopCloser(body), err
			})
			for p := range r.parts {
				for b := range p.full {
					r.reuse(b)
				}
				if got := fmt.Sprint(p.err); got != tt.want[p.index] && (p.err != nil || tt.want[p.index] != "") {
					t.Errorf("chunk %d: %v, want %q", p.index, p.err, tt.want[p.index])
				}
			}
			if err := r.stop(); err != nil {
				t.Error(err)
			}
		})
	}
	t.Run("a panic", func(t *testing.T) {
		t.Parallel()
		r := startReading(t.Context(), 0, 2, 1, func(context.Context, int) (io.ReadCloser, error) {
			panic("boom") //nolint:forbidigo // what is tested
		})
		p := <-r.parts
		for range p.full {
			t.Error("a block came")
		}
		if !errors.Is(p.err, errCutShort) {
			t.Errorf("chunk: %v", p.err)
		}
		if err := r.stop(); !errors.Is(err, connector.ReasonPluginPanic) {
			t.Errorf("stop: %v", err)
		}
	})
	t.Run("given up", func(t *testing.T) {
		t.Parallel()
		r := startReading(t.Context(), 0, 9, 3, func(context.Context, int) (io.ReadCloser, error) {
			return io.NopCloser(endless{0}), nil
		})
		<-r.parts
		if err := r.stop(); err != nil {
			t.Error(err)
		}
	})
}

func TestRowsOf(t *testing.T) {
	t.Parallel()
	total := func(n int64) *int64 { return &n }
	tests := map[string]struct {
		job   job
		index int
		want  uint64
		known bool
	}{
		"a full one":            {job{Total: total(25), Chunks: []chunk{{Offset: 0, Limit: 20}, {Offset: 20, Limit: 20}}}, 0, 20, true},
		"the last":              {job{Total: total(25), Chunks: []chunk{{Offset: 0, Limit: 20}, {Offset: 20, Limit: 20}}}, 1, 5, true},
		"no total":              {job{Chunks: []chunk{{Offset: 0, Limit: 20}}}, 0, 0, false},
		"no limits":             {job{Total: total(25), Chunks: []chunk{{}, {}}}, 0, 0, false},
		"a gap":                 {job{Total: total(45), Chunks: []chunk{{Offset: 0, Limit: 20}, {Offset: 25, Limit: 20}}}, 0, 0, false},
		"offsets of the query":  {job{Total: total(25), Chunks: []chunk{{Offset: 100, Limit: 20}, {Offset: 120, Limit: 20}}}, 0, 0, false},
		"fewer than the total":  {job{Total: total(50), Chunks: []chunk{{Offset: 0, Limit: 20}, {Offset: 20, Limit: 20}}}, 0, 0, false},
		"more than the total":   {job{Total: total(15), Chunks: []chunk{{Offset: 0, Limit: 20}, {Offset: 20, Limit: 20}}}, 0, 0, false},
		"a header alone":        {job{Total: total(0), Chunks: []chunk{{Offset: 0, Limit: 20}}}, 0, 0, false},
		"a total that is wrong": {job{Total: total(-1), Chunks: []chunk{{Offset: 0, Limit: 20}}}, 0, 0, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got, known := tt.job.rowsOf(tt.index); got != tt.want || known != tt.known {
				t.Errorf("rowsOf = %d, %t, want %d, %t", got, known, tt.want, tt.known)
			}
		})
	}
}

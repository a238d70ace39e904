package plugin_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
	"github.com/gainsight-connector/gainsight-connector/plugin"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

// downloads returns a connector that downloads by f.
func downloads(f func(context.Context, *plugin.Output) (connector.StreamSummary, error)) author {
	return opens(&conn{download: func(ctx context.Context, _ connector.Call, out *plugin.Output) (connector.StreamSummary, error) {
		return f(ctx, out)
	}})
}

func TestDownloadChunks(t *testing.T) {
	t.Parallel()
	const limit = 1000
	tests := map[string]struct {
		writes []int
		kinds  string
	}{
		"nothing":             {nil, "ht"},
		"empty writes":        {[]int{0, 0}, "ht"},
		"one byte":            {[]int{1}, "hct"},
		"just a chunk":        {[]int{limit}, "hct"},
		"one over":            {[]int{limit + 1}, "hcct"},
		"small ones fill one": {[]int{300, 300, 300, 300}, "hcct"},
		"small then large":    {[]int{1, 3 * limit}, "hcccct"},
		"large then small":    {[]int{2 * limit, 1}, "hccct"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var want []byte
			r := start(t, downloads(func(_ context.Context, out *plugin.Output) (connector.StreamSummary, error) {
				for i, n := range tt.writes {
					p := bytes.Repeat([]byte{byte('a' + i)}, n)
					want = append(want, p...)
					if got, err := out.Write(p); got != n || err != nil {
						t.Errorf("Write = %d, %v", got, err)
					}
					clear(p) // Write must not have kept it
				}
				return connector.StreamSummary{Records: 7, Stats: connector.Stats{Calls: 3}}, nil
			}), connector.Limits{ChunkBytes: limit})
			got := fetch(t, r, r.tenant(t), nil)
			if got.err != nil {
				t.Fatal(got.err)
			}
			if got.kinds != tt.kinds || got.largest > limit {
				t.Errorf("events = %s with chunks of up to %d, want %s", got.kinds, got.largest, tt.kinds)
			}
			if !bytes.Equal(got.data, want) {
				t.Errorf("got %d bytes that differ from the %d written", len(got.data), len(want))
			}
			if got.header.GetContentType() != "application/octet-stream" || got.header.TotalBytes != nil {
				t.Errorf("header = %v", got.header)
			}
			if got.trailer.GetTotalRecords() != 7 || got.trailer.GetStats().GetDownstreamCalls() != 3 {
				t.Errorf("trailer = %v", got.trailer)
			}
		})
	}
}

func TestDownloadHeader(t *testing.T) {
	t.Parallel()
	r := start(t, downloads(func(_ context.Context, out *plugin.Output) (connector.StreamSummary, error) {
		if err := out.Start(connector.StreamHeader{ContentType: "text/csv", TotalBytes: 3}); err != nil {
			return connector.StreamSummary{}, err
		}
		_, err := out.Write([]byte("a,b"))
		return connector.StreamSummary{}, err
	}), connector.Limits{})
	got := fetch(t, r, r.tenant(t), nil)
	if got.err != nil || got.header.GetContentType() != "text/csv" || got.header.GetTotalBytes() != 3 {
		t.Errorf("header = %v, error = %v", got.header, got.err)
	}
}

func TestDownloadProgress(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		features []string
		kinds    string
	}{
		"agreed":     {[]string{wire.FeatureProgress}, "hpt"},
		"not agreed": {nil, "ht"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := dial(t, downloads(func(_ context.Context, out *plugin.Output) (connector.StreamSummary, error) {
				return connector.StreamSummary{}, out.Progress(connector.Progress{Message: "waiting", Done: 1})
			}), nil)
			if _, err := r.Handshake(t.Context(), &connectorv1.HandshakeRequest{Features: tt.features}); err != nil {
				t.Fatal(err)
			}
			if got := fetch(t, r, r.tenant(t), nil); got.kinds != tt.kinds || got.err != nil {
				t.Errorf("events = %s, error = %v, want %s", got.kinds, got.err, tt.kinds)
			}
		})
	}
}

func TestDownloadFails(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		run    func(context.Context, *plugin.Output) (connector.StreamSummary, error)
		reason connector.Reason
		text   string
	}{
		"the author, after a chunk": {func(_ context.Context, out *plugin.Output) (connector.StreamSummary, error) {
			_, err := out.Write(make([]byte, 5000))
			hungUp := connector.Errorf(connector.ReasonDownstreamUnavailable, "the tenant hung up")
			return connector.StreamSummary{}, errors.Join(err, hungUp)
		}, connector.ReasonDownstreamUnavailable, "hung up"},
		"fewer bytes than announced": {func(_ context.Context, out *plugin.Output) (connector.StreamSummary, error) {
			err := out.Start(connector.StreamHeader{TotalBytes: 10})
			_, werr := out.Write([]byte("123"))
			return connector.StreamSummary{}, errors.Join(err, werr)
		}, connector.ReasonIntegrity, "3 bytes where 10 were announced"},
		"a late Start": {func(_ context.Context, out *plugin.Output) (connector.StreamSummary, error) {
			_, err := out.Write([]byte("123"))
			return connector.StreamSummary{}, errors.Join(err, out.Start(connector.StreamHeader{}))
		}, connector.ReasonInternal, "Start after the output had begun"},
		"a panic": {func(_ context.Context, out *plugin.Output) (connector.StreamSummary, error) {
			if _, err := out.Write(make([]byte, 5000)); err != nil {
				return connector.StreamSummary{}, err
			}
			panic("boom") //nolint:forbidigo // what is tested
		}, connector.ReasonPluginPanic, "stack"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := start(t, downloads(tt.run), connector.Limits{ChunkBytes: 1000})
			got := fetch(t, r, r.tenant(t), nil)
			if got.trailer != nil {
				t.Error("a failed download has a trailer")
			}
			if e := failure(t, got.err, tt.reason); !strings.Contains(e.Message, tt.text) {
				t.Errorf("error = %v, want %q in it", e, tt.text)
			}
		})
	}
}

func TestOutputFromManyGoroutines(t *testing.T) {
	t.Parallel()
	line := []byte("0123456789\n")
	r := start(t, downloads(func(ctx context.Context, out *plugin.Output) (connector.StreamSummary, error) {
		group, _ := plugin.NewGroup(ctx)
		for range 8 {
			group.Go(func() error {
				for range 100 {
					if _, err := out.Write(line); err != nil {
						return err
					}
					if err := out.Progress(connector.Progress{Done: 1}); err != nil {
						return err
					}
				}
				return nil
			})
		}
		return connector.StreamSummary{}, group.Wait()
	}), connector.Limits{ChunkBytes: 100})
	got := fetch(t, r, r.tenant(t), nil)
	if got.err != nil {
		t.Fatal(got.err)
	}
	if want := bytes.Repeat(line, 800); !bytes.Equal(got.data, want) {
		t.Errorf("writes were torn: %d bytes, want %d", len(got.data), len(want))
	}
}

func TestOutputAfterTheCall(t *testing.T) {
	t.Parallel()
	var kept *plugin.Output
	r := start(t, downloads(func(_ context.Context, out *plugin.Output) (connector.StreamSummary, error) {
		kept = out
		return connector.StreamSummary{}, nil
	}), connector.Limits{})
	if got := fetch(t, r, r.tenant(t), nil); got.err != nil {
		t.Fatal(got.err)
	}
	if _, err := r.Drain(t.Context(), &connectorv1.DrainRequest{}); err != nil { // the handler has returned
		t.Fatal(err)
	}
	_, err := kept.Write([]byte("late"))
	if !errors.Is(err, connector.ReasonInternal) {
		t.Errorf("Write after the call = %v", err)
	}
}

// A host that does not read holds the author back instead of filling memory.
func TestDownloadWaitsForTheHost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const size, chunk = 16 << 20, 64 << 10
		var written atomic.Int64
		r := start(t, downloads(func(_ context.Context, out *plugin.Output) (connector.StreamSummary, error) {
			for range size / chunk {
				if _, err := out.Write(make([]byte, chunk)); err != nil {
					return connector.StreamSummary{}, err
				}
				written.Add(chunk)
			}
			return connector.StreamSummary{}, nil
		}), connector.Limits{ChunkBytes: chunk})
		stream, err := r.Download(t.Context(), &connectorv1.DownloadRequest{Call: r.tenant(t), Action: "echo.export"})
		if err != nil {
			t.Fatal(err)
		}
		synctest.Wait() // until nothing moves any more
		if n := written.Load(); n == 0 || n > size/8 {
			t.Errorf("%d of %d bytes were written while nobody read", n, size)
		}
		for err == nil {
			_, err = stream.Recv()
		}
		if !errors.Is(err, io.EOF) || written.Load() != size {
			t.Errorf("then %d bytes were written: %v", written.Load(), err)
		}
	})
}

func TestDownloadIsCancelled(t *testing.T) {
	t.Parallel()
	var once sync.Once
	ended := make(chan error, 1)
	r := start(t, downloads(func(_ context.Context, out *plugin.Output) (connector.StreamSummary, error) {
		for {
			if _, err := out.Write(make([]byte, 1000)); err != nil { // blocks once the host stops reading
				once.Do(func() { ended <- err })
				return connector.StreamSummary{}, err
			}
		}
	}), connector.Limits{ChunkBytes: 1000})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	stream, err := r.Download(ctx, &connectorv1.DownloadRequest{Call: r.tenant(t), Action: "echo.export"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := stream.Recv(); err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("Write after the cancel = %v, want %v", err, context.Canceled)
	}
	for err = nil; err == nil; {
		_, err = stream.Recv()
	}
	if status.Code(err) != codes.Canceled {
		t.Errorf("the host's error = %v", err)
	}
}

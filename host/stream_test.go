package host_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/iotest"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
)

func TestDownload(t *testing.T) {
	t.Parallel()
	sizes := map[string]int{"empty": 0, "a byte": 1, "a chunk": 256 << 10, "a chunk and a byte": 256<<10 + 1, "many": 3<<20 + 17}
	for name, size := range sizes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := open(t, attached(t, newEcho(nil, nil), nil), "acme")
			var got bytes.Buffer
			var seen []connector.Progress
			summary, err := c.Download(t.Context(), call(t, "echo.export", order{Bytes: size}), &got,
				func(p connector.Progress) { seen = append(seen, p) })
			if err != nil {
				t.Fatalf("Download: %v", err)
			}
			sum := sha256.Sum256(got.Bytes())
			want := connector.StreamSummary{
				ContentType: "text/plain", Bytes: uint64(size), Records: 3, SHA256: hex.EncodeToString(sum[:]), //nolint:gosec // a test's count
			}
			if diff := cmp.Diff(want, summary); diff != "" || got.Len() != size {
				t.Errorf("%d bytes; summary (-want +got):\n%s", got.Len(), diff)
			}
			if diff := cmp.Diff([]connector.Progress{{Message: "on it", Done: 1, Total: 2}}, seen); diff != "" {
				t.Errorf("progress (-want +got):\n%s", diff)
			}
		})
	}
}

// stuckWriter lets nothing through until it is opened.
type stuckWriter struct {
	entered, open chan struct{}
	once          atomic.Bool
}

func (w *stuckWriter) Write(p []byte) (int, error) {
	if w.once.CompareAndSwap(false, true) {
		close(w.entered)
	}
	<-w.open
	return len(p), nil
}

// TestSlowReader shows that a download cannot pile up in memory: while the
// writer is stuck, the connector gets no further than the transport's window.
func TestSlowReader(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const size = 64 << 20
		var sent atomic.Int64
		e := newEcho(nil, nil)
		e.written = func(n int) { sent.Add(int64(n)) }
		c := open(t, attached(t, e, nil), "acme")
		w := &stuckWriter{entered: make(chan struct{}), open: make(chan struct{})}
		done := make(chan error, 1)
		go func() {
			_, err := c.Download(t.Context(), call(t, "echo.export", order{Bytes: size}), w, nil)
			done <- err
		}()
		<-w.entered
		synctest.Wait() // everybody waits for everybody
		if n := sent.Load(); n > 4<<20 {
			t.Errorf("the connector sent %d bytes to a host that does not read", n)
		}
		close(w.open)
		if err := <-done; err != nil {
			t.Fatalf("Download: %v", err)
		}
		if n := sent.Load(); n != size {
			t.Errorf("the connector sent %d bytes, want %d", n, size)
		}
	})
}

var errDisk = errors.New("no space left")

type fullDisk struct{ left int }

func (d *fullDisk) Write(p []byte) (int, error) {
	if d.left -= len(p); d.left < 0 {
		return 0, errDisk
	}
	return len(p), nil
}

func TestDownloadToFailingWriter(t *testing.T) {
	t.Parallel()
	c := open(t, attached(t, newEcho(nil, nil), nil), "acme")
	_, err := c.Download(t.Context(), call(t, "echo.export", order{Bytes: 64 << 20}), &fullDisk{left: 1 << 20}, nil)
	if !errors.Is(err, errDisk) || !strings.Contains(err.Error(), "at byte 1048576") {
		t.Fatalf("error = %v, want %v with its place", err, errDisk)
	}
}

func TestDownloadFile(t *testing.T) {
	t.Parallel()
	c := open(t, attached(t, newEcho(nil, nil), nil), "acme")
	path := filepath.Join(t.TempDir(), "out.csv")
	if err := os.WriteFile(path, []byte("old"), 0o640); err != nil { //nolint:gosec // kept permissions are under test
		t.Fatal(err)
	}
	if _, err := c.DownloadFile(t.Context(), call(t, "echo.export", order{Bytes: 16}), path, nil); err != nil {
		t.Fatalf("DownloadFile: %v", err)
	}
	onlyFile(t, path, "0123456789abcdef")
	wantMode(t, path, 0o640)
	_, err := c.DownloadFile(t.Context(), connector.Call{Action: "echo.export", Input: []byte("{")}, path, nil)
	wantReason(t, err, connector.ReasonInvalidInput)
	onlyFile(t, path, "0123456789abcdef")
	if _, err := c.DownloadFile(t.Context(), call(t, "echo.export", order{}), os.DevNull, nil); err == nil {
		t.Error("a device was replaced by a file")
	}
}

func TestUpload(t *testing.T) {
	t.Parallel()
	c := open(t, attached(t, newEcho(nil, nil), nil), "acme")
	for name, size := range map[string]int{"empty": 0, "a chunk": 256 << 10, "many": 3<<20 + 17} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			content := iotest.HalfReader(bytes.NewReader(make([]byte, size)))
			got, err := c.Upload(t.Context(), call(t, "echo.import", order{}), "text/csv", content)
			if err != nil {
				t.Fatalf("Upload: %v", err)
			}
			if want := string(result("text/csv " + itoa(size)).Output); string(got.Output) != want {
				t.Errorf("output = %s, want %s", got.Output, want)
			}
		})
	}
}

func TestUploadFailures(t *testing.T) {
	t.Parallel()
	t.Run("of the reader", func(t *testing.T) {
		t.Parallel()
		c := open(t, attached(t, newEcho(nil, nil), nil), "acme")
		r := io.MultiReader(bytes.NewReader(make([]byte, 1<<20)), iotest.ErrReader(errDisk))
		_, err := c.Upload(t.Context(), call(t, "echo.import", order{}), "", r)
		e := failed(t, err, connector.ReasonInternal)
		if !errors.Is(err, errDisk) || !e.OutcomeUnknown || e.Origin != connector.OriginCaller {
			t.Errorf("error = %+v, want the reader's", e)
		}
	})
	t.Run("of the connector, while the reader blocks", func(t *testing.T) {
		t.Parallel()
		c := open(t, attached(t, newEcho(nil, nil), nil), "acme")
		r, w := io.Pipe()
		_, err := c.Upload(t.Context(), call(t, "echo.import", order{Do: "refuse"}), "", r)
		wantReason(t, err, connector.ReasonConflict)
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	})
	t.Run("of the connector, while the content flows", func(t *testing.T) {
		t.Parallel()
		c := open(t, attached(t, newEcho(nil, nil), nil), "acme")
		_, err := c.Upload(t.Context(), call(t, "echo.import", order{Do: "refuse"}), "", endless{})
		wantReason(t, err, connector.ReasonConflict)
	})
	t.Run("of the context, while the reader blocks", func(t *testing.T) {
		t.Parallel()
		c := open(t, attached(t, newEcho(nil, nil), nil), "acme")
		ctx, cancel := context.WithCancel(t.Context())
		r, w := io.Pipe()
		done := make(chan error, 1)
		go func() {
			_, err := c.Upload(ctx, call(t, "echo.import", order{}), "", r)
			done <- err
		}()
		if _, err := w.Write([]byte("x")); err != nil {
			t.Fatal(err)
		}
		cancel()
		err := <-done
		wantReason(t, err, connector.ReasonCanceled)
		if !errors.Is(err, context.Canceled) {
			t.Errorf("errors.Is(%v, context.Canceled) = false", err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	})
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

func TestStreamsThroughChild(t *testing.T) {
	t.Parallel()
	c := open(t, running(t, nil), "acme")
	path := filepath.Join(t.TempDir(), "out")
	summary, err := c.DownloadFile(t.Context(), call(t, "echo.export", order{Bytes: 5 << 20}), path, nil)
	if err != nil || summary.Bytes != 5<<20 {
		t.Fatalf("DownloadFile: %+v, %v", summary, err)
	}
	content, err := os.Open(path) //nolint:gosec // a test's own file
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = content.Close() }()
	got, err := c.Upload(t.Context(), call(t, "echo.import", order{}), "text/plain", content)
	if err != nil || string(got.Output) != `"text/plain 5242880"` {
		t.Fatalf("Upload: %s, %v", got.Output, err)
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	p := attached(t, newEcho(nil, nil), &host.Options{Limits: connector.Limits{InlineBytes: 1000, ChunkBytes: 10}})
	c := open(t, p, "acme")
	fits := connector.Call{Action: "echo.put", Input: []byte(`{"do":"` + strings.Repeat("x", 991) + `"}`)}
	if _, err := c.Execute(t.Context(), fits); err != nil {
		t.Errorf("an input of %d bytes: %v", len(fits.Input), err)
	}
	large := connector.Call{Action: "echo.put", Input: append(fits.Input, ' '), RequestID: "req-1"}
	_, err := c.Execute(t.Context(), large)
	if e := failed(t, err, connector.ReasonTooLarge); e.OutcomeUnknown || e.RequestID != "req-1" {
		t.Errorf("error = %+v, want one of a call that was not sent", e)
	}
	_, err = p.Describe(t.Context(), connector.DescribeRequest{Action: strings.Repeat("x", 100<<10)})
	wantReason(t, err, connector.ReasonTooLarge)
	_, err = p.Open(t.Context(), connector.Settings{Config: large.Input})
	wantReason(t, err, connector.ReasonTooLarge)
	var got bytes.Buffer
	if _, err := c.Download(t.Context(), call(t, "echo.export", order{Bytes: 1001}), &got, nil); err != nil || got.Len() != 1001 {
		t.Errorf("Download in chunks of 10 bytes: %d bytes, %v", got.Len(), err)
	}
}

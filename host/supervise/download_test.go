package supervise_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
	"github.com/gainsight-connector/gainsight-connector/host/supervise"
)

const mib = 1 << 20

// TestDownloadFileGoesOn: a process that crashes within a download costs what
// came since the last checkpoint, and the caller sees nothing of it.
func TestDownloadFileGoesOn(t *testing.T) {
	t.Parallel()
	c := open(t, started(t, &supervise.Options{Restart: eager()}), nil)
	path := filepath.Join(t.TempDir(), "out")
	// A process that begins anew would crash again.
	order := call(t, "echo.export", order{Do: "exit", Bytes: 16 * mib, Every: mib})
	summary, err := c.DownloadFile(t.Context(), order, path, nil)
	if err != nil || summary.Bytes != 16*mib {
		t.Fatalf("%+v, %v", summary, err)
	}
	wantPattern(t, path, 16*mib)
}

// TestResumeFile goes on with what another host has left behind.
func TestResumeFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "out")
	order := call(t, "echo.export", order{Do: "fail", Bytes: 4 * mib, Every: mib})
	_, err := open(t, inMemory(t, newFleet(t), nil), nil).DownloadFile(t.Context(), order, path, nil)
	wantReason(t, err, connector.ReasonDownstreamUnavailable)
	if _, err := open(t, inMemory(t, newFleet(t), nil), nil).ResumeFile(t.Context(), order, path, nil); err != nil {
		t.Fatal(err)
	}
	wantPattern(t, path, 4*mib)
}

// TestReplacedDuringDownload: a process that has to go stops a download between
// two chunks, and another one goes on from there.
func TestReplacedDuringDownload(t *testing.T) {
	t.Parallel()
	const size = 16 * mib
	order := call(t, "echo.export", order{Bytes: size, Every: mib})
	brief := func() *supervise.Options {
		return &supervise.Options{DrainTimeout: time.Millisecond, Host: host.Options{StopTimeout: time.Millisecond}}
	}
	// interrupted runs a download and, within it, how, to the end.
	interrupted := func(c *supervise.Connection, path string, how func() error) (seen []uint64, err error) {
		_, err = c.DownloadFile(t.Context(), order, path, func(p connector.Progress) {
			seen = append(seen, p.Done)
			if len(seen) == 1 {
				if err := how(); err != nil {
					t.Errorf("replacing the process: %v", err)
				}
			}
		})
		return seen, err
	}
	t.Run("by an upgrade", func(t *testing.T) {
		t.Parallel()
		s := started(t, brief())
		path, before := filepath.Join(t.TempDir(), "out"), s.PID()
		seen, err := interrupted(open(t, s, nil), path, func() error { return s.Upgrade(t.Context(), self(t), nil) })
		if err != nil || s.PID() == before {
			t.Fatalf("process %d after %d: %v", s.PID(), before, err)
		}
		if !slices.IsSorted(seen) || len(seen) > size/mib {
			t.Errorf("the checkpoints were at %v: it did not go on where it was", seen)
		}
		wantPattern(t, path, size)
	})
	t.Run("for good", func(t *testing.T) {
		t.Parallel()
		s := started(t, brief())
		path := filepath.Join(t.TempDir(), "out")
		_, err := interrupted(open(t, s, nil), path, s.Close)
		part := (*host.PartialError)(nil)
		if !errors.As(err, &part) || part.Bytes == 0 || part.Bytes%mib > 0 {
			t.Fatalf("error = %v, want a part that ends at a checkpoint", err)
		}
		if _, err := open(t, started(t, nil), nil).ResumeFile(t.Context(), order, path, nil); err != nil {
			t.Fatal(err)
		}
		wantPattern(t, path, size)
	})
}

// TestPartIsToldWithoutAProcess: a download that cannot go on by itself still
// says what is kept of it.
func TestPartIsToldWithoutAProcess(t *testing.T) {
	t.Parallel()
	c := open(t, started(t, &supervise.Options{Restart: supervise.Restart{Crashes: -1}}), nil)
	order := call(t, "echo.export", order{Do: "exit", Bytes: 4 * mib, Every: mib})
	_, err := c.DownloadFile(t.Context(), order, filepath.Join(t.TempDir(), "out"), nil)
	part := (*host.PartialError)(nil)
	if !errors.Is(err, supervise.ErrQuarantined) || !errors.As(err, &part) || part.Bytes == 0 || part.Bytes%mib > 0 {
		t.Errorf("error = %v, want %v and the part that is kept", err, supervise.ErrQuarantined)
	}
}

// checkpoints is a writer that can go on.
type checkpoints struct {
	bytes.Buffer

	kept []uint64
}

func (c *checkpoints) Checkpoint(at connector.Checkpoint) error {
	c.kept = append(c.kept, at.Offset)
	return nil
}

// TestDownloadTellsCheckpoints passes them on to the caller's writer.
func TestDownloadTellsCheckpoints(t *testing.T) {
	t.Parallel()
	var w checkpoints
	order := call(t, "echo.export", order{Bytes: 2 * mib, Every: mib})
	if _, err := open(t, inMemory(t, newFleet(t), nil), nil).Download(t.Context(), order, &w, nil); err != nil {
		t.Fatal(err)
	}
	if len(w.kept) != 2 || w.kept[1] != 2*mib {
		t.Errorf("checkpoints at %v", w.kept)
	}
}

func wantPattern(t *testing.T, path string, size int) {
	t.Helper()
	got, err := os.ReadFile(path) //nolint:gosec // a test's own file
	if err != nil || !bytes.Equal(got, bytes.Repeat([]byte("0123456789abcdef"), size/16)) {
		t.Errorf("%d bytes that are not the %d due: %v", len(got), size, err)
	}
}

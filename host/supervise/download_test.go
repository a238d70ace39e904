package supervise_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/connector"
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

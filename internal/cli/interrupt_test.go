package cli_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/internal/cli"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

// hanging serves a tenant that does not answer requests of a path, and
// returns what is closed once such a request has arrived.
func hanging(t *testing.T, path string) (connection string, arrived <-chan struct{}) {
	t.Helper()
	seed := sandbox.Acme()
	tenant := sandbox.New(seed, &sandbox.Options{JobPolls: -1, ExportRows: 1000})
	first := make(chan struct{})
	var once sync.Once
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.URL.Path, path) {
			tenant.ServeHTTP(w, r)
			return
		}
		once.Do(func() { close(first) })
		<-r.Context().Done()
	}))
	t.Cleanup(server.Close)
	return file(t, "connection.json", connectionTo(t, server.URL, seed.AccessKey)), first
}

func TestCancelledDownload(t *testing.T) {
	t.Parallel()
	connection, arrived := hanging(t, "/v3/exports/data/bulk/chunk")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	path := filepath.Join(t.TempDir(), "usage.csv")
	go func() {
		<-arrived
		awaitCheckpoint(ctx, path)
		cancel()
	}()
	o := runWith(ctx, export, "run", "bulk.export", "--connection", connection, "--input", "-", "--output", path, "--json")
	o.wants(t, 1, `"reason":"CANCELED"`, `action \"bulk.export\" was interrupted"`)
	wantKept(t, path)
}

// awaitCheckpoint waits until a download has written its first checkpoint down,
// which travels beside the requests that come after it.
func awaitCheckpoint(ctx context.Context, path string) {
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for ctx.Err() == nil {
		if _, err := os.Stat(path + ".resume"); err == nil {
			return
		}
		<-tick.C
	}
}

// wantKept holds that of an export only the means to take it up are there.
func wantKept(t *testing.T, path string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	base := filepath.Base(path)
	if diff := cmp.Diff([]string{base + ".part", base + ".resume"}, names); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

func TestTimeout(t *testing.T) {
	t.Parallel()
	connection, _ := hanging(t, "/v1/meta")
	args := []string{"run", "object.list", "--connection", connection, "--timeout", "100ms"}
	run(t, args...).wants(t, 1, "error: action \"object.list\" took longer than --timeout 100ms\nthe same call may succeed later\nhint: raise --timeout")
	run(t, append(args, "--json")...).wants(t, 1, `"reason":"DEADLINE_EXCEEDED"`)
}

// A person who has second thoughts at "--input -" is not made to type an end
// of file.
func TestCancelledInput(t *testing.T) {
	t.Parallel()
	_, connection := acme(t)
	ctx, cancel := context.WithCancel(t.Context())
	stdin, w := io.Pipe()
	var stderr strings.Builder
	go func() {
		_, _ = io.WriteString(w, "{") // taken once the command waits for more
		cancel()
	}()
	args := []string{"", "run", "cta.list", "--connection", connection, "--input", "-"}
	code := cli.Main(ctx, args, stdin, io.Discard, &stderr)
	if code != 1 || !strings.Contains(stderr.String(), "reading the input was interrupted\n") {
		t.Errorf("exit code = %d, stderr:\n%s", code, stderr.String())
	}
	_ = w.Close()
}

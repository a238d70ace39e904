package host_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
)

const mib = 1 << 20

var errTenant = connector.Errorf(connector.ReasonDownstreamUnavailable, "the tenant hung up")

// breaking returns a connector whose first download fails at a byte.
func breaking(at int) *echo {
	e := newEcho(nil, nil)
	failed := false
	e.fails = func(n int) error {
		if n < at || failed {
			return nil
		}
		failed = true
		return errTenant
	}
	return e
}

// whole is what a download of n bytes delivers.
func whole(n int) []byte { return bytes.Repeat([]byte("0123456789abcdef"), n/16+1)[:n] }

// files returns the names in the folder of path.
func files(t *testing.T, path string) []string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// partial returns the error of a download of which a part is kept.
func partial(t *testing.T, err error, bytes uint64) {
	t.Helper()
	var p *host.PartialError
	if !errors.As(err, &p) || p.Bytes != bytes || !strings.HasSuffix(p.Path, ".part") || !strings.Contains(p.Error(), p.Path) {
		t.Fatalf("error = %v, want one with %d bytes kept", err, bytes)
	}
}

func TestResumeFile(t *testing.T) {
	t.Parallel()
	const size = 40*mib + 17
	tests := map[string]struct {
		at   int
		kept uint64
	}{
		"soon after the first checkpoint": {2 * mib, mib},
		"between what is written down":    {21 * mib, 20 * mib},
		"at the end":                      {40 * mib, 39 * mib},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := open(t, attached(t, breaking(tt.at), nil), "acme")
			path := filepath.Join(t.TempDir(), "out.csv")
			order := call(t, "echo.export", order{Bytes: size, Every: mib})
			_, err := c.DownloadFile(t.Context(), order, path, nil)
			wantReason(t, err, connector.ReasonDownstreamUnavailable)
			partial(t, err, tt.kept)
			if diff := cmp.Diff([]string{"out.csv.part", "out.csv.resume"}, files(t, path)); diff != "" {
				t.Errorf("files (-want +got):\n%s", diff)
			}
			for _, kept := range files(t, path) {
				wantMode(t, filepath.Join(filepath.Dir(path), kept), 0o600)
			}
			summary, err := c.ResumeFile(t.Context(), order, path, nil)
			if err != nil {
				t.Fatal(err)
			}
			want := whole(size)
			sum := sha256.Sum256(want)
			if summary.Bytes != size || summary.Offset != 0 || summary.SHA256 != hex.EncodeToString(sum[:]) {
				t.Errorf("summary %+v", summary)
			}
			onlyFile(t, path, string(want))
		})
	}
}

// TestResumeInAnotherProcess: the process that began is gone.
func TestResumeInAnotherProcess(t *testing.T) {
	t.Parallel()
	const size = 24 * mib
	path := filepath.Join(t.TempDir(), "out")
	order := call(t, "echo.export", order{Do: "exit", Bytes: size, Every: mib})
	_, err := open(t, running(t, nil), "acme").DownloadFile(t.Context(), order, path, nil)
	wantReason(t, err, connector.ReasonPluginExited)
	if p := (*host.PartialError)(nil); !errors.As(err, &p) {
		t.Fatalf("error = %v, want a part to be kept", err)
	}
	if _, err := open(t, running(t, nil), "acme").ResumeFile(t.Context(), order, path, nil); err != nil {
		t.Fatal(err)
	}
	onlyFile(t, path, string(whole(size)))
}

// TestResumeAfterTheHostIsKilled: what lies on disk at any moment is enough to
// go on with, though the host had no chance to tidy up.
func TestResumeAfterTheHostIsKilled(t *testing.T) {
	t.Parallel()
	const size = 40 * mib
	running, killed := filepath.Join(t.TempDir(), "out"), filepath.Join(t.TempDir(), "out")
	e := newEcho(nil, nil)
	var resumed atomic.Int64
	e.fails = func(at int) error {
		resumed.CompareAndSwap(0, int64(at))
		return nil
	}
	c := open(t, attached(t, e, nil), "acme")
	order := call(t, "echo.export", order{Bytes: size, Every: mib})
	w := &snapshot{t: t, from: running, to: killed}
	if _, err := c.DownloadFile(t.Context(), order, running, w.take); err != nil {
		t.Fatal(err)
	}
	resumed.Store(0)
	if _, err := c.ResumeFile(t.Context(), order, killed, nil); err != nil {
		t.Fatal(err)
	}
	if at := resumed.Load(); at < mib {
		t.Errorf("it went on at byte %d", at)
	}
	onlyFile(t, killed, string(whole(size)))
}

// snapshot copies a part, with what is beside it, the first time that there is
// something to go on with.
type snapshot struct {
	t        *testing.T
	from, to string
	taken    bool
}

func (s *snapshot) take(connector.Progress) {
	if s.taken {
		return
	}
	kept, err := os.ReadFile(s.from + ".resume")
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	part, partErr := os.ReadFile(s.from + ".part")
	if err := errors.Join(err, partErr); err != nil {
		s.t.Error(err)
	}
	write(s.t, s.to+".resume", string(kept))
	write(s.t, s.to+".part", string(part))
	s.taken = true
}

func TestResumeFileRefuses(t *testing.T) {
	t.Parallel()
	good := order{Bytes: 4 * mib, Every: mib}
	tests := map[string]struct {
		tenant string
		order  order
		spoil  func(t *testing.T, path string)
		text   string
	}{
		"another tenant": {"globex", good, nil, `on tenant "acme"`},
		"another input":  {"acme", order{Bytes: 5 * mib, Every: mib}, nil, "another input"},
		"a changed part": {"acme", good, func(t *testing.T, path string) {
			t.Helper()
			write(t, path+".part", strings.Repeat("x", 3*mib))
		}, "changed or lost"},
		"a short part": {"acme", good, func(t *testing.T, path string) { t.Helper(); write(t, path+".part", "x") }, "does not hold"},
		"no part": {"acme", good, func(t *testing.T, path string) {
			t.Helper()
			if err := os.Remove(path + ".part"); err != nil {
				t.Fatal(err)
			}
		}, "cannot be opened"},
		"no JSON": {"acme", good, func(t *testing.T, path string) { t.Helper(); write(t, path+".resume", "{") }, "cannot be read"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := attached(t, breaking(3*mib), nil)
			path := filepath.Join(t.TempDir(), "out")
			_, err := open(t, p, "acme").DownloadFile(t.Context(), call(t, "echo.export", good), path, nil)
			partial(t, err, 2*mib)
			if tt.spoil != nil {
				tt.spoil(t, path)
			}
			c := open(t, p, tt.tenant)
			_, err = c.ResumeFile(t.Context(), call(t, "echo.export", tt.order), path, nil)
			e := failed(t, err, connector.ReasonConflict)
			if !strings.Contains(e.Message, tt.text) || e.Hint == "" || e.Origin != connector.OriginCaller {
				t.Errorf("error = %+v, want %q", e, tt.text)
			}
			if _, err = c.DownloadFile(t.Context(), call(t, "echo.export", tt.order), path, nil); err != nil {
				t.Fatalf("beginning anew: %v", err)
			}
			onlyFile(t, path, string(whole(tt.order.Bytes)))
		})
	}
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil { //nolint:gosec // a test's own file
		t.Fatal(err)
	}
}

// TestResumeWithNothingKept begins at the beginning.
func TestResumeWithNothingKept(t *testing.T) {
	t.Parallel()
	c := open(t, attached(t, newEcho(nil, nil), nil), "acme")
	path := filepath.Join(t.TempDir(), "out")
	summary, err := c.ResumeFile(t.Context(), call(t, "echo.export", order{Bytes: 16}), path, nil)
	if err != nil {
		t.Fatal(err)
	}
	onlyFile(t, path, "0123456789abcdef")
	wantRemark(t, summary, "nothing of an earlier download is kept beside "+path+", so the whole was fetched")
}

// wantRemark checks that the summary's last diagnostic says something.
func wantRemark(t *testing.T, summary connector.StreamSummary, want string) {
	t.Helper()
	d := summary.Diagnostics
	if len(d) == 0 || d[len(d)-1] != (connector.Diagnostic{Severity: connector.SeverityInfo, Summary: want}) {
		t.Errorf("diagnostics are %+v, want one that says %q", d, want)
	}
}

// TestResumeFromTheBeginning: a connector that cannot go on may send it all.
func TestResumeFromTheBeginning(t *testing.T) {
	t.Parallel()
	const size = 4 * mib
	c := open(t, attached(t, breaking(3*mib), nil), "acme")
	path := filepath.Join(t.TempDir(), "out")
	order := call(t, "echo.export", order{Bytes: size, Every: mib})
	_, err := c.DownloadFile(t.Context(), order, path, nil)
	partial(t, err, 2*mib)
	content, err := os.ReadFile(path + ".resume") //nolint:gosec // a test's own file
	if err != nil {
		t.Fatal(err)
	}
	var kept map[string]any
	if err := json.Unmarshal(content, &kept); err != nil {
		t.Fatal(err)
	}
	kept["token"] = []byte("forget")
	content, err = json.Marshal(kept)
	if err != nil {
		t.Fatal(err)
	}
	write(t, path+".resume", string(content))
	summary, err := c.ResumeFile(t.Context(), order, path, nil)
	if err != nil || summary.Bytes != size {
		t.Fatalf("%+v, %v", summary, err)
	}
	onlyFile(t, path, string(whole(size)))
	wantRemark(t, summary, "the connector could not go on after the 2097152 bytes that were kept, so the whole was fetched")

	order.Resume = &connector.Checkpoint{Offset: mib, Token: []byte("forget")}
	var got bytes.Buffer
	_, err = c.Download(t.Context(), order, &got, nil)
	wantReason(t, err, connector.ReasonUnsupported)
	if got.Len() > 0 {
		t.Errorf("%d bytes came that do not belong there", got.Len())
	}
}

// checkpoints is a writer that keeps them.
type checkpoints struct {
	bytes.Buffer

	kept []connector.Checkpoint
	err  error
}

func (c *checkpoints) Checkpoint(at connector.Checkpoint) error {
	c.kept = append(c.kept, at)
	return c.err
}

func TestDownloadFromCheckpoint(t *testing.T) {
	t.Parallel()
	const size = 3*mib + 5
	c := open(t, attached(t, newEcho(nil, nil), nil), "acme")
	order := call(t, "echo.export", order{Bytes: size, Every: mib})
	var first checkpoints
	if _, err := c.Download(t.Context(), order, &first, nil); err != nil {
		t.Fatal(err)
	}
	want := []connector.Checkpoint{
		{Offset: mib, Token: []byte("at 1048576")},
		{Offset: 2 * mib, Token: []byte("at 2097152")},
		{Offset: 3 * mib, Token: []byte("at 3145728")},
	}
	if diff := cmp.Diff(want, first.kept); diff != "" {
		t.Errorf("checkpoints (-want +got):\n%s", diff)
	}
	order.Resume = &first.kept[1]
	var rest bytes.Buffer
	summary, err := c.Download(t.Context(), order, &rest, nil)
	if err != nil || summary.Offset != 2*mib || summary.Bytes != size-2*mib || !bytes.Equal(rest.Bytes(), whole(size)[2*mib:]) {
		t.Errorf("%d bytes, %+v, %v", rest.Len(), summary, err)
	}
	full := checkpoints{err: errDisk}
	if _, err := c.Download(t.Context(), order, &full, nil); !errors.Is(err, errDisk) {
		t.Errorf("error = %v, want that of the checkpoint", err)
	}
}

// TestAnotherDownloadIntoTheFile: the first does not publish what the second
// has written; or, where the second cannot have its way, it is refused.
func TestAnotherDownloadIntoTheFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "out")
	e := newEcho(nil, nil)
	entered, leave := make(chan struct{}), make(chan struct{})
	e.fails = func(at int) error {
		if at == 2*mib {
			close(entered)
			<-leave
		}
		return nil
	}
	c := open(t, attached(t, e, nil), "acme")
	done := make(chan error, 1)
	go func() {
		_, err := c.DownloadFile(t.Context(), call(t, "echo.export", order{Bytes: 3 * mib}), path, nil)
		done <- err
	}()
	<-entered
	_, second := c.DownloadFile(t.Context(), call(t, "echo.export", order{Bytes: 16}), path, nil)
	close(leave)
	first := <-done
	if !removesOpenFiles {
		if first != nil || second == nil || !strings.Contains(second.Error(), "preparing") {
			t.Errorf("errors = %v and %v", first, second)
		}
		onlyFile(t, path, string(whole(3*mib)))
		return
	}
	if second != nil || first == nil || !strings.Contains(first.Error(), "another download") {
		t.Errorf("errors = %v and %v", first, second)
	}
	onlyFile(t, path, "0123456789abcdef")
}

package host_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
)

// folder makes a folder with a path that is short enough for a socket.
func folder(tb testing.TB) string {
	tb.Helper()
	dir, err := os.MkdirTemp("", "h") //nolint:usetesting // tb.TempDir is too deep for a socket
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			tb.Error(err)
		}
	})
	return dir
}

func TestLaunch(t *testing.T) {
	t.Parallel()
	p := running(t, &host.Options{Name: "test", Version: "1"})
	m, err := p.Manifest(t.Context())
	if err != nil {
		t.Fatalf("Manifest: %v", err)
	}
	if want := newEcho(nil, nil).Manifest(); m.Name != want.Name || len(m.Actions) != len(want.Actions) {
		t.Errorf("manifest = %+v", m)
	}
	probe, err := p.Probe(t.Context())
	if err != nil {
		t.Fatalf("Probe: %v", err)
	}
	if diff := cmp.Diff(host.Probe{InstanceID: p.InstanceID()}, probe); diff != "" {
		t.Errorf("probe (-want +got):\n%s", diff)
	}
	if p.PID() == 0 || p.PID() == os.Getpid() {
		t.Errorf("PID = %d", p.PID())
	}
	if p.Digest() != digestOf(t) {
		t.Errorf("Digest = %s", p.Digest())
	}
	if got := p.Limits(); got != (connector.Limits{}).Resolved() {
		t.Errorf("Limits = %+v", got)
	}
	if got := p.Features(); !slices.Equal(got, []string{wire.FeatureProgress, wire.FeatureResume, wire.FeatureDrift}) {
		t.Errorf("Features = %q", got)
	}
	c := open(t, p, "acme")
	got, err := c.Execute(t.Context(), call(t, "echo.get", order{Bytes: 7}))
	if err != nil {
		t.Fatalf("Execute: %v", err)
	}
	if string(got.Output) != `{"bytes":7}` {
		t.Errorf("output = %s", got.Output)
	}
}

func digestOf(tb testing.TB) string {
	tb.Helper()
	data, err := os.ReadFile(self(tb))
	if err != nil {
		tb.Fatal(err)
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

func TestLaunchFailures(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		mode  string
		cause error
		code  int
		texts []string
	}{
		"exits":                    {mode: "exit", cause: host.ErrExited, code: 3, texts: []string{"exit status 3", "no licence found"}},
		"prints text":              {mode: "garbage", cause: host.ErrGarbage, code: -1, texts: []string{`"Welcome to \x1b[31mMallory's`}},
		"never ends its line":      {mode: "flood", cause: host.ErrGarbage, code: -1, texts: []string{`"aaaa`}},
		"newer protocol":           {mode: "newer", cause: host.ErrProtocol, code: -1, texts: []string{"version 7", "upgrade the host"}},
		"older protocol":           {mode: "older", cause: host.ErrProtocol, code: -1, texts: []string{"version 0", "upgrade the connector"}},
		"serves net/rpc":           {mode: "netrpc", cause: host.ErrProtocol, code: -1, texts: []string{"gRPC"}},
		"has no certificate":       {mode: "plain", cause: host.ErrProtocol, code: -1, texts: []string{"certificate"}},
		"another product's plugin": {mode: "stranger", cause: host.ErrProtocol, code: -1, texts: []string{"unknown service"}},
		"ends during handshake":    {mode: "quitter", cause: host.ErrExited, code: 4, texts: []string{"exit status 4"}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := folder(t)
			// The timeout is out of reach: each of these must be seen for what it is.
			_, err := launch(t, tc.mode, &host.Options{SocketDir: dir, StartTimeout: time.Hour})
			var got *host.LaunchError
			if !errors.As(err, &got) || !errors.Is(err, tc.cause) {
				t.Fatalf("error = %v, want %v", err, tc.cause)
			}
			if got.ExitCode != tc.code || got.Path != self(t) || got.Hint == "" {
				t.Errorf("error = %+v, want exit code %d, path and hint", got, tc.code)
			}
			for _, text := range tc.texts {
				if !strings.Contains(err.Error()+got.Stderr, text) {
					t.Errorf("error %q with stderr %q does not contain %q", err, got.Stderr, text)
				}
			}
			left, err := os.ReadDir(dir)
			if err != nil || len(left) > 0 {
				t.Errorf("left in the socket folder: %v %v", left, err)
			}
		})
	}
}

func TestLaunchTimesOut(t *testing.T) {
	t.Parallel()
	_, err := launch(t, "hang", &host.Options{StartTimeout: 50 * time.Millisecond})
	if !errors.Is(err, host.ErrStartTimeout) {
		t.Fatalf("error = %v, want %v", err, host.ErrStartTimeout)
	}
}

func TestLaunchIsCancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	seen := &logged{}
	go func() {
		for len(seen.find("connector started")) == 0 { // the child runs and will never be ready
			if ctx.Err() != nil {
				return
			}
		}
		cancel()
	}()
	_, err := host.Launch(ctx, self(t), &host.Options{
		Args: []string{"child", "hang"}, StartTimeout: time.Hour, Logger: slog.New(seen),
	})
	cancel()
	wantReason(t, err, connector.ReasonCanceled)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("errors.Is(%v, context.Canceled) = false", err)
	}
}

func TestLaunchRefusesFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	text := filepath.Join(dir, "text")
	if err := os.WriteFile(text, []byte("no program"), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		path   string
		digest []byte
		cause  error
		text   string
	}{
		"missing":       {path: filepath.Join(dir, "nobody"), cause: host.ErrNotExecutable, text: "check the path"},
		"a folder":      {path: dir, cause: host.ErrNotExecutable, text: "folder"},
		"not a program": {path: text, cause: host.ErrNotExecutable},
		"other digest":  {path: self(t), digest: make([]byte, 32), cause: host.ErrDigest, text: digestOf(t)},
		"short digest":  {path: self(t), digest: []byte{1}, cause: host.ErrDigest},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := host.Launch(t.Context(), tc.path, &host.Options{Digest: tc.digest})
			if !errors.Is(err, tc.cause) || !strings.Contains(err.Error(), tc.text) {
				t.Fatalf("error = %v, want %v with %q", err, tc.cause, tc.text)
			}
		})
	}
}

func TestLaunchChecksDigest(t *testing.T) {
	t.Parallel()
	want, err := hex.DecodeString(digestOf(t))
	if err != nil {
		t.Fatal(err)
	}
	running(t, &host.Options{Digest: want})
}

func TestSocketFolder(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	p, err := launch(t, "serve", &host.Options{SocketDir: dir})
	if err != nil {
		t.Fatalf("Launch: %v", err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Fatalf("socket folder: %v %v", entries, err)
	}
	wantMode(t, filepath.Join(dir, entries[0].Name()), 0o700)
	for range 2 {
		if err := p.Close(); err != nil {
			t.Fatalf("Close: %v", err)
		}
	}
	if entries, err = os.ReadDir(dir); err != nil || len(entries) != 0 {
		t.Errorf("after Close: %v %v", entries, err)
	}
	_, err = p.Probe(t.Context())
	wantReason(t, err, connector.ReasonPluginExited)

	for name, tc := range map[string]struct {
		dir string
		is  error
	}{
		"too deep": {dir: filepath.Join(dir, strings.Repeat("d", 100)), is: host.ErrSocketDir},
		"missing":  {dir: filepath.Join(dir, "none"), is: fs.ErrNotExist},
	} {
		_, err := launch(t, "serve", &host.Options{SocketDir: tc.dir})
		var got *host.LaunchError
		if !errors.As(err, &got) || !errors.Is(err, host.ErrSocketDir) || !errors.Is(err, tc.is) || got.Path != self(t) {
			t.Errorf("folder %s: error = %v", name, err)
		}
	}
}

func TestEnvironment(t *testing.T) {
	t.Parallel()
	c := open(t, running(t, &host.Options{Env: []string{grantedEnv, "HOST_TEST_UNSET"}}), "acme")
	got, err := c.Execute(t.Context(), call(t, "echo.get", order{Do: "env"}))
	if err != nil {
		t.Fatalf("Execute: %v", err)
	}
	var names []string
	if err := json.Unmarshal(got.Output, &names); err != nil {
		t.Fatal(err)
	}
	names = slices.DeleteFunc(names, func(n string) bool {
		return n == wire.CookieKey || n == wire.LeaseKey || strings.HasPrefix(n, "PLUGIN_")
	})
	if !slices.Equal(names, []string{grantedEnv}) {
		t.Errorf("environment = %q, want %s alone", names, grantedEnv)
	}
}

func TestNoise(t *testing.T) {
	t.Parallel()
	seen := &logged{}
	var stderr bytes.Buffer
	p, err := launch(t, "serve", &host.Options{Logger: slog.New(seen), Stderr: &stderr})
	if err != nil {
		t.Fatalf("Launch: %v", err)
	}
	c := open(t, p, "acme")
	for range 3 {
		if _, err := c.Execute(t.Context(), call(t, "echo.get", order{Do: "noise"})); err != nil {
			t.Fatalf("Execute: %v", err)
		}
	}
	if err := p.Close(); err != nil {
		t.Fatalf("Close: %v", err)
	}
	if n := len(seen.find("connector printed to stdout")); n < 12 {
		t.Errorf("%d lines of stdout were logged, want 12 or more", n)
	}
	formed := seen.find("well formed")
	if len(formed) != 3 || formed[0].Level != slog.LevelWarn || formed[0].Time.Year() != 2026 {
		t.Fatalf("well-formed lines: %+v", formed)
	}
	formed[0].Attrs(func(a slog.Attr) bool {
		if a.Key != "connector" {
			t.Errorf("attribute %v is not in the connector's group", a)
		}
		return true
	})
	for _, r := range seen.find("connector printed to stderr") {
		r.Attrs(func(a slog.Attr) bool {
			if text := a.Value.String(); len(text) > 64<<10 || strings.ContainsAny(text, "\x00\x1b\n") {
				t.Errorf("a line was logged as it came, %d bytes", len(text))
			}
			return true
		})
	}
	if !bytes.Contains(stderr.Bytes(), []byte("a\x00b\x1b[2J")) {
		t.Error("the copy of stderr is not raw")
	}
}

// More than the 4 MiB that gRPC takes unless it is told otherwise.
func TestLargeCall(t *testing.T) {
	t.Parallel()
	c := open(t, running(t, nil), "acme")
	input := []byte(`{"do":"` + strings.Repeat("x", 5<<20) + `"}`)
	got, err := c.Execute(t.Context(), connector.Call{Action: "echo.get", Input: input})
	if err != nil || !bytes.Equal(got.Output, input) {
		t.Errorf("%d bytes came back, %v; want %d", len(got.Output), err, len(input))
	}
}

func TestConnectorLeavesWithItsHost(t *testing.T) {
	t.Parallel()
	p := running(t, nil)
	gone, err := p.DropLease()
	if err != nil {
		t.Fatal(err)
	}
	select {
	case <-gone:
	case <-t.Context().Done():
		t.Fatal("the connector is still there")
	}
	_, err = p.Probe(t.Context())
	wantReason(t, err, connector.ReasonPluginExited)
}

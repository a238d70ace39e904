package host_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
)

// loaders are the ways to hold a file on to what it was.
func loaders() map[string]func(string, *host.Options) (*host.Binary, error) {
	return map[string]func(string, *host.Options) (*host.Binary, error){"as the system can": host.Load, "by a copy": host.LoadCopy}
}

// copyOfSelf returns the path of a file that can be spoilt.
func copyOfSelf(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile(self(t))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "connector.exe")
	if err := os.WriteFile(path, data, 0o700); err != nil { //nolint:gosec // it is to be executed
		t.Fatal(err)
	}
	return path
}

func TestBinaryStaysWhatItWas(t *testing.T) {
	t.Parallel()
	for name, load := range loaders() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want, err := hex.DecodeString(digestOf(t))
			if err != nil {
				t.Fatal(err)
			}
			dir, path := folder(t), copyOfSelf(t)
			b, err := load(path, &host.Options{Digest: want, SocketDir: dir})
			if err != nil {
				t.Fatalf("Load: %v", err)
			}
			if err := os.WriteFile(path, []byte("another program"), 0o700); err != nil { //nolint:gosec // it is to be executed
				t.Fatal(err)
			}
			for range 2 {
				p, err := b.Launch(t.Context(), &host.Options{Args: []string{"child", "serve"}, SocketDir: dir})
				if err != nil {
					t.Fatalf("Launch: %v", err)
				}
				if _, err := open(t, p, "acme").Execute(t.Context(), call(t, "echo.get", order{})); err != nil {
					t.Errorf("Execute: %v", err)
				}
				if p.Digest() != hex.EncodeToString(want) {
					t.Errorf("Digest = %s, want %x", p.Digest(), want)
				}
				if err := p.Close(); err != nil {
					t.Errorf("Close: %v", err)
				}
			}
			if sum, err := b.Digest(); err != nil || sum != hex.EncodeToString(want) || b.Path() != path {
				t.Errorf("Digest = %s, %v and Path = %s", sum, err, b.Path())
			}
			if err := b.Close(); err != nil {
				t.Errorf("Close: %v", err)
			}
			if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
				t.Errorf("left behind: %v %v", left, err)
			}
		})
	}
}

func TestScripts(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		return // it has none
	}
	const text = "#!/bin/sh\n[ \"$1\" = argument ] && exit 5\nexec \"$(dirname \"$0\")/connector.exe\" \"$@\"\n"
	beside := copyOfSelf(t)
	path := filepath.Join(filepath.Dir(beside), "script")
	if err := os.WriteFile(path, []byte(text), 0o700); err != nil { //nolint:gosec // it is to be executed
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte(text))
	for name, load := range loaders() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, err := load(path, &host.Options{Digest: sum[:], SocketDir: folder(t)})
			if err != nil {
				t.Fatalf("Load: %v", err)
			}
			_, err = b.Launch(t.Context(), &host.Options{Args: []string{"argument"}})
			var got *host.LaunchError
			if !errors.As(err, &got) || !errors.Is(err, host.ErrExited) || got.ExitCode != 5 || got.Path != path {
				t.Errorf("a pinned script: %v, want exit status 5", err)
			}
			if err := b.Close(); err != nil {
				t.Errorf("Close: %v", err)
			}
		})
	}
	t.Run("finds what lies beside it", func(t *testing.T) {
		t.Parallel()
		p, err := host.Launch(t.Context(), path, &host.Options{Args: []string{"child", "serve"}})
		if err != nil {
			t.Fatalf("Launch: %v", err)
		}
		if p.Digest() != hex.EncodeToString(sum[:]) {
			t.Errorf("Digest = %s, want that of the script", p.Digest())
		}
		if err := p.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
}

func TestConnectorIsGuarded(t *testing.T) {
	t.Parallel()
	got, err := open(t, running(t, nil), "acme").Execute(t.Context(), call(t, "echo.get", order{Do: "guarded"}))
	if err != nil || string(got.Output) != "[true,true]" {
		t.Errorf("a process that holds secrets can be looked into: %s, %v", got.Output, err)
	}
}

// A crash leaves a socket behind, but not for long.
func TestCrashLeavesNoSocket(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	p, err := launch(t, "serve", &host.Options{SocketDir: dir})
	if err != nil {
		t.Fatalf("Launch: %v", err)
	}
	_, err = open(t, p, "acme").Execute(t.Context(), call(t, "echo.get", order{Do: "exit"}))
	wantReason(t, err, connector.ReasonPluginExited)
	if err := p.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

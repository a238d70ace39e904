package host_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
)

// portably starts a child with the means that every system has.
func portably(t *testing.T, mode string, opts *host.Options) (*host.Plugin, error) {
	t.Helper()
	opts.Args = []string{"child", mode}
	return host.LaunchPortably(t.Context(), self(t), opts)
}

// TestPortably: what a system lacks, the host does without. The child "tcp"
// listens where Windows has no sockets of the file system.
func TestPortably(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"serve", "tcp"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			tests := map[string]func(t *testing.T, p *host.Plugin, c *host.Connection){
				"calls": func(t *testing.T, p *host.Plugin, c *host.Connection) {
					t.Helper()
					if _, err := c.Execute(t.Context(), call(t, "echo.get", order{})); err != nil {
						t.Errorf("Execute: %v", err)
					}
					path := filepath.Join(t.TempDir(), "out.csv")
					s, err := c.DownloadFile(t.Context(), call(t, "echo.export", order{Bytes: 3 << 20}), path, nil)
					if err != nil || s.Bytes != 3<<20 {
						t.Errorf("DownloadFile: %d bytes, %v", s.Bytes, err)
					}
					if p.Digest() != digestOf(t) {
						t.Errorf("Digest = %s", p.Digest())
					}
				},
				"crashes": func(t *testing.T, _ *host.Plugin, c *host.Connection) {
					t.Helper()
					_, err := c.Execute(t.Context(), call(t, "echo.put", order{Do: "exit"}))
					if e := failed(t, err, connector.ReasonPluginExited); !e.OutcomeUnknown {
						t.Errorf("the outcome of %v is known", e)
					}
				},
				"is killed": func(t *testing.T, p *host.Plugin, c *host.Connection) {
					t.Helper()
					p.KillWithin(0)
					<-p.Done()
					_, err := c.Execute(t.Context(), call(t, "echo.get", order{}))
					wantReason(t, err, connector.ReasonPluginExited)
				},
				"loses its host": func(t *testing.T, p *host.Plugin, _ *host.Connection) {
					t.Helper()
					gone, err := p.DropLease()
					if err != nil {
						t.Fatal(err)
					}
					<-gone
				},
			}
			for name, use := range tests {
				t.Run(name, func(t *testing.T) {
					t.Parallel()
					dir := folder(t)
					p, err := portably(t, mode, &host.Options{SocketDir: dir})
					if err != nil {
						t.Fatalf("Launch: %v", err)
					}
					use(t, p, open(t, p, "acme"))
					if err := p.Close(); err != nil {
						t.Errorf("Close: %v", err)
					}
					if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
						t.Errorf("left behind: %v %v", left, err)
					}
				})
			}
		})
	}
}

func TestPortablyFails(t *testing.T) {
	t.Parallel()
	tests := map[string]error{"hang": host.ErrStartTimeout, "exit": host.ErrExited, "garbage": host.ErrGarbage}
	for mode, want := range tests {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			opts := &host.Options{StartTimeout: time.Hour}
			if mode == "hang" {
				opts.StartTimeout = 50 * time.Millisecond
			}
			if _, err := portably(t, mode, opts); !errors.Is(err, want) {
				t.Errorf("Launch: %v, want %v", err, want)
			}
		})
	}
}

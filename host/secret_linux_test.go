package host_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
)

// TestSecretsStayInMemory looks for a secret wherever it must not be: in the
// arguments, the environment and the files of a process, in what is logged, and
// in what is left to read of it when it is ended with all its stacks.
func TestSecretsStayInMemory(t *testing.T) {
	t.Parallel()
	const canary = "canary-5f1d0c"
	dir := folder(t)
	var log, stderr bytes.Buffer
	p, err := launch(t, "serve", &host.Options{
		SocketDir: dir, Stderr: &stderr, Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Events: func(*host.Connection, connector.Event) {},
	})
	if err != nil {
		t.Fatal(err)
	}
	c := entrust(t, p, canary)
	if _, err := c.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	places := map[string]string{}
	for _, name := range []string{"cmdline", "environ"} {
		data, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", p.PID(), name))
		if err != nil || len(data) == 0 {
			t.Fatalf("%s: %d bytes, %v", name, len(data), err)
		}
		places[name] = string(data)
	}
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		places["names of files"] += path
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(path) //nolint:gosec // a test's own folder
		places["files"] += string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	p.KillWithin(time.Minute)
	<-p.Done()
	_, err = c.Execute(t.Context(), call(t, "echo.get", order{}))
	places["errors"] = fmt.Sprintf("%v %+v %v", err, connector.AsError(err), p.Err())
	if err := p.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
	places["log"], places["stderr"] = log.String(), stderr.String()
	if !strings.Contains(stderr.String(), "goroutine ") {
		t.Error("the process printed no stacks")
	}
	for name, text := range places {
		if strings.Contains(text, canary) {
			t.Errorf("the secret is in the %s", name)
		}
	}
}

// TestSecretsOutlastNoCrash: what the runtime prints of a goroutine are
// addresses and lengths, whatever its functions were given.
func TestSecretsOutlastNoCrash(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		do   string
		kill bool
		want string
	}{
		"panic":  {"panic with secrets", false, "panic: refused with 13 bytes: [redacted] map[/token:[redacted]]"},
		"signal": {"wait with secrets", true, "SIGQUIT: quit"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const canary = "canary-77b2e0"
			var log bytes.Buffer
			stderr := listener{told: make(chan struct{})}
			p, err := launch(t, "serve", &host.Options{
				Stderr: &stderr, Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})),
			})
			if err != nil {
				t.Fatal(err)
			}
			c := entrust(t, p, canary)
			if tt.kill {
				go func() {
					<-stderr.told
					p.KillWithin(time.Minute)
				}()
			}
			_, err = c.Execute(t.Context(), call(t, "echo.get", order{Do: tt.do}))
			wantReason(t, err, connector.ReasonPluginExited)
			<-p.Done()
			if closeErr := p.Close(); closeErr != nil {
				t.Error(closeErr)
			}
			said := fmt.Sprintf("%s %s %v %+v %v", &log, &stderr, err, connector.AsError(err), p.Err())
			for _, want := range []string{tt.want, "goroutine ", "host_test.confide("} {
				if !strings.Contains(stderr.String(), want) {
					t.Errorf("stderr lacks %q: %.3000s", want, &stderr)
				}
			}
			for _, form := range traces(canary) {
				if strings.Contains(said, form) {
					t.Errorf("the secret shows as %q", form)
				}
			}
		})
	}
}

// listener keeps what a connector prints, and tells when it holds a secret.
type listener struct {
	bytes.Buffer

	once sync.Once
	told chan struct{}
}

func (l *listener) Write(p []byte) (int, error) {
	if bytes.Contains(p, []byte("holding")) {
		l.once.Do(func() { close(l.told) })
	}
	return l.Buffer.Write(p)
}

// traces are the forms in which a text can be read out of a crash: as it is, in
// hexadecimal, and as the content of a register.
func traces(text string) []string {
	forms := []string{text, hex.EncodeToString([]byte(text)), base64.StdEncoding.EncodeToString([]byte(text))}
	for i := range len(text) - 7 {
		word := []byte(text[i : i+8])
		forms = append(forms, strconv.FormatUint(binary.LittleEndian.Uint64(word), 16), hex.EncodeToString(word))
	}
	return forms
}

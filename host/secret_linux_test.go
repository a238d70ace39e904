package host_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
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
	c, err := p.Open(t.Context(), connector.Settings{
		Tenant: "acme", Config: []byte(`{}`), Secrets: map[string]connector.Secret{"/token": connector.NewSecret(canary)},
	})
	if err != nil {
		t.Fatal(err)
	}
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

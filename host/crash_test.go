package host_test

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

func TestProcessDies(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		action  string
		dryRun  bool
		do      string
		unknown bool
		texts   []string
	}{
		"panic during a read":         {action: "echo.get", do: "panic", texts: []string{"exit status 2", "panic: boom"}},
		"panic during a write":        {action: "echo.put", do: "panic", unknown: true, texts: []string{"exit status 2", "panic: boom"}},
		"exit during a write":         {action: "echo.put", do: "exit", unknown: true, texts: []string{"exit status 7"}},
		"exit during a safe write":    {action: "echo.set", do: "exit", unknown: true, texts: []string{"exit status 7"}},
		"exit during a dry-run write": {action: "echo.put", dryRun: true, do: "exit", texts: []string{"exit status 7"}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := open(t, running(t, nil), "acme")
			order := call(t, tc.action, order{Do: tc.do})
			order.DryRun = tc.dryRun
			_, err := c.Execute(t.Context(), order)
			e := failed(t, err, connector.ReasonPluginExited)
			if e.OutcomeUnknown != tc.unknown || e.Retry != connector.RetryLater || e.RequestID != "req-1" {
				t.Errorf("error = %+v, want OutcomeUnknown %t", e, tc.unknown)
			}
			for _, text := range tc.texts {
				if !strings.Contains(e.Message, text) {
					t.Errorf("error %q does not contain %q", e.Message, text)
				}
			}
			_, err = c.Execute(t.Context(), order)
			if e := failed(t, err, connector.ReasonPluginExited); e.OutcomeUnknown {
				t.Errorf("a call that was never sent has an unknown outcome: %v", e)
			}
			if err := c.Close(t.Context()); err != nil {
				t.Errorf("Close: %v", err)
			}
		})
	}
}

func TestProcessDiesDuringDownload(t *testing.T) {
	t.Parallel()
	c := open(t, running(t, nil), "acme")
	path := filepath.Join(t.TempDir(), "out.csv")
	if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := c.DownloadFile(t.Context(), call(t, "echo.export", order{Do: "exit", Bytes: 3 << 20}), path, nil)
	if e := failed(t, err, connector.ReasonPluginExited); e.OutcomeUnknown || !strings.Contains(e.Message, "exit status 7") {
		t.Errorf("error = %+v, want a known outcome and the exit status", e)
	}
	onlyFile(t, path, "old")
}

func TestProcessDiesDuringUpload(t *testing.T) {
	t.Parallel()
	p := running(t, nil)
	c := open(t, p, "acme")
	r, w := io.Pipe()
	done := make(chan error, 1)
	go func() {
		_, err := c.Upload(t.Context(), call(t, "echo.import", order{}), "text/csv", r)
		done <- err
	}()
	if _, err := w.Write(make([]byte, p.Limits().ChunkBytes)); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Execute(t.Context(), call(t, "echo.get", order{Do: "exit"})); err == nil {
		t.Fatal("the process lives on")
	}
	e := failed(t, <-done, connector.ReasonPluginExited)
	if !e.OutcomeUnknown || !strings.Contains(e.Message, "exit status 7") {
		t.Errorf("error = %+v, want an unknown outcome and the exit status", e)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

// onlyFile checks that the folder of path holds path alone, with this content.
func onlyFile(t *testing.T, path, content string) {
	t.Helper()
	got, err := os.ReadFile(path) //nolint:gosec // a test's own file
	if err != nil || string(got) != content {
		t.Errorf("%s holds %d bytes (%v), want %d", path, len(got), err, len(content))
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(entries) != 1 {
		t.Errorf("folder holds %v (%v), want one file", entries, err)
	}
}

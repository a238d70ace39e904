package catalog_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/actions/actionstest"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

// process starts the connector as a process of its own.
func process(t *testing.T) *host.Plugin {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p, err := host.Launch(t.Context(), path, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() }) // one of them is killed
	return p
}

// TestExportSurvivesItsProcess: the connector is killed in the middle of an
// export; another process goes on, and the file is that of an export which
// nothing disturbed.
func TestExportSurvivesItsProcess(t *testing.T) {
	t.Parallel()
	tenant := sandbox.New(sandbox.Acme(), &sandbox.Options{ExportRows: 90_000, JobPolls: -1, Limits: &sandbox.Limits{}})
	server := httptest.NewServer(tenant)
	t.Cleanup(server.Close)
	undisturbed := process(t)
	for _, format := range []string{"csv", "ndjson"} {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			call := connector.Call{Action: "bulk.export", Input: json.RawMessage(fmt.Sprintf(
				`{"objectName":"usage__gc","format":%q,"select":["Gsid","Row_Number__gc","Day__gc","Revenue__gc","Active__gc","Note__gc"]}`, format))}
			want := filepath.Join(t.TempDir(), "undisturbed")
			conn := actionstest.Open(t, undisturbed, tenant, server.URL, nil)
			if _, err := conn.DownloadFile(t.Context(), call, want, nil); err != nil {
				t.Fatal(err)
			}

			doomed, path := process(t), filepath.Join(t.TempDir(), "export")
			conn = actionstest.Open(t, doomed, tenant, server.URL, nil)
			_, err := conn.DownloadFile(t.Context(), call, path, func(p connector.Progress) {
				if p.Done > 0 {
					kill(t, doomed.PID())
				}
			})
			if part := (*host.PartialError)(nil); !errors.Is(err, connector.ReasonPluginExited) || !errors.As(err, &part) {
				t.Fatalf("got %v", err)
			}
			summary, err := actionstest.Open(t, process(t), tenant, server.URL, nil).ResumeFile(t.Context(), call, path, nil)
			if err != nil || summary.Records != 90_000 {
				t.Fatalf("%+v, %v", summary, err)
			}
			if read(t, path) != read(t, want) {
				t.Error("the file is not that of an export which nothing disturbed")
			}
		})
	}
}

func kill(t *testing.T, pid int) {
	t.Helper()
	p, err := os.FindProcess(pid)
	if err != nil {
		t.Error(err)
		return
	}
	if err := p.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		t.Error(err)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path) //nolint:gosec // a test's own file
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

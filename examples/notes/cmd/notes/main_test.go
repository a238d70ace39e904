package main

import (
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/examples/notes/service"
	"github.com/gainsight-connector/gainsight-connector/plugin"
)

// TestMain is also the connector that a host in a test starts.
func TestMain(m *testing.M) {
	if plugin.Launched() {
		main()
		return
	}
	os.Exit(m.Run())
}

// A host in another language runs an action, and hears why one failed.
func TestNodeHost(t *testing.T) {
	t.Parallel()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("there is no Node.js")
	}
	dir := filepath.Join("..", "..", "..", "node-host")
	if _, err := os.Stat(filepath.Join(dir, "node_modules")); err != nil {
		t.Skip("the packages of the host are not installed: npm ci --ignore-scripts")
	}
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(service.New("example-key", service.Note{Text: "Water the plants", Tag: "home"}))
	t.Cleanup(server.Close)
	connection := filepath.Join(t.TempDir(), "home.json")
	settings := fmt.Sprintf(`{"tenant":"home","address":%q,"api_key":"example-key"}`, server.URL)
	if err := os.WriteFile(connection, []byte(settings), 0o600); err != nil {
		t.Fatal(err)
	}
	folder, nowhere := t.TempDir(), filepath.Join(t.TempDir(), "nowhere")
	tests := map[string]struct {
		args           []string
		stdout, stderr string
	}{
		"runs an action":      {args: []string{binary, connection, "note.list", `{"tag":"home"}`}, stdout: "Water the plants"},
		"tells why one fails": {args: []string{binary, connection, "note.list", `{"tag":7}`}, stderr: "INVALID_INPUT: the input does not fit note.list"},
		"knows no such":       {args: []string{binary, connection, "note.eat"}, stderr: `NOT_FOUND: there is no action "note.eat"`},
		"has no binary":       {args: []string{nowhere, connection, "note.list"}, stderr: nowhere + " cannot be executed: ENOENT"},
		"has no program":      {args: []string{connection, connection, "note.list"}, stderr: connection + " cannot be executed: "},
		"has a folder":        {args: []string{folder, connection, "note.list"}, stderr: folder + " cannot be executed: "},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			args := append([]string{filepath.Join(dir, "host.mjs")}, tt.args...)
			cmd := exec.CommandContext(t.Context(), node, args...) //nolint:gosec // the script of this repository
			var stdout, stderr strings.Builder
			cmd.Stdout, cmd.Stderr = &stdout, &stderr
			err := cmd.Run()
			if (err != nil) != (tt.stderr != "") {
				t.Errorf("error = %v", err)
			}
			if !strings.Contains(stdout.String(), tt.stdout) || !strings.Contains(stderr.String(), tt.stderr) {
				t.Errorf("%v\nstdout: %s\nstderr: %s", err, stdout.String(), stderr.String())
			}
		})
	}
}

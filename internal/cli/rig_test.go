package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"maps"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/internal/cli"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

// outcome is what a run of the command line left behind.
type outcome struct {
	code           int
	stdout, stderr string
}

// run runs the command line with an empty stdin.
func run(t *testing.T, args ...string) outcome {
	t.Helper()
	return runWith(t.Context(), "", args...)
}

// runWith runs the command line.
func runWith(ctx context.Context, stdin string, args ...string) outcome {
	var stdout, stderr bytes.Buffer
	code := cli.Main(ctx, append([]string{"gainsight-connector"}, args...), strings.NewReader(stdin), &stdout, &stderr)
	return outcome{code, stdout.String(), stderr.String()}
}

// wants fails the test unless a run ended with a code and stderr has all of
// the texts.
func (o outcome) wants(t *testing.T, code int, texts ...string) {
	t.Helper()
	if o.code != code {
		t.Errorf("exit code = %d, want %d", o.code, code)
	}
	for _, text := range texts {
		if !strings.Contains(o.stderr, text) {
			t.Errorf("stderr lacks %q", text)
		}
	}
	if t.Failed() {
		t.Logf("stdout:\n%s\nstderr:\n%s", o.stdout, o.stderr)
	}
}

// decoded returns JSON as Go values.
func decoded(t *testing.T, text string) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("not a JSON object: %v\n%s", err, text)
	}
	return v
}

// acme serves a tenant and returns it with its connection file.
func acme(t *testing.T) (tenant *sandbox.Tenant, connection string) {
	t.Helper()
	return serve(t, sandbox.Acme())
}

func serve(t *testing.T, seed sandbox.Seed) (tenant *sandbox.Tenant, connection string) {
	t.Helper()
	tenant = sandbox.New(seed, &sandbox.Options{Limits: &sandbox.Limits{}, JobPolls: -1, ExportRows: 50_000})
	server := httptest.NewServer(tenant)
	t.Cleanup(server.Close)
	return tenant, file(t, "connection.json", connectionTo(t, server.URL, seed.AccessKey))
}

// connectionTo returns the content of a connection file.
func connectionTo(t *testing.T, url, key string) string {
	t.Helper()
	text, err := json.Marshal(map[string]any{
		"tenant": "acme", "base_url": url, "auth": map[string]any{"type": "access_key", "access_key": key},
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// file writes a file that only its owner can read.
func file(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// content reads a file.
func content(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path) //nolint:gosec // the test names it
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// record is a record that acme takes, with changes.
func record(changes map[string]any) map[string]any {
	r := map[string]any{
		"Name": "Adoption is falling", "CompanyName": "Aurora Labs", "OwnerEmail": "ada.berg@example.com", "DueDate": "2026-12-15",
		"type": "Risk", "reason": "Bugs Risk", "status": "New", "priority": "High",
	}
	maps.Copy(r, changes)
	return r
}

// records is an input of a write.
func records(t *testing.T, all ...map[string]any) string {
	t.Helper()
	text, err := json.Marshal(map[string]any{"records": all})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares a text with a file in testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(content(t, path), got); diff != "" {
		t.Errorf("differs from %s; go test -update writes it anew (-want +got):\n%s", path, diff)
	}
}

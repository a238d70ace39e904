package main_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"go.uber.org/goleak"

	_ "github.com/gainsight-connector/gainsight-connector/internal/cli" // a change of the program is one of its tests
)

func TestMain(m *testing.M) {
	path, err := binary()
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		_ = os.RemoveAll(filepath.Dir(path))
		os.Exit(code)
	}))
}

// binary builds the program and returns its path.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "gainsight-connector")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "gainsight-connector.exe")
	out, err := exec.CommandContext(context.Background(), "go", "build", "-o", path, ".").CombinedOutput() //nolint:gosec // a folder of its own
	if err != nil {
		return "", fmt.Errorf("go build: %w: %s", err, out)
	}
	return path, nil
})

// program returns the path of the program.
func program(t *testing.T) string {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

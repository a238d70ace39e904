package cli_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestLoginOpensBrowser: the program opens the page by itself.
func TestLoginOpensBrowser(t *testing.T) {
	t.Parallel()
	_, connection := application(t, "file:token")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.Symlink(self, filepath.Join(dir, "xdg-open")); err != nil {
		t.Fatal(err)
	}
	cmd, _ := program(t.Context(), t, "login", "--connection", connection)
	cmd.Env = append(cmd.Env, "PATH="+dir)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v: %s", err, stderr.String())
	}
	if token := content(t, filepath.Join(filepath.Dir(connection), "token")); !strings.HasPrefix(token, "sandbox-refresh-") {
		t.Errorf("the token is %q; stdout %s", token, stdout.String())
	}
}

func TestLoginWithoutBrowser(t *testing.T) {
	t.Parallel()
	_, connection := application(t, "file:token")
	cmd, _ := program(t.Context(), t, "login", "--connection", connection, "--timeout", "100ms")
	cmd.Env = append(cmd.Env, "PATH="+t.TempDir())
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	wantFailed(t, cmd.Run())
	for _, part := range []string{"/v1/authorize?", "no browser could be opened: ", "nobody signed in"} {
		if !strings.Contains(stderr.String(), part) {
			t.Errorf("stderr lacks %q: %s", part, stderr.String())
		}
	}
}

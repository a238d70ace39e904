package host_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
)

func rotated(pointer, value string) connector.SecretRotated {
	return connector.SecretRotated{Secrets: map[string]connector.Secret{pointer: connector.NewSecret(value)}}
}

func TestKeepSecrets(t *testing.T) {
	t.Parallel()
	path := connectionFile(t, `{"top":"file:key","auth":{"key":"literal"},"list":["file:first"],"a/b~c":"env:X"}`)
	key := filepath.Join(filepath.Dir(path), "key")
	if err := os.WriteFile(key, []byte("old\n"), 0o644); err != nil { //nolint:gosec // it is to be mended
		t.Fatal(err)
	}
	for pointer, file := range map[string]string{"/top": "key", "/list/0": "first"} {
		if remarks := host.KeepSecrets(path, rotated(pointer, "new secret")); len(remarks) != 0 {
			t.Errorf("%s: %v", pointer, remarks)
		}
		file = filepath.Join(filepath.Dir(path), file)
		got, err := os.ReadFile(file) //nolint:gosec // the test names it
		if err != nil || string(got) != "new secret\n" {
			t.Errorf("%s: %q, %v", pointer, got, err)
		}
		wantMode(t, file, 0o600)
	}
	got, _, err := host.ReadSettings(path, manifest(`{"properties":{"top":{"writeOnly":true}}}`))
	if err != nil || got.Secrets["/top"].Reveal() != "new secret" {
		t.Errorf("read back %q, %v", got.Secrets["/top"].Reveal(), err)
	}
	if left, err := os.ReadDir(filepath.Dir(path)); err != nil || len(left) != 3 {
		t.Errorf("the folder holds %v, %v", left, err)
	}
}

func TestKeepSecretsWarns(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ file, pointer, text string }{
		"literal":         {`{"top":"literal"}`, "/top", "does not give it as file:PATH"},
		"variable":        {`{"top":"env:X"}`, "/top", "does not give it as file:PATH"},
		"missing":         {`{}`, "/auth/key", "does not give it as file:PATH"},
		"not a text":      {`{"top":{"x":1}}`, "/top", "does not give it as file:PATH"},
		"not in the list": {`{"list":["file:x"]}`, "/list/1", "does not give it as file:PATH"},
		"no folder":       {`{"top":"file:nowhere/key"}`, "/top", "no such file"},
		"a folder":        {`{"top":"file:."}`, "/top", "not a regular file"},
		"not JSON":        {`{`, "/top", "not JSON"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			remarks := host.KeepSecrets(connectionFile(t, tt.file), rotated(tt.pointer, "new secret"))
			if len(remarks) != 1 || remarks[0].Severity != connector.SeverityWarning || remarks[0].Pointer != tt.pointer ||
				!strings.Contains(remarks[0].Summary, tt.text) || strings.Contains(remarks[0].Summary, "new secret") {
				t.Errorf("got %v, want one with %q", remarks, tt.text)
			}
		})
	}
	t.Run("empty", func(t *testing.T) {
		t.Parallel()
		if err := host.WriteSecret(filepath.Join(t.TempDir(), "key"), connector.Secret{}); err == nil {
			t.Error("an empty secret was written")
		}
	})
}

// TestCanWriteSecret: it says what [host.WriteSecret] would, and leaves nothing.
func TestCanWriteSecret(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	held := filepath.Join(dir, "held")
	if err := host.WriteSecret(held, connector.NewSecret("old")); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		held: "", filepath.Join(dir, "new"): "", dir: "not a regular file", filepath.Join(dir, "nowhere", "key"): "no such file",
	} {
		err := host.CanWriteSecret(path)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", path, err, want)
		}
	}
	got, err := os.ReadFile(held) //nolint:gosec // the test names it
	if left, _ := os.ReadDir(dir); err != nil || string(got) != "old\n" || len(left) != 1 {
		t.Errorf("%q, %v; the folder holds %v", got, err, left)
	}
}

func TestReadSettingsWithout(t *testing.T) {
	t.Parallel()
	path := connectionFile(t, `{"top":"file:not-there-yet","auth":{"key":"k"}}`)
	got, _, err := host.ReadSettings(path, manifest(connectionSchema), "/top")
	if err != nil || len(got.Secrets) != 1 || strings.Contains(string(got.Config), "not-there-yet") {
		t.Errorf("got %s with %v, %v", got.Config, got.Secrets, err)
	}
}

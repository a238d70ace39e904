package main_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

// home is a folder from which the program is run, with all that it prints.
type home struct {
	*findings

	dir, temp string
}

func newHome(t *testing.T) *home {
	t.Helper()
	temp, err := os.MkdirTemp("", "t") //nolint:usetesting // t.TempDir is too deep for a socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(temp) })
	h := &home{findings: &findings{}, dir: t.TempDir(), temp: temp}
	if err := os.Mkdir(filepath.Join(h.dir, "secrets"), 0o700); err != nil {
		t.Fatal(err)
	}
	return h
}

// keep writes a file that only its owner can read.
func (h *home) keep(t *testing.T, name, content string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(h.dir, name), []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// connect writes a connection file.
func (h *home) connect(t *testing.T, address string, auth map[string]string) {
	t.Helper()
	text, err := json.Marshal(map[string]any{"base_url": address, "auth": auth})
	if err != nil {
		t.Fatal(err)
	}
	h.keep(t, "acme.json", string(text))
}

// command is a run of the program.
func (h *home) command(ctx context.Context, t *testing.T, env []string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(ctx, program(t), args...) //nolint:gosec // the program under test
	cmd.Dir, cmd.Env = h.dir, append([]string{"TMPDIR=" + h.temp}, env...)
	return cmd
}

// run runs the program and returns its exit code.
func (h *home) run(t *testing.T, env []string, args ...string) int {
	t.Helper()
	cmd := h.command(t.Context(), t, env, args...)
	cmd.Stdout, cmd.Stderr = h.writer("stdout of "+args[0]), h.writer("stderr of "+args[0])
	_ = cmd.Run() // the code says it
	return cmd.ProcessState.ExitCode()
}

// tree reads all files but those which hold the secrets by design.
func (h *home) tree(t *testing.T, wants ...string) {
	t.Helper()
	for _, name := range wants {
		if info, err := os.Stat(filepath.Join(h.dir, name)); err != nil {
			t.Errorf("%s: %v, %v", name, info, err)
		}
	}
	for _, dir := range []string{h.dir, h.temp} {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if d.IsDir() && d.Name() == "secrets" {
				return fs.SkipDir
			}
			h.add("files", path)
			if err != nil || !d.Type().IsRegular() {
				return err
			}
			data, err := os.ReadFile(path) //nolint:gosec // a test's own folder
			h.add("files", string(data))
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
}

// TestCommandsShowNoSecret runs the commands at their most talkative and looks
// for the secrets in what they print and write.
func TestCommandsShowNoSecret(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		auth    map[string]string
		secrets func(v *vendor) map[string]string
	}{
		"access_key": {
			map[string]string{"type": "access_key", "access_key": "env:CANARY"}, func(*vendor) map[string]string { return nil },
		},
		"oauth_authorization_code": {
			map[string]string{
				"type": "oauth_authorization_code", "client_id": sandbox.Acme().Application.ID,
				"client_secret": "file:secrets/client", "refresh_token": "file:secrets/token",
			},
			func(v *vendor) map[string]string {
				return map[string]string{"client": clientCanary, "token": v.signIn()}
			},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v, h, env := newVendor(), newHome(t), []string{"CANARY=" + keyCanary}
			h.connect(t, served(t, v.ServeHTTP), tt.auth)
			for file, secret := range tt.secrets(v) {
				h.keep(t, filepath.Join("secrets", file), secret)
			}
			h.keep(t, "export.json", export)
			for _, args := range [][]string{
				{"check"},
				{"probe", "--json"},
				{"describe", "--save", "acme.snapshot.json"},
				{"options", "cta.create", "/records/*/type", "--json"},
				{"run", "object.list"},
				{"run", "bulk.export", "--input", "export.json", "--output", "usage.csv"},
			} {
				code := h.run(t, env, append(args, "--connection", "acme.json", "--verbose")...)
				if code != 0 && code != 3 {
					t.Errorf("%v: exit code %d: %.1000s", args, code, h.text("stderr of "+args[0]))
				}
			}
			v.tenant.Inject(sandbox.Fault{Path: "/v3/exports/data/bulk/chunk", Kind: sandbox.FaultTruncated, Bytes: 50_000})
			h.run(t, env, "run", "bulk.export", "--connection", "acme.json", "--input", "export.json",
				"--output", "broken.csv", "--verbose", "--json")
			h.tree(t, "acme.snapshot.json", "usage.csv", "broken.csv.part", "broken.csv.resume")
			h.silent(t, v.canaries())
		})
	}
}

// TestMisplacedSecrets: an error names the places and the properties of settings
// but quotes no value, for it may be a secret that stands where none belongs.
func TestMisplacedSecrets(t *testing.T) {
	t.Parallel()
	const at = `{"base_url":"https://127.0.0.1:1",`
	tests := map[string]string{
		"misspelt":             at + `"auth":{"type":"access_key","acess_key":"%[1]s"}}`,
		"misspelt group":       at + `"aut":{"type":"access_key","access_key":"%[1]s"}}`,
		"wrong kind":           at + `"auth":{"type":"%[1]s","access_key":"x"}}`,
		"within the address":   `{"base_url":"https://user:%[1]s@127.0.0.1:1","auth":{"type":"access_key","access_key":"x"}}`,
		"address in a query":   `{"base_url":"https://127.0.0.1:1?key=%[1]s","auth":{"type":"access_key","access_key":"x"}}`,
		"as a token address":   at + `"auth":{"type":"oauth_client_credentials","client_id":"x","client_secret":"x","token_url":"%[1]s"}}`,
		"with a line break":    at + `"auth":{"type":"access_key","access_key":"%[1]s\n"}}`,
		"a list":               at + `"auth":{"type":"access_key","access_key":["%[1]s"]}}`,
		"as a number's place":  at + `"timeout_seconds":"%[1]s","auth":{"type":"access_key","access_key":"x"}}`,
		"as an endpoint":       at + `"auth":{"type":"access_key","access_key":"x"},"endpoints":{"cta.create":{"path":"%[1]s"}}}`,
		"as a header":          at + `"auth":{"type":"access_key","access_key":"x"},"endpoints":{"cta.create":{"auth_header":"%[1]s !"}}}`,
		"as a time zone":       at + `"auth":{"type":"access_key","access_key":"x"},"time_zone":"%[1]s"}`,
		"malformed after it":   at + `"auth":{"type":"access_key","access_key":"%[1]s"`,
		"malformed within it":  `{"auth":{"access_key":"%[1]s\q"}}`,
		"as the whole":         `"%[1]s"`,
		"as a tenant":          at + `"auth":{"type":"access_key","access_key":"x"},"tenant":["%[1]s"]}`,
		"beside the reference": at + `"auth":{"type":"access_key","access_key":"x","client_secret":"%[1]s"}}`,
	}
	for name, text := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHome(t)
			h.keep(t, "acme.json", fmt.Sprintf(text, clientCanary))
			for _, json := range []string{"--json", "--json=false"} {
				if code := h.run(t, nil, "check", "--connection", "acme.json", "--verbose", json); code != 1 {
					t.Errorf("exit code %d", code)
				}
			}
			h.silent(t, []string{clientCanary})
		})
	}
}

// TestHostCrashes: a host that is made to print all its stacks in the midst of a
// call shows no secret, nor is one in the arguments and the environment that it
// gave the connector.
func TestHostCrashes(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	arrived := make(chan struct{})
	var once sync.Once
	h.connect(t, served(t, func(_ http.ResponseWriter, r *http.Request) {
		once.Do(func() { close(arrived) })
		<-r.Context().Done()
	}), map[string]string{"type": "access_key", "access_key": "env:CANARY"})
	env := []string{"CANARY=" + keyCanary, "GOTRACEBACK=system"}
	cmd := h.command(t.Context(), t, env, "run", "object.list", "--connection", "acme.json")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	<-arrived
	h.connector(t, cmd.Process.Pid)
	if err := cmd.Process.Signal(syscall.SIGQUIT); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // as it must
	h.add("stacks of the host", stderr.String())
	for _, want := range []string{"SIGQUIT: quit", "goroutine ", "(*Connection).Execute("} {
		if !strings.Contains(stderr.String(), want) {
			t.Errorf("stderr lacks %q: %.1000s", want, stderr.String())
		}
	}
	h.silent(t, []string{keyCanary})
}

// connector reads what the system shows of the connector that a host has
// started.
func (h *home) connector(t *testing.T, pid int) {
	t.Helper()
	lists, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, list := range lists {
		children, err := os.ReadFile(list) //nolint:gosec // a list of the system's own
		if err != nil {
			continue // a thread that is gone
		}
		for child := range strings.FieldsSeq(string(children)) {
			for _, name := range []string{"cmdline", "environ"} {
				data, err := os.ReadFile("/proc/" + child + "/" + name) //nolint:gosec // likewise
				if err != nil || len(data) == 0 {
					t.Errorf("%s: %d bytes, %v", name, len(data), err)
				}
				h.add(name+" of the connector", string(data))
				found++
			}
		}
	}
	if found != 2 {
		t.Errorf("%d files of the connector were found in %v", found, lists)
	}
}

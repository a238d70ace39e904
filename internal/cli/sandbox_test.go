package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/internal/cli"
)

// sandboxed runs the sandbox until the test ends and returns the connection
// files that it printed, by tenant.
func sandboxed(t *testing.T, tenants int, args ...string) map[string]string {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	stdout, w := io.Pipe()
	var stderr bytes.Buffer
	ended := make(chan int)
	go func() {
		args := append([]string{"gainsight-connector", "sandbox", "--addr", "127.0.0.1:0"}, args...)
		ended <- cli.Main(ctx, args, strings.NewReader(""), w, &stderr)
	}()
	t.Cleanup(func() {
		cancel()
		if code := <-ended; code != 0 {
			t.Errorf("exit code = %d, stderr:\n%s", code, stderr.String())
		}
	})
	files := map[string]string{}
	dec := json.NewDecoder(stdout)
	for range tenants {
		var connection map[string]any
		if err := dec.Decode(&connection); err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(connection)
		if err != nil {
			t.Fatal(err)
		}
		name, _ := connection["tenant"].(string)
		files[name] = file(t, "connection.json", string(text))
	}
	return files
}

func TestSandbox(t *testing.T) {
	t.Parallel()
	files := sandboxed(t, 2, "--no-limits", "--export-rows", "1000", "--latency", "1ms")
	for _, tenant := range []string{"acme", "globex"} {
		o := run(t, "check", "--connection", files[tenant])
		o.wants(t, 0)
		if report := decoded(t, o.stdout); report["tenant"] != tenant {
			t.Errorf("report = %v", report)
		}
	}
	o := runWith(t.Context(), export, "run", "bulk.export", "--connection", files["acme"], "--input", "-")
	o.wants(t, 0, "1,000 rows")
}

func TestSandboxMisbehaves(t *testing.T) {
	t.Parallel()
	files := sandboxed(t, 1, "--tenant", "globex",
		"--fault", "unauthorized", "--fault-path", "/v1/meta", "--fault-after", "1", "--fault-times", "1")
	args := []string{"check", "--connection", files["globex"]}
	run(t, args...).wants(t, 0)
	run(t, args...).wants(t, 1, "the tenant answered 401")
	run(t, args...).wants(t, 0)
}

func TestSandboxForms(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		args   []string
		status int
		code   string
	}{
		"throttled":         {[]string{"--fault", "throttled"}, 429, "GS_APIG_2404"},
		"its own form":      {[]string{"--fault", "throttled=gateway-200"}, 200, "GS_APIG_2404"},
		"the tenant's form": {[]string{"--form", "throttle=user-429", "--fault", "throttled"}, 429, "GU_2400"},
		"one of both":       {[]string{"--form", "throttle=user-429", "--fault", "throttled=gateway-429"}, 429, "GS_APIG_2404"},
		"the last counts": {
			[]string{"--form", "throttle=user-429", "--form", "throttle=gateway-200", "--fault", "throttled"}, 200, "GS_APIG_2404",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			files := sandboxed(t, 1, append([]string{"--tenant", "acme"}, tt.args...)...)
			url, _ := decoded(t, content(t, files["acme"]))["base_url"].(string)
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/v1/meta/services/objects", http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = resp.Body.Close() }()
			body, err := io.ReadAll(resp.Body)
			if err != nil || resp.StatusCode != tt.status || !strings.Contains(string(body), tt.code) {
				t.Errorf("answered %d, %s, %v; want %d, code %s", resp.StatusCode, body, err, tt.status, tt.code)
			}
		})
	}
}

func TestSandboxListsForms(t *testing.T) {
	t.Parallel()
	o := run(t, "sandbox", "--form", "list")
	o.wants(t, 0)
	golden(t, "forms.txt", o.stdout)
}

func TestSandboxWritesConnections(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "made", "for it")
	ctx, cancel := context.WithCancel(t.Context())
	stderr, w := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		ended <- cli.Main(ctx, []string{"", "sandbox", "--addr", "127.0.0.1:0", "--write-connections", dir}, nil, io.Discard, w)
		_ = w.Close()
	}()
	ready := make([]byte, 0, 1024)
	for b := make([]byte, 256); !strings.Contains(string(ready), "serving until interrupted"); {
		n, err := stderr.Read(b)
		if ready = append(ready, b[:n]...); err != nil {
			t.Fatalf("%v after %s", err, ready)
		}
	}
	for _, tenant := range []string{"acme", "globex"} {
		path := filepath.Join(dir, tenant+".json")
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: mode %v, %v", path, info.Mode(), err)
		}
		run(t, "check", "--connection", path).wants(t, 0)
	}
	cancel()
	_, _ = io.Copy(io.Discard, stderr)
	if code := <-ended; code != 0 {
		t.Errorf("exit code = %d", code)
	}
}

func TestSandboxKeepsForeignFiles(t *testing.T) {
	t.Parallel()
	own := file(t, "acme.json", `{"base_url": "https://acme.gainsightcloud.com"}`)
	o := run(t, "sandbox", "--addr", "127.0.0.1:0", "--write-connections", filepath.Dir(own))
	o.wants(t, 2, "it stays as it is")
}

func TestSandboxRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		args  []string
		wants string
	}{
		"all addresses":      {[]string{"--addr", ":8088"}, "loopback addresses only\nhint: --addr 127.0.0.1:8088"},
		"any address":        {[]string{"--addr", "0.0.0.0:8088"}, "loopback addresses only"},
		"another machine's":  {[]string{"--addr", "192.0.2.1:8088"}, "loopback addresses only"},
		"a name":             {[]string{"--addr", "acme.example.com:8088"}, "loopback addresses only"},
		"no port":            {[]string{"--addr", "127.0.0.1"}, "it is not HOST:PORT"},
		"port is no number":  {[]string{"--addr", "127.0.0.1:http"}, "the port is a number up to 65535"},
		"port too large":     {[]string{"--addr", "127.0.0.1:65536"}, "the port is a number up to 65535"},
		"no port for globex": {[]string{"--addr", "127.0.0.1:65535"}, "leaves no port for tenant globex"},
		"unknown tenant":     {[]string{"--tenant", "initech"}, `--tenant is acme or globex, not "initech"`},
		"unknown fault":      {[]string{"--fault", "throtled"}, "hint: did you mean throttled?"},
		"fault without kind": {[]string{"--fault-times", "2"}, "go with --fault KIND"},
		"rows below zero":    {[]string{"--export-rows", "-1"}, "--export-rows is 0 or more, not -1"},
		"latency below zero": {[]string{"--latency", "-1s"}, "--latency is 0 or more, not -1s"},
		"after below zero":   {[]string{"--fault", "dropped", "--fault-after", "-1"}, "--fault-after is 0 or more, not -1"},
		"times below zero":   {[]string{"--fault", "dropped", "--fault-times", "-1"}, "--fault-times is 0, for all, or more, not -1"},
		"path without slash": {[]string{"--fault", "dropped", "--fault-path", "v2"}, "--fault-path begins with a slash: /v2"},
		"expired everywhere": {[]string{"--fault", "expired"}, "add --fault-path /v3/exports"},
		"form of dropped":    {[]string{"--fault", "dropped=user-429"}, "--fault dropped=user-429: only throttled has forms"},
		"unknown throttle":   {[]string{"--fault", "throttled=429"}, "the value is one of gateway-429, gateway-200, user-429"},
		"misspelt form":      {[]string{"--form", "date=iso"}, "hint: did you mean dates"},
		"unknown form":       {[]string{"--form", "xyzzy=1"}, "there is no form \"xyzzy\"\nhint: --form list prints them all"},
		"unknown value":      {[]string{"--form", "dates=unix"}, "--form dates=unix: the value is one of iso, millis"},
		"form without value": {[]string{"--form", "dates"}, "--form dates: the value is one of iso, millis"},
		"folder is a file":   {[]string{"--addr", "127.0.0.1:0", "--write-connections", "sandbox_test.go"}, "mkdir sandbox_test.go"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run(t, append([]string{"sandbox"}, tt.args...)...).wants(t, 2, tt.wants)
		})
	}
}

// A program hears in one object what is served, and when.
func TestSandboxTellsPrograms(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	stderr, w := io.Pipe()
	ended := make(chan int, 1)
	dir := t.TempDir()
	go func() {
		args := []string{"gainsight-connector", "sandbox", "--addr", "127.0.0.1:0", "--write-connections", dir, "--json"}
		ended <- cli.Main(ctx, args, strings.NewReader(""), io.Discard, w)
	}()
	var told struct {
		Serving []struct {
			Tenant, File string
			BaseURL      string `json:"base_url"`
		} `json:"serving"`
	}
	if err := json.NewDecoder(stderr).Decode(&told); err != nil {
		t.Fatal(err)
	}
	if len(told.Serving) != 2 || told.Serving[0].File != filepath.Join(dir, "acme.json") || told.Serving[1].Tenant != "globex" {
		t.Fatalf("told %+v", told)
	}
	run(t, "check", "--connection", told.Serving[0].File).wants(t, 0)
	cancel()
	if code := <-ended; code != 0 {
		t.Errorf("exit code = %d", code)
	}
}

func TestSandboxPortInUse(t *testing.T) {
	t.Parallel()
	files := sandboxed(t, 1, "--tenant", "acme")
	base, _ := decoded(t, content(t, files["acme"]))["base_url"].(string)
	taken, err := netip.ParseAddrPort(strings.TrimPrefix(base, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	before := netip.AddrPortFrom(taken.Addr(), taken.Port()-1)
	for name, addr := range map[string]netip.AddrPort{"by the first": taken, "by the second": before} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := run(t, "sandbox", "--addr", addr.String())
			o.wants(t, 2, "serve tenant", "listen tcp", "hint: --addr 127.0.0.1:0 takes free ports")
			if o.stdout != "" {
				t.Errorf("connection files of tenants that are not served:\n%s", o.stdout)
			}
		})
	}
}

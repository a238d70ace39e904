package cli_test

import (
	"io"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/cli"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

func TestBadInput(t *testing.T) {
	t.Parallel()
	_, connection := acme(t)
	tests := map[string]struct {
		action, input string
		wants         []string
	}{
		"unknown action": {"cta.crate", `{}`, []string{`there is no action "cta.crate"`, "did you mean cta.create"}},
		"far from any":   {"xyzzy", `{}`, []string{`there is no action "xyzzy"`, "hint: gainsight-connector catalog lists them"}},
		"unknown object": {"object.describe", `{"objectName":"compny"}`, []string{"acme has no object compny", "did you mean company?"}},
		"unknown field":  {"cta.list", `{"select":["Nme"]}`, []string{"/select/0", "did you mean Name", "the tenant answered 400"}},
		"malformed JSON": {"cta.create", "{\"records\":[\n  {\"Name\": oops}]}", []string{"malformed JSON at line 2, column 12"}},
		"not an object":  {"cta.create", `[]`, []string{"(document): must be an object"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := runWith(t.Context(), tt.input, "run", tt.action, "--connection", connection, "--input", "-")
			o.wants(t, 1, tt.wants...)
			if o.stdout != "" {
				t.Errorf("stdout = %q", o.stdout)
			}
		})
	}
}

func TestEmptyInput(t *testing.T) {
	t.Parallel()
	_, connection := acme(t)
	empty := file(t, "input.json", "")
	const refusal = " is empty\nhint: leave --input out for an action without input"
	for _, action := range []string{"object.list", "bulk.export"} {
		run(t, "run", action, "--connection", connection, "--input", empty).wants(t, 2, "error: --input "+empty+refusal)
		runWith(t.Context(), " \n", "run", action, "--connection", connection, "--input", "-").wants(t, 2, "error: --input -"+refusal)
	}
	run(t, "run", "object.list", "--connection", connection).wants(t, 0)
}

// zeros is an input without end. It fails the test if it is read for much
// longer than any input may be.
type zeros struct {
	t    *testing.T
	left int
}

func (z *zeros) Read(b []byte) (int, error) {
	clear(b)
	if z.left -= len(b); z.left < 0 {
		z.t.Error("the input is read on and on")
		return 0, io.EOF
	}
	return len(b), nil
}

func TestEndlessInput(t *testing.T) {
	t.Parallel()
	_, connection := acme(t)
	var stderr strings.Builder
	args := []string{"", "run", "object.list", "--connection", connection, "--input", "-", "--json"}
	stdin := &zeros{t, 2 * connector.DefaultInlineBytes}
	code := cli.Main(t.Context(), args, stdin, io.Discard, &stderr)
	if text := stderr.String(); code != 1 || !strings.Contains(text, `"reason":"TOO_LARGE"`) || !strings.Contains(text, "--input - has") {
		t.Errorf("exit code = %d, stderr:\n%s", code, text)
	}
}

func TestOptionsAskForASelector(t *testing.T) {
	t.Parallel()
	_, connection := acme(t)
	o := run(t, "options", "bulk.export", "/select/*", "--connection", connection)
	o.wants(t, 1, "give selector objectName", "hint: add --select objectName=company")
	o = run(t, "options", "bulk.export", "/select/*", "--connection", connection, "--select", "objectName=company")
	o.wants(t, 0)
}

// What a record holds is nobody's business but the tenant's.
func TestBrokenRecordIsNotQuoted(t *testing.T) {
	t.Parallel()
	const canary = "canary-4711"
	tenant, connection := acme(t)
	input := records(t, record(nil), record(map[string]any{
		"DueDate": canary, "priority": canary, "IsImportant": canary, "Affected_Seats__gc": canary,
		"Short_Text__gc": strings.Repeat(canary, 3), "Severity__gc": canary,
	}))
	for _, form := range []string{"--json=false", "--json", "--verbose"} {
		o := runWith(t.Context(), input, "run", "cta.create", "--connection", connection, "--input", "-", form)
		o.wants(t, 1, "/records/1/DueDate", "/records/1/priority", "/records/1/IsImportant", "/records/1/Affected_Seats__gc",
			"/records/1/Short_Text__gc", "/records/1/Severity__gc", "must be", "number", "20 characters")
		if strings.Contains(o.stdout+o.stderr, canary) {
			t.Errorf("%s shows a value:\n%s%s", form, o.stdout, o.stderr)
		}
	}
	for _, r := range tenant.Requests() {
		if r.Method == http.MethodPost {
			t.Errorf("the record was sent: %s %s", r.Method, r.Path)
		}
	}
}

func TestWrongKey(t *testing.T) {
	t.Parallel()
	const canary = "canary-key-4711"
	seed := sandbox.Acme()
	seed.AccessKey = "another"
	_, connection := serve(t, seed)
	wrong := file(t, "acme.json", strings.ReplaceAll(content(t, connection), "another", canary))
	for _, args := range [][]string{{"check"}, {"run", "object.list"}, {"describe", "cta.create"}} {
		o := run(t, append(args, "--connection", wrong)...)
		o.wants(t, 1, "tenant acme", `"accesskey"`, "the tenant answered 401, code GS_APIG_2401, request id ", "hint: ")
		o = run(t, append(args, "--connection", wrong, "--json", "--verbose")...)
		o.wants(t, 1, `"reason":"AUTH_FAILED"`)
		if strings.Contains(o.stdout+o.stderr, canary) {
			t.Errorf("%v shows the key:\n%s%s", args, o.stdout, o.stderr)
		}
	}
}

func TestBadConnectionFile(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		content string
		wants   []string
	}{
		"malformed":    {"{\n  \"tenant\": \"acme\",,\n}", []string{"acme.json:2:20: not JSON"}},
		"not object":   {"[]", []string{"acme.json:1:1: a connection file holds a JSON object"}},
		"unknown key":  {`{"base_ur":"https://acme.example.com","auth":{"type":"access_key","access_key":"x"}}`, []string{"/base_ur: is not a known property; did you mean base_url?", "/base_url: is required"}},
		"not set":      {`{"base_url":"https://acme.example.com","auth":{"type":"access_key","access_key":"env:CLI_TEST_UNSET"}}`, []string{"/auth/access_key", "CLI_TEST_UNSET"}},
		"plain http":   {`{"base_url":"http://acme.example.com","auth":{"type":"access_key","access_key":"x"}}`, []string{"/base_url: is plain http to a host that is not loopback"}},
		"unknown kind": {`{"base_url":"https://acme.example.com","auth":{"type":"password","access_key":"x"}}`, []string{"/auth/type: must be"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := run(t, "check", "--connection", file(t, "acme.json", tt.content))
			o.wants(t, 1, tt.wants...)
			if o.stdout != "" {
				t.Errorf("stdout = %q", o.stdout)
			}
		})
	}
}

func TestReadableSecretIsWarnedOf(t *testing.T) {
	t.Parallel()
	_, connection := acme(t)
	if err := os.Chmod(connection, 0o644); err != nil { //nolint:gosec // this is what is warned of
		t.Fatal(err)
	}
	run(t, "check", "--connection", connection).wants(t, 0, "warning: /auth/access_key: ", "chmod 600")
}

func TestPluginThatIsNone(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		path  func(t *testing.T) string
		wants []string
	}{
		"missing":          {func(*testing.T) string { return "no-such-file" }, []string{"no such file", "hint: check the path"}},
		"a folder":         {func(t *testing.T) string { t.Helper(); return t.TempDir() }, []string{"it is a folder"}},
		"a text file":      {func(t *testing.T) string { t.Helper(); return file(t, "notes.txt", "hello") }, []string{"it cannot be executed"}},
		"prints to stdout": {func(t *testing.T) string { t.Helper(); return pluginNamed(t, "chatty") }, []string{"it printed something else", `"Welcome!"`, "hint: "}},
		"ends at once":     {func(t *testing.T) string { t.Helper(); return pluginNamed(t, "dying") }, []string{"it ended before it was ready", "exit status 7", "no licence found"}},
		"another protocol": {func(t *testing.T) string { t.Helper(); return pluginNamed(t, "outdated") }, []string{"it is a plugin that this host cannot talk to"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := tt.path(t)
			o := run(t, "catalog", "--plugin", path)
			o.wants(t, 1, append(tt.wants, "did not start")...)
			o = run(t, "catalog", "--plugin", path, "--json")
			o.wants(t, 1)
			if e, _ := decoded(t, o.stderr)["error"].(map[string]any); e["hint"] == nil || e["reason"] == nil {
				t.Errorf("error = %v", e)
			}
		})
	}
}

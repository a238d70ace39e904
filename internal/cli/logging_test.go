package cli_test

import (
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

// The flags of the log, and that debug tells of calls and requests.
func TestLogFlags(t *testing.T) {
	t.Parallel()
	_, connection := acme(t)
	for name, tt := range map[string]struct {
		flags      []string
		has, lacks []string
	}{
		"none":          {nil, nil, []string{"level=", `"level"`}},
		"off":           {[]string{"--log-level", "off"}, nil, []string{"level=", `"level"`}},
		"off after all": {[]string{"--verbose", "--log-level", "off"}, nil, []string{"level=", `"level"`}},
		"verbose":       {[]string{"--verbose"}, []string{"level=DEBUG msg=\"request to the tenant\""}, nil},
		"debug": {
			[]string{"--log-level", "debug"},
			[]string{
				`msg="call ended" connector=gainsight connection=acme method=execute action=cta.list`, "outcome=succeeded", "vendor_requests=1",
				"connector.operation=cta.list", "connector.action=cta.list", "connector.tenant=acme", "connector.status=200",
			}, nil,
		},
		"info": {[]string{"--log-level", "info"}, []string{"level=INFO msg=handshake"}, []string{"DEBUG"}},
		"warn": {[]string{"--log-level", "warn"}, nil, []string{"level="}},
		"json": {
			[]string{"--log-level", "info", "--log-format", "json"},
			[]string{`"level":"INFO","msg":"handshake"`}, []string{"level=INFO"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			args := append([]string{"run", "cta.list", "--connection", connection, "--input", "-"}, tt.flags...)
			o := runWith(t.Context(), `{"select":["Name"],"limit":1}`, args...)
			o.wants(t, 0, tt.has...)
			for _, text := range tt.lacks {
				if strings.Contains(o.stderr, text) {
					t.Errorf("stderr has %q:\n%s", text, o.stderr)
				}
			}
		})
	}
	run(t, "catalog", "--log-level", "loud").wants(t, 2, "it is debug, info, warn, error or off")
	run(t, "catalog", "--log-format", "xml").wants(t, 2, "it is text or json")
}

// Whatever fails or succeeds, the log has no secret and no value of a record,
// although debug is all that there is.
func TestLogKeepsSecrets(t *testing.T) {
	t.Parallel()
	const key, value = "canary-key-4711", "canary-value-4711"
	seed := sandbox.Acme()
	seed.AccessKey = key
	good, byKey := serve(t, seed)
	_, refused := serve(t, sandbox.Acme())
	wrongKey := file(t, "wrong.json", strings.ReplaceAll(content(t, refused), sandbox.Acme().AccessKey, key))
	machine := good.Machine()
	server := httptest.NewServer(good)
	t.Cleanup(server.Close)
	signIn, err := json.Marshal(map[string]any{"tenant": "acme", "base_url": server.URL, "auth": map[string]any{
		"type": "oauth_client_credentials", "client_id": machine.ID, "client_secret": machine.Secret,
	}})
	if err != nil {
		t.Fatal(err)
	}
	byToken := file(t, "machine.json", string(signIn))
	write := records(t, record(map[string]any{"Name": value}), record(map[string]any{"Name": value, "OwnerEmail": value + "@example.com"}))
	query := `{"select":["Name"],"limit":1,"where":{"conditions":[{"name":"Name","alias":"A","value":["` + value +
		`"],"operator":"EQ"}],"expression":"A"}}`
	for name, tt := range map[string]struct{ connection, action, input string }{
		"write":             {byKey, "cta.create", write},
		"write with token":  {byToken, "cta.create", write},
		"query":             {byKey, "cta.list", query},
		"path of a request": {byKey, "api.request", `{"method":"GET","path":"/v1/meta/services/objects/` + value + `/describe","query":{"q":"` + value + `"}}`},
		"refused":           {wrongKey, "cta.create", write},
	} {
		for _, format := range []string{"text", "json"} {
			t.Run(name+" as "+format, func(t *testing.T) {
				t.Parallel()
				o := runWith(t.Context(), tt.input, "run", tt.action, "--connection", tt.connection, "--input", "-",
					"--log-level", "debug", "--log-format", format)
				if !strings.Contains(o.stderr, `"request to the tenant"`) {
					t.Errorf("there is no line about a request:\n%s", o.stderr)
				}
				for line := range strings.Lines(o.stderr) {
					isLog := strings.HasPrefix(line, "time=") || strings.HasPrefix(line, `{"time"`)
					for _, canary := range []string{key, value, machine.Secret, "Bearer "} {
						if isLog && strings.Contains(line, canary) {
							t.Errorf("the log shows %s: %s", canary, line)
						}
					}
				}
			})
		}
	}
}

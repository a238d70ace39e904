package api_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/actions/actionstest"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

const action = "api.request"

func connect(t *testing.T) (*sandbox.Tenant, *host.Connection) {
	t.Helper()
	tenant := sandbox.New(sandbox.Acme(), nil)
	return tenant, actionstest.Connect(t, tenant, nil)
}

func execute(t *testing.T, conn *host.Connection, in string) (connector.Result, error) {
	t.Helper()
	return conn.Execute(t.Context(), connector.Call{Action: action, Input: json.RawMessage(in)})
}

const queryCompany = `{"method":"POST","path":"/v1/data/objects/query/company",
	"body":{"select":["Name"],"orderBy":{"Name":"asc"},"limit":2,"offset":0}`

func TestAnswer(t *testing.T) {
	t.Parallel()
	_, conn := connect(t)
	tests := map[string]struct {
		input string
		want  any
	}{
		"a GET with its query in the path": {
			`{"path":"/v2/successPlan/admin/picklist/lite?category=SUCCESS_PLAN_TYPE&et=COMPANY"}`, map[string]any{},
		},
		"a GET with its query beside": {
			`{"path":"/v2/successPlan/admin/picklist/lite","query":{"category":["SUCCESS_PLAN_TYPE"],"et":"COMPANY"}}`, map[string]any{},
		},
		"the query beside wins": {
			`{"path":"/v2/successPlan/admin/picklist/lite?category=SUCCESS_PLAN_TYPE&et=nothing","query":{"et":"COMPANY"}}`, map[string]any{},
		},
		"a POST": {queryCompany + `}`, []any{}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			result, output := actionstest.Run(t, conn, action, tt.input)
			body, _ := output["body"].(map[string]any)
			if output["status"] != 200.0 || output["requestId"] == nil || body["result"] != true ||
				!cmp.Equal(output["data"], body["data"]) {
				t.Errorf("output %v", output)
			}
			switch data := output["data"].(type) {
			case map[string]any:
				if _, list := tt.want.([]any); list || len(data) == 0 {
					t.Errorf("data %v", data)
				}
			case []any:
				if _, list := tt.want.([]any); !list || len(data) != 2 {
					t.Errorf("data %v", data)
				}
			default:
				t.Errorf("data %v", data)
			}
			if result.Stats.Calls != 1 || len(result.Stats.RequestIDs) != 1 || result.Stats.RequestIDs[0] != output["requestId"] {
				t.Errorf("stats %+v", result.Stats)
			}
		})
	}
}

// TestForeignAnswers: an API of the tenant that does not answer in the
// vendor's envelope.
func TestForeignAnswers(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		status int
		body   string
		want   string
		reason connector.Reason
	}{
		"an object":             {200, `{"totalResults":12345678901234567890}`, `{"body":{"totalResults":12345678901234567890},"data":null,"requestId":null,"status":200}`, ""},
		"a list":                {200, `[1]`, `{"body":[1],"data":null,"requestId":null,"status":200}`, ""},
		"nothing":               {204, ``, `{"body":null,"data":null,"requestId":null,"status":204}`, ""},
		"data without a result": {201, `{"data":{"a":1},"requestId":"r"}`, `{"body":{"data":{"a":1},"requestId":"r"},"data":{"a":1},"requestId":"r","status":201}`, ""},
		"a page":                {200, `<html>`, "", connector.ReasonDownstreamContract},
		"half an object":        {200, `{"a":`, "", connector.ReasonDownstreamContract},
		"a refusal":             {200, `{"result":false,"errorCode":"GSOBJ_1012"}`, "", connector.ReasonInvalidInput},
		"a foreign refusal":     {409, `{"detail":"exists"}`, "", connector.ReasonConflict},
		"a redirect":            {302, ``, "", connector.ReasonDownstreamContract},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(tt.status)
				_, _ = w.Write([]byte(tt.body))
			}))
			t.Cleanup(server.Close)
			conn := actionstest.Open(t, actionstest.Host(t), sandbox.New(sandbox.Acme(), nil), server.URL, nil)
			result, err := execute(t, conn, `{"path":"/v1/users/scim/Users"}`)
			if tt.reason != "" {
				if !errors.Is(err, tt.reason) {
					t.Errorf("error %v, want %s", err, tt.reason)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			var got, want any
			decode(t, string(result.Output), &got)
			decode(t, tt.want, &want)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("output (-want +got):\n%s", diff)
			}
		})
	}
}

func decode(t *testing.T, text string, to any) {
	t.Helper()
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	if err := dec.Decode(to); err != nil {
		t.Fatal(err)
	}
}

// TestStaysOnTheTenant: nothing leaves for another host, and no path climbs.
func TestStaysOnTheTenant(t *testing.T) {
	t.Parallel()
	tenant, conn := connect(t)
	tests := map[string]struct{ input, pointer string }{
		"another host":            {`{"path":"https://elsewhere.example.com/v1"}`, "/path"},
		"another host, no scheme": {`{"path":"//elsewhere.example.com/v1"}`, "/path"},
		"a backslash":             {`{"path":"/\\elsewhere.example.com/v1"}`, "/path"},
		"a fragment":              {`{"path":"/v1#x"}`, "/path"},
		"no slash":                {`{"path":"v1"}`, "/path"},
		"dots":                    {`{"path":"/v1/../v2"}`, "/path"},
		"dots, escaped":           {`{"path":"/v1/%2e%2E/v2"}`, "/path"},
		"a malformed escape":      {`{"path":"/v1/%zz"}`, "/path"},
		"a control character":     {`{"path":"/v1/\u0000"}`, "/path"},
		"a GET with a body":       {`{"path":"/v1","body":{}}`, "/body"},
		"a method of nobody":      {`{"path":"/v1","method":"TRACE"}`, "/method"},
		"an object in the query":  {`{"path":"/v1","query":{"a":{}}}`, "/query/a"},
		"no path":                 {`{}`, "/path"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := execute(t, conn, tt.input)
			e := connector.AsError(err)
			if !errors.Is(err, connector.ReasonInvalidInput) || len(e.Violations) == 0 || e.Violations[0].Pointer != tt.pointer {
				t.Errorf("error %v, want a violation at %s", err, tt.pointer)
			}
		})
	}
	t.Cleanup(func() {
		if n := len(tenant.Requests()); n > 0 {
			t.Errorf("%d requests were sent", n)
		}
	})
}

func TestOnlyWhatMayBeRepeatedIs(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		input   string
		tries   int
		unknown bool
	}{
		"a GET":              {`{"path":"/v1/meta/services/objects/list"}`, 3, false},
		"a POST":             {queryCompany + `}`, 1, true},
		"an idempotent POST": {queryCompany + `,"idempotent":true}`, 3, true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant, conn := connect(t)
			tenant.Inject(sandbox.Fault{Kind: sandbox.FaultLostAnswer})
			_, err := execute(t, conn, tt.input)
			if !errors.Is(err, connector.ReasonDownstreamUnavailable) || connector.AsError(err).OutcomeUnknown != tt.unknown {
				t.Errorf("error %v, want one whose outcome unknown is %v", err, tt.unknown)
			}
			if n := len(tenant.Requests()); n != tt.tries {
				t.Errorf("%d requests, want %d", n, tt.tries)
			}
		})
	}
}

func TestErrors(t *testing.T) {
	t.Parallel()
	const secret = "CANARY-value-4711"
	tests := map[string]struct {
		input  string
		fault  sandbox.FaultKind
		reason connector.Reason
		hint   string
	}{
		"no such path": {`{"path":"/v1/nothing"}`, 0, connector.ReasonNotFound, "Check method and path"},
		"refused, with a value": {
			`{"method":"POST","path":"/v1/data/objects/query/company","body":{"select":["` + secret + `"]}}`, 0, connector.ReasonInvalidInput, "",
		},
		"refused, with a value of the query": {
			`{"path":"/v2/successPlan/admin/picklist/lite","query":{"et":"` + secret + `"}}`, 0, connector.ReasonInvalidInput, "",
		},
		"throttled":   {`{"path":"/v1/meta/services/objects/list"}`, sandbox.FaultThrottled, connector.ReasonRateLimited, "budget"},
		"key refused": {`{"path":"/v1/meta/services/objects/list"}`, sandbox.FaultUnauthorized, connector.ReasonAuthFailed, "auth.access_key"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant, conn := connect(t)
			if tt.fault != 0 {
				tenant.Inject(sandbox.Fault{Kind: tt.fault})
			}
			_, err := execute(t, conn, tt.input)
			e := connector.AsError(err)
			if !errors.Is(err, tt.reason) || e.Downstream.RequestID == "" || !strings.Contains(e.Hint, tt.hint) {
				t.Errorf("error %v with hint %q, want %s with the request id", err, e.Hint, tt.reason)
			}
			if text := err.Error() + e.Hint; strings.Contains(text, secret) || strings.Contains(text, tenant.AccessKey()) {
				t.Errorf("the error repeats a value: %s", text)
			}
		})
	}
}

func TestDryRunShowsTheRequest(t *testing.T) {
	t.Parallel()
	tenant, conn := connect(t)
	result, err := conn.Execute(t.Context(), connector.Call{Action: action, DryRun: true, Input: json.RawMessage(
		`{"method":"PUT","path":"/v1/a b","query":{"n":1.50,"list":["x","y"],"yes":true},"body":{"big":12345678901234567890,"html":"<p>"}}`)})
	if err != nil {
		t.Fatal(err)
	}
	want := `{"requests":[{"method":"PUT","path":"/v1/a%20b?list=x&list=y&n=1.50&yes=true","body":{"big":12345678901234567890,"html":"<p>"}}],"valid":true}`
	if diff := cmp.Diff(want, string(result.Output)); diff != "" {
		t.Errorf("plan (-want +got):\n%s", diff)
	}
	if n := len(tenant.Requests()); n > 0 {
		t.Errorf("a dry run sent %d requests", n)
	}
}

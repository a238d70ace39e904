package actions_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/actions/actionstest"
	"github.com/gainsight-connector/gainsight-connector/actions/catalog"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/doctype"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

func TestBadInput(t *testing.T) {
	t.Parallel()
	tenant := sandbox.New(sandbox.Acme(), nil)
	conn := actionstest.Connect(t, tenant, nil)
	tests := map[string]struct {
		action, input string
		reason        connector.Reason
		message, hint string
	}{
		"malformed JSON": {
			"object.describe", "{\n  \"objectName\": \"company\",\n}", connector.ReasonInvalidInput, "at line 3, column 1", "",
		},
		"not an object": {"object.describe", `["company"]`, connector.ReasonInvalidInput, "must be an object", ""},
		"unknown property": {
			"object.describe", `{"objctName":"company"}`, connector.ReasonInvalidInput, "did you mean objectName?", "",
		},
		"unknown action": {"cta.crate", `{}`, connector.ReasonNotFound, "cta.crate", "did you mean cta.create"},
		"download by execute": {
			"bulk.export", `{"objectName":"company","select":["Name"]}`, connector.ReasonUnsupported, "", "",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := conn.Execute(t.Context(), connector.Call{Action: tt.action, Input: json.RawMessage(tt.input)})
			if !errors.Is(err, tt.reason) || !strings.Contains(err.Error(), tt.message) {
				t.Errorf("error %v, want %s with %q", err, tt.reason, tt.message)
			}
			if hint := connector.AsError(err).Hint; !strings.Contains(hint, tt.hint) {
				t.Errorf("hint %q, want %q", hint, tt.hint)
			}
		})
	}
	t.Cleanup(func() {
		if n := len(tenant.Requests()); n != 0 {
			t.Errorf("%d requests were sent", n)
		}
	})
}

func TestSettingsAreChecked(t *testing.T) {
	t.Parallel()
	const key = "CANARY-access-key"
	tests := map[string]struct {
		config  string
		pointer string
		message string
	}{
		"plain http":        {`{"base_url":"http://acme.gainsightcloud.com","auth":{"type":"access_key"}}`, "/base_url", "plain http"},
		"no address":        {`{"auth":{"type":"access_key"}}`, "/base_url", "is required"},
		"unknown setting":   {`{"base_url":"acme","auth":{"type":"access_key"},"validatoin":"off"}`, "/validatoin", "did you mean validation?"},
		"unknown sign-in":   {`{"base_url":"acme","auth":{"type":"password"}}`, "/auth/type", "must be"},
		"unknown endpoint":  {`{"base_url":"acme","auth":{"type":"access_key"},"endpoints":{"cta.creat":{}}}`, "/endpoints/cta.creat", "did you mean cta.create?"},
		"unknown policy":    {`{"base_url":"acme","auth":{"type":"access_key"},"validation":"maybe"}`, "/validation", "must be one of"},
		"a timeout of zero": {`{"base_url":"acme","auth":{"type":"access_key"},"timeout_seconds":0}`, "/timeout_seconds", ""},
	}
	p := actionstest.Host(t)
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := p.Open(t.Context(), connector.Settings{
				Tenant: "acme", Config: json.RawMessage(tt.config),
				Secrets: map[string]connector.Secret{"/auth/access_key": connector.NewSecret(key)},
			})
			if !errors.Is(err, connector.ReasonInvalidConnection) {
				t.Fatalf("error %v, want INVALID_CONNECTION", err)
			}
			v := connector.AsError(err).Violations
			if len(v) != 1 || v[0].Pointer != tt.pointer || !strings.Contains(v[0].Message, tt.message) {
				t.Errorf("violations %+v, want %q at %s alone", v, tt.message, tt.pointer)
			}
			if strings.Contains(err.Error(), key) {
				t.Errorf("the error repeats the key: %v", err)
			}
		})
	}
	t.Run("no key", func(t *testing.T) {
		t.Parallel()
		_, err := p.Open(t.Context(), connector.Settings{Config: json.RawMessage(`{"base_url":"acme","auth":{"type":"access_key"}}`)})
		if v := connector.AsError(err).Violations; len(v) != 1 || v[0].Pointer != "/auth/access_key" {
			t.Errorf("error %v, want one violation at /auth/access_key", err)
		}
	})
}

func TestCheck(t *testing.T) {
	t.Parallel()
	tenant := sandbox.New(sandbox.Acme(), nil)
	conn := actionstest.Connect(t, tenant, nil)
	check, err := conn.Check(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var report struct {
		Tenant, AuthHeader string
		Objects            int
	}
	if err := json.Unmarshal(check.Report, &report); err != nil {
		t.Fatal(err)
	}
	if report.Tenant != "acme" || report.AuthHeader != "accesskey" || report.Objects == 0 || check.Stats.Calls != 1 {
		t.Errorf("report %s after %d calls", check.Report, check.Stats.Calls)
	}
}

// TestWrongKey: the message names tenant and header and not the key.
func TestWrongKey(t *testing.T) {
	t.Parallel()
	const key = "CANARY-access-key"
	server := httptest.NewServer(sandbox.New(sandbox.Acme(), nil))
	t.Cleanup(server.Close)
	conn, err := actionstest.Host(t).Open(t.Context(), connector.Settings{
		Tenant: "acme", Config: json.RawMessage(`{"base_url":"` + server.URL + `","auth":{"type":"access_key"}}`),
		Secrets: map[string]connector.Secret{"/auth/access_key": connector.NewSecret(key)},
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = conn.Check(t.Context())
	e := connector.AsError(err)
	named := strings.Contains(e.Message, "tenant acme") && strings.Contains(e.Message, `"accesskey"`)
	if e.Reason != connector.ReasonAuthFailed || !named {
		t.Errorf("error %v, want AUTH_FAILED that names tenant and header", err)
	}
	if e.Downstream.Status != http.StatusUnauthorized || e.Downstream.Code != "GS_APIG_2401" || e.Downstream.RequestID == "" {
		t.Errorf("downstream %+v, want what the tenant said", e.Downstream)
	}
	if text, _ := json.Marshal(e); strings.Contains(string(text)+err.Error(), key) {
		t.Errorf("the error repeats the key: %s", text)
	}
}

// TestPolicyForMetadata: globex's metadata call a field required that its API
// does not ask for.
func TestPolicyForMetadata(t *testing.T) {
	t.Parallel()
	const record = `{"records":[{"Name":"x",
		"CompanyId":"1P02GLOBEX00000000000000000000000002","OwnerId":"1P01GLOBEX00000000000000000000000001",
		"DueDate":"2026-12-15","type":"Risk","reason":"Other","status":"New","priority":"High"}]}`
	tests := map[string]struct {
		policy     string
		violations []string
		remarks    []string
	}{
		"default": {"", nil, []string{"/records/0/Penalty__gc"}},
		"strict":  {"strict", []string{"/records/0/Penalty__gc"}, nil},
		"warn":    {"warn", nil, []string{"/records/0/Penalty__gc"}},
		"off":     {"off", nil, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			settings := actionstest.Settings{}
			if tt.policy != "" {
				settings["validation"] = tt.policy
			}
			conn := actionstest.Connect(t, sandbox.New(sandbox.Globex(), nil), settings)
			result, err := conn.Execute(t.Context(), connector.Call{Action: "cta.create", DryRun: true, Input: json.RawMessage(record)})
			var violations, remarks []string
			if err != nil {
				for _, v := range connector.AsError(err).Violations {
					violations = append(violations, v.Pointer)
				}
			}
			for _, d := range result.Diagnostics {
				remarks = append(remarks, d.Pointer)
			}
			if diff := cmp.Diff(tt.violations, violations); diff != "" {
				t.Errorf("violations (-want +got):\n%s\n%v", diff, err)
			}
			if diff := cmp.Diff(tt.remarks, remarks); diff != "" {
				t.Errorf("remarks (-want +got):\n%s", diff)
			}
		})
	}
}

// TestCancelReachesTheTenant: ending the host's call ends the HTTP request.
func TestCancelReachesTheTenant(t *testing.T) {
	t.Parallel()
	arrived, aborted := make(chan struct{}), make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(arrived)
		<-r.Context().Done()
		close(aborted)
	}))
	t.Cleanup(server.Close)
	conn := actionstest.Open(t, actionstest.Host(t), sandbox.New(sandbox.Acme(), nil), server.URL, nil)
	ctx, cancel := context.WithCancel(t.Context())
	failed := make(chan error, 1)
	go func() {
		_, err := conn.Execute(ctx, connector.Call{Action: "object.list"})
		failed <- err
	}()
	<-arrived
	cancel()
	<-aborted
	if err := <-failed; !errors.Is(err, connector.ReasonCanceled) || !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want CANCELED", err)
	}
}

// TestConcurrentCallsShareMetadata: a hundred calls cost one description of
// the object and one of the configuration.
func TestConcurrentCallsShareMetadata(t *testing.T) {
	t.Parallel()
	tenant := sandbox.New(sandbox.Acme(), nil)
	conn := actionstest.Connect(t, tenant, nil)
	const callers = 100
	errs := make(chan error, callers)
	for range callers {
		go func() {
			_, err := conn.Describe(t.Context(), connector.DescribeRequest{Action: "cta.create"})
			errs <- err
		}()
	}
	for range callers {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	if n := len(tenant.Requests()); n != 2 {
		t.Errorf("%d requests for %d descriptions, want 2", n, callers)
	}
}

// TestNumbersArrive: neither large integers nor decimals change on their way
// into a query.
func TestNumbersArrive(t *testing.T) {
	t.Parallel()
	conn := actionstest.Connect(t, sandbox.New(sandbox.Acme(), nil), nil)
	const value = `[9007199254740993,1.10]`
	result, err := conn.Execute(t.Context(), connector.Call{Action: "cta.list", DryRun: true, Input: json.RawMessage(
		`{"select":["Name"],"where":{"conditions":[{"name":"Age","operator":"BTW","value":` + value + `}]}}`)})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(result.Output), `"value":`+value) {
		t.Errorf("planned %s, want the values %s", result.Output, value)
	}
}

// TestFieldTypes: what a connection can call a type is a type that is known.
func TestFieldTypes(t *testing.T) {
	t.Parallel()
	var document struct {
		Properties struct {
			FieldTypes struct {
				AdditionalProperties struct {
					OneOf []struct {
						Const string `json:"const"`
					} `json:"oneOf"`
				} `json:"additionalProperties"`
			} `json:"field_types"`
		} `json:"properties"`
	}
	connection := catalog.Connector(actions.Options{}).Manifest().ConnectionSchema
	if err := json.Unmarshal(connection, &document); err != nil {
		t.Fatal(err)
	}
	types := document.Properties.FieldTypes.AdditionalProperties.OneOf
	if len(types) == 0 {
		t.Error("there are no types")
	}
	for _, one := range types {
		if _, remarks := doctype.FieldNode(doctype.Field{Name: "f", DataType: one.Const}, doctype.Create); len(remarks) > 0 {
			t.Errorf("%s: %v", one.Const, remarks)
		}
	}
}

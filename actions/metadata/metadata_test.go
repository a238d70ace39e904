package metadata_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/actions/actionstest"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

func names(output map[string]any) []string {
	var all []string
	for _, r := range output["records"].([]any) {
		all = append(all, r.(map[string]any)["objectName"].(string))
	}
	return all
}

func TestObjectList(t *testing.T) {
	t.Parallel()
	conn := actionstest.Connect(t, sandbox.New(sandbox.Acme(), nil), nil)
	_, output := actionstest.Run(t, conn, "object.list", ``)
	all := strings.Join(names(output), " ")
	for _, want := range []string{"call_to_action", "company", "gsuser", "usage__gc", "wide__gc"} {
		if !strings.Contains(all, want) {
			t.Errorf("%s is not among %s", want, all)
		}
	}
	for _, r := range output["records"].([]any) {
		if _, has := r.(map[string]any)["fields"]; has {
			t.Error("the list has fields; only a description does")
		}
	}
}

func TestObjectsByName(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		names    []string
		found    []string
		notFound map[string][]string
	}{
		"one":                {[]string{"company"}, []string{"company"}, map[string][]string{}},
		"in the order asked": {[]string{"gsuser", "company"}, []string{"gsuser", "company"}, map[string][]string{}},
		"in any case":        {[]string{"Company"}, []string{"company"}, map[string][]string{}},
		"one misspelt":       {[]string{"company", "compny"}, []string{"company"}, map[string][]string{"compny": {"company"}}},
		"none":               {[]string{"zebra"}, nil, map[string][]string{"zebra": {}}},
	}
	for _, action := range []string{"object.list_filtered", "object.describe_many"} {
		conn := actionstest.Connect(t, sandbox.New(sandbox.Acme(), nil), nil)
		for name, tt := range tests {
			t.Run(action+"/"+name, func(t *testing.T) {
				t.Parallel()
				in, err := json.Marshal(map[string]any{"objectNames": tt.names})
				if err != nil {
					t.Fatal(err)
				}
				_, output := actionstest.Run(t, conn, action, string(in))
				if diff := cmp.Diff(tt.found, names(output)); diff != "" {
					t.Errorf("found (-want +got):\n%s", diff)
				}
				missing := map[string][]string{}
				for _, m := range output["notFound"].([]any) {
					entry := m.(map[string]any)
					near := []string{}
					for _, n := range entry["nearest"].([]any) {
						near = append(near, n.(string))
					}
					missing[entry["objectName"].(string)] = near
				}
				if diff := cmp.Diff(tt.notFound, missing); diff != "" {
					t.Errorf("not found (-want +got):\n%s", diff)
				}
			})
		}
	}
}

// TestManyObjectsAreSplit: a request takes 25 names, and one bad name spoils
// no other.
func TestManyObjectsAreSplit(t *testing.T) {
	t.Parallel()
	tenant := sandbox.New(sandbox.Acme(), nil)
	conn := actionstest.Connect(t, tenant, actionstest.Settings{"endpoints": map[string]any{
		"object.describe_many": map[string]any{"records_per_request": 2},
	}})
	_, output := actionstest.Run(t, conn, "object.describe_many", `{"objectNames":["company","gsuser","compny","call_to_action","wide__gc"]}`)
	if diff := cmp.Diff([]string{"company", "gsuser", "call_to_action", "wide__gc"}, names(output)); diff != "" {
		t.Errorf("found (-want +got):\n%s", diff)
	}
	posts := 0
	for _, r := range tenant.Requests() {
		if r.Method == http.MethodPost {
			posts++
		}
	}
	if posts != 5 { // three pairs, and both names of the one that was refused
		t.Errorf("%d requests, want 5", posts)
	}
}

// TestObjectsThatFail: scorecard and log objects are known to answer with a
// server error, which spoils no other object. A tenant that fails altogether is
// an error.
func TestObjectsThatFail(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		names, found []string
		remarks      int
	}{
		"one of several":     {[]string{"company", "email_logs", "gsuser"}, []string{"company", "gsuser"}, 1},
		"the first":          {[]string{"email_logs", "company"}, []string{"company"}, 1},
		"beside a wrong one": {[]string{"compny", "email_logs", "company"}, []string{"company"}, 1},
		"one alone":          {[]string{"email_logs"}, nil, 1},
		"all":                {[]string{"email_logs", "EMAIL_LOGS", "company"}, nil, 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant := sandbox.New(sandbox.Acme(), nil)
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body, err := io.ReadAll(r.Body)
				if err != nil || strings.Contains(strings.ToLower(string(body)), "email_logs") {
					w.WriteHeader(http.StatusInternalServerError)
					return
				}
				r.Body = io.NopCloser(bytes.NewReader(body))
				tenant.ServeHTTP(w, r)
			}))
			t.Cleanup(server.Close)
			conn := actionstest.Open(t, actionstest.Host(t), tenant, server.URL, nil)
			in, err := json.Marshal(map[string]any{"objectNames": tt.names})
			if err != nil {
				t.Fatal(err)
			}
			if tt.remarks == 0 {
				_, err := conn.Execute(t.Context(), connector.Call{Action: "object.describe_many", Input: in})
				if !errors.Is(err, connector.ReasonDownstreamUnavailable) {
					t.Errorf("error %v, want %v", err, connector.ReasonDownstreamUnavailable)
				}
				return
			}
			result, output := actionstest.Run(t, conn, "object.describe_many", string(in))
			if diff := cmp.Diff(tt.found, names(output)); diff != "" {
				t.Errorf("found (-want +got):\n%s", diff)
			}
			if len(result.Diagnostics) != tt.remarks || !strings.Contains(result.Diagnostics[0].Summary, "email_logs is left out") {
				t.Errorf("diagnostics %v, want %d on email_logs", result.Diagnostics, tt.remarks)
			}
		})
	}
}

func TestDescribe(t *testing.T) {
	t.Parallel()
	conn := actionstest.Connect(t, sandbox.New(sandbox.Acme(), nil), nil)
	tests := map[string]struct {
		input string
		check func(records []any) string
	}{
		"200 fields": {
			`{"objectName":"wide__gc"}`,
			func(r []any) string {
				if n := len(r[0].(map[string]any)["fields"].([]any)); n < 200 {
					return fmt.Sprintf("only %d fields", n)
				}
				return ""
			},
		},
		"alone": {
			`{"objectName":"company"}`,
			func(r []any) string {
				if len(r) != 1 {
					return fmt.Sprintf("%d objects", len(r))
				}
				return ""
			},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, output := actionstest.Run(t, conn, "object.describe", tt.input)
			if problem := tt.check(output["records"].([]any)); problem != "" {
				t.Error(problem)
			}
		})
	}
}

func TestUnknownObjectNamesTheNearest(t *testing.T) {
	t.Parallel()
	conn := actionstest.Connect(t, sandbox.New(sandbox.Acme(), nil), nil)
	_, err := conn.Execute(t.Context(), connector.Call{Action: "object.describe", Input: json.RawMessage(`{"objectName":"call_to_acton"}`)})
	e := connector.AsError(err)
	named := e.Hint == "did you mean call_to_action?" && strings.Contains(e.Message, "tenant acme has no object call_to_acton")
	if !errors.Is(err, connector.ReasonNotFound) || !named {
		t.Errorf("error %v with hint %q, want NOT_FOUND that proposes call_to_action", err, e.Hint)
	}
}

func TestObjectOptions(t *testing.T) {
	t.Parallel()
	conn := actionstest.Connect(t, sandbox.New(sandbox.Acme(), nil), nil)
	page, err := conn.Options(t.Context(), connector.OptionsRequest{Action: "object.describe", Pointer: "/objectName", Query: "action"})
	if err != nil {
		t.Fatal(err)
	}
	if len(page.Options) != 1 || page.Options[0].Value != "call_to_action" {
		t.Errorf("options %+v, want call_to_action alone", page.Options)
	}
}

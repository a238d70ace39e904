package bulk_test

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

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/actions/actionstest"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

func TestRefusals(t *testing.T) {
	t.Parallel()
	r := connect(t, sandbox.Options{}, nil, actions.Options{})
	tests := map[string]struct {
		input      string
		reason     connector.Reason
		code       string
		violations map[string]string
		hint       string
	}{
		"unknown object": {
			`{"objectName":"compnay","select":["Name"]}`, connector.ReasonNotFound, "OBJECT_NOT_FOUND", nil, "company",
		},
		"unknown fields": {
			`{"objectName":"company","select":["Name","Industri"],"where":{"conditions":[{"name":"Nmae","operator":"EQ","value":["secret name"]}]}}`,
			connector.ReasonInvalidInput, "GSOBJ_ESS_9150",
			map[string]string{"/select/1": "Industry", "/where/conditions/0/name": "Name"}, "",
		},
		"an expression that does not fit": {
			`{"objectName":"company","select":["Name"],"where":{"conditions":[{"name":"Name","operator":"EQ","value":["x"]}],"expression":"A OR B"}}`,
			connector.ReasonInvalidInput, "", map[string]string{"/where/expression": "aliases are A"}, "",
		},
		"no fields": {`{"objectName":"company","select":[]}`, connector.ReasonInvalidInput, "", map[string]string{"/select": ""}, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := r.Execute(t.Context(), connector.Call{Action: "bulk.submit", Input: json.RawMessage(tt.input)})
			e := connector.AsError(err)
			if !errors.Is(err, tt.reason) || e.Downstream.Code != tt.code || !strings.Contains(e.Hint, tt.hint) ||
				len(e.Violations) != len(tt.violations) {
				t.Fatalf("got %+v", e)
			}
			for _, v := range e.Violations {
				if part, ok := tt.violations[v.Pointer]; !ok || !strings.Contains(v.Message, part) {
					t.Errorf("got %s: %s", v.Pointer, v.Message)
				}
			}
			if strings.Contains(err.Error(), "secret name") {
				t.Errorf("the error repeats a value: %v", err)
			}
		})
	}
}

func TestSubmitStatusChunk(t *testing.T) {
	t.Parallel()
	r := connect(t, sandbox.Options{}, nil, actions.Options{})
	job := r.job(t, usage)
	chunks := job["chunks"].([]any)
	if job["jobStatus"] != "COMPLETED" || job["totalRecords"] != 45_000.0 || len(chunks) != 3 {
		t.Fatalf("got %v", job)
	}
	last := chunks[2].(map[string]any)
	if last["offset"] != 40_000.0 || last["limit"] != 20_000.0 {
		t.Errorf("last chunk %v", last)
	}
	var out bytes.Buffer
	summary, err := r.Download(t.Context(), connector.Call{
		Action: "bulk.chunk", Input: json.RawMessage(fmt.Sprintf(`{"chunkUrl":%q}`, last["chunkUrl"])),
	}, &out, nil)
	if err != nil || summary.Records != 5_000 {
		t.Fatalf("got %+v, %v", summary, err)
	}
	if want := r.get(t, last["chunkUrl"].(string)); out.String() != want {
		t.Errorf("got %d bytes, the tenant has %d", out.Len(), len(want))
	}
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	r := connect(t, sandbox.Options{}, nil, actions.Options{})
	for name, tt := range map[string]struct {
		url    string
		reason connector.Reason
		calls  int
	}{
		"another host":   {"https://evil.example.com/v3/x", connector.ReasonPermissionDenied, 0},
		"another scheme": {strings.Replace(r.server.URL, "http", "https", 1) + "/v3/x", connector.ReasonPermissionDenied, 0},
		"no scheme":      {"//evil.example.com/v3/x", connector.ReasonPermissionDenied, 0},
		"climbing":       {"v3/../../v1/users", connector.ReasonInvalidInput, 0},
		"not there":      {"v3/exports/data/bulk/chunk/none.0", connector.ReasonNotFound, 1},
		"no such job":    {"v3/exports/data/bulk/status/none", connector.ReasonNotFound, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := r.Execute(t.Context(), connector.Call{Action: "bulk.status",
				Input: json.RawMessage(fmt.Sprintf(`{"statusUrl":%q}`, tt.url))})
			if !errors.Is(err, tt.reason) {
				t.Errorf("bulk.status: got %v", err)
			}
			var out bytes.Buffer
			_, err = r.Download(t.Context(), connector.Call{Action: "bulk.chunk",
				Input: json.RawMessage(fmt.Sprintf(`{"chunkUrl":%q}`, tt.url))}, &out, nil)
			if !errors.Is(err, tt.reason) || out.Len() > 0 {
				t.Errorf("bulk.chunk: got %v and %d bytes", err, out.Len())
			}
		})
	}
}

func TestDryRun(t *testing.T) {
	t.Parallel()
	r := connect(t, sandbox.Options{}, nil, actions.Options{})
	for action, tt := range map[string]struct{ input, want string }{
		"bulk.submit": {companies, `{"requests":[{"method":"POST","path":"/v3/exports/data/bulk/company","body":{"select":["Name"]}}],"valid":true}`},
		"bulk.export": {companies, `{"requests":[{"method":"POST","path":"/v3/exports/data/bulk/company","body":{"select":["Name"]}}],"valid":true}`},
		"bulk.status": {`{"statusUrl":"v3/s"}`, `{"requests":[{"method":"GET","path":"/v3/s"}],"valid":true}`},
		"bulk.chunk":  {`{"chunkUrl":"/v3/c?x=1"}`, `{"requests":[{"method":"GET","path":"/v3/c?x=1"}],"valid":true}`},
	} {
		t.Run(action, func(t *testing.T) {
			t.Parallel()
			result, err := r.Execute(t.Context(), connector.Call{Action: action, Input: json.RawMessage(tt.input), DryRun: true})
			if err != nil || string(result.Output) != tt.want {
				t.Errorf("got %s, %v", result.Output, err)
			}
		})
	}
	t.Cleanup(func() {
		if got := r.tenant.Requests(); len(got) > 0 {
			t.Errorf("arrived: %+v", got)
		}
	})
}

// TestContract: answers that the documentation does not know are errors that
// say what is missing.
func TestContract(t *testing.T) {
	t.Parallel()
	const chunk = "Name\r\nAcme\r\n"
	tests := map[string]struct {
		submitted, state string
		reason           connector.Reason
		want             string
	}{
		"no address":                 {`{}`, ``, connector.ReasonDownstreamContract, "no address to ask at"},
		"an address of another type": {`{"statusURL":7}`, ``, connector.ReasonDownstreamContract, "no address to ask at"},
		"no state":                   {`{"statusURL":"status"}`, `{}`, connector.ReasonDownstreamContract, "no state of the job"},
		"a state of another type":    {`{"statusURL":"status"}`, `{"jobStatus":[]}`, connector.ReasonDownstreamContract, "unexpected type"},
		"a chunk without an address": {
			`{"statusURL":"status"}`, `{"jobStatus":"COMPLETED","chunkDetails":[{"chunkURL":"chunk"},{"offset":1}]}`,
			connector.ReasonDownstreamContract, "no address of chunk 2 of 2",
		},
		"more rows than chunks hold": {
			`{"statusURL":"status"}`, `{"jobStatus":"COMPLETED","totalRecords":2,"chunkDetails":[{"chunkURL":"chunk"}]}`,
			connector.ReasonIntegrity, "the job has 2 rows but its chunks hold 1",
		},
		"rows without chunks": {
			`{"statusURL":"status"}`, `{"jobStatus":"COMPLETED","totalRecords":2}`, connector.ReasonIntegrity, "hold 0",
		},
		"a chunk on another host": {
			`{"statusURL":"status"}`, `{"jobStatus":"COMPLETED","chunkDetails":[{"chunkURL":"https://evil.example.com/chunk"}]}`,
			connector.ReasonPermissionDenied, "leads away",
		},
		"a status on another host": {`{"statusURL":"https://evil.example.com/status"}`, ``, connector.ReasonPermissionDenied, "leads away"},
		"no total":                 {`{"statusURL":"status"}`, `{"jobStatus":"completed","chunkDetails":[{"chunkURL":"chunk"}]}`, "", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			answer := func(body string) http.HandlerFunc {
				return func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) }
			}
			mux := http.NewServeMux()
			mux.Handle("POST /", answer(`{"result":true,"data":`+tt.submitted+`}`))
			mux.Handle("GET /status", answer(`{"result":true,"data":`+tt.state+`}`))
			mux.Handle("GET /chunk", answer(chunk))
			server := httptest.NewServer(mux)
			t.Cleanup(server.Close)
			conn := actionstest.Open(t, actionstest.Host(t), sandbox.New(sandbox.Acme(), nil), server.URL, nil)
			var out bytes.Buffer
			_, err := conn.Download(t.Context(), connector.Call{Action: "bulk.export", Input: json.RawMessage(companies)}, &out, nil)
			switch {
			case tt.reason == "" && (err != nil || out.String() != chunk):
				t.Errorf("got %q, %v", out.String(), err)
			case tt.reason != "" && (!errors.Is(err, tt.reason) || !strings.Contains(err.Error(), tt.want)):
				t.Errorf("got %v", err)
			}
		})
	}
}

package catalog_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/actions/actionstest"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
	"github.com/gainsight-connector/gainsight-connector/schema"
)

// TestExamples runs every example of every action over gRPC against the
// sandbox: the input fits the tenant's input schema, the call succeeds, and
// the output fits the output schema.
func TestExamples(t *testing.T) {
	t.Parallel()
	tenant := sandbox.New(sandbox.Acme(), &sandbox.Options{ExportRows: 1000, Limits: &sandbox.Limits{}})
	conn := actionstest.Connect(t, tenant, nil)
	for _, action := range manifest(t).Actions {
		description, err := conn.Describe(t.Context(), connector.DescribeRequest{Action: action.ID})
		if err != nil {
			t.Fatal(err)
		}
		for i, input := range examplesOf(t, description) {
			t.Run(fmt.Sprintf("%s/%d", action.ID, i), func(t *testing.T) {
				t.Parallel()
				validate(t, description.Input, input)
				if action.Mode == connector.ModeDownload {
					download(t, conn, action.ID, input)
					return
				}
				run := conn.Execute
				if action.Mode == connector.ModeUpload {
					run = upload(t, conn)
				}
				result, err := run(t.Context(), connector.Call{Action: action.ID, Input: input})
				if err != nil {
					t.Fatal(err)
				}
				validate(t, description.Output, result.Output)
				if r := result.Records; r != nil && r.Succeeded != r.Total {
					t.Errorf("of %d records %d were written: %s", r.Total, r.Succeeded, result.Output)
				}
			})
		}
	}
}

// examplesOf returns the examples of an input schema: at least the smallest
// useful one and a rich one, where there is something to say.
func examplesOf(t *testing.T, d connector.Description) []json.RawMessage {
	t.Helper()
	var document struct {
		Examples   []json.RawMessage          `json:"examples"`
		Properties map[string]json.RawMessage `json:"properties"`
	}
	if err := json.Unmarshal(d.Input, &document); err != nil {
		t.Fatal(err)
	}
	if want := min(2, 1+len(document.Properties)); len(document.Examples) < want {
		t.Fatalf("the input schema has %d examples, want at least %d", len(document.Examples), want)
	}
	return document.Examples
}

func validate(t *testing.T, document, value json.RawMessage) {
	t.Helper()
	compiled, err := schema.Compile(document)
	if err != nil {
		t.Fatal(err)
	}
	decoded, err := schema.Decode(value)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range compiled.Validate(decoded) {
		t.Errorf("%s: %s: %s", v.Pointer, v.Keyword, v.Message)
	}
}

// upload runs a call with the records of its input as the content.
func upload(t *testing.T, conn *host.Connection) func(context.Context, connector.Call) (connector.Result, error) {
	t.Helper()
	return func(ctx context.Context, call connector.Call) (connector.Result, error) {
		var input map[string]json.RawMessage
		if err := json.Unmarshal(call.Input, &input); err != nil {
			t.Fatal(err)
		}
		content := bytes.NewReader(input["records"])
		delete(input, "records")
		var err error
		if call.Input, err = json.Marshal(input); err != nil {
			t.Fatal(err)
		}
		return conn.Upload(ctx, call, "application/json", content)
	}
}

func download(t *testing.T, conn *host.Connection, action string, input json.RawMessage) {
	t.Helper()
	var out bytes.Buffer
	summary, err := conn.Download(t.Context(), connector.Call{Action: action, Input: input}, &out, nil)
	if err != nil {
		t.Fatal(err)
	}
	rows := bytes.Count(out.Bytes(), []byte("\n"))
	if summary.ContentType != "application/x-ndjson" {
		rows-- // the header
	}
	if rows < 1 || fmt.Sprint(summary.Records, summary.Bytes) != fmt.Sprint(rows, out.Len()) {
		t.Errorf("the summary says %d records and %d bytes of %d rows and %d bytes", summary.Records, summary.Bytes, rows, out.Len())
	}
}

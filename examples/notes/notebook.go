package notes

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/plugin"
	"github.com/gainsight-connector/gainsight-connector/schema"
)

// notebook is one connection.
type notebook struct {
	schemas map[string]document
	client  *client
}

// Execute runs the actions that fit a message, and dry-runs them all.
func (b *notebook) Execute(ctx context.Context, call connector.Call) (connector.Result, error) {
	return b.run(ctx, call, bytes.NewReader(call.Input))
}

// Upload passes the content on once all of it is here and checked.
func (b *notebook) Upload(ctx context.Context, call connector.Call, in *plugin.Input) (connector.Result, error) {
	content, err := io.ReadAll(io.LimitReader(in, 1<<20))
	if err != nil {
		return connector.Result{}, err
	}
	return b.run(ctx, call, bytes.NewReader(content))
}

// Download passes the answer on as it comes.
func (b *notebook) Download(ctx context.Context, call connector.Call, out *plugin.Output) (connector.StreamSummary, error) {
	method, path, err := b.request(call)
	if err == nil {
		err = b.client.do(ctx, method, path, nil, out)
	}
	return connector.StreamSummary{Stats: connector.Stats{Calls: 1}}, err
}

// Check makes the cheapest call that needs the key.
func (b *notebook) Check(ctx context.Context) (connector.Check, error) {
	err := b.client.do(ctx, http.MethodGet, "/tags", nil, io.Discard)
	return connector.Check{Report: json.RawMessage(`{}`), Stats: connector.Stats{Calls: 1}}, err
}

// Close gives back the connections to the service.
func (b *notebook) Close() error {
	b.client.http.CloseIdleConnections()
	return nil
}

func (b *notebook) run(ctx context.Context, call connector.Call, body io.Reader) (connector.Result, error) {
	method, path, err := b.request(call)
	if err != nil {
		return connector.Result{}, err
	}
	if call.DryRun {
		planned, err := json.Marshal(map[string]any{"valid": true, "requests": []any{map[string]string{"method": method, "path": path}}})
		return connector.Result{Output: planned}, err
	}
	if method == http.MethodGet {
		body = nil
	}
	var output bytes.Buffer
	err = b.client.do(ctx, method, path, body, &output)
	if err == nil && !json.Valid(output.Bytes()) {
		e := connector.Errorf(connector.ReasonDownstreamContract, "the notebook's answer is not JSON")
		e.OutcomeUnknown = method != http.MethodGet
		err = e
	}
	return connector.Result{Output: output.Bytes(), Stats: connector.Stats{Calls: 1}}, err
}

// request holds the input to its schema and returns the one request that the
// action makes.
func (b *notebook) request(call connector.Call) (method, path string, err error) {
	value, err := schema.Decode(call.Input)
	if err != nil {
		return "", "", err
	}
	if violations := b.schemas[call.Action].input.Validate(value); len(violations) > 0 {
		return "", "", connector.Invalid("the input does not fit "+call.Action, violations)
	}
	switch call.Action {
	case "note.create":
		return http.MethodPost, "/notes", nil
	case "note.import":
		return http.MethodPost, "/notes/import", nil
	case "note.export":
		return http.MethodGet, "/notes/export", nil
	}
	var input map[string]string
	err = json.Unmarshal(call.Input, &input)
	return http.MethodGet, "/notes?" + url.Values{"tag": {input["tag"]}}.Encode(), err
}

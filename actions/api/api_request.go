package api

import (
	"cmp"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

//go:embed api_request.json
var apiRequestDocument []byte

// apiRequest sends any request to the tenant, as every other action does:
// signed, counted, with the same errors.
func apiRequest() actions.Action {
	return actions.Action{
		Info: connector.Action{
			ID: "api.request", Title: "API Request", Group: group,
			Summary:          "Calls any path of the tenant's API with the connection's credentials.",
			DocumentationURL: documentation,
			Effect:           connector.EffectUnsafeWrite, DoctypeLookup: connector.DoctypeNotApplicable,
			Evidence: connector.EvidenceDocumented,
		},
		Document: apiRequestDocument,
		Run: func(ctx context.Context, c *actions.Call) (any, error) {
			in := request{Method: http.MethodGet}
			if err := c.Bind(&in); err != nil {
				return nil, err
			}
			return in.send(ctx, c.Session)
		},
	}
}

// request is the input.
type request struct {
	Method     string         `json:"method"`
	Path       string         `json:"path"`
	Query      map[string]any `json:"query"`
	Body       any            `json:"body"`
	Idempotent bool           `json:"idempotent"`
}

// answer is the output.
type answer struct {
	Status    int             `json:"status"`
	RequestID *string         `json:"requestId"`
	Data      json.RawMessage `json:"data"`
	Body      json.RawMessage `json:"body"`
}

func (r request) send(ctx context.Context, s actions.Session) (any, error) {
	if r.Method == http.MethodGet && r.Body != nil {
		return nil, invalid("/body", "a GET has no body; put it into query, or choose another method")
	}
	got, err := s.Do(ctx, gainsight.Request{
		Endpoint: gainsight.APIRequest, Method: r.Method, Path: map[string]string{"url": r.Path}, Query: r.values(), Body: r.Body,
		Effect: r.effect(), Private: []any{r.Body, r.Query}, AnyForm: true,
	})
	if err != nil {
		return nil, r.explain(err)
	}
	out := answer{Status: got.Status, Data: orNull(got.Data), Body: orNull(got.Body)}
	if got.RequestID != "" {
		out.RequestID = &got.RequestID
	}
	return out, nil
}

// effect decides what happens after a lost answer.
func (r request) effect() connector.Effect {
	switch {
	case r.Method == http.MethodGet:
		return connector.EffectRead
	case r.Idempotent:
		return connector.EffectIdempotentWrite
	default:
		return connector.EffectUnsafeWrite
	}
}

// values returns the query; a list repeats its name.
func (r request) values() url.Values {
	values := url.Values{}
	for name, v := range r.Query {
		list, ok := v.([]any)
		if !ok {
			list = []any{v}
		}
		for _, e := range list {
			values.Add(name, fmt.Sprint(e))
		}
	}
	return values
}

// explain points at the path if it is what was wrong: the tenant knows none
// such, or it was not called.
func (r request) explain(err error) error {
	e := connector.AsError(err)
	switch {
	case errors.Is(err, gainsight.ErrPlanned):
		return err
	case e.Downstream.Status == 0 && (e.Reason == connector.ReasonInvalidInput || e.Reason == connector.ReasonPermissionDenied):
		return invalid("/path", e.Message)
	case e.Reason == connector.ReasonNotFound:
		e.Hint = cmp.Or(e.Hint, "Check method and path against the vendor's documentation.")
	}
	return e
}

func invalid(pointer, message string) error {
	return connector.Invalid("the request cannot be sent", []connector.Violation{{Pointer: pointer, Message: message}})
}

func orNull(value json.RawMessage) json.RawMessage {
	if len(value) == 0 {
		return json.RawMessage("null")
	}
	return value
}

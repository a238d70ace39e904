package notes

import (
	"context"
	"io"
	"net/http"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

// client speaks to one notebook.
type client struct {
	base string
	key  connector.Secret
	http *http.Client
}

// do makes a request and writes the body of a good answer to w.
func (c *client) do(ctx context.Context, method, path string, body io.Reader, w io.Writer) error {
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, body)
	if err != nil {
		return connector.Errorf(connector.ReasonInvalidConnection, "the address of the connection cannot be used")
	}
	req.Header.Set("X-Api-Key", c.key.Reveal())
	resp, err := c.http.Do(req)
	if err == nil {
		defer func() { _ = resp.Body.Close() }()
		if resp.StatusCode >= http.StatusMultipleChoices {
			return refusal(resp)
		}
		_, err = io.Copy(w, resp.Body)
	}
	if err == nil || ctx.Err() != nil {
		return ctx.Err()
	}
	// What the transport says names the address, so it stays here.
	e := connector.Errorf(connector.ReasonDownstreamUnavailable, "the notebook did not answer, or not to the end")
	e.OutcomeUnknown = method != http.MethodGet
	return e
}

// refusal says what an answer means that is not a good one. Its text may hold
// anything, so it stays here.
func refusal(resp *http.Response) error {
	reason := connector.ReasonInvalidInput
	switch status := resp.StatusCode; {
	case status == http.StatusUnauthorized:
		reason = connector.ReasonAuthFailed
	case status == http.StatusTooManyRequests:
		reason = connector.ReasonRateLimited
	case status >= http.StatusInternalServerError:
		reason = connector.ReasonDownstreamUnavailable
	}
	e := connector.Errorf(reason, "the notebook answered %d", resp.StatusCode)
	e.Downstream.Status = resp.StatusCode
	e.OutcomeUnknown = resp.Request.Method != http.MethodGet && reason == connector.ReasonDownstreamUnavailable
	return e
}

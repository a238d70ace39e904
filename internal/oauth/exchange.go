package oauth

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
)

// maxAnswer bounds an answer of the server, in bytes.
const maxAnswer = 1 << 20

// exchange is one request to the server and its answer.
type exchange struct {
	server *server

	status int // 0: no answer came
	header http.Header
	body   []byte
}

// client returns the HTTP client for the one request. It follows no redirect,
// because the secret would go along.
func (e *exchange) client() *http.Client {
	return &http.Client{
		Transport: e, Timeout: e.server.config.Timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// RoundTrip sends the request and reads the whole answer, so that what breaks
// on the way is told from what is wrong with the answer.
func (e *exchange) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := e.server.opts.Transport.RoundTrip(e.dress(r))
	if err == nil {
		e.body, err = readAll(resp.Body)
	}
	if err == nil {
		e.status, e.header = resp.StatusCode, resp.Header
		resp.Body = io.NopCloser(bytes.NewReader(e.body))
	}
	e.server.opts.Logger.LogAttrs(r.Context(), slog.LevelDebug, "request to the authorization server",
		slog.String("method", r.Method), slog.String("path", r.URL.Path), slog.Int("status", e.status))
	if err != nil {
		return nil, err
	}
	return resp, nil
}

func readAll(body io.ReadCloser) ([]byte, error) {
	defer func() { _ = body.Close() }()
	data, err := io.ReadAll(io.LimitReader(body, maxAnswer+1))
	if len(data) > maxAnswer {
		return nil, fmt.Errorf("the answer is larger than %d bytes", maxAnswer)
	}
	return data, err
}

// dress returns the request as this connection sends it.
func (e *exchange) dress(r *http.Request) *http.Request {
	config := e.server.config
	r = r.Clone(r.Context())
	r.Header.Set("Accept", "application/json")
	id, secret := config.ClientID, config.ClientSecret.Reveal()
	if _, _, ok := r.BasicAuth(); ok && plain(id) && plain(secret) && !strings.Contains(id, ":") {
		// The vendor's clients do not escape id and secret (common.md 2.2, LIVE),
		// RFC 6749 (2.3.1) does. Unescaped, these read the same to both; but a colon
		// would end the id.
		r.SetBasicAuth(id, secret)
	}
	if config.NoBody && r.Method == http.MethodPost {
		_ = r.Body.Close()
		r.Body, r.GetBody, r.ContentLength = http.NoBody, nil, 0
		r.Header.Set("Content-Type", "application/json")
	}
	return r
}

// plain reports whether a text stays as it is when it is read as escaped.
func plain(s string) bool {
	unescaped, err := url.QueryUnescape(s)
	return err == nil && unescaped == s
}

package oauth_test

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/oauth"
)

// roundTrip is a transport without a network, fast enough for fuzzing.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// FuzzServer: whatever a server answers, a token is one that can be sent, an
// error is a good one without a secret, and no request leaves the tenant's host.
func FuzzServer(f *testing.F) {
	for _, metadata := range []string{
		`{"issuer":"https://acme.example.com","token_endpoint":"https://acme.example.com/t"}`,
		`{"issuer":"https://acme.example.com","token_endpoint":"https://evil.example.com/t"}`,
		`{"issuer":"https://acme.example.com","token_endpoint":"//evil.example.com/t"}`, `{"issuer":7}`, `[]`, ``,
	} {
		f.Add([]byte(metadata), 200, "application/json", []byte(goodToken))
	}
	for _, answer := range []string{
		`{"access_token":"x","expires_in":"60"}`, `{"access_token":"x","token_type":"mac","expires_in":1e99}`, `{"access_token":"\u0000"}`,
		`{"error":"invalid_grant","error_description":"` + clientSecret + `"}`, `{"error":"` + clientSecret + `","errorCode":"` + clientSecret + `"}`, `{"errorCode":"BUSY"}`, `access_token=x&expires_in=5`, ``,
	} {
		for _, status := range []int{200, 302, 400, 401, 404, 429, 500} {
			f.Add([]byte("{}"), status, "text/plain", []byte(answer))
		}
	}
	f.Fuzz(func(t *testing.T, metadata []byte, status int, contentType string, answer []byte) {
		if status < 100 || status > 999 {
			return
		}
		config := discovering(t, "https://acme.example.com", "")
		opts := oauth.Options{Clock: newClock().Now, Logger: slog.New(slog.DiscardHandler)}
		opts.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
			if r.URL.Scheme != "https" || r.URL.Host != "acme.example.com" {
				t.Fatalf("a request left the tenant: %s", r.URL)
			}
			resp := &http.Response{
				StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(metadata)), Request: r,
			}
			if r.Method == http.MethodPost {
				resp.StatusCode, resp.Body = status, io.NopCloser(bytes.NewReader(answer))
				resp.Header.Set("Content-Type", contentType)
			}
			return resp, nil
		})
		source := oauth.New(config, opts)
		got, err := source.Token(t.Context())
		if err == nil {
			if text := got.Access.Reveal(); text == "" || strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' }) {
				t.Fatalf("%q is a token", text)
			}
			return
		}
		e := connector.AsError(err)
		if e.Reason == "" || e.Reason == connector.ReasonInternal || e.Reason == connector.ReasonPluginPanic || e.Message == "" ||
			e.RetryAfter < 0 || e.RetryAfter > time.Hour {
			t.Fatalf("got %+v", e)
		}
		for _, text := range []string{e.Error(), e.Hint, e.Downstream.Code, e.Downstream.RequestID} {
			if strings.Contains(text, clientSecret) || strings.Contains(text, refreshToken) {
				t.Fatalf("a secret shows in %q", text)
			}
		}
	})
}

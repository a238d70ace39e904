package oauth_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/oauth"
)

func drop(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

func TestFailures(t *testing.T) {
	t.Parallel()
	oauthError := func(status int, code string) http.HandlerFunc {
		return answering(status, fmt.Sprintf(`{"error":%q,"error_description":"because\tof this"}`, code))
	}
	tests := map[string]struct {
		handler http.HandlerFunc
		person  bool
		reason  connector.Reason
		status  int
		code    string
		message string
		hint    string
	}{
		"wrong secret":         {oauthError(401, "invalid_client"), false, connector.ReasonAuthFailed, 401, "invalid_client", "invalid_client: because of this", "auth.client_secret"},
		"revoked":              {oauthError(400, "invalid_grant"), true, connector.ReasonAuthFailed, 400, "invalid_grant", "invalid_grant", "gainsight-connector login"},
		"a machine is refused": {oauthError(400, "invalid_grant"), false, connector.ReasonAuthFailed, 400, "invalid_grant", "invalid_grant", "auth.client_id"},
		"wrong kind":           {oauthError(400, "unauthorized_client"), false, connector.ReasonAuthFailed, 400, "unauthorized_client", "", "auth.type"},
		"unsupported kind":     {oauthError(400, "unsupported_grant_type"), false, connector.ReasonAuthFailed, 400, "unsupported_grant_type", "", "auth.type"},
		"wrong scope":          {oauthError(400, "invalid_scope"), false, connector.ReasonAuthFailed, 400, "invalid_scope", "", "auth.scopes"},
		"another form":         {oauthError(400, "invalid_request"), false, connector.ReasonAuthFailed, 400, "invalid_request", "", "auth.body_form"},
		"with status 200":      {oauthError(200, "invalid_client"), false, connector.ReasonAuthFailed, 200, "invalid_client", "invalid_client", ""},
		"server error":         {oauthError(400, "server_error"), false, connector.ReasonDownstreamUnavailable, 400, "server_error", "", ""},
		"unavailable":          {oauthError(503, "temporarily_unavailable"), false, connector.ReasonDownstreamUnavailable, 503, "temporarily_unavailable", "", ""},
		"error 500":            {answering(500, "<html>"), false, connector.ReasonDownstreamUnavailable, 500, "", "HTTP 500", ""},
		"envelope": {
			answering(400, `{"result":false,"errorCode":"GU_1","requestId":"r-1"}`), false, connector.ReasonAuthFailed, 400, "GU_1", "HTTP 400", "auth.client_id",
		},
		"forbidden":               {answering(403, ""), false, connector.ReasonAuthFailed, 403, "", "HTTP 403", "auth.token_url"},
		"throttled in a word":     {oauthError(429, "too_many_requests"), false, connector.ReasonRateLimited, 429, "too_many_requests", "budget", ""},
		"unavailable in a word":   {oauthError(503, "unavailable"), false, connector.ReasonDownstreamUnavailable, 503, "unavailable", "HTTP 503", ""},
		"no such path, in a word": {oauthError(404, "NotFound"), false, connector.ReasonInvalidConnection, 404, "NotFound", "no token endpoint", "auth.token_url"},
		"a word of its own":       {oauthError(400, "account_locked"), false, connector.ReasonAuthFailed, 400, "account_locked", "account_locked: because of this", "auth.client_id"},
		"address not allowed": {
			answering(403, `{"result":false,"errorCode":"ADDRESS"}`), false, connector.ReasonPermissionDenied, 403, "ADDRESS", "IP address", "IP list",
		},
		"throttled":        {answering(429, ""), false, connector.ReasonRateLimited, 429, "", "budget", ""},
		"no such path":     {answering(404, ""), false, connector.ReasonInvalidConnection, 404, "", "no token endpoint", "auth.token_url"},
		"no such method":   {answering(405, ""), false, connector.ReasonInvalidConnection, 405, "", "no token endpoint", "auth.token_url"},
		"redirect":         {http.RedirectHandler("/elsewhere", http.StatusTemporaryRedirect).ServeHTTP, false, connector.ReasonDownstreamContract, 307, "", "not followed", "auth.token_url"},
		"page":             {answering(200, "<html>"), false, connector.ReasonDownstreamContract, 200, "", "not that of a token endpoint", ""},
		"no token":         {answering(200, `{}`), false, connector.ReasonDownstreamContract, 200, "", "not that of a token endpoint", ""},
		"another type":     {answering(200, `{"access_token":"x","token_type":"mac"}`), false, connector.ReasonDownstreamContract, 0, "", "bearer", ""},
		"a token of lines": {answering(200, `{"access_token":"x\ny","token_type":"bearer"}`), false, connector.ReasonDownstreamContract, 0, "", "bearer", ""},
		"dropped":          {drop, false, connector.ReasonDownstreamUnavailable, 0, "", "cannot be reached", "base_url"},
		"too large":        {answering(200, strings.Repeat("x", 2<<20)), false, connector.ReasonDownstreamUnavailable, 0, "", "larger than", ""},
		"cut off": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			_, _ = w.Write([]byte("{"))
		}, false, connector.ReasonDownstreamUnavailable, 0, "", "unexpected EOF", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, map[string]http.HandlerFunc{"POST " + tokenPath: tt.handler})
			c := configured(t, s.URL, nil)
			if tt.person {
				person(&c)
			}
			_, err := oauth.New(c, options(t, newClock())).Token(t.Context())
			if !errors.Is(err, tt.reason) {
				t.Fatalf("got %v, want %s", err, tt.reason)
			}
			e := connector.AsError(err)
			if e.Downstream.Status != tt.status || e.Downstream.Code != tt.code {
				t.Errorf("downstream %+v", e.Downstream)
			}
			if !strings.HasPrefix(e.Message, tokenPath+": ") || !strings.Contains(e.Message, tt.message) ||
				!strings.Contains(e.Hint, tt.hint) {
				t.Errorf("%q, hint %q; want %q and %q", e.Message, e.Hint, tt.message, tt.hint)
			}
			if n := len(s.got("POST " + tokenPath)); n != 1 {
				t.Errorf("%d token requests", n)
			}
			if n := len(s.got("POST /elsewhere")); n != 0 {
				t.Error("the redirect was followed")
			}
		})
	}
}

func TestTimeout(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string]http.HandlerFunc{"POST " + tokenPath: func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }})
	c := configured(t, s.URL, func(c *oauth.Config) { c.Timeout = 20 * time.Millisecond })
	if _, err := oauth.New(c, options(t, newClock())).Token(t.Context()); !errors.Is(err, connector.ReasonDownstreamTimeout) {
		t.Errorf("got %v", err)
	}
}

// TestCanary: no secret shows in an error, a log or a value that is printed,
// even if the server repeats them.
func TestCanary(t *testing.T) {
	t.Parallel()
	secrets := []string{clientSecret, refreshToken, accessToken}
	all := strings.Join(secrets, " ")
	handlers := map[string]http.HandlerFunc{
		"token":       answering(200, goodToken),
		"description": answering(400, fmt.Sprintf(`{"error":"invalid_grant","error_description":%q}`, clientSecret+" "+refreshToken)),
		"codes":       answering(400, fmt.Sprintf(`{"error":%q}`, all)),
		"code":        answering(400, fmt.Sprintf(`{"error":%q,"errorCode":%q}`, clientSecret, refreshToken)),
		"envelope":    answering(400, fmt.Sprintf(`{"errorCode":%q,"requestId":%q}`, all, clientSecret+refreshToken)),
		"text":        answering(400, all), "page": answering(200, all),
		"form": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/x-www-form-urlencoded")
			w.WriteHeader(http.StatusBadRequest)
			_, _ = fmt.Fprintf(w, "error=%s", clientSecret)
		},
		"redirect": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "https://%zz/"+clientSecret)
			w.WriteHeader(http.StatusFound)
		},
		"dropped": drop,
		"garbled": func(w http.ResponseWriter, _ *http.Request) {
			if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
				_, _ = fmt.Fprintf(conn, "HTTP/1.1 %s %s\r\n\r\n", clientSecret, refreshToken)
				_ = conn.Close()
			}
		},
	}
	for name, handler := range handlers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, map[string]http.HandlerFunc{"POST " + tokenPath: handler})
			opts := options(t, newClock())
			var log bytes.Buffer
			opts.Logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
			config := configured(t, s.URL, person)
			got, err := oauth.New(config, opts).Token(t.Context())
			if !strings.Contains(log.String(), "path="+tokenPath) {
				t.Errorf("the log lacks the request: %s", log.String())
			}
			texts := []string{log.String(), fmt.Sprintf("%+v %#v", got, got), fmt.Sprintf("%+v %#v", config, config)}
			if e := connector.AsError(err); e != nil {
				said, _ := json.Marshal(e)
				texts = append(texts, string(said), e.Error(), e.Hint, fmt.Sprintf("%+v", e.Downstream))
			}
			for _, text := range texts {
				for _, secret := range secrets {
					if strings.Contains(text, secret) {
						t.Errorf("%s shows in %s", secret, text)
					}
				}
			}
		})
	}
}

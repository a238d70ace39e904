package oauth_test

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/oauth"
)

const redirect = "http://127.0.0.1:8750/callback"

// begun returns a sign-in and the query of its page.
func begun(t *testing.T, s *server, change func(*oauth.Config)) (*oauth.Authorization, url.Values) {
	t.Helper()
	config := discovering(t, s.URL, "")
	config.RefreshToken = connector.Secret{}
	config.PKCE, config.Scopes = true, []string{"offline_access"}
	if change != nil {
		change(&config)
	}
	a, err := oauth.Authorize(t.Context(), config, options(t, newClock()), redirect)
	if err != nil {
		t.Fatal(err)
	}
	page, err := url.Parse(a.URL)
	if err != nil {
		t.Fatal(err)
	}
	return a, page.Query()
}

func TestAuthorization(t *testing.T) {
	t.Parallel()
	for name, pkce := range map[string]bool{"with PKCE": true, "without": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, map[string]http.HandlerFunc{
				"GET " + metaPath: described(`{"issuer":"HOST","authorization_endpoint":"HOST/page?x=y","token_endpoint":"HOST/token"}`),
				"POST /token":     answering(200, `{"access_token":"x","token_type":"Bearer","refresh_token":"`+refreshToken+`"}`),
			})
			a, query := begun(t, s, func(c *oauth.Config) { c.PKCE = pkce })
			if !strings.HasPrefix(a.URL, s.URL+"/page?x=y&") || query.Get("response_type") != "code" ||
				query.Get("client_id") != "client" || query.Get("redirect_uri") != redirect ||
				query.Get("scope") != "offline_access" || len(query.Get("state")) < 40 {
				t.Errorf("the page is %s", a.URL)
			}
			got, err := a.Finish(t.Context(), url.Values{"state": {query.Get("state")}, "code": {"c-1"}})
			if err != nil || got.Reveal() != refreshToken {
				t.Fatalf("got %q, %v", got.Reveal(), err)
			}
			form, err := url.ParseQuery(s.got("POST /token")[0].body)
			if err != nil || form.Get("grant_type") != "authorization_code" || form.Get("code") != "c-1" ||
				form.Get("redirect_uri") != redirect {
				t.Errorf("sent %v, %v", form, err)
			}
			sum := sha256.Sum256([]byte(form.Get("code_verifier")))
			challenge := base64.RawURLEncoding.EncodeToString(sum[:])
			if pkce && (query.Get("code_challenge") != challenge || query.Get("code_challenge_method") != "S256") {
				t.Error("the verifier does not fit the challenge")
			}
			if !pkce && (form.Has("code_verifier") || query.Has("code_challenge")) {
				t.Error("PKCE was used")
			}
		})
	}
}

func TestPageWithoutDiscovery(t *testing.T) {
	t.Parallel()
	for name, set := range map[string]string{"default": "", "set": "/sign-in"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, nil)
			a, _ := begun(t, s, func(c *oauth.Config) {
				if set != "" {
					c.Authorize.Set = at(t, s.URL, set)
				}
			})
			if want := map[string]string{"": "/authorize", "/sign-in": "/sign-in"}[set]; !strings.HasPrefix(a.URL, s.URL+want+"?") {
				t.Errorf("the page is %s", a.URL)
			}
		})
	}
}

func TestAuthorizationFailures(t *testing.T) {
	t.Parallel()
	refused := answering(400, fmt.Sprintf(`{"error":"invalid_grant","error_description":%q}`, clientSecret+" c-1"))
	tests := map[string]struct {
		query   url.Values // beside the state
		state   string     // empty: the right one
		handler http.HandlerFunc
		reason  connector.Reason
		parts   []string
	}{
		"state of another":   {url.Values{"code": {"c-1"}}, "other", nil, connector.ReasonAuthFailed, []string{"another sign-in"}},
		"declined":           {url.Values{"error": {"access_denied"}}, "", nil, connector.ReasonAuthFailed, []string{"declined"}},
		"wrong scope":        {url.Values{"error": {"invalid_scope"}, "error_description": {"no\nsuch"}}, "", nil, connector.ReasonAuthFailed, []string{"invalid_scope: no such", "auth.scopes"}},
		"strange error":      {url.Values{"error": {"<b>"}}, "", nil, connector.ReasonAuthFailed, []string{"an unknown error"}},
		"temporary":          {url.Values{"error": {"temporarily_unavailable"}}, "", nil, connector.ReasonDownstreamUnavailable, nil},
		"no code":            {url.Values{}, "", nil, connector.ReasonDownstreamContract, []string{"without a code"}},
		"code refused":       {url.Values{"code": {"c-1"}}, "", refused, connector.ReasonAuthFailed, []string{"invalid_grant: [value] [value]"}},
		"no refresh token":   {url.Values{"code": {"c-1"}}, "", answering(200, goodToken), connector.ReasonDownstreamContract, []string{"no refresh token", "offline_access"}},
		"no such token page": {url.Values{"code": {"c-1"}}, "", nil, connector.ReasonInvalidConnection, []string{"auth.token_url"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, map[string]http.HandlerFunc{"POST " + tokenPath: tt.handler})
			a, page := begun(t, s, nil)
			tt.query.Set("state", page.Get("state"))
			if tt.state != "" {
				tt.query.Set("state", tt.state)
			}
			if a.Owns(tt.query) != (tt.state == "") {
				t.Error("whose it is was not told")
			}
			_, err := a.Finish(t.Context(), tt.query)
			if !errors.Is(err, tt.reason) {
				t.Fatalf("got %v, want %s", err, tt.reason)
			}
			e := connector.AsError(err)
			for _, part := range tt.parts {
				if !strings.Contains(e.Message+e.Hint, part) {
					t.Errorf("%q, hint %q lack %q", e.Message, e.Hint, part)
				}
			}
			if strings.Contains(e.Message, clientSecret) {
				t.Errorf("the secret shows: %s", e.Message)
			}
		})
	}
}

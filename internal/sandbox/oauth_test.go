package sandbox_test

import (
	"encoding/base64"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/oauth2"

	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

const (
	machineTokenPath = "/v1/users/m2m/oauth/token"    //nolint:gosec // a path
	userTokenPath    = "/v1/users/oauth/access/token" //nolint:gosec // a path
	plainTokenPath   = "/v1/users/oauth/token"        //nolint:gosec // a path
	formType         = "application/x-www-form-urlencoded"
	callback         = "http://127.0.0.1:8750/callback"
)

// newOAuthClient talks to a tenant without a key, with a clock that can be moved
// and without following redirects.
func newOAuthClient(t *testing.T, opts sandbox.Options) (c *client, pass func(time.Duration)) {
	t.Helper()
	var passed atomic.Int64
	opts.Clock = func() time.Time { return clockTime.Add(time.Duration(passed.Load())) }
	c = newClient(t, sandbox.Acme(), &opts)
	c.header = http.Header{}
	c.server.Client().CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return c, func(d time.Duration) { passed.Add(int64(d)) }
}

func basic(of sandbox.Client) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(of.ID+":"+of.Secret))
}

// ask makes a token request.
func (c *client) ask(path, authorization string, form url.Values) reply {
	c.t.Helper()
	defer func(before http.Header) { c.header = before }(c.header)
	c.header = http.Header{"Content-Type": {formType}}
	if authorization != "" {
		c.header.Set("Authorization", authorization)
	}
	return c.do("POST", path, form.Encode())
}

// bearer lists objects with a token and returns the status.
func (c *client) bearer(token any) int {
	c.t.Helper()
	defer func(before http.Header) { c.header = before }(c.header)
	text, _ := token.(string)
	c.header = http.Header{"Authorization": {"Bearer " + text}}
	return c.do("GET", listPath, "").status
}

// checkError holds an answer to an OAuth error.
func checkError(t *testing.T, got reply, status int, code string) {
	t.Helper()
	if got.status != status || got.body["error"] != code {
		t.Errorf("got %d %s; want %d, %s", got.status, got.text, status, code)
	}
}

func TestMachineToken(t *testing.T) {
	t.Parallel()
	c, pass := newOAuthClient(t, sandbox.Options{})
	got := c.ask(machineTokenPath, basic(c.tenant.Machine()), url.Values{"grant_type": {"client_credentials"}})
	checkShape(t, got.body, `{"access_token": "<token>", "token_type": "Bearer", "expires_in": 86400}`) // common.md 2.2
	if got.status != 200 || got.body["expires_in"].(interface{ String() string }).String() != "86400" || got.header.Get("Cache-Control") != "no-store" {
		t.Errorf("got %d %s", got.status, got.text)
	}
	token := got.body["access_token"]
	pass(24*time.Hour - time.Second)
	if status := c.bearer(token); status != 200 {
		t.Errorf("before its end: %d", status)
	}
	c.header = http.Header{"Authorization": {"Bearer " + token.(string)}, "accesskey": {c.tenant.AccessKey()}}
	checkRefusal(t, c.do("GET", listPath, ""), 401, "GS_APIG_2401", "") // not both at once
	pass(time.Second)
	if status := c.bearer(token); status != 401 {
		t.Errorf("at its end: %d", status)
	}
}

func TestMachineTokenRefusals(t *testing.T) {
	t.Parallel()
	good := basic(sandbox.Acme().Machine)
	grant := url.Values{"grant_type": {"client_credentials"}}
	tests := map[string]struct {
		authorization string
		form          url.Values
		status        int
		code          string
	}{
		"no credentials":     {"", grant, 401, "invalid_client"},
		"wrong secret":       {basic(sandbox.Client{ID: sandbox.Acme().Machine.ID, Secret: "x"}), grant, 401, "invalid_client"},
		"another's":          {basic(sandbox.Acme().Application), grant, 401, "invalid_client"},
		"of another tenant":  {basic(sandbox.Globex().Machine), grant, 401, "invalid_client"},
		"in the body":        {"", url.Values{"grant_type": {"client_credentials"}, "client_id": {sandbox.Acme().Machine.ID}, "client_secret": {sandbox.Acme().Machine.Secret}}, 401, "invalid_client"},
		"another grant":      {good, url.Values{"grant_type": {"refresh_token"}}, 400, "unsupported_grant_type"},
		"no grant":           {good, url.Values{}, 400, "unsupported_grant_type"},
		"repeated parameter": {good, url.Values{"grant_type": {"client_credentials", "client_credentials"}}, 400, "invalid_request"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, _ := newOAuthClient(t, sandbox.Options{})
			got := c.ask(machineTokenPath, tt.authorization, tt.form)
			checkError(t, got, tt.status, tt.code)
			if (got.header.Get("WWW-Authenticate") != "") != (tt.status == 401) {
				t.Errorf("header %v", got.header)
			}
		})
	}
}

func TestMachineBody(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		body       sandbox.MachineBody
		form, none int
	}{
		"either": {sandbox.MachineBodyEither, 200, 200},
		"form":   {sandbox.MachineBodyForm, 200, 400},
		"none":   {sandbox.MachineBodyNone, 400, 200},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, _ := newOAuthClient(t, sandbox.Options{Forms: sandbox.Forms{MachineBody: tt.body}})
			got := c.ask(machineTokenPath, basic(c.tenant.Machine()), url.Values{"grant_type": {"client_credentials"}})
			if got.status != tt.form {
				t.Errorf("a form: %d %s", got.status, got.text)
			}
			c.header = http.Header{"Content-Type": {"application/json"}, "Authorization": {basic(c.tenant.Machine())}}
			if got = c.do("POST", machineTokenPath, ""); got.status != tt.none {
				t.Errorf("no body: %d %s", got.status, got.text)
			}
		})
	}
}

// refresh asks for a user's token.
func (c *client) refresh(token any) reply {
	c.t.Helper()
	text, _ := token.(string)
	return c.ask(userTokenPath, basic(c.tenant.Application()), url.Values{"grant_type": {"refresh_token"}, "refresh_token": {text}})
}

// TestRefresh: a refresh token works once, and whoever brings a spent one ends
// the grant for all.
func TestRefresh(t *testing.T) {
	t.Parallel()
	c, _ := newOAuthClient(t, sandbox.Options{TokenLifetime: time.Minute})
	first := c.tenant.SignIn()
	second := c.refresh(first)
	if second.status != 200 || second.body["refresh_token"] == first || second.body["expires_in"].(interface{ String() string }).String() != "60" {
		t.Fatalf("got %d %s", second.status, second.text)
	}
	third := c.refresh(second.body["refresh_token"])
	if third.status != 200 || c.bearer(third.body["access_token"]) != 200 {
		t.Fatalf("got %d %s", third.status, third.text)
	}
	checkError(t, c.refresh(first), 400, "invalid_grant")
	checkError(t, c.refresh(third.body["refresh_token"]), 400, "invalid_grant")
	if status := c.bearer(third.body["access_token"]); status != 401 {
		t.Errorf("the access token is still in force: %d", status)
	}
}

func TestRefreshKept(t *testing.T) {
	t.Parallel()
	c, _ := newOAuthClient(t, sandbox.Options{Forms: sandbox.Forms{RefreshKept: true}})
	token := c.tenant.SignIn()
	for range 2 {
		if got := c.refresh(token); got.status != 200 || got.body["refresh_token"] != nil {
			t.Errorf("got %d %s", got.status, got.text)
		}
	}
	c.tenant.RevokeGrants()
	checkError(t, c.refresh(token), 400, "invalid_grant")
}

func TestRevokeTokens(t *testing.T) {
	t.Parallel()
	c, _ := newOAuthClient(t, sandbox.Options{})
	got := c.refresh(c.tenant.SignIn())
	c.tenant.RevokeTokens()
	if status := c.bearer(got.body["access_token"]); status != 401 {
		t.Errorf("the access token is still in force: %d", status)
	}
	if got = c.refresh(got.body["refresh_token"]); got.status != 200 {
		t.Errorf("the refresh token is not: %d %s", got.status, got.text)
	}
}

func TestTokenPath(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		form   sandbox.TokenPath
		there  []string
		absent []string
		named  string
	}{
		"access": {sandbox.TokenPathAccess, []string{userTokenPath}, []string{plainTokenPath}, userTokenPath},
		"plain":  {sandbox.TokenPathPlain, []string{plainTokenPath}, []string{userTokenPath}, plainTokenPath},
		"either": {sandbox.TokenPathEither, []string{userTokenPath, plainTokenPath}, nil, userTokenPath},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, _ := newOAuthClient(t, sandbox.Options{Forms: sandbox.Forms{TokenPath: tt.form}})
			for _, path := range tt.there {
				checkError(t, c.ask(path, "", nil), 401, "invalid_client")
			}
			for _, path := range tt.absent {
				checkRefusal(t, c.ask(path, "", nil), 401, "GS_APIG_2401", "")
			}
			got := c.do("GET", "/.well-known/oauth-authorization-server", "")
			if got.body["issuer"] != c.server.URL || got.body["token_endpoint"] != c.server.URL+tt.named {
				t.Errorf("got %s", got.text)
			}
		})
	}
	t.Run("no discovery", func(t *testing.T) {
		t.Parallel()
		c, _ := newOAuthClient(t, sandbox.Options{Forms: sandbox.Forms{NoDiscovery: true}})
		if got := c.do("GET", "/.well-known/oauth-authorization-server", ""); got.status != 401 {
			t.Errorf("got %d", got.status)
		}
	})
}

// authorization is a good request for consent, with changes.
func (c *client) authorization(verifier string, changes url.Values) url.Values {
	q := url.Values{
		"response_type": {"code"}, "client_id": {c.tenant.Application().ID}, "redirect_uri": {callback}, "state": {"s-1"},
		"scope": {"read_write offline_access"}, "code_challenge": {oauth2.S256ChallengeFromVerifier(verifier)}, "code_challenge_method": {"S256"},
	}
	for name, values := range changes {
		if q[name] = values; values[0] == "" {
			q.Del(name)
		}
	}
	return q
}

// landed is where a redirect leads.
func landed(t *testing.T, got reply) (at string, q url.Values) {
	t.Helper()
	u, err := url.Parse(got.header.Get("Location"))
	if err != nil || got.status != 302 {
		t.Fatalf("got %d %s", got.status, got.text)
	}
	q, u.RawQuery = u.Query(), ""
	return u.String(), q
}

// TestConsent: the page asks, its button leads back with a code, and the code
// works once, for the one who holds the verifier.
func TestConsent(t *testing.T) {
	t.Parallel()
	c, pass := newOAuthClient(t, sandbox.Options{})
	verifier := oauth2.GenerateVerifier()
	page := c.do("GET", "/v1/authorize?"+c.authorization(verifier, url.Values{"state": {`"><b>`}}).Encode(), "")
	if page.status != 200 || !strings.HasPrefix(page.header.Get("Content-Type"), "text/html") || strings.Contains(page.text, "<b>") {
		t.Fatalf("got %d %s", page.status, page.text)
	}
	form := url.Values{}
	for _, field := range regexp.MustCompile(`name="(\w+)" value="([^"]*)">\n`).FindAllStringSubmatch(page.text, -1) {
		form.Set(field[1], html.UnescapeString(field[2]))
	}
	code := func(decision string) url.Values {
		form.Set("decision", decision)
		at, q := landed(t, c.ask("/v1/authorize", "", form))
		if at != callback || q.Get("state") != `"><b>` {
			t.Errorf("back at %s with %v", at, q)
		}
		return q
	}
	if q := code("deny"); q.Get("error") != "access_denied" || q.Has("code") {
		t.Errorf("declined: %v", q)
	}
	exchange := func(code, redirect, verifier string) reply {
		return c.ask(userTokenPath, basic(c.tenant.Application()), url.Values{
			"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {redirect}, "code_verifier": {verifier},
		})
	}
	first := code("allow").Get("code")
	got := exchange(first, callback, verifier)
	if got.status != 200 || got.body["refresh_token"] == nil || got.body["scope"] != "read_write offline_access" ||
		c.bearer(got.body["access_token"]) != 200 {
		t.Errorf("got %d %s", got.status, got.text)
	}
	checkError(t, exchange(first, callback, verifier), 400, "invalid_grant")
	checkError(t, exchange(code("allow").Get("code"), callback, oauth2.GenerateVerifier()), 400, "invalid_grant")
	checkError(t, exchange(code("allow").Get("code"), callback, ""), 400, "invalid_grant")
	checkError(t, exchange(code("allow").Get("code"), "http://127.0.0.1/callback", verifier), 400, "invalid_grant")
	late := code("allow").Get("code")
	pass(time.Minute)
	checkError(t, exchange(late, callback, verifier), 400, "invalid_grant")
}

func TestAuthorizeRefusals(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		changes url.Values
		forms   sandbox.Forms
		code    string // empty: approved; "page": never redirected
	}{
		"good":                 {nil, sandbox.Forms{}, ""},
		"other port":           {url.Values{"redirect_uri": {"http://localhost:1/callback"}}, sandbox.Forms{}, ""},
		"unknown client":       {url.Values{"client_id": {"x"}}, sandbox.Forms{}, "page"},
		"elsewhere":            {url.Values{"redirect_uri": {"https://evil.example.com/callback"}}, sandbox.Forms{}, "page"},
		"other path":           {url.Values{"redirect_uri": {"http://127.0.0.1/callback/x"}}, sandbox.Forms{}, "page"},
		"with a query":         {url.Values{"redirect_uri": {"http://127.0.0.1/callback?x"}}, sandbox.Forms{}, "page"},
		"no redirect":          {url.Values{"redirect_uri": {""}}, sandbox.Forms{}, "page"},
		"implicit":             {url.Values{"response_type": {"token"}}, sandbox.Forms{}, "unsupported_response_type"},
		"unknown scope":        {url.Values{"scope": {"admin"}}, sandbox.Forms{}, "invalid_scope"},
		"plain PKCE":           {url.Values{"code_challenge_method": {"plain"}}, sandbox.Forms{}, "invalid_request"},
		"no PKCE":              {url.Values{"code_challenge": {""}}, sandbox.Forms{}, "invalid_request"},
		"no PKCE, if optional": {url.Values{"code_challenge": {""}}, sandbox.Forms{PKCEOptional: true}, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, _ := newOAuthClient(t, sandbox.Options{AutoApprove: true, Forms: tt.forms})
			q := c.authorization(oauth2.GenerateVerifier(), tt.changes)
			for method, got := range map[string]reply{
				"GET": c.do("GET", "/v1/authorize?"+q.Encode(), ""), "POST": c.ask("/v1/authorize", "", q),
			} {
				if tt.code == "page" {
					if got.status != 400 || got.header.Get("Location") != "" {
						t.Errorf("%s: got %d, %v", method, got.status, got.header)
					}
					continue
				}
				want := tt.code
				if want == "" && method == "POST" {
					want = "access_denied" // nobody pressed the button
				}
				if _, back := landed(t, got); back.Get("error") != want || back.Get("state") != "s-1" || back.Has("code") != (want == "") {
					t.Errorf("%s: back with %v", method, back)
				}
			}
		})
	}
}

// TestScope: no refresh token without its scope.
func TestScope(t *testing.T) {
	t.Parallel()
	for name, always := range map[string]bool{"needs the scope": false, "always given": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, _ := newOAuthClient(t, sandbox.Options{AutoApprove: true, Forms: sandbox.Forms{RefreshAlways: always, PKCEOptional: true}})
			q := c.authorization("", url.Values{"scope": {""}, "code_challenge": {""}})
			_, back := landed(t, c.do("GET", "/v1/authorize?"+q.Encode(), ""))
			got := c.ask(userTokenPath, "", url.Values{
				"grant_type": {"authorization_code"}, "code": {back.Get("code")}, "redirect_uri": {callback},
				"client_id": {c.tenant.Application().ID}, "client_secret": {c.tenant.Application().Secret},
			})
			if got.status != 200 || (got.body["refresh_token"] != nil) != always {
				t.Errorf("got %d %s", got.status, got.text)
			}
		})
	}
}

package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/internal/cli"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

// application serves a tenant that takes the consent of users for given, and
// returns the connection file of a person.
func application(t *testing.T, refreshToken string) (tenant *sandbox.Tenant, connection string) {
	t.Helper()
	tenant = sandbox.New(sandbox.Acme(), &sandbox.Options{Limits: &sandbox.Limits{}, AutoApprove: true})
	server := httptest.NewServer(tenant)
	t.Cleanup(server.Close)
	auth := map[string]any{
		"type": "oauth_authorization_code", "client_id": tenant.Application().ID, "client_secret": tenant.Application().Secret,
	}
	if refreshToken != "" {
		auth["refresh_token"] = refreshToken
	}
	text, err := json.Marshal(map[string]any{"base_url": server.URL, "auth": auth})
	if err != nil {
		t.Fatal(err)
	}
	return tenant, file(t, "acme.json", string(text))
}

// browsing is a sign-in under way: the page that it shows, and its end.
type browsing struct {
	page  *url.URL
	ended chan outcome
}

// signingIn runs the command in a goroutine until it shows its page.
func signingIn(ctx context.Context, t *testing.T, args ...string) browsing {
	t.Helper()
	stderr, w := io.Pipe()
	var stdout bytes.Buffer
	var said bytes.Buffer
	b := browsing{ended: make(chan outcome, 1)}
	code := make(chan int, 1)
	go func() {
		code <- cli.Main(ctx, append([]string{"", "login", "--no-browser"}, args...), nil, &stdout, w)
		_ = w.Close()
	}()
	shown := regexp.MustCompile(`\n(http\S+)\n\n`)
	for buf := make([]byte, 4096); shown.FindSubmatch(said.Bytes()) == nil; {
		n, err := stderr.Read(buf)
		said.Write(buf[:n])
		if err != nil {
			t.Fatalf("no page: %v after %s", err, said.String())
		}
	}
	var err error
	if b.page, err = url.Parse(string(shown.FindSubmatch(said.Bytes())[1])); err != nil {
		t.Fatal(err)
	}
	go func() {
		_, _ = io.Copy(&said, stderr)
		b.ended <- outcome{<-code, stdout.String(), said.String()}
	}()
	return b
}

// browse opens an address as a browser does, redirects included, and returns
// what the last page says.
func browse(t *testing.T, address string) (status int, text string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

// TestLogin: from a connection file without a refresh token to a check, and on
// with what the tenant replaces.
func TestLogin(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		refreshToken, wants string // in the connection file, and where it ends
	}{
		"a file that is named": {"file:secrets/token", "secrets/token"},
		"none is named":        {"", "acme.refresh_token"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, connection := application(t, tt.refreshToken)
			if err := os.Mkdir(filepath.Join(filepath.Dir(connection), "secrets"), 0o700); err != nil {
				t.Fatal(err)
			}
			run(t, "check", "--connection", connection).wants(t, 1, "/auth/refresh_token: ", "hint: gainsight-connector login --connection "+connection)
			b := signingIn(t.Context(), t, "--connection", connection)
			if status, text := browse(t, b.page.String()); status != 200 || !strings.Contains(text, "You are signed in to tenant acme.") {
				t.Errorf("the browser shows %d %s", status, text)
			}
			o := <-b.ended
			o.wants(t, 0)
			path := filepath.Join(filepath.Dir(connection), tt.wants)
			if got := decoded(t, o.stdout); got["tenant"] != "acme" || got["refreshTokenFile"] != path {
				t.Errorf("stdout = %s", o.stdout)
			}
			info, err := os.Stat(path)
			if err != nil || info.Mode().Perm() != 0o600 {
				t.Fatalf("mode %v, %v", info.Mode(), err)
			}
			token := content(t, path)
			if strings.Contains(o.stdout+o.stderr, strings.TrimSpace(token)) {
				t.Error("the token was shown")
			}
			if tt.refreshToken == "" {
				line := `"refresh_token": "file:acme.refresh_token"`
				o.wants(t, 0, line)
				edited := strings.Replace(content(t, connection), `"auth":{`, `"auth":{`+line+`,`, 1)
				if err := os.WriteFile(connection, []byte(edited), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			for range 2 { // the second works because the first has kept what it was given
				o := run(t, "check", "--connection", connection)
				o.wants(t, 0)
				if next := content(t, path); next == token {
					t.Error("the new token was not kept")
				} else {
					token = next
				}
			}
		})
	}
}

// TestRotatedSecretLost: a token that the connection file holds itself cannot be
// replaced, and the person is told.
func TestRotatedSecretLost(t *testing.T) {
	t.Parallel()
	tenant, connection := application(t, "PLACE")
	token := tenant.SignIn()
	text := strings.Replace(content(t, connection), "PLACE", token, 1)
	if err := os.WriteFile(connection, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	o := run(t, "check", "--connection", connection)
	o.wants(t, 0, "the new one is lost", "does not give it as file:PATH")
	if strings.Contains(o.stderr, "sandbox-refresh-") || content(t, connection) != text {
		t.Errorf("a token was shown or the file changed: %s", o.stderr)
	}
}

func TestLoginFailures(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		change func(url.Values) // of the query of the page
		wants  []string
	}{
		"refused": {func(q url.Values) { q.Set("scope", "admin") }, []string{"invalid_scope", "hint: Check auth.scopes"}},
		"another verifier": {
			func(q url.Values) { q.Set("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM") },
			[]string{"invalid_grant", "the tenant answered 400, code invalid_grant"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, connection := application(t, "file:token")
			b := signingIn(t.Context(), t, "--connection", connection)
			q := b.page.Query()
			tt.change(q)
			b.page.RawQuery = q.Encode()
			if status, text := browse(t, b.page.String()); status != 400 || !strings.Contains(text, "The sign-in failed: ") {
				t.Errorf("the browser shows %d %s", status, text)
			}
			o := <-b.ended
			o.wants(t, 1, tt.wants...)
			if _, err := os.Stat(filepath.Join(filepath.Dir(connection), "token")); err == nil || o.stdout != "" {
				t.Errorf("a token was written; stdout %s", o.stdout)
			}
		})
	}
}

// TestLoginForeignAnswer: what does not belong to the sign-in does not end it.
func TestLoginForeignAnswer(t *testing.T) {
	t.Parallel()
	_, connection := application(t, "file:token")
	b := signingIn(t.Context(), t, "--connection", connection)
	back := b.page.Query().Get("redirect_uri")
	for address, want := range map[string]int{
		back + "?code=x&state=y": 400, back + "?error=access_denied": 400, strings.Replace(back, "/callback", "/favicon.ico", 1): 404,
	} {
		if status, text := browse(t, address); status != want {
			t.Errorf("%s: %d %s", address, status, text)
		}
	}
	browse(t, b.page.String())
	(<-b.ended).wants(t, 0)
}

func TestLoginRedirect(t *testing.T) {
	t.Parallel()
	_, connection := application(t, "file:token")
	ctx, cancel := context.WithCancel(t.Context())
	b := signingIn(ctx, t, "--connection", connection, "--redirect", "http://localhost:1/callback")
	if got := b.page.Query().Get("redirect_uri"); got != "http://localhost:1/callback" {
		t.Errorf("redirect_uri = %s", got)
	}
	cancel()
	<-b.ended
}

func TestLoginInterrupted(t *testing.T) {
	t.Parallel()
	_, connection := application(t, "file:token")
	ctx, cancel := context.WithCancel(t.Context())
	b := signingIn(ctx, t, "--connection", connection)
	cancel()
	(<-b.ended).wants(t, 1, "error: the sign-in was interrupted")
}

func TestLoginGivesUp(t *testing.T) {
	t.Parallel()
	_, connection := application(t, "file:token")
	run(t, "login", "--no-browser", "--connection", connection, "--timeout", "50ms").wants(t, 1, "nobody signed in within 50ms", "hint: ")
}

func TestLoginUsage(t *testing.T) {
	t.Parallel()
	_, person := application(t, "file:token")
	_, nowhere := application(t, "file:nowhere/token") // which is told before anybody signs in for nothing
	_, key := acme(t)
	tests := map[string]struct {
		args  []string
		code  int
		wants string
	}{
		"no connection": {nil, 2, "--connection FILE is missing"},
		"all addresses": {[]string{"--connection", person, "--listen", "0.0.0.0:0"}, 2, "--listen 0.0.0.0:0: this is for loopback addresses only"},
		"no address":    {[]string{"--connection", person, "--redirect", "localhost"}, 2, "--redirect localhost: it is not an address"},
		"no time":       {[]string{"--connection", person, "--timeout", "0s"}, 2, "--timeout is more than 0"},
		"an access key": {[]string{"--connection", key}, 1, "auth.type is access_key signs in without a browser"},
		"no folder": {
			[]string{"--connection", nowhere}, 1, filepath.Join("nowhere", "token") + " failed",
		},
		"no such client": {[]string{"--connection", file(t, "x.json", `{"base_url":"acme","auth":{"type":"oauth_authorization_code"}}`)}, 1, "/auth/client_id: is required"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := run(t, append([]string{"login", "--no-browser", "--timeout", "5s"}, tt.args...)...)
			o.wants(t, tt.code, tt.wants)
			if strings.Contains(o.stderr, "open this page") {
				t.Error("a page was shown")
			}
		})
	}
}

// TestSandboxAuth: the connection files of the sandbox sign in as they say.
func TestSandboxAuth(t *testing.T) {
	t.Parallel()
	files := sandboxed(t, 1, "--tenant", "acme", "--auth", "oauth_client_credentials")
	o := run(t, "check", "--connection", files["acme"])
	o.wants(t, 0)
	if report := decoded(t, o.stdout); report["signIn"] != "oauth_client_credentials" {
		t.Errorf("report = %v", report)
	}
	files = sandboxed(t, 1, "--tenant", "acme", "--auth", "oauth_authorization_code")
	run(t, "check", "--connection", files["acme"]).wants(t, 1, "acme.refresh_token", "hint: gainsight-connector login")
	run(t, "sandbox", "--auth", "oauth").wants(t, 2, "--auth is one of access_key, ")
}

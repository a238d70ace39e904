package gainsight_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

// Credentials that are fake and easy to find where they must not be.
const (
	clientSecret = "canary-client-secret-4d1e"
	refreshToken = "canary-refresh-token-8b2f"
)

// machine and person are settings that sign in with OAuth.
func machine(changes map[string]any) settings {
	return oauthSettings("oauth_client_credentials", changes)
}

func person(changes map[string]any) settings {
	return oauthSettings("oauth_authorization_code", changes)
}

func oauthSettings(kind string, changes map[string]any) settings {
	auth := map[string]any{"type": kind, "client_id": "client"}
	maps.Copy(auth, changes)
	return settings{"auth": auth}
}

// issuing gives out tokens, each with a number, on the paths of the tenant, and
// leaves all other requests to a handler of the API.
func issuing(api http.HandlerFunc) (http.HandlerFunc, *atomic.Int64) {
	issued := new(atomic.Int64)
	return func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/v1/users/m2m/oauth/token", "/v1/users/oauth/access/token":
			answering(200, jsonType, fmt.Sprintf(`{"access_token":"token-%d","token_type":"Bearer","expires_in":3600}`, issued.Add(1)))(w, r)
		case "/.well-known/oauth-authorization-server":
			http.NotFound(w, r)
		default:
			api(w, r)
		}
	}, issued
}

// accepting takes only the token of a number.
func accepting(number int64, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != fmt.Sprintf("Bearer token-%d", number) || r.Header.Get("accesskey") != "" {
			answering(401, jsonType, `{"result":false,"errorCode":"GS_APIG_2401"}`)(w, r)
			return
		}
		answering(200, jsonType, body)(w, r)
	}
}

// TestRefusedToken: the tenant's 401 is answered with one new token, for a write
// too, because nothing was done.
func TestRefusedToken(t *testing.T) {
	t.Parallel()
	kinds := map[string]settings{"machine": machine(nil), "person": person(nil)}
	for kind, s := range kinds {
		for _, effect := range effects {
			t.Run(fmt.Sprintf("%s, %s", kind, effect), func(t *testing.T) {
				t.Parallel()
				handler, issued := issuing(accepting(2, goodBody))
				srv := serve(t, handler)
				session := connect(t, srv.URL, s, gainsight.Options{}).Session(false)
				if _, err := session.Do(t.Context(), request(effect)); err != nil {
					t.Fatal(err)
				}
				if stats := session.Stats(); issued.Load() != 2 || stats.Calls != 2 || stats.Retries != 1 {
					t.Errorf("%d tokens, stats %+v", issued.Load(), stats)
				}
			})
		}
	}
}

// TestSecondRefusal: a new token that is refused, too, fails the call, and the
// next call does not ask for yet another.
func TestSecondRefusal(t *testing.T) {
	t.Parallel()
	handler, issued := issuing(accepting(-1, ""))
	client := connect(t, serve(t, handler).URL, machine(nil), gainsight.Options{})
	for range 10 {
		_, err := client.Session(false).Do(t.Context(), request(connector.EffectUnsafeWrite))
		e := connector.AsError(err)
		if !errors.Is(err, connector.ReasonAuthFailed) || e.OutcomeUnknown || !strings.Contains(e.Hint, "scope") ||
			e.Downstream.Status != 401 {
			t.Fatalf("got %+v", e)
		}
	}
	if n := issued.Load(); n != 2 {
		t.Errorf("%d tokens", n)
	}
}

// TestRefusedTokenOfMany: a hundred calls that are refused at once get one new
// token between them.
func TestRefusedTokenOfMany(t *testing.T) {
	t.Parallel()
	const calls = 100
	var refused sync.WaitGroup
	refused.Add(calls)
	accept := accepting(2, goodBody)
	handler, issued := issuing(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") == "Bearer token-1" {
			refused.Done()
			refused.Wait() // until all have been sent
		}
		accept(w, r)
	})
	client := connect(t, serve(t, handler).URL, machine(nil), gainsight.Options{})
	var group sync.WaitGroup
	for range calls {
		group.Go(func() {
			if _, err := client.Session(false).Do(t.Context(), request(connector.EffectUnsafeWrite)); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if n := issued.Load(); n != 2 {
		t.Errorf("%d tokens", n)
	}
}

// TestUploadAfterRefusedToken: content is sent again from its beginning.
func TestUploadAfterRefusedToken(t *testing.T) {
	t.Parallel()
	handler, _ := issuing(accepting(2, goodBody))
	srv := serve(t, handler)
	content := `{"records":[]}`
	_, err := connect(t, srv.URL, person(nil), gainsight.Options{}).Session(false).Do(t.Context(), gainsight.Request{
		Endpoint: gainsight.ActivitySaveBulk, Effect: connector.EffectUnsafeWrite,
		Content: io.NewSectionReader(strings.NewReader(content), 0, int64(len(content))),
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range srv.got() {
		if strings.HasPrefix(a.Path, "/v1/ant") && a.Body != content {
			t.Errorf("%s got %q", a.Path, a.Body)
		}
	}
}

// TestNoToken: what may pass is tried again whatever the request does, what is
// wrong is not, and the API hears nothing of it.
func TestNoToken(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		handler http.HandlerFunc
		reason  connector.Reason
		tries   int
	}{
		"server error": {answering(503, "text/plain", ""), connector.ReasonDownstreamUnavailable, 3},
		"dropped":      {drop, connector.ReasonDownstreamUnavailable, 3},
		"wrong secret": {answering(401, jsonType, `{"error":"invalid_client"}`), connector.ReasonAuthFailed, 1},
		"throttled":    {answering(200, jsonType, `{"result":false,"errorCode":"GS_APIG_2404"}`), connector.ReasonRateLimited, 1},
		"address":      {answering(403, jsonType, `{"result":false,"errorCode":"GS_APIG_2402"}`), connector.ReasonPermissionDenied, 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := serve(t, tt.handler)
			session := connect(t, srv.URL, machine(nil), gainsight.Options{}).Session(false)
			_, err := session.Do(t.Context(), request(connector.EffectUnsafeWrite))
			if e := connector.AsError(err); !errors.Is(err, tt.reason) || e.OutcomeUnknown {
				t.Errorf("got %+v", e)
			}
			if n := len(srv.got()); n != tt.tries || session.Stats().Calls != 0 {
				t.Errorf("%d requests, stats %+v", n, session.Stats())
			}
		})
	}
}

func TestCancelledBetweenTokenRequests(t *testing.T) {
	t.Parallel()
	srv := serve(t, answering(503, "text/plain", ""))
	ctx, cancel := context.WithCancel(t.Context())
	client := connect(t, srv.URL, machine(nil), gainsight.Options{Sleep: func(ctx context.Context, _ time.Duration) error {
		cancel()
		return ctx.Err()
	}})
	if _, err := client.Session(false).Do(ctx, request(connector.EffectRead)); !errors.Is(err, connector.ReasonCanceled) {
		t.Errorf("got %v", err)
	}
}

// TestDryRunNeedsNoToken: a dry run signs in nowhere.
func TestDryRunNeedsNoToken(t *testing.T) {
	t.Parallel()
	srv := serve(t, drop)
	if _, err := connect(t, srv.URL, machine(nil), gainsight.Options{}).Session(true).Do(
		t.Context(), request(connector.EffectRead)); !errors.Is(err, gainsight.ErrPlanned) {
		t.Errorf("got %v", err)
	}
	if n := len(srv.got()); n != 0 {
		t.Errorf("%d requests", n)
	}
}

// TestOAuthCanary: no token and no secret shows in what a client says, even if
// the tenant repeats it.
func TestOAuthCanary(t *testing.T) {
	t.Parallel()
	handler, _ := issuing(func(w http.ResponseWriter, r *http.Request) {
		answering(400, jsonType, fmt.Sprintf(`{"result":false,"errorCode":"GSOBJ_1001","errorDesc":%q}`, r.Header.Get("Authorization")))(w, r)
	})
	var log bytes.Buffer
	client := connect(t, serve(t, handler).URL, person(nil), gainsight.Options{
		Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	session := client.Session(false)
	_, err := session.Do(t.Context(), request(connector.EffectUnsafeWrite))
	if err == nil || !strings.Contains(log.String(), "path=/v1/users/oauth/access/token status=200") {
		t.Errorf("got %v, log %s", err, log.String())
	}
	for _, what := range []any{client, client.Config(), session, err, log.String()} {
		for _, text := range shown(what) {
			for _, secret := range []string{"token-1", clientSecret, refreshToken} {
				if strings.Contains(text, secret) {
					t.Errorf("%T shows %s: %.300s", what, secret, text)
				}
			}
		}
	}
}

// TestOAuthSettings: what is wrong comes back at once, with where it is.
func TestOAuthSettings(t *testing.T) {
	t.Parallel()
	all := map[string]connector.Secret{
		gainsight.ClientSecretPointer: connector.NewSecret(clientSecret), gainsight.RefreshTokenPointer: connector.NewSecret(refreshToken),
	}
	tests := map[string]struct {
		auth    string
		secrets map[string]connector.Secret
		want    []string // pointers
	}{
		"machine": {`{"type":"oauth_client_credentials","client_id":"a","token_url":"https://sign-in.example.com/token"}`, all, nil},
		"person":  {`{"type":"oauth_authorization_code","client_id":"a","token_url":"/v1/t?x=y","authorize_url":"http://127.0.0.1:1/a"}`, all, nil},
		"public": {
			`{"type":"oauth_authorization_code","client_id":"a"}`,
			map[string]connector.Secret{gainsight.RefreshTokenPointer: connector.NewSecret("r")}, nil,
		},
		"machine without all": {`{"type":"oauth_client_credentials"}`, nil, []string{"/auth/client_id", "/auth/client_secret"}},
		"person without all":  {`{"type":"oauth_authorization_code","client_id":" "}`, nil, []string{"/auth/client_id", "/auth/refresh_token"}},
		"scopes, no body":     {`{"type":"oauth_client_credentials","client_id":"a","scopes":["x"],"body_form":"none"}`, all, []string{"/auth/scopes"}},
		"plain http":          {`{"type":"oauth_client_credentials","client_id":"a","token_url":"http://example.com/t"}`, all, []string{"/auth/token_url"}},
		"no path":             {`{"type":"oauth_client_credentials","client_id":"a","token_url":"v1/token"}`, all, []string{"/auth/token_url"}},
		"no scheme":           {`{"type":"oauth_client_credentials","client_id":"a","token_url":"//example.com/t"}`, all, []string{"/auth/token_url"}},
		"with a user":         {`{"type":"oauth_authorization_code","client_id":"a","authorize_url":"https://u:p@example.com/"}`, all, []string{"/auth/authorize_url"}},
		"with a fragment":     {`{"type":"oauth_authorization_code","client_id":"a","authorize_url":"/a#b"}`, all, []string{"/auth/authorize_url"}},
		"climbing":            {`{"type":"oauth_client_credentials","client_id":"a","token_url":"/v1/../t"}`, all, []string{"/auth/token_url"}},
		"malformed":           {`{"type":"oauth_client_credentials","client_id":"a","token_url":"https://%zz"}`, all, []string{"/auth/token_url"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config, err := gainsight.ParseConfig(connector.Settings{
				Config: json.RawMessage(`{"base_url":"acme","auth":` + tt.auth + `}`), Secrets: tt.secrets,
			})
			var got []string
			if e := connector.AsError(err); e != nil {
				for _, v := range e.Violations {
					got = append(got, v.Pointer)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("violations (-want +got):\n%s\n%v", diff, err)
			}
			if err == nil && !strings.Contains(tt.auth, string(config.Auth.Kind)) {
				t.Errorf("kind %q", config.Auth.Kind)
			}
		})
	}
}

// TestKeyHeaderNeedsKey: the header of the access key cannot be set where there
// is none.
func TestKeyHeaderNeedsKey(t *testing.T) {
	t.Parallel()
	s := machine(nil)
	s["endpoints"] = map[string]any{"bulk.submit": map[string]any{"auth_header": "authentication"}}
	_, err := s.parse("acme")
	if e := connector.AsError(err); e == nil || len(e.Violations) != 1 || e.Violations[0].Pointer != "/endpoints/bulk.submit/auth_header" {
		t.Errorf("got %v", err)
	}
}

// TestSandboxSignIn: every form of a tenant that a connection can be set to,
// before and after its tokens have ended.
func TestSandboxSignIn(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		forms    sandbox.Forms
		settings settings
	}{
		"machine":               {sandbox.Forms{}, machine(nil)},
		"machine, no body":      {sandbox.Forms{MachineBody: sandbox.MachineBodyNone}, machine(map[string]any{"body_form": "none"})},
		"machine, form":         {sandbox.Forms{MachineBody: sandbox.MachineBodyForm}, machine(nil)},
		"person":                {sandbox.Forms{}, person(nil)},
		"person, in the body":   {sandbox.Forms{}, person(map[string]any{"client_auth": "body"})},
		"person, other path":    {sandbox.Forms{TokenPath: sandbox.TokenPathPlain}, person(nil)},
		"person, no discovery":  {sandbox.Forms{NoDiscovery: true}, person(nil)},
		"person, nothing known": {sandbox.Forms{NoDiscovery: true, TokenPath: sandbox.TokenPathPlain}, person(nil)},
		"person, path set": {
			sandbox.Forms{TokenPath: sandbox.TokenPathPlain}, person(map[string]any{"token_url": "/v1/users/oauth/token"}), //nolint:gosec // a path
		},
		"person, token is kept":  {sandbox.Forms{RefreshKept: true}, person(nil)},
		"person, without scopes": {sandbox.Forms{RefreshAlways: true}, person(map[string]any{"scopes": []string{}})},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			now := atomic.Pointer[time.Time]{}
			now.Store(&noon)
			clock := func() time.Time { return *now.Load() }
			tenant := sandbox.New(sandbox.Acme(), &sandbox.Options{Forms: tt.forms, Clock: clock})
			srv := httptest.NewServer(tenant)
			t.Cleanup(srv.Close)
			client := signedIn(t, srv.URL, tenant, tt.settings, clock)
			list := gainsight.Request{Endpoint: gainsight.ObjectList, Effect: connector.EffectRead}
			for _, disturb := range []func(){
				func() {}, tenant.RevokeTokens,
				func() { later := noon.Add(48 * time.Hour); now.Store(&later) },
			} {
				disturb()
				if _, err := client.Session(false).Do(t.Context(), list); err != nil {
					t.Fatal(err)
				}
			}
			tenant.RevokeTokens()
			tenant.RevokeGrants()
			var want error // a machine has no consent that could be revoked
			if strings.HasPrefix(name, "person") {
				want = connector.ReasonAuthFailed
			}
			if _, err := client.Session(false).Do(t.Context(), list); !errors.Is(err, want) {
				t.Errorf("after all was revoked: %v, want %v", err, want)
			}
		})
	}
}

// signedIn returns a client with the sandbox's own credentials.
func signedIn(t *testing.T, address string, tenant *sandbox.Tenant, s settings, clock func() time.Time) *gainsight.Client {
	t.Helper()
	auth, _ := s["auth"].(map[string]any)
	credentials := tenant.Machine()
	if auth["type"] == "oauth_authorization_code" {
		credentials = tenant.Application()
	}
	auth["client_id"] = credentials.ID
	text, err := json.Marshal(map[string]any{"base_url": address, "auth": auth})
	if err != nil {
		t.Fatal(err)
	}
	config, err := gainsight.ParseConfig(connector.Settings{Config: text, Secrets: map[string]connector.Secret{
		gainsight.ClientSecretPointer: connector.NewSecret(credentials.Secret),
		gainsight.RefreshTokenPointer: connector.NewSecret(tenant.SignIn()),
	}})
	if err != nil {
		t.Fatal(err)
	}
	transport := gainsight.NewTransport()
	t.Cleanup(transport.CloseIdleConnections)
	client := gainsight.New(config, gainsight.Options{Transport: transport, Clock: clock})
	t.Cleanup(client.Close)
	return client
}

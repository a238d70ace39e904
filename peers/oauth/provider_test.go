package oauth_test

import (
	"context"
	"crypto/sha256"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/zitadel/oidc/v3/example/server/storage"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// Clients and users that the provider's example storage knows.
const (
	machineID     = "sid1"
	machineSecret = "verysecret"
	webID         = "web"
	webSecret     = "a web client's secret" //nolint:gosec // of a server that lives for a test
	nativeID      = "native"
	userName      = "test-user2"
	userPassword  = "verysecure"
)

// redirect is the callback URL of the clients. Nobody listens there: the tests
// read the address that a browser would be sent to.
const redirect = "http://127.0.0.1:8750/callback"

// provider is a tenant whose authorization server is the independent one. Its
// API has one operation, the list of objects.
type provider struct {
	*httptest.Server
	op    *op.Provider
	users *store

	mu     sync.Mutex
	tokens int // token requests
}

// store remembers which access tokens are in force.
type store struct {
	*storage.Storage
	mu     sync.Mutex
	active map[string]bool
}

func (s *store) CreateAccessToken(ctx context.Context, r op.TokenRequest) (string, time.Time, error) {
	id, ends, err := s.Storage.CreateAccessToken(ctx, r)
	s.activate(id)
	return id, ends, err
}

func (s *store) CreateAccessAndRefreshTokens(
	ctx context.Context, r op.TokenRequest, current string,
) (id, refresh string, ends time.Time, err error) {
	id, refresh, ends, err = s.Storage.CreateAccessAndRefreshTokens(ctx, r, current)
	s.activate(id)
	return id, refresh, ends, err
}

func (s *store) activate(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.active[id] = true
}

// endTokens ends all access tokens before their time.
func (s *store) endTokens() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.active)
}

func (s *store) isActive(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.active[id]
}

func newProvider(t *testing.T) *provider {
	t.Helper()
	p := &provider{}
	p.Server = httptest.NewServer(p)
	t.Cleanup(p.Close)
	p.users = &store{active: map[string]bool{}, Storage: storage.NewStorageWithClients(
		storage.NewUserStore(p.URL), map[string]*storage.Client{
			webID: storage.WebClient(webID, webSecret, redirect), nativeID: storage.NativeClient(nativeID, redirect),
		})}
	var err error
	p.op, err = op.NewProvider(&op.Config{
		CryptoKey: sha256.Sum256([]byte(t.Name())), CryptoKeyId: "test",
		CodeMethodS256: true, AuthMethodPost: true, GrantTypeRefreshToken: true,
	}, p.users, op.StaticIssuer(p.URL), op.WithAllowInsecure(), op.WithLogger(slog.New(slog.DiscardHandler)))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// ServeHTTP serves the provider, its page for signing in, and the API.
func (p *provider) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/.well-known/oauth-authorization-server":
		r.URL.Path = "/.well-known/openid-configuration" // the same document under the name of OpenID Connect
	case "/login/username":
		p.login(w, r)
		return
	case "/v1/meta/services/objects/list":
		p.objects(w, r)
		return
	case "/oauth/token":
		p.mu.Lock()
		p.tokens++
		p.mu.Unlock()
	}
	p.op.ServeHTTP(w, r)
}

// login is the person who signs in.
func (p *provider) login(w http.ResponseWriter, r *http.Request) {
	id := r.URL.Query().Get("authRequestID")
	if err := p.users.CheckUsernamePassword(userName, userPassword, id); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	issuer := op.NewIssuerInterceptor(p.op.IssuerFromRequest)
	issuer.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, op.AuthCallbackURL(p.op)(r.Context(), id), http.StatusFound)
	})(w, r)
}

// objects is the API behind the access token.
func (p *provider) objects(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	token, bearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	text, err := p.op.Crypto().Decrypt(token)
	if id, _, _ := strings.Cut(text, ":"); err != nil || !bearer || !p.users.isActive(id) {
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = w.Write([]byte(`{"result":false,"errorCode":"GS_APIG_2401"}`))
		return
	}
	_, _ = w.Write([]byte(`{"result":true,"data":[]}`))
}

// tokenRequests counts the requests to the token endpoint.
func (p *provider) tokenRequests() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.tokens
}

// revoke ends a refresh token, as the person can.
func (p *provider) revoke(t *testing.T, refreshToken string) {
	t.Helper()
	form := url.Values{"token": {refreshToken}, "token_type_hint": {"refresh_token"}}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.URL+"/revoke", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.SetBasicAuth(webID, url.QueryEscape(webSecret))
	resp, err := p.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	if _ = resp.Body.Close(); resp.StatusCode != http.StatusOK {
		t.Fatalf("revocation: %s", resp.Status)
	}
}

// browse follows the way of a browser from a page to the callback URL, and
// returns the query that comes along.
func (p *provider) browse(t *testing.T, page string) url.Values {
	t.Helper()
	browser := &http.Client{Transport: p.Client().Transport, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), redirect) {
			return http.ErrUseLastResponse
		}
		return nil
	}}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, page, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := browser.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	back, err := url.Parse(resp.Header.Get("Location"))
	if err != nil || !strings.HasPrefix(back.String(), redirect) {
		t.Fatalf("the browser ends at %s with %s", resp.Request.URL, resp.Status)
	}
	return back.Query()
}

package sandbox

import (
	"crypto/rand"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// Paths of the authorization server.
const (
	// metadataPath: RFC 8414, 3; that tenants have it is INFERRED (common.md 2.3).
	metadataPath = "/.well-known/oauth-authorization-server"
	// authorizePath: CODE (common.md 2.3).
	authorizePath = "/v1/authorize"
	// machineTokenPath: LIVE (common.md 2.2).
	machineTokenPath = "/v1/users/m2m/oauth/token" //nolint:gosec // a path
	// userTokenPath and otherTokenPath: conflict (common.md 2.3; open question
	// 34).
	userTokenPath  = "/v1/users/oauth/access/token" //nolint:gosec // a path
	otherTokenPath = "/v1/users/oauth/token"        //nolint:gosec // a path
)

// Lifetimes.
const (
	// machineLifetime is that of a machine's access token (common.md 2.2, DOC2).
	machineLifetime = 24 * time.Hour
	// userLifetime is that of a user's: UNKNOWN (open question 35).
	userLifetime = time.Hour
	// codeLifetime is that of a code: UNKNOWN, ten minutes at most by RFC 6749
	// (4.1.2).
	codeLifetime = time.Minute
)

// Scopes (common.md 2.3, INFERRED).
const offlineScope = "offline_access"

func scopes() []string { return []string{"read", "read_write", offlineScope} }

// Client is a registered OAuth client. The seeds' clients are fake.
type Client struct {
	// ID is the client id.
	ID string
	// Secret is the client secret.
	Secret string
}

// authServer is the tenant's authorization server. What the vendor's pages do
// not say follows RFC 6749, in its stricter reading.
type authServer struct {
	tenant      *Tenant
	machine     Client
	application Client

	mu     sync.Mutex
	tokens map[string]time.Time // access tokens by their end
	codes  map[string]consent
	grants map[string]*grant // refresh tokens, spent ones included
}

// consent is what a user has agreed to, until its code is exchanged.
type consent struct {
	redirect  string
	challenge string // PKCE; empty: none
	scopes    []string
	ends      time.Time
}

// grant is a user's standing consent: a family of refresh tokens, one of which
// is in force.
type grant struct {
	scopes  []string
	current string // empty: revoked
	access  []string
}

func newAuthServer(t *Tenant, seed Seed) *authServer {
	return &authServer{
		tenant: t, machine: seed.Machine, application: seed.Application,
		tokens: map[string]time.Time{}, codes: map[string]consent{}, grants: map[string]*grant{},
	}
}

// Machine returns the client for machine-to-machine sign-in.
func (t *Tenant) Machine() Client { return t.auth.machine }

// Application returns the client for the sign-in of users. Its callback URL is
// [CallbackPath] on any port of a loopback address.
func (t *Tenant) Application() Client { return t.auth.application }

// SignIn signs a user in without a browser and returns the refresh token.
func (t *Tenant) SignIn() (refreshToken string) {
	t.auth.mu.Lock()
	defer t.auth.mu.Unlock()
	g := &grant{scopes: []string{offlineScope}}
	t.auth.rotate(g)
	return g.current
}

// RevokeTokens ends all access tokens before their time. Refresh tokens stay.
func (t *Tenant) RevokeTokens() {
	t.auth.mu.Lock()
	defer t.auth.mu.Unlock()
	clear(t.auth.tokens)
}

// RevokeGrants ends all that users have agreed to: codes, refresh tokens and
// the access tokens from them.
func (t *Tenant) RevokeGrants() {
	t.auth.mu.Lock()
	defer t.auth.mu.Unlock()
	clear(t.auth.codes)
	for _, g := range t.auth.grants {
		t.auth.revoke(g)
	}
}

// bearer reports whether the request carries an access token in force.
func (s *authServer) bearer(r *http.Request) bool {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	s.mu.Lock()
	defer s.mu.Unlock()
	ends, known := s.tokens[token]
	return strings.EqualFold(scheme, "Bearer") && known && s.tenant.clock().Before(ends)
}

// issue makes an access token. The caller holds the mutex.
func (s *authServer) issue(lifetime time.Duration) string {
	now := s.tenant.clock()
	for token, ends := range s.tokens {
		if !now.Before(ends) {
			delete(s.tokens, token)
		}
	}
	token := "sandbox-token-" + rand.Text()
	s.tokens[token] = now.Add(lifetime)
	return token
}

// rotate puts a new refresh token in force. The caller holds the mutex.
func (s *authServer) rotate(g *grant) {
	g.current = "sandbox-refresh-" + rand.Text()
	s.grants[g.current] = g
}

// revoke ends a grant. The caller holds the mutex.
func (s *authServer) revoke(g *grant) {
	for _, token := range g.access {
		delete(s.tokens, token)
	}
	g.current, g.access = "", nil
}

// answer answers a request to the authorization server. It reports false if it
// is for the API. None of it counts against the limits on calls (UNKNOWN,
// INFERRED).
func (s *authServer) answer(w http.ResponseWriter, c *call) (answer, bool) {
	at := c.request.Method + " " + c.request.URL.Path
	forms := s.tenant.forms
	switch {
	case at == "GET "+metadataPath && !forms.NoDiscovery:
		return s.metadata(c.request), true
	case at == "GET "+authorizePath:
		return s.authorize(c.request), true
	case at == "POST "+authorizePath:
		return s.consent(w, c.request), true
	case at == "POST "+machineTokenPath:
		return s.token(w, c.request, machineGrants()), true
	case c.request.Method == http.MethodPost && slices.Contains(forms.TokenPath.paths(), c.request.URL.Path):
		return s.token(w, c.request, userGrants()), true
	}
	return answer{}, false
}

// metadata describes the server (RFC 8414, 2; the values INFERRED, common.md
// 2.3).
func (s *authServer) metadata(r *http.Request) answer {
	issuer := "http://" + r.Host // loopback alone is served
	return answer{status: http.StatusOK, body: map[string]any{
		"issuer":                                issuer,
		"authorization_endpoint":                issuer + authorizePath,
		"token_endpoint":                        issuer + s.tenant.forms.TokenPath.paths()[0],
		"response_types_supported":              []string{"code"},
		"grant_types_supported":                 []string{"authorization_code", "refresh_token"},
		"token_endpoint_auth_methods_supported": []string{"client_secret_basic", "client_secret_post"},
		"code_challenge_methods_supported":      []string{"S256"},
		"scopes_supported":                      scopes(),
	}}
}

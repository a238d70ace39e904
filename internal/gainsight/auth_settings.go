package gainsight

import (
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/oauth"
)

// Places of the secrets in a connection's settings.
const (
	// AccessKeyPointer is the place of the access key.
	AccessKeyPointer = "/auth/access_key"
	// ClientSecretPointer is the place of an OAuth client's secret.
	ClientSecretPointer = "/auth/client_secret" //nolint:gosec // a place
	// RefreshTokenPointer is the place of the refresh token.
	RefreshTokenPointer = "/auth/refresh_token" //nolint:gosec // a place
)

// AuthKind is a way to sign in, as "auth.type" spells it.
type AuthKind string

// The ways to sign in.
const (
	// AuthAccessKey is the key of the organisation (common.md 2.1, DOC).
	AuthAccessKey AuthKind = "access_key"
	// AuthClientCredentials is machine to machine (common.md 2.2).
	AuthClientCredentials AuthKind = "oauth_client_credentials" //nolint:gosec // a kind
	// AuthAuthorizationCode is for a user (common.md 2.3).
	AuthAuthorizationCode AuthKind = "oauth_authorization_code"
)

// Auth says how a connection signs in.
type Auth struct {
	// Kind is the way.
	Kind AuthKind
	// AccessKey signs every request of an [AuthAccessKey].
	AccessKey connector.Secret
	oauth     oauth.Config // of the others
}

// Where the authorization server of a tenant is, unless the connection says
// otherwise. All paths are on the tenant's host.
const (
	// common.md 2.2, LIVE.
	machineTokenPath = "/v1/users/m2m/oauth/token" //nolint:gosec // a path
	// common.md 2.3, CODE.
	authorizePath = "/v1/authorize"
	// RFC 8414, 3; that tenants have it is INFERRED (common.md 2.3).
	discoveryPath = "/.well-known/oauth-authorization-server"
	// offlineScope is what a refresh token needs (common.md 2.3, INFERRED; open
	// question 35). What the API allows is a matter of the registered
	// application, so that no other scope is named.
	offlineScope = "offline_access"
	// bearerHeader carries an access token (common.md 2.5, DOC).
	bearerHeader = "Authorization"
)

// userTokenPaths are two because the sources disagree (open question 34).
func userTokenPaths() []string {
	return []string{"/v1/users/oauth/access/token", "/v1/users/oauth/token"}
}

// authSettings is the JSON form of "auth", without its secrets.
type authSettings struct {
	Type         AuthKind `json:"type"`
	ClientID     string   `json:"client_id"`
	TokenURL     string   `json:"token_url"`
	AuthorizeURL string   `json:"authorize_url"`
	Scopes       []string `json:"scopes"`
	BodyForm     string   `json:"body_form"`
	ClientAuth   string   `json:"client_auth"`
	PKCE         *bool    `json:"pkce"`
}

// authParser reads "auth" and collects what is wrong with it.
type authParser struct {
	raw        authSettings
	base       *url.URL // nil: it is wrong itself
	secrets    map[string]connector.Secret
	violations []connector.Violation
}

func (p *authParser) refuse(pointer, message string) {
	p.violations = append(p.violations, connector.Violation{Pointer: pointer, Message: message})
}

// secret returns a secret that must not be empty.
func (p *authParser) secret(pointer, message string) connector.Secret {
	s := p.secrets[pointer]
	if strings.TrimSpace(s.Reveal()) == "" {
		p.refuse(pointer, message)
	}
	return s
}

// parse reads the settings. A connection that is about to sign in needs no
// refresh token.
func (p *authParser) parse(signingIn bool) Auth {
	const required = "is required and must not be empty"
	auth := Auth{Kind: p.raw.Type}
	switch p.raw.Type {
	case AuthClientCredentials:
		auth.oauth = p.client()
		auth.oauth.ClientSecret = p.secret(ClientSecretPointer, required)
		auth.oauth.Token = p.endpoint("token_url", p.raw.TokenURL, machineTokenPath)
		if auth.oauth.NoBody = p.raw.BodyForm == "none"; auth.oauth.NoBody && len(p.raw.Scopes) > 0 {
			p.refuse("/auth/scopes", `go in the body of a token request, which body_form "none" leaves out: give the one or the other`)
		}
	case AuthAuthorizationCode:
		auth.oauth = p.client()
		p.person(&auth.oauth)
		if !signingIn {
			auth.oauth.RefreshToken = p.secret(RefreshTokenPointer, required+": the command login gets one")
		}
	default:
		auth.Kind = AuthAccessKey
		auth.AccessKey = p.secret(AccessKeyPointer, required)
		if text := auth.AccessKey.Reveal(); strings.TrimSpace(text) != "" && strings.ContainsFunc(text, unicode.IsControl) {
			p.refuse(AccessKeyPointer, "must not hold a line break or another control character")
		}
	}
	return auth
}

// client reads what all OAuth clients have.
func (p *authParser) client() oauth.Config {
	if strings.TrimSpace(p.raw.ClientID) == "" {
		p.refuse("/auth/client_id", "is required and must not be empty")
	}
	base := p.base
	return oauth.Config{
		ClientID: p.raw.ClientID, Scopes: p.raw.Scopes, Issuer: base,
		OnTenant: func(u *url.URL) bool { return sameOrigin(u, base) && u.User == nil },
	}
}

// person reads what is for the sign-in of a person.
func (p *authParser) person(c *oauth.Config) {
	c.Grant = oauth.AuthorizationCode
	c.ClientSecret = p.secrets[ClientSecretPointer]
	c.SecretInBody = p.raw.ClientAuth == "body"
	c.PKCE = p.raw.PKCE == nil || *p.raw.PKCE
	if c.Scopes == nil {
		c.Scopes = []string{offlineScope}
	}
	c.Token = p.endpoint("token_url", p.raw.TokenURL, userTokenPaths()...)
	c.Authorize = p.endpoint("authorize_url", p.raw.AuthorizeURL, authorizePath)
	if p.base != nil {
		well := *p.base
		well.Path, well.RawPath = discoveryPath+p.base.Path, ""
		c.Discovery = &well
	}
}

// endpoint reads the setting of an address: a path on the tenant's host, or a
// URL on any host, for who sets it has decided to trust that host.
func (p *authParser) endpoint(name, set string, defaults ...string) oauth.Endpoint {
	var e oauth.Endpoint
	if p.base == nil {
		return e
	}
	for _, path := range defaults {
		e.Defaults = append(e.Defaults, p.onTenant(path))
	}
	if set == "" {
		return e
	}
	u, err := url.Parse(set)
	switch {
	case err == nil && u.Host == "" && u.Scheme == "" && strings.HasPrefix(u.Path, "/"):
		own := p.onTenant(u.Path)
		own.RawQuery, own.Fragment = u.RawQuery, u.Fragment
		u = own
	case err != nil || !isHost(u.Hostname()) || u.Scheme != "https" && (u.Scheme != "http" || !isLoopback(u.Hostname())):
		p.refuse("/auth/"+name, "must be a path on the tenant's host, such as /v1/users/oauth/token, or an address that begins with https://")
		return e
	}
	if u.User != nil || u.Fragment != "" || climbs(u) {
		p.refuse("/auth/"+name, "must not hold a user, a fragment, or . or .. in its path")
		return e
	}
	e.Set = u
	return e
}

func (p *authParser) onTenant(path string) *url.URL {
	u := *p.base
	u.Path, u.RawPath = p.base.Path+path, ""
	return &u
}

// oauthConfig completes the settings with what the client knows.
func (c Config) oauthConfig(clock func() time.Time) oauth.Config {
	o := c.Auth.oauth
	o.Tenant, o.Timeout = c.Tenant, c.Timeout
	o.ReasonOf = func(status int, code string) connector.Reason {
		return c.answers.meaning(status, code, envelope{}).reason()
	}
	o.RetryAfter = func(h http.Header) time.Duration { return c.retryAfter(h, clock()) }
	return o
}

func oauthOptions(opts Options) oauth.Options {
	o := oauth.Options{Transport: opts.Transport, Clock: opts.Clock, Logger: opts.Logger}
	if opts.Emit != nil {
		o.Rotated = func(refresh connector.Secret) {
			opts.Emit(connector.SecretRotated{Secrets: map[string]connector.Secret{RefreshTokenPointer: refresh}})
		}
	}
	return o
}

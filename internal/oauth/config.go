package oauth

import (
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

// Grant is what tokens are given for.
type Grant int

// The grants.
const (
	// ClientCredentials is the program's own right (RFC 6749, 4.4).
	ClientCredentials Grant = iota
	// AuthorizationCode is a person's consent, which a refresh token stands for
	// afterwards (RFC 6749, 4.1 and 6).
	AuthorizationCode
)

// Config says how a connection signs in, checked and with its defaults.
type Config struct {
	// Tenant is the name of the tenant, for messages.
	Tenant string
	// Grant is what tokens are given for.
	Grant Grant
	// ClientID is the id of the registered client.
	ClientID string
	// ClientSecret proves that it is the client. Empty: a public client, which
	// only an [AuthorizationCode] can have.
	ClientSecret connector.Secret
	// SecretInBody sends id and secret in the body of a token request. Default:
	// in the header Authorization, as Basic.
	SecretInBody bool
	// NoBody sends a token request without a body, as JSON, for servers that
	// take the header alone.
	NoBody bool
	// RefreshToken gets access tokens, for an [AuthorizationCode].
	RefreshToken connector.Secret
	// Scopes are asked for. Nil: none is named.
	Scopes []string
	// PKCE binds a person's consent to this program (RFC 7636).
	PKCE bool

	// Token is where tokens are asked for.
	Token Endpoint
	// Authorize is the page for the browser.
	Authorize Endpoint
	// Discovery is the address of the server's metadata (RFC 8414), which come
	// before the defaults of endpoints. Nil: they are not read.
	Discovery *url.URL
	// Issuer is the tenant's address, which the metadata must name.
	Issuer *url.URL
	// OnTenant reports whether an address is on the tenant's host. No other is
	// taken from the metadata, because the secret would go there.
	OnTenant func(*url.URL) bool

	// Timeout bounds one request to the server.
	Timeout time.Duration
	// ReasonOf says what a failure means that is not in the words of OAuth: an
	// HTTP status and a code of the vendor's envelope, if there is one.
	ReasonOf func(status int, code string) connector.Reason
	// RetryAfter says how long a caller waits whom the server sent away for a
	// while.
	RetryAfter func(http.Header) time.Duration
}

// Endpoint is an address of the authorization server.
type Endpoint struct {
	// Set is the address that the connection sets; it may be on any host. Nil:
	// it is found.
	Set *url.URL
	// Defaults are tried in this order where discovery names none, until one
	// exists.
	Defaults []*url.URL
}

// Options are what the work needs of the program. Only Rotated can be nil.
type Options struct {
	// Transport carries the requests.
	Transport http.RoundTripper
	// Clock tells the time.
	Clock func() time.Time
	// Logger gets one debug line a request, without bodies or secrets.
	Logger *slog.Logger
	// Rotated is told a new refresh token before the access token that came with
	// it is used. Nil: nobody keeps it.
	Rotated func(connector.Secret)
}

package oauth

import (
	"context"
	"crypto/subtle"
	"net/url"

	"golang.org/x/oauth2"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

// Authorization is one sign-in of a person with a browser: the person opens
// [Authorization.URL], and what the browser brings back goes to
// [Authorization.Finish].
type Authorization struct {
	// URL is the page for the browser. It holds no secret.
	URL string

	server   *server
	redirect string
	state    connector.Secret
	verifier connector.Secret // empty: without PKCE
}

// Authorize begins a sign-in whose answer comes to the address redirect. It
// reads the server's metadata if the connection does not set where the page is.
func Authorize(ctx context.Context, config Config, opts Options, redirect string) (*Authorization, error) {
	s := &server{config: config, opts: opts}
	pages, _, err := s.find(ctx, config.Authorize, "authorize_url", func(m metadata) string { return m.AuthorizationEndpoint })
	if err != nil {
		return nil, err
	}
	a := &Authorization{server: s, redirect: redirect, state: connector.NewSecret(oauth2.GenerateVerifier())}
	protocol := s.protocol(pages[0])
	protocol.Endpoint.AuthURL, protocol.RedirectURL = pages[0].String(), redirect
	var options []oauth2.AuthCodeOption
	if config.PKCE {
		verifier := oauth2.GenerateVerifier()
		a.verifier = connector.NewSecret(verifier)
		options = append(options, oauth2.S256ChallengeOption(verifier))
	}
	a.URL = protocol.AuthCodeURL(a.state.Reveal(), options...)
	return a, nil
}

// Owns reports whether the query of a request to the redirect address answers
// this sign-in, and not one that somebody else began.
func (a *Authorization) Owns(query url.Values) bool {
	return subtle.ConstantTimeCompare([]byte(query.Get("state")), []byte(a.state.Reveal())) == 1
}

// Finish turns what the browser brought back into a refresh token. The error is
// a [connector.Error].
func (a *Authorization) Finish(ctx context.Context, query url.Values) (connector.Secret, error) {
	tenant := a.server.config.Tenant
	code := connector.NewSecret(query.Get("code"))
	switch {
	case !a.Owns(query):
		return connector.Secret{}, connector.Errorf(connector.ReasonAuthFailed, "the answer belongs to another sign-in")
	case query.Has("error"):
		return connector.Secret{}, a.denied(query)
	case code.Empty():
		return connector.Secret{}, connector.Errorf(connector.ReasonDownstreamContract, "tenant %s answered without a code", tenant)
	}
	token, err := a.server.obtain(ctx, func(ctx context.Context, c *oauth2.Config) (*oauth2.Token, error) {
		c.RedirectURL = a.redirect
		if a.verifier.Empty() {
			return c.Exchange(ctx, code.Reveal())
		}
		return c.Exchange(ctx, code.Reveal(), oauth2.VerifierOption(a.verifier.Reveal()))
	}, code, a.verifier)
	switch {
	case err != nil:
		return connector.Secret{}, err
	case token.RefreshToken == "":
		return connector.Secret{}, connector.Errorf(connector.ReasonDownstreamContract,
			"tenant %s signed you in, but gave no refresh token, without which the sign-in does not last", tenant).
			WithHint("Ask for one with the scope offline_access in auth.scopes of the connection, and see that the application allows it.")
	}
	return connector.NewSecret(token.RefreshToken), nil
}

// denied explains an error that came back with the browser (RFC 6749, 4.1.2.1).
func (a *Authorization) denied(query url.Values) *connector.Error {
	secrets := []connector.Secret{a.server.config.ClientSecret, a.state, a.verifier}
	code := word(query.Get("error"), secrets)
	said := refusal{Error: code, Description: query.Get("error_description")}
	if said.Error == "access_denied" {
		return connector.Errorf(connector.ReasonAuthFailed, "the sign-in to tenant %s was declined", a.server.config.Tenant)
	}
	if said.Error == "" {
		said.Error = "an unknown error"
	}
	e := a.server.refused(a.page(), said, secrets)
	e.Downstream.Code = code
	return e
}

// page is the address of the page without its query.
func (a *Authorization) page() *url.URL {
	u, err := url.Parse(a.URL)
	if err != nil {
		return a.server.config.Issuer
	}
	u.RawQuery = ""
	return u
}

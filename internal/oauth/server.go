package oauth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"

	"golang.org/x/oauth2"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

// server is the tenant's authorization server.
type server struct {
	config Config
	opts   Options

	mu    sync.Mutex
	token *url.URL // the token endpoint that answered last; nil: none did
}

// tokenURL returns the token endpoint that is in use. Nil: none is yet.
func (s *server) tokenURL() *url.URL {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.token
}

func (s *server) use(u *url.URL) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.token = u
}

// request makes the token request of one grant.
type request func(ctx context.Context, c *oauth2.Config) (*oauth2.Token, error)

// obtain gets a token. Where it is not certain which token endpoint the tenant
// has, the next is tried if one does not exist. The error is a
// [connector.Error] that holds none of the secrets.
func (s *server) obtain(ctx context.Context, ask request, secrets ...connector.Secret) (*oauth2.Token, error) {
	var remark error
	candidates := []*url.URL{s.tokenURL()}
	if candidates[0] == nil {
		named := func(m metadata) string { return m.TokenEndpoint }
		var err error
		if candidates, remark, err = s.find(ctx, s.config.Token, "token_url", named); err != nil {
			return nil, err
		}
	}
	var failed *connector.Error
	for _, u := range candidates {
		token, f := s.ask(ctx, u, ask, secrets)
		if f == nil {
			s.use(u)
			return token, nil
		}
		if !f.elsewhere {
			return nil, f.err
		}
		s.use(nil)
		// Of several that do not exist, one that wants a credential says more.
		if failed == nil || failed.Downstream.Status == http.StatusNotFound {
			failed = f.err
		}
	}
	if remark != nil {
		failed.Message += fmt.Sprintf("; the tenant's discovery document was not used: %s", remark)
	}
	return nil, failed
}

// ask makes a token request at one address.
func (s *server) ask(ctx context.Context, u *url.URL, ask request, secrets []connector.Secret) (*oauth2.Token, *failure) {
	ex := &exchange{server: s}
	ctx = context.WithValue(ctx, oauth2.HTTPClient, ex.client())
	token, err := ask(ctx, s.protocol(u))
	switch {
	case err != nil:
		return nil, s.failure(ctx, u, ex, err, append(secrets, s.config.ClientSecret))
	case !usable(token):
		return nil, &failure{err: s.errorf(u, connector.ReasonDownstreamContract, "the answer holds no bearer token that can be sent")}
	}
	return token, nil
}

// usable reports whether a token can be put into a header as a bearer token
// (RFC 6750, 2.1). Another type must not be used (RFC 6749, 7.1).
func usable(t *oauth2.Token) bool {
	for _, b := range []byte(t.AccessToken) {
		if b <= ' ' || b > '~' {
			return false
		}
	}
	return t.Type() == "Bearer"
}

// protocol is the configuration for one token endpoint.
func (s *server) protocol(tokenURL *url.URL) *oauth2.Config {
	style := oauth2.AuthStyleInHeader
	if s.config.SecretInBody || s.config.ClientSecret.Empty() {
		style = oauth2.AuthStyleInParams
	}
	return &oauth2.Config{
		ClientID: s.config.ClientID, ClientSecret: s.config.ClientSecret.Reveal(), Scopes: s.config.Scopes,
		Endpoint: oauth2.Endpoint{TokenURL: tokenURL.String(), AuthStyle: style},
	}
}

// find returns where an endpoint may be, the likeliest first, and why the
// discovery document does not say, if it should. One that leads away from the
// tenant's host is refused.
func (s *server) find(
	ctx context.Context, e Endpoint, setting string, in func(metadata) string,
) (candidates []*url.URL, remark, err error) {
	if e.Set != nil {
		return []*url.URL{e.Set}, nil, nil
	}
	if s.config.Discovery == nil {
		return e.Defaults, nil, nil
	}
	m, remark := s.discover(ctx)
	if remark != nil || in(m) == "" {
		return e.Defaults, remark, nil
	}
	u, err := url.Parse(in(m))
	if err != nil || !s.config.OnTenant(u) || u.Fragment != "" {
		return nil, nil, s.errorf(s.config.Discovery, connector.ReasonInvalidConnection,
			"the discovery document of tenant %s names an address that is not on its host, and nothing was sent there", s.config.Tenant).
			WithHint("If the address is right, set auth.%s of the connection to it.", setting)
	}
	return []*url.URL{u}, nil, nil
}

// discover reads the server's metadata.
func (s *server) discover(ctx context.Context) (metadata, error) {
	ex := &exchange{server: s}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.config.Discovery.String(), http.NoBody)
	if err != nil {
		return metadata{}, errors.New("its address is malformed")
	}
	resp, err := ex.client().Do(r)
	if err != nil {
		return metadata{}, errors.New("it could not be read")
	}
	_ = resp.Body.Close() // the exchange has read it
	if resp.StatusCode != http.StatusOK {
		return metadata{}, fmt.Errorf("the answer was HTTP %d", resp.StatusCode)
	}
	return parseMetadata(ex.body, s.config.Issuer)
}

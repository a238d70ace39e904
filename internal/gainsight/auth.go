package gainsight

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/oauth"
)

// authenticator has the credential of a connection.
type authenticator interface {
	// credential returns what the next request is signed with. The error is a
	// [connector.Error].
	credential(ctx context.Context) (credential, error)
	// reject tells that the tenant refused a credential. It reports whether there
	// may be another.
	reject(c credential) bool
	// close waits for what is under way.
	close()
}

// newAuthenticator returns the authenticator for a connection's settings.
func newAuthenticator(config Config, opts Options) authenticator {
	if config.Auth.Kind == AuthAccessKey {
		return accessKey{config.Auth.AccessKey}
	}
	return bearer{oauth.New(config.oauthConfig(opts.Clock), oauthOptions(opts))}
}

// AuthHeader returns the header that carries the credential to an endpoint.
func (c Config) AuthHeader(endpoint string) string {
	if c.Auth.Kind != AuthAccessKey {
		return bearerHeader
	}
	return c.Endpoint(endpoint).AuthHeader
}

// TokenURL returns where the access token came from. Empty: there is none.
func (c *Client) TokenURL() string {
	if b, ok := c.auth.(bearer); ok {
		return b.source.TokenURL()
	}
	return ""
}

// credential signs one try of a request.
type credential struct {
	secret connector.Secret
	token  oauth.Token // of a bearer
	bearer bool
}

// sign puts the credential into a header. keyHeader is the one for an access
// key; no key goes beside a token (common.md 2.2).
func (c credential) sign(h http.Header, keyHeader string) {
	if c.bearer {
		h.Set(bearerHeader, "Bearer "+c.secret.Reveal())
		return
	}
	h.Set(keyHeader, c.secret.Reveal())
}

// minStruck is the length from which a credential is not in an answer by chance.
const minStruck = 8

// strike takes the credential out of an answer before anybody reads it: a tenant,
// or a gateway before it, that repeats a request may do so in any field.
func (c credential) strike(body []byte) []byte {
	secret := c.secret.Reveal()
	if len(secret) < minStruck {
		return body
	}
	forms := []string{secret}
	if quoted, err := json.Marshal(secret); err == nil {
		forms = append(forms, string(quoted[1:len(quoted)-1]), strings.ReplaceAll(secret, "/", `\/`))
	}
	for _, form := range forms {
		if bytes.Contains(body, []byte(form)) {
			body = bytes.ReplaceAll(body, []byte(form), []byte(concealed))
		}
	}
	return body
}

// accessKey never changes (common.md 2.1, DOC).
type accessKey struct{ key connector.Secret }

func (a accessKey) credential(context.Context) (credential, error) {
	return credential{secret: a.key}, nil
}

func (accessKey) reject(credential) bool { return false }

func (accessKey) close() {}

// bearer signs with access tokens (common.md 2.2 and 2.3).
type bearer struct{ source *oauth.Source }

func (b bearer) credential(ctx context.Context) (credential, error) {
	t, err := b.source.Token(ctx)
	return credential{secret: t.Access, token: t, bearer: true}, err
}

func (b bearer) reject(c credential) bool { return b.source.Reject(c.token) }

func (b bearer) close() { b.source.Close() }

// sign gets the credential for the next try of p. That does nothing at the
// tenant, so that a failure which may pass is tried again whatever p does.
func (s *Session) sign(ctx context.Context, p *prepared) (err error) {
	pauses := fullJitter()
	for try := 1; ; try++ {
		p.credential, err = s.client.auth.credential(ctx)
		if err == nil || try == maxTries {
			return err
		}
		e := connector.AsError(err)
		if !passing(e) && e.Reason != connector.ReasonRateLimited || !s.spares(ctx, e.RetryAfter) {
			return err
		}
		if s.client.Sleep(ctx, e.RetryAfter+pauses.NextBackOff()) != nil {
			return s.lost(ctx, *p, false, err)
		}
	}
}

// disowned reports whether the tenant refused the credential of p, so that
// nothing came of the request, and another may do. It asks for another once. The
// request stays counted in the budgets and the next try needs room of its own:
// the tenant may have counted both (UNKNOWN).
func (s *Session) disowned(p *prepared, e *connector.Error) bool {
	if p.renewed || !errors.Is(e, connector.ReasonAuthFailed) {
		return false
	}
	p.renewed = s.client.auth.reject(p.credential)
	return p.renewed
}

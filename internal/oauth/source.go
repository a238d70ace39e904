package oauth

import (
	"context"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

// quietTime is how long the server is left alone after it refused: the next
// calls fail, or go on with a token that is not yet at its end, without another
// request.
const quietTime = 30 * time.Second

// Source gives out the access token of a connection. It is safe for concurrent
// use.
type Source struct {
	server *server
	opts   Options

	mu      sync.Mutex
	token   Token
	serial  uint64
	refused bool             // the last token was, by the tenant
	failed  *connector.Error // the last request did, for good
	quiet   time.Time        // no request before that
	flight  *flight          // nil while nobody asks
	refresh connector.Secret // used by one flight at a time
}

// flight is a token request that callers wait for. It has no caller's context:
// a request that is broken off could lose the only copy of a refresh token.
type flight struct {
	done  chan struct{} // closed when the rest is set
	token Token
	err   *connector.Error
}

// New returns a source. It makes no request.
func New(config Config, opts Options) *Source {
	return &Source{server: &server{config: config, opts: opts}, opts: opts, refresh: config.RefreshToken}
}

// Token returns the access token in force, or gets one. Callers at the same
// time share one request, which goes on when they leave. The error is a
// [connector.Error] of the caller's own.
func (s *Source) Token(ctx context.Context) (Token, error) {
	s.mu.Lock()
	now := s.opts.Clock()
	quiet := now.Before(s.quiet)
	switch {
	case s.token.fresh(now), quiet && s.token.valid(now):
		defer s.mu.Unlock()
		return s.token, nil
	case quiet && s.failed != nil:
		defer s.mu.Unlock()
		e := copied(s.failed)
		if e.RetryAfter > 0 { // of which a part is over
			e.RetryAfter = s.quiet.Sub(now)
		}
		return Token{}, e
	}
	if s.flight == nil {
		s.flight = s.start(ctx)
	}
	f := s.flight
	s.mu.Unlock()
	select {
	case <-f.done:
		if f.err != nil {
			return Token{}, copied(f.err)
		}
		return f.token, nil
	case <-ctx.Done():
		return Token{}, ended(ctx)
	}
}

// copied keeps callers, who may change their error, from sharing one.
func copied(e *connector.Error) *connector.Error {
	own := *e
	return &own
}

// Reject tells that the tenant refused a token. It reports whether there may be
// another: not if this one came in the place of a refused one just now, since
// the fault is then not the token's.
func (s *Source) Reject(t Token) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case t.serial != s.token.serial:
		return true
	case t.replaces && s.opts.Clock().Before(t.issued.Add(quietTime)):
		return false
	}
	s.token, s.refused = Token{}, true
	return true
}

// TokenURL returns the token endpoint in use. Empty: there has been no token.
func (s *Source) TokenURL() string {
	if u := s.server.tokenURL(); u != nil {
		return u.String()
	}
	return ""
}

// Close waits for a request under way: its answer may hold the only copy of a
// refresh token. Nobody may ask for a token any more.
func (s *Source) Close() {
	s.mu.Lock()
	f := s.flight
	s.mu.Unlock()
	if f != nil {
		<-f.done
	}
}

// start asks for a token. The caller holds the mutex.
func (s *Source) start(ctx context.Context) *flight {
	f := &flight{done: make(chan struct{})}
	go func() {
		defer close(f.done)
		token, err := s.fetch(context.WithoutCancel(ctx))
		s.mu.Lock()
		defer s.mu.Unlock()
		s.flight = nil
		s.land(f, token, err)
	}()
	return f
}

// land keeps the outcome of f.
func (s *Source) land(f *flight, token Token, err *connector.Error) {
	now := s.opts.Clock()
	s.failed = nil
	switch {
	case err == nil:
		s.serial++
		token.serial, token.replaces = s.serial, s.refused
		s.token, s.refused, s.quiet = token, false, time.Time{}
		f.token = token
		return
	case s.token.valid(now):
		// The old one is not at its end yet: it serves while the server is down.
		f.token, s.quiet = s.token, now.Add(quietTime)
		return
	case err.RetryAfter > 0:
		s.failed, s.quiet = err, now.Add(err.RetryAfter)
	case err.Retry == connector.RetryNever:
		s.failed, s.quiet = err, now.Add(quietTime)
	}
	f.err = err
}

// fetch makes the token request. A new refresh token is told before anybody can
// use what came with it. It runs on a goroutine of its own, where a panic would
// end the process.
func (s *Source) fetch(ctx context.Context) (token Token, err *connector.Error) {
	defer func() {
		if recover() != nil {
			err = connector.Errorf(connector.ReasonPluginPanic, "getting an access token failed; the stack is in the log")
			s.opts.Logger.ErrorContext(ctx, "panic while getting an access token", slog.String("stack", string(debug.Stack())))
		}
	}()
	began := s.opts.Clock()
	got, failed := s.server.obtain(ctx, s.request, s.refresh)
	if failed != nil {
		return Token{}, connector.AsError(failed)
	}
	if next := got.RefreshToken; s.server.config.Grant == AuthorizationCode && next != "" && next != s.refresh.Reveal() {
		s.refresh = connector.NewSecret(next)
		if s.opts.Rotated != nil {
			s.opts.Rotated(s.refresh)
		}
	}
	return newToken(got, began), nil
}

// request is the token request of the connection's grant. A refresh whose answer
// was lost is sent again with the same token: if the server has replaced it,
// there is no other way on.
func (s *Source) request(ctx context.Context, c *oauth2.Config) (*oauth2.Token, error) {
	if s.server.config.Grant == AuthorizationCode {
		return c.TokenSource(ctx, &oauth2.Token{RefreshToken: s.refresh.Reveal()}).Token()
	}
	machine := clientcredentials.Config{
		ClientID: c.ClientID, ClientSecret: c.ClientSecret, Scopes: c.Scopes,
		TokenURL: c.Endpoint.TokenURL, AuthStyle: c.Endpoint.AuthStyle,
	}
	return machine.Token(ctx)
}

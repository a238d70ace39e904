package gainsight

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

// Client speaks to one tenant. Safe for concurrent use.
type Client struct {
	config Config
	opts   Options
	ledger *Ledger
	auth   authenticator
}

// Options are what a [Client] can do without. The zero value is good.
type Options struct {
	// Transport carries the requests; clients of many tenants should share
	// one. Nil: one of its own, see [NewTransport].
	Transport http.RoundTripper
	// Clock tells the time. Nil: time.Now.
	Clock func() time.Time
	// Sleep waits: before a read is repeated, between questions about a job,
	// for a call budget.
	// It returns early, with the error of ctx, if that ends. Nil: a timer.
	Sleep func(ctx context.Context, d time.Duration) error
	// Logger gets one debug line a request, without bodies, credentials or what
	// fills the placeholders of a path. Nil: nothing is logged.
	Logger *slog.Logger
	// Ledger counts the requests to the tenant. Clients of one tenant should
	// share one, see [Ledgers]. Nil: one of its own.
	Ledger *Ledger
	// Emit is told a secret that the tenant has replaced, before what came with
	// it is used. Nil: nobody keeps it.
	Emit func(connector.Event)
}

// resolved returns a copy of o with its defaults filled in.
func (o Options) resolved() Options {
	if o.Transport == nil {
		o.Transport = NewTransport()
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Sleep == nil {
		o.Sleep = sleep
	}
	if o.Ledger == nil {
		o.Ledger = NewLedger()
	}
	return o
}

// NewTransport returns a transport that many clients can share: HTTP/2 where
// the tenant offers it, and enough idle connections for 64 calls at once.
func NewTransport() *http.Transport {
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}
	return &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		DialContext:         dialer.DialContext,
		ForceAttemptHTTP2:   true,
		MaxIdleConns:        512,
		MaxIdleConnsPerHost: 64,
		IdleConnTimeout:     90 * time.Second,
		TLSHandshakeTimeout: 10 * time.Second,
	}
}

// New returns a client for a tenant. It makes no request.
func New(config Config, opts Options) *Client {
	opts = opts.resolved()
	return &Client{config: config, opts: opts, ledger: opts.Ledger, auth: newAuthenticator(config, opts)}
}

// Close waits for a token request under way: its answer may hold the only copy
// of a new secret. There must be no other call any more.
func (c *Client) Close() { c.auth.close() }

// With returns a client of the same tenant with other settings but for how to
// sign in. What else the client has, it shares: what it has counted and the
// access token among it.
func (c *Client) With(config Config) *Client {
	other := *c
	other.config = config
	return &other
}

// Config returns the settings of the client.
func (c *Client) Config() Config { return c.config }

// Format writes which tenant it is, for every verb: fmt would otherwise look
// into the client, past what hides the credential.
func (c *Client) Format(f fmt.State, _ rune) {
	_, _ = fmt.Fprintf(f, "tenant %s at %s", c.config.Tenant, c.config.Base)
}

// Clock returns the client's time.
func (c *Client) Clock() time.Time { return c.opts.Clock() }

// Sleep waits for d, or until ctx ends, whose error it then returns.
func (c *Client) Sleep(ctx context.Context, d time.Duration) error { return c.opts.Sleep(ctx, d) }

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

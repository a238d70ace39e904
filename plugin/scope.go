package plugin

import (
	"context"
	"errors"
	"log/slog"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

type scopeKey struct{}

// scope is what this package knows of a call while it runs. It is filled
// before the author's code starts and not changed after.
type scope struct {
	method string
	id     string
	action string
	tenant string
	// writes is set once the author's code may have changed the tenant.
	writes bool
	// output is the largest output that the host takes, in bytes.
	output int
	log    *slog.Logger
	// detailed is set if the host wants each request to the vendor.
	detailed bool
}

// scopeOf reads what a request says about itself.
func scopeOf(method string, req any) *scope {
	c := &scope{method: method}
	if r, ok := req.(interface {
		GetCall() *connectorv1.CallContext
	}); ok {
		c.id = r.GetCall().GetRequestId()
	}
	if r, ok := req.(interface{ GetAction() string }); ok {
		c.action = r.GetAction()
	}
	return c
}

// in returns ctx with the scope in it.
func (c *scope) in(ctx context.Context) context.Context { return context.WithValue(ctx, scopeKey{}, c) }

// scopeFrom returns the scope that [service.run] put in ctx.
func scopeFrom(ctx context.Context) *scope {
	if c, ok := ctx.Value(scopeKey{}).(*scope); ok {
		return c
	}
	return &scope{log: slog.New(slog.DiscardHandler)}
}

// logger is made on demand: most calls log nothing. ctx is the call's.
func (c *scope) logger(ctx context.Context) *slog.Logger {
	attrs := []any{slog.String("method", c.method)}
	for _, a := range []slog.Attr{
		slog.String("request_id", c.id), slog.String("action", c.action), slog.String("tenant", c.tenant),
		slog.String("trace_id", traceID(ctx)),
	} {
		if a.Value.String() != "" {
			attrs = append(attrs, a)
		}
	}
	return c.log.With(attrs...)
}

// Detailed reports whether the host wants [connector.Stats.Requests] of the call
// that ctx belongs to.
func Detailed(ctx context.Context) bool { return scopeFrom(ctx).detailed }

// statsTo is what a call has cost, without what the host did not ask for.
func statsTo(ctx context.Context, s connector.Stats) *connectorv1.CallStats {
	if !Detailed(ctx) {
		s.Requests = nil
	}
	return wire.StatsTo(s)
}

// asked returns e without what the host did not ask for.
func (c *scope) asked(e *connector.Error) *connector.Error {
	if c.detailed || e.Stats == nil || e.Stats.Requests == nil {
		return e
	}
	short, stats := *e, *e.Stats // the author may hand out one value many times
	stats.Requests = nil
	short.Stats = &stats
	return &short
}

// failure returns what the host shall hear of err. If code that may have
// written ended without a verdict of its own, nobody knows what the tenant
// has.
func (c *scope) failure(ctx context.Context, err error) *connector.Error {
	var own *connector.Error
	e := wire.Classify(err)
	judged := errors.As(err, &own) && own.Reason != connector.ReasonPluginPanic
	if own == nil && e.Reason != connector.ReasonInternal && ctx.Err() == nil {
		e = connector.Errorf(connector.ReasonInternal, "the connector gave up the call on its own: %w", err)
	}
	if !c.writes || judged {
		return e
	}
	unknown := *e // the author may hand out one value many times
	unknown.OutcomeUnknown = true
	return &unknown
}

package gainsight

import (
	"context"
	"fmt"
	"log/slog"
	"math"
	"slices"
	"time"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

const (
	// slack is how long after a window has begun those go who waited for it:
	// the tenant's clock may be a little behind, and would count them in the
	// window before. It costs nothing, since the window has room for them.
	slack = time.Second
	// interactiveRequests is how many requests a call makes before it passes
	// for bulk work, which leaves the reserve to others.
	interactiveRequests = 10
)

// Yield makes all requests of the session leave the reserve of the budgets to
// interactive calls, from the first.
func (s *Session) Yield() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.yields = true
}

// OnWait has a function told whenever the session begins to wait for a budget:
// which, and how long. Call it before the first request.
func (s *Session) OnWait(told func(budget string, wait time.Duration)) { s.onWait = told }

// admit counts a request against its budgets, once there is room, and waits for
// that if the caller's deadline and the connection allow. If they do not the
// error is RATE_LIMITED; if ctx ends it is ctx's.
func (s *Session) admit(ctx context.Context, p prepared) (*booking, error) {
	d := s.demand(p)
	now := s.client.Clock()
	last := last(ctx, now, s.client.config.limits.longestWait)
	b, at, why := s.client.ledger.book(d, now, last)
	if b == nil {
		return nil, s.exhausted(p, why, at.Sub(now))
	}
	for at.After(now) {
		wait := at.Sub(now) + slack
		if s.onWait != nil {
			s.onWait(why.budget.Name, wait)
		}
		err := s.client.Sleep(ctx, wait)
		woke := later(s.client.Clock(), at)
		s.queue(woke.Sub(now))
		if err != nil {
			s.client.ledger.cancel(b)
			return nil, err
		}
		now = woke
		if at, why = s.client.ledger.arrive(b, now); at.After(now) && at.After(last) {
			s.client.ledger.cancel(b)
			return nil, s.exhausted(p, why, at.Sub(now))
		}
	}
	return b, nil
}

// demand returns what the next request of the session counts against.
func (s *Session) demand(p prepared) demand {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.admitted++
	for _, b := range p.budgets {
		if !slices.Contains(s.spent, b.Name) {
			s.spent = append(s.spent, b.Name)
		}
	}
	return demand{budgets: p.budgets, yields: s.yields || s.admitted > interactiveRequests}
}

// last returns the last moment for which it makes sense to wait: the deadline
// must leave time to be late by the slack and to get an answer.
func last(ctx context.Context, now time.Time, longest time.Duration) time.Time {
	last := now.Add(longest)
	if deadline, bound := ctx.Deadline(); bound && deadline.Add(-2*slack).Before(last) {
		return later(deadline.Add(-2*slack), now)
	}
	return last
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// exhausted is the error for a request that was not sent because a budget is
// spent and the wait for it too long.
func (s *Session) exhausted(p prepared, why shortage, wait time.Duration) *connector.Error {
	config := s.client.config
	name := why.budget.Name
	var e *connector.Error
	if why.told {
		e = p.errorf(connector.ReasonRateLimited, "not sent: tenant %s has said that its call budget %q is spent", config.Tenant, name)
	} else {
		e = p.errorf(connector.ReasonRateLimited, "not sent: budget %q of tenant %s allows %d calls %s, and they are spent or promised to others",
			name, config.Tenant, why.limit, why.period.each())
	}
	if why.kept > 0 {
		e.Message += fmt.Sprintf("; %d of them are kept for interactive calls", why.kept)
	}
	e.RetryAfter = wait + slack
	advice := fmt.Sprintf("give the call a deadline beyond %s and it waits by itself", (wait + 2*slack).Round(time.Second))
	if wait > config.limits.longestWait {
		advice = fmt.Sprintf("set /limits/%s of the connection to %.0f or more, %s", longestWaitKey, math.Ceil(wait.Seconds()), advice)
	}
	return e.WithHint("To wait, %s. If the tenant allows more calls, set %s of the connection.", advice, why.period.Pointer(name))
}

// throttled tells the ledger that the tenant refused a request for its budget.
func (s *Session) throttled(ctx context.Context, p prepared, wait time.Duration) {
	now := s.client.Clock()
	for _, b := range s.client.ledger.throttle(p.budgets, now, now.Add(max(slack, wait))) {
		period := shortest([]Budget{{Calls: b.Throttled}})
		limit := b.limit(period, true)
		s.remark(connector.Diagnostic{
			Severity: connector.SeverityWarning,
			Summary: fmt.Sprintf("the tenant refused a call of budget %s; it is held to %d calls %s from now on, as older editions of the "+
				"documentation say; set %s of the connection for another number", b.Name, limit, period.each(), period.Pointer(b.Name)),
		})
		s.client.opts.Logger.LogAttrs(ctx, slog.LevelWarn, "a budget is held to fewer calls, because the tenant refused one",
			slog.String("tenant", s.client.config.Tenant), slog.String("budget", b.Name),
			slog.Int("calls", limit), slog.String("per", period.String()))
	}
}

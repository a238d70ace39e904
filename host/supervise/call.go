package supervise

import (
	"context"
	"errors"
	"time"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
)

// maxAttempts bounds how often one call is tried, whatever the reasons. One
// that a process never got costs nothing but time.
const maxAttempts = 5

// call is one call on the way through processes that may end.
type call struct {
	keeper *keeper
	lane   *lane
	class  class
	// what is done, for people: `action "x.create"`.
	what string
	// op is what an observer sees of the call.
	op host.Operation
	// effect says what the call does to the tenant; asked of the process that
	// ran it.
	effect func(*instance) connector.Effect
	// rewind makes the call repeatable once it has begun, or reports that
	// nothing can. Nil: it always is.
	rewind func() bool
	// repeated, if not nil, is set for the attempts after one that may have been
	// applied.
	repeated *bool
	// cost tells what a call that succeeded has cost. Nil: nothing is known.
	cost func() (connector.Stats, *connector.RecordSummary)

	attempts int
	queued   time.Duration
}

// reads is the effect of a call that changes nothing.
func reads(*instance) connector.Effect { return connector.EffectRead }

// attempt runs a call once. It reports whether the action itself may have
// begun.
type attempt func(ctx context.Context, i *instance) (began bool, err error)

// run has the call observed from its beginning to its outcome.
func (c *call) run(ctx context.Context, try attempt) error {
	begun := time.Now()
	op := c.op
	op.Connector = c.keeper.connector()
	if !c.keeper.knows(op.Action) {
		op.Action = "" // it is any text that a caller came up with
	}
	ctx, told := c.keeper.opts.observe(ctx, op)
	err := c.admitted(ctx, try)
	if told == nil {
		return err
	}
	out := host.Outcome{Err: err, Took: time.Since(begun), Queued: c.queued, Attempts: c.attempts}
	if e := connector.AsError(err); e != nil && e.Stats != nil {
		out.Stats = *e.Stats
	}
	if err == nil && c.cost != nil {
		out.Stats, out.Records = c.cost()
	}
	told(out)
	return err
}

// admitted lets the call in and tries it until it has an outcome.
func (c *call) admitted(ctx context.Context, try attempt) error {
	asked := time.Now()
	err := c.keeper.gate.enter(ctx, c.lane, c.class)
	c.queued = time.Since(asked)
	switch {
	case errors.Is(err, ErrQueueFull):
		return c.named(queueFull(c.what))
	case err != nil:
		return c.named(interrupted(err, c.what+" was not started: it waited for a place among the running calls"))
	}
	defer c.keeper.gate.leave(c.lane, c.class)
	var v verdict
	var failed *snapshot
	for range maxAttempts {
		on, err := c.keeper.acquire(ctx, c.what, failed)
		if err != nil {
			return c.stranded(ctx, v, err)
		}
		repeat, err := c.once(ctx, on.instance, try, &v)
		if !repeat {
			return c.final(v, err)
		}
		if failed = nil; errors.Is(err, connector.ReasonPluginExited) {
			failed = on
		}
	}
	return c.final(v, v.last)
}

// once makes one attempt in a process that was acquired, and decides whether
// there is another.
func (c *call) once(ctx context.Context, i *instance, try attempt, v *verdict) (repeat bool, err error) {
	defer i.release()
	c.attempts++
	if c.repeated != nil {
		*c.repeated = *c.repeated || v.unknown
	}
	began, err := try(ctx, i)
	if err == nil {
		return false, nil
	}
	if errors.Is(err, connector.ReasonPluginExited) {
		i.suspect(err)
	}
	repeat = v.repeats(err, began, c.effect(i)) && ctx.Err() == nil && (c.rewind == nil || c.rewind())
	return repeat, err
}

// stranded is the error of a call that gets no process, for the reason given.
// If it had one before, what was kept of a download is told whatever the reason;
// and a host that has closed the connector needs no telling that it did.
func (c *call) stranded(ctx context.Context, v verdict, err error) error {
	if v.last != nil && ctx.Err() == nil && !errors.Is(err, ErrQuarantined) {
		return c.final(v, v.last)
	}
	told := c.named(v.final(connector.AsError(err)))
	if part, ok := errors.AsType[*host.PartialError](v.last); ok {
		return &host.PartialError{Err: told, Path: part.Path, Bytes: part.Bytes}
	}
	return told
}

// final returns err, told of what earlier attempts may have done.
func (c *call) final(v verdict, err error) error {
	e := connector.AsError(err)
	if err == nil || e.OutcomeUnknown || !v.unknown {
		return err
	}
	return c.named(v.final(e))
}

func (c *call) named(e *connector.Error) error {
	if e.RequestID == "" {
		e.RequestID = c.op.RequestID
	}
	return e
}

// verdict is what the attempts of a call have come to.
type verdict struct {
	// unknown is set once an attempt may have been applied.
	unknown bool
	// lost counts the attempts that a process may have got and that came to
	// nothing.
	lost int
	last error
}

// repeats takes the failure of an attempt and decides whether there is another.
func (v *verdict) repeats(err error, began bool, effect connector.Effect) bool {
	v.last = err
	e := connector.AsError(err)
	v.unknown = v.unknown || began && e.OutcomeUnknown
	switch {
	case errors.Is(err, host.ErrNotSent), e.Reason == connector.ReasonHandleUnknown:
		return true // nobody got it
	case e.Reason == connector.ReasonDraining && !e.OutcomeUnknown:
		return true // it was refused, or stopped and can be started again
	case e.Reason != connector.ReasonPluginExited:
		return false
	}
	v.lost++
	return v.lost == 1 && (!began || !e.OutcomeUnknown || effect == connector.EffectIdempotentWrite)
}

// final returns e, told of what earlier attempts may have done: a later one
// that was refused says nothing of them.
func (v *verdict) final(e *connector.Error) *connector.Error {
	if !v.unknown || e.OutcomeUnknown {
		return e
	}
	told := *e
	told.OutcomeUnknown = true
	return &told
}

package host

import (
	"context"
	"log/slog"
	"time"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

// Operation is a call as an [Observer] sees it begin. It holds no secret and no
// value of a record.
type Operation struct {
	// Connector is the name in the manifest. Empty: it is not known yet.
	Connector string
	// Tenant is the name of the connection. Empty: the call needs none.
	Tenant string
	// Method is the name of the method that was called, in lower case, such as
	// "execute" or "download".
	Method string
	// Action is the id of an action in the manifest. Empty: the call is not about
	// one.
	Action string
	// RequestID is the id of the call in logs and errors. Empty: the connector
	// makes one.
	RequestID string
	// DryRun is set if nothing is to be done.
	DryRun bool
}

// Outcome is how a call has ended.
type Outcome struct {
	// Err is its error. Nil: it succeeded.
	Err error
	// Took is the time from beginning to end.
	Took time.Duration
	// Queued is the part of it that was spent waiting for a place among the
	// running calls. 0 unless a supervisor has places to give.
	Queued time.Duration
	// Attempts counts the processes that the call was sent to: more than one if
	// the first ended under it. 0: none was reached.
	Attempts int
	// Stats says what the call cost at the vendor, as far as that is known. Of a
	// failed call it comes with the error.
	Stats connector.Stats
	// Records counts the records of a write. Nil: there are none.
	Records *connector.RecordSummary
}

// Reason is why the call failed. Empty: it did not.
func (o Outcome) Reason() connector.Reason {
	if o.Err == nil {
		return ""
	}
	return connector.AsError(o.Err).Reason
}

// Observer is told of a call before anything is done. The call goes on with the
// context that it returns; the function that it returns, unless nil, gets the
// outcome. Both are called in the goroutine of the caller and should be quick.
type Observer func(ctx context.Context, op Operation) (context.Context, func(Outcome))

// LogCalls returns an observer that logs the end of each call at debug level,
// and then tells next, which may be nil.
func LogCalls(logger *slog.Logger, next Observer) Observer {
	return func(ctx context.Context, op Operation) (context.Context, func(Outcome)) {
		var told func(Outcome)
		if next != nil {
			ctx, told = next(ctx, op)
		}
		if !logger.Enabled(ctx, slog.LevelDebug) {
			return ctx, told
		}
		return ctx, func(out Outcome) {
			logger.LogAttrs(ctx, slog.LevelDebug, "call ended", callAttrs(op, out)...)
			if told != nil {
				told(out)
			}
		}
	}
}

// callAttrs are what a line says of a call. An error's message stays out: the
// caller has it.
func callAttrs(op Operation, out Outcome) []slog.Attr {
	result := "succeeded"
	if out.Err != nil {
		result = "failed"
	}
	attrs := make([]slog.Attr, 0, 16)
	for _, a := range []slog.Attr{
		slog.String("connector", op.Connector), slog.String("connection", op.Tenant), slog.String("method", op.Method),
		slog.String("action", op.Action), slog.String("request_id", op.RequestID), slog.String("outcome", result),
		slog.String("reason", string(out.Reason())),
	} {
		if a.Value.String() != "" {
			attrs = append(attrs, a)
		}
	}
	attrs = append(attrs, slog.Duration("took", out.Took), slog.Int("attempts", out.Attempts),
		slog.Int("vendor_requests", out.Stats.Calls), slog.Int("vendor_retries", out.Stats.Retries))
	if out.Queued > 0 {
		attrs = append(attrs, slog.Duration("queued", out.Queued))
	}
	if out.Err != nil {
		attrs = append(attrs, slog.Bool("outcome_unknown", connector.AsError(out.Err).OutcomeUnknown))
	}
	return attrs
}

// observation is a call that is being observed. The zero value is of one that is
// not.
type observation struct {
	told  func(Outcome)
	begun time.Time
}

// observe tells the observer of a call.
func (p *Plugin) observe(ctx context.Context, op Operation) (context.Context, observation) {
	op.Connector = p.name()
	if !p.knows(op.Action) {
		op.Action = "" // it is any text that a caller came up with
	}
	begun := time.Now()
	ctx, told := p.observer(ctx, op)
	return ctx, observation{told, begun}
}

// end tells how the call has ended.
func (o observation) end(stats connector.Stats, records *connector.RecordSummary, err error) {
	if o.told == nil {
		return
	}
	if e := connector.AsError(err); e != nil && e.Stats != nil {
		stats = *e.Stats
	}
	o.told(Outcome{Err: err, Took: time.Since(o.begun), Attempts: 1, Stats: stats, Records: records})
}

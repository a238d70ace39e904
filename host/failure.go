package host

import (
	"context"
	"errors"
	"fmt"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
)

// attempt is one call as far as its failure is concerned.
type attempt struct {
	// what is done, for people: `action "x.create"`.
	what string
	// requestID is the host's id of the call.
	requestID string
	// writes is set if the call may change the tenant.
	writes bool
	// stream is set for a download that has begun, of which the receiver has
	// bytes.
	stream bool
	bytes  uint64
}

// ErrNotSent is in the chain of the error of a call that provably never left
// the host: whatever its effect, it can be repeated.
var ErrNotSent = errors.New("the call did not leave the host")

// notSentError puts [ErrNotSent] beside an error without a word of its own.
type notSentError struct{ failure *connector.Error }

// Error is what the failure says.
func (e notSentError) Error() string { return e.failure.Error() }

// Unwrap returns both.
func (e notSentError) Unwrap() []error { return []error{e.failure, ErrNotSent} }

// admit refuses a call that cannot reach the connector.
func (p *Plugin) admit(ctx context.Context, a attempt) error {
	switch {
	case ctx.Err() != nil:
		return a.named(canceled(ctx.Err(), a.what))
	case p.isClosed():
		return notSentError{a.named(connector.Errorf(connector.ReasonPluginExited, "%s was not started: the host has closed the connector", a.what))}
	case p.launch != nil && p.launch.proc.gone():
		return notSentError{a.named(connector.Errorf(connector.ReasonPluginExited, "%s was not started: %s", a.what, p.obituary()))}
	}
	return nil
}

// failure returns what the error of a call that was sent means, as a
// [connector.Error].
func (p *Plugin) failure(ctx context.Context, a attempt, err error) error {
	if own := (*connector.Error)(nil); errors.As(err, &own) {
		return a.named(own) // made on this side
	}
	st, ok := status.FromError(err)
	if !ok || len(st.Details()) > 0 {
		return a.named(withCause(connector.AsError(wire.FromStatus(err))))
	}
	// No detail: the connector did not answer, its link did.
	var e *connector.Error
	switch code := st.Code(); {
	case ctx.Err() != nil && (code == codes.Canceled || code == codes.DeadlineExceeded):
		e = canceled(ctx.Err(), a.what)
	case code == codes.Unavailable, code == codes.Canceled, code == codes.Internal, code == codes.Unknown:
		e = p.lost(ctx, a, st)
	default:
		e = withCause(connector.AsError(wire.FromStatus(err)))
	}
	if errors.As(err, new(unsent)) {
		return notSentError{a.named(e)}
	}
	if e.OutcomeUnknown = a.writes; a.writes && e.Hint == "" {
		e.Hint = "it may have been done: look before you repeat it"
	}
	return a.named(e)
}

// lost explains a call whose link broke.
func (p *Plugin) lost(ctx context.Context, a attempt, st *status.Status) *connector.Error {
	switch {
	case p.isClosed() && a.stream:
		return connector.Errorf(connector.ReasonDraining, "%s was stopped after byte %d: the connector is being replaced or ended", a.what, a.bytes).
			WithHint("start it again on the process that replaces this one")
	case p.isClosed():
		return connector.Errorf(connector.ReasonPluginExited, "the host closed the connector during %s", a.what)
	case p.launch != nil && p.launch.proc.await(ctx, exitGrace):
		return connector.Errorf(connector.ReasonPluginExited, "%s failed: %s", a.what, p.obituary())
	case st.Code() == codes.Unavailable:
		return connector.Errorf(connector.ReasonPluginExited, "%s failed: the link to the connector broke: %s", a.what, st.Message())
	}
	return connector.AsError(wire.FromStatus(st.Err()))
}

// obituary says how the process ended.
func (p *Plugin) obituary() string {
	state, _ := p.launch.proc.exit()
	text := fmt.Sprintf("the connector's process has ended (%s)", state)
	if words := p.launch.proc.log.tail.lastWords(); words != "" {
		text += fmt.Sprintf("; its last words are %q", words)
	}
	return text
}

// named sets the id of the call, unless the connector did.
func (a attempt) named(e *connector.Error) *connector.Error {
	if e.RequestID == "" {
		e.RequestID = a.requestID
	}
	return e
}

// withCause lets errors.Is find the context error that a connector reported by
// its reason alone.
func withCause(e *connector.Error) *connector.Error {
	var cause error
	switch e.Reason {
	case connector.ReasonCanceled:
		cause = context.Canceled
	case connector.ReasonDeadlineExceeded:
		cause = context.DeadlineExceeded
	default:
		return e
	}
	c := connector.Errorf(e.Reason, "%w", cause)
	c.Message, c.Hint, c.Origin, c.Retry, c.RetryAfter = e.Message, e.Hint, e.Origin, e.Retry, e.RetryAfter
	c.OutcomeUnknown, c.Downstream, c.RequestID = e.OutcomeUnknown, e.Downstream, e.RequestID
	c.Violations, c.Omitted, c.Stats = e.Violations, e.Omitted, e.Stats
	return c
}

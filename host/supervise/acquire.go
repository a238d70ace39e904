package supervise

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

// ErrQuarantined is in the chain of the error of a call that found the
// connector held back. The error itself is a [connector.ReasonPluginExited]
// that says when it will be tried again.
var ErrQuarantined = errors.New("the connector is held back after repeated crashes")

// acquire waits for a process that takes calls, which the caller must release.
// The one of failed, which ended a call of the caller, it does not return unless
// it was looked at since.
func (k *keeper) acquire(ctx context.Context, what string, failed *snapshot) (*snapshot, error) {
	for {
		s := k.current.Load()
		if s != failed && s.instance != nil && s.instance.retain() {
			return s, nil
		}
		if e := s.refusal(what); e != nil {
			return nil, e
		}
		select {
		case <-s.changed:
		case <-ctx.Done():
			return nil, interrupted(ctx.Err(), fmt.Sprintf("%s was not started: the connector's process is %s%s", what, s.state, s.last()))
		}
	}
}

// refusal says why no call is taken in a state, nor will be soon.
func (s *snapshot) refusal(what string) *connector.Error {
	switch s.state {
	case Quarantined:
		e := connector.Errorf(connector.ReasonPluginExited, "%s was not started: %w", what, ErrQuarantined)
		e.Message += s.last()
		e.RetryAfter = max(0, time.Until(s.until))
		return e.WithHint("the host's log tells of each crash; it is tried again by itself, or at once after an upgrade")
	case Draining, Stopped:
		return connector.Errorf(connector.ReasonPluginExited, "%s was not started: the host has closed the connector", what)
	case Starting, Ready, Backoff, HalfOpen:
	}
	return nil
}

// last tells of the last process, if it did not end well.
func (s *snapshot) last() string {
	if s.cause == nil {
		return ""
	}
	return "; the last one: " + s.cause.Error()
}

// interrupted is the error of a call that ended while it waited.
func interrupted(cause error, message string) *connector.Error {
	reason := connector.ReasonCanceled
	if errors.Is(cause, context.DeadlineExceeded) {
		reason = connector.ReasonDeadlineExceeded
	}
	e := connector.Errorf(reason, "%w", cause)
	e.Message = message
	return e
}

package connector

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"time"
)

// MaxViolations is how many violations one [Error] carries across the wire;
// [Error.Omitted] counts the rest.
const MaxViolations = 100

// Error is the one error type that crosses between connector and host. Its
// texts are for the person who gets them and hold neither secrets nor record
// values.
type Error struct {
	// Reason is why the call failed. The zero value reads as [ReasonInternal].
	Reason Reason
	// Message says what failed and where, in one sentence.
	Message string
	// Hint says what the reader can do. Empty: nothing comes to mind.
	Hint string
	// Origin says whose fault it is. Empty: not known.
	Origin Origin
	// Retry says whether the same call can succeed later.
	Retry Retry
	// RetryAfter is the time to wait before a retry. 0: not known.
	RetryAfter time.Duration
	// OutcomeUnknown is set if a write may have been applied although no
	// answer came.
	OutcomeUnknown bool
	// Downstream is what the vendor said. Zero: nothing.
	Downstream Downstream
	// RequestID is the host's id of the call.
	RequestID string
	// Violations are all things wrong with the input or the settings.
	Violations []Violation
	// Omitted counts violations beyond [MaxViolations].
	Omitted int
	// Stats says what the call cost until it failed. It is for those who watch,
	// and not in the JSON form. Nil: not known.
	Stats *Stats

	cause error
}

// Downstream is what the vendor's system said about a failure.
type Downstream struct {
	// Status is the HTTP status. 0: no answer came.
	Status int `json:"status,omitempty"`
	// Code is the vendor's error code, as received.
	Code string `json:"code,omitempty"`
	// RequestID is the vendor's id of the request.
	RequestID string `json:"requestId,omitempty"`
}

// Violation is one thing wrong with an input or with settings.
type Violation struct {
	// Pointer is the JSON Pointer (RFC 6901) of the value. Empty: the whole
	// document.
	Pointer string `json:"pointer"`
	// Keyword is the JSON Schema keyword that failed, or begins with
	// [DriftKeyword]. Empty: another rule.
	Keyword string `json:"keyword,omitempty"`
	// Message says what is wrong, without the value itself.
	Message string `json:"message"`
}

// Errorf returns an [Error] whose origin and retry hint are the usual ones for
// the reason. A %w verb sets the cause, which stays on this side of the wire.
func Errorf(reason Reason, format string, args ...any) *Error {
	wrapped := fmt.Errorf(format, args...)
	origin, retry := reason.usual()
	return &Error{Reason: reason, Message: wrapped.Error(), Origin: origin, Retry: retry, cause: errors.Unwrap(wrapped)}
}

// Invalid returns a [ReasonInvalidInput] error that carries violations. The
// message should say what was checked; the violations are listed after it.
func Invalid(message string, violations []Violation) *Error {
	e := Errorf(ReasonInvalidInput, "%s", message)
	if n := len(violations) - MaxViolations; n > 0 {
		e.Omitted = n
		violations = violations[:MaxViolations]
	}
	e.Violations = violations
	return e
}

// WithHint sets the hint and returns e.
func (e *Error) WithHint(format string, args ...any) *Error {
	e.Hint = fmt.Sprintf(format, args...)
	return e
}

// Error returns the message, then the violations, one a line.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(cmp.Or(e.Message, string(e.reason())))
	for _, v := range e.Violations {
		fmt.Fprintf(&b, "\n  %s: %s", cmp.Or(v.Pointer, "(document)"), v.Message)
	}
	if e.Omitted > 0 {
		fmt.Fprintf(&b, "\n  and %d more", e.Omitted)
	}
	return b.String()
}

// Unwrap returns the cause, or nil. It never crosses the wire.
func (e *Error) Unwrap() error { return e.cause }

// Is reports whether target is the [Reason] of e.
func (e *Error) Is(target error) bool {
	r, ok := target.(Reason)
	return ok && r == e.reason()
}

// reason returns what Reason reads as.
func (e *Error) reason() Reason { return cmp.Or(e.Reason, ReasonInternal) }

// AsError returns err as an [Error]. An error that is none, and wraps none,
// becomes [ReasonInternal] with err as its cause. AsError(nil) is nil.
func AsError(err error) *Error {
	if err == nil {
		return nil
	}
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	e = Errorf(ReasonInternal, "%s", err.Error())
	e.cause = err
	return e
}

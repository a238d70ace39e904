package connector

// Reason is why a call failed: a closed list. A Reason is itself an error, so
// that a caller can ask
//
//	errors.Is(err, connector.ReasonAuthFailed)
//
// whatever wraps the [Error].
type Reason string

// The reasons. Each one maps to one gRPC code; the comment says whose fault it
// usually is and whether waiting helps.
const (
	// ReasonInvalidInput: the input breaks the schema, or the vendor refused
	// it. The caller's; never retried.
	ReasonInvalidInput Reason = "INVALID_INPUT"
	// ReasonInvalidConnection: the settings of the connection cannot be used.
	// The caller's; never retried.
	ReasonInvalidConnection Reason = "INVALID_CONNECTION"
	// ReasonAuthFailed: the tenant refused the credentials. The caller's;
	// never retried.
	ReasonAuthFailed Reason = "AUTH_FAILED"
	// ReasonPermissionDenied: the credentials are good but do not allow this.
	// The caller's; never retried.
	ReasonPermissionDenied Reason = "PERMISSION_DENIED"
	// ReasonNotFound: no such action, object, field or record. The caller's;
	// never retried.
	ReasonNotFound Reason = "NOT_FOUND"
	// ReasonConflict: something like it exists already or has changed
	// meanwhile. The caller's; never retried.
	ReasonConflict Reason = "CONFLICT"
	// ReasonRateLimited: the tenant's call budget is spent. The vendor's;
	// retried after [Error.RetryAfter].
	ReasonRateLimited Reason = "RATE_LIMITED"
	// ReasonDownstreamUnavailable: the tenant cannot be reached or answers
	// with a server error. The vendor's; may succeed later.
	ReasonDownstreamUnavailable Reason = "DOWNSTREAM_UNAVAILABLE"
	// ReasonDownstreamTimeout: the tenant did not answer in time. The
	// vendor's; may succeed later.
	ReasonDownstreamTimeout Reason = "DOWNSTREAM_TIMEOUT"
	// ReasonDownstreamContract: the tenant's answer is not what its
	// documentation says. The vendor's; never retried.
	ReasonDownstreamContract Reason = "DOWNSTREAM_CONTRACT"
	// ReasonHandleUnknown: the connector's process does not know the
	// connection, as after a restart. Succeeds on a connection opened anew.
	ReasonHandleUnknown Reason = "HANDLE_UNKNOWN"
	// ReasonTooLarge: an input or output is larger than the limit in force.
	// The caller's; never retried.
	ReasonTooLarge Reason = "TOO_LARGE"
	// ReasonDraining: the connector is being replaced and admits no new
	// calls. May succeed later.
	ReasonDraining Reason = "DRAINING"
	// ReasonUnsupported: the connector or this action cannot do that. The
	// caller's; never retried.
	ReasonUnsupported Reason = "UNSUPPORTED"
	// ReasonPluginPanic: the connector's code failed on this call; its
	// process lives on and its log holds the stack. Never retried.
	ReasonPluginPanic Reason = "PLUGIN_PANIC"
	// ReasonPluginExited: the connector's process ended during the call. Made
	// by the host; may succeed later.
	ReasonPluginExited Reason = "PLUGIN_EXITED"
	// ReasonIntegrity: a stream lost, doubled or changed bytes, or ended
	// without its trailer. May succeed later.
	ReasonIntegrity Reason = "INTEGRITY"
	// ReasonCanceled: the caller cancelled the call.
	ReasonCanceled Reason = "CANCELED"
	// ReasonDeadlineExceeded: the caller's deadline passed.
	ReasonDeadlineExceeded Reason = "DEADLINE_EXCEEDED"
	// ReasonInternal: a defect in the connector or the host. Never retried.
	ReasonInternal Reason = "INTERNAL"
	// ReasonSchemaDrift: the schema that the call was built with is no longer
	// the tenant's, and the policy is [DriftHold]. The vendor's; never retried,
	// but it succeeds once it is built anew.
	ReasonSchemaDrift Reason = "SCHEMA_DRIFT"
)

// Error returns the name of the reason.
func (r Reason) Error() string { return string(r) }

// Origin says whose fault an error is.
type Origin string

// The origins. The empty Origin means that nobody knows.
const (
	// OriginCaller is the one who called: input, settings or credentials.
	OriginCaller Origin = "caller"
	// OriginPlugin is the connector.
	OriginPlugin Origin = "plugin"
	// OriginDownstream is the vendor's system or the way to it.
	OriginDownstream Origin = "downstream"
	// OriginRuntime is the host or the link between host and connector.
	OriginRuntime Origin = "runtime"
)

// Retry says whether the same call can succeed later.
type Retry string

// The retry hints. The empty Retry reads as [RetryNever].
const (
	// RetryNever: the same call fails again.
	RetryNever Retry = "never"
	// RetryLater: the same call may succeed later. If [Error.OutcomeUnknown]
	// is set, look before you repeat an unsafe write.
	RetryLater Retry = "later"
	// RetryReopen: the same call may succeed on a connection opened anew.
	RetryReopen Retry = "reopen"
)

// usual returns the origin and the retry hint that errors with this reason
// have unless they say otherwise.
func (r Reason) usual() (Origin, Retry) {
	switch r {
	case ReasonInvalidInput, ReasonInvalidConnection, ReasonAuthFailed, ReasonPermissionDenied, ReasonNotFound,
		ReasonConflict, ReasonTooLarge, ReasonUnsupported, ReasonCanceled, ReasonDeadlineExceeded:
		return OriginCaller, RetryNever
	case ReasonRateLimited, ReasonDownstreamUnavailable, ReasonDownstreamTimeout:
		return OriginDownstream, RetryLater
	case ReasonDownstreamContract, ReasonSchemaDrift:
		return OriginDownstream, RetryNever
	case ReasonHandleUnknown:
		return OriginRuntime, RetryReopen
	case ReasonDraining, ReasonPluginExited, ReasonIntegrity:
		return OriginRuntime, RetryLater
	case ReasonPluginPanic, ReasonInternal:
		return OriginPlugin, RetryNever
	}
	return "", RetryNever
}

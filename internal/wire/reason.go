package wire

import (
	"google.golang.org/grpc/codes"

	"github.com/gainsight-connector/gainsight-connector/connector"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

// reasonRow ties a reason to its number on the wire and its gRPC code.
type reasonRow struct {
	reason connector.Reason
	number connectorv1.ErrorReason
	code   codes.Code
}

// reasons is the one table that both ends use.
var reasons = []reasonRow{
	{connector.ReasonInvalidInput, connectorv1.ErrorReason_ERROR_REASON_INVALID_INPUT, codes.InvalidArgument},
	{connector.ReasonInvalidConnection, connectorv1.ErrorReason_ERROR_REASON_INVALID_CONNECTION, codes.InvalidArgument},
	{connector.ReasonAuthFailed, connectorv1.ErrorReason_ERROR_REASON_AUTH_FAILED, codes.Unauthenticated},
	{connector.ReasonPermissionDenied, connectorv1.ErrorReason_ERROR_REASON_PERMISSION_DENIED, codes.PermissionDenied},
	{connector.ReasonNotFound, connectorv1.ErrorReason_ERROR_REASON_NOT_FOUND, codes.NotFound},
	{connector.ReasonConflict, connectorv1.ErrorReason_ERROR_REASON_CONFLICT, codes.AlreadyExists},
	{connector.ReasonRateLimited, connectorv1.ErrorReason_ERROR_REASON_RATE_LIMITED, codes.ResourceExhausted},
	{connector.ReasonDownstreamUnavailable, connectorv1.ErrorReason_ERROR_REASON_DOWNSTREAM_UNAVAILABLE, codes.Unavailable},
	{connector.ReasonDownstreamTimeout, connectorv1.ErrorReason_ERROR_REASON_DOWNSTREAM_TIMEOUT, codes.DeadlineExceeded},
	{connector.ReasonDownstreamContract, connectorv1.ErrorReason_ERROR_REASON_DOWNSTREAM_CONTRACT, codes.Internal},
	{connector.ReasonHandleUnknown, connectorv1.ErrorReason_ERROR_REASON_HANDLE_UNKNOWN, codes.FailedPrecondition},
	{connector.ReasonTooLarge, connectorv1.ErrorReason_ERROR_REASON_TOO_LARGE, codes.OutOfRange},
	{connector.ReasonDraining, connectorv1.ErrorReason_ERROR_REASON_DRAINING, codes.Unavailable},
	{connector.ReasonUnsupported, connectorv1.ErrorReason_ERROR_REASON_UNSUPPORTED, codes.Unimplemented},
	{connector.ReasonPluginPanic, connectorv1.ErrorReason_ERROR_REASON_PLUGIN_PANIC, codes.Internal},
	{connector.ReasonPluginExited, connectorv1.ErrorReason_ERROR_REASON_PLUGIN_EXITED, codes.Unavailable},
	{connector.ReasonIntegrity, connectorv1.ErrorReason_ERROR_REASON_INTEGRITY, codes.DataLoss},
	{connector.ReasonCanceled, connectorv1.ErrorReason_ERROR_REASON_CANCELED, codes.Canceled},
	{connector.ReasonDeadlineExceeded, connectorv1.ErrorReason_ERROR_REASON_DEADLINE_EXCEEDED, codes.DeadlineExceeded},
	{connector.ReasonSchemaDrift, connectorv1.ErrorReason_ERROR_REASON_SCHEMA_DRIFT, codes.FailedPrecondition},
	{connector.ReasonInternal, connectorv1.ErrorReason_ERROR_REASON_INTERNAL, codes.Internal},
}

// bare gives the reason of a status that carries no ErrorDetail: it was made
// by the gRPC library on either side, not by a connector.
var bare = map[codes.Code]connector.Reason{
	codes.Canceled:          connector.ReasonCanceled,
	codes.DeadlineExceeded:  connector.ReasonDeadlineExceeded,
	codes.ResourceExhausted: connector.ReasonTooLarge,
	codes.Unavailable:       connector.ReasonPluginExited,
	codes.Unimplemented:     connector.ReasonUnsupported,
	codes.InvalidArgument:   connector.ReasonInvalidInput,
}

// rowOf returns the row of a reason; that of ReasonInternal if r is not in the
// closed list.
func rowOf(r connector.Reason) reasonRow {
	for _, row := range reasons {
		if row.reason == r {
			return row
		}
	}
	return reasons[len(reasons)-1]
}

// rowOfNumber is rowOf by number.
func rowOfNumber(n connectorv1.ErrorReason) reasonRow {
	for _, row := range reasons {
		if row.number == n {
			return row
		}
	}
	return reasons[len(reasons)-1]
}

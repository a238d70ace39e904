package wire

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"unicode/utf8"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/gainsight-connector/gainsight-connector/connector"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

// maxText bounds each text of an error, in bytes: trailers are no place for
// documents.
const maxText = 2048

// maxFailedRequests is how many requests to the vendor an error tells of, for
// the same reason.
const maxFailedRequests = 16

// ToStatus returns err as a gRPC status error with exactly one ErrorDetail.
// Context errors become CANCELED and DEADLINE_EXCEEDED; any other error that
// is no [connector.Error] becomes INTERNAL. An empty requestID keeps that of
// the error. ToStatus(nil) is nil.
func ToStatus(err error, requestID string) error {
	if err == nil {
		return nil
	}
	e := Classify(err)
	row := rowOf(e.Reason)
	detail := &connectorv1.ErrorDetail{
		Reason:              row.number,
		Origin:              enumTo[connectorv1.ErrorOrigin]("ERROR_ORIGIN_", e.Origin),
		Retry:               enumTo[connectorv1.Retry]("RETRY_", e.Retry),
		RetryAfter:          durationTo(e.RetryAfter),
		OutcomeUnknown:      e.OutcomeUnknown,
		DownstreamStatus:    count32(e.Downstream.Status),
		DownstreamCode:      Text(e.Downstream.Code),
		DownstreamRequestId: Text(e.Downstream.RequestID),
		RequestId:           Text(cmp.Or(requestID, e.RequestID)),
		Violations:          mapSlice(e.Violations[:min(len(e.Violations), connector.MaxViolations)], violationTo),
		ViolationsOmitted:   count32(e.Omitted + max(0, len(e.Violations)-connector.MaxViolations)),
		Hint:                Text(e.Hint),
	}
	if e.Stats != nil {
		stats := *e.Stats
		stats.Requests = stats.Requests[max(0, len(stats.Requests)-maxFailedRequests):]
		detail.Stats = StatsTo(stats)
	}
	st, derr := status.New(row.code, Text(e.Message)).WithDetails(detail)
	if derr != nil { // unreachable: ErrorDetail always marshals, its texts are valid UTF-8
		return status.Error(row.code, Text(e.Message))
	}
	return st.Err()
}

// Classify returns err as the [connector.Error] that crosses the wire: what it
// wraps, or what its being a context error means, or INTERNAL.
func Classify(err error) *connector.Error {
	var e *connector.Error
	switch {
	case errors.As(err, &e):
		return e
	case errors.Is(err, context.Canceled):
		return connector.Errorf(connector.ReasonCanceled, "the call was cancelled")
	case errors.Is(err, context.DeadlineExceeded):
		return connector.Errorf(connector.ReasonDeadlineExceeded, "the call's deadline passed")
	}
	return connector.AsError(err)
}

// FromStatus returns what a failed gRPC call means as a [connector.Error]. A
// status without an ErrorDetail comes from the link between the two processes
// and has [connector.OriginRuntime]. FromStatus(nil) is nil.
func FromStatus(err error) error {
	if err == nil {
		return nil
	}
	st, ok := status.FromError(err)
	if !ok {
		return Classify(err)
	}
	for _, d := range st.Details() {
		if detail, ok := d.(*connectorv1.ErrorDetail); ok {
			return detailFrom(st.Message(), detail)
		}
	}
	return bareFrom(st)
}

func detailFrom(message string, d *connectorv1.ErrorDetail) *connector.Error {
	e := &connector.Error{
		Reason:         rowOfNumber(d.GetReason()).reason,
		Message:        message,
		Hint:           d.GetHint(),
		Origin:         enumFrom("ERROR_ORIGIN_", d.GetOrigin(), connector.Origin("")),
		Retry:          enumFrom("RETRY_", d.GetRetry(), connector.Retry("")),
		RetryAfter:     durationFrom(d.GetRetryAfter()),
		OutcomeUnknown: d.GetOutcomeUnknown(),
		Downstream: connector.Downstream{
			Status: int(d.GetDownstreamStatus()), Code: d.GetDownstreamCode(), RequestID: d.GetDownstreamRequestId(),
		},
		RequestID:  d.GetRequestId(),
		Violations: mapSlice(d.GetViolations(), violationFrom),
		Omitted:    int(d.GetViolationsOmitted()),
	}
	if d.GetStats() != nil {
		stats := StatsFrom(d.GetStats())
		e.Stats = &stats
	}
	return e
}

func bareFrom(st *status.Status) *connector.Error {
	reason, known := bare[st.Code()]
	if !known {
		reason = connector.ReasonInternal
	}
	e := connector.Errorf(reason, "the call to the connector failed: %s", st.Message())
	if st.Code() != codes.Canceled && st.Code() != codes.DeadlineExceeded {
		e.Origin = connector.OriginRuntime
	}
	return e
}

func violationTo(v connector.Violation) *connectorv1.Violation {
	return &connectorv1.Violation{Pointer: Text(v.Pointer), Keyword: Text(v.Keyword), Message: Text(v.Message)}
}

func violationFrom(v *connectorv1.Violation) connector.Violation {
	return connector.Violation{Pointer: v.GetPointer(), Keyword: v.GetKeyword(), Message: v.GetMessage()}
}

// Text makes s fit for the wire: valid UTF-8 of bounded length.
func Text(s string) string {
	s = strings.ToValidUTF8(s, "�")
	if len(s) <= maxText {
		return s
	}
	cut := maxText
	for !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "…"
}

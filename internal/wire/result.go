package wire

import (
	"github.com/gainsight-connector/gainsight-connector/connector"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

// StatsTo returns s as a message.
func StatsTo(s connector.Stats) *connectorv1.CallStats {
	return &connectorv1.CallStats{
		DownstreamCalls: count32(s.Calls), Retries: count32(s.Retries), DownstreamTime: durationTo(s.Waited),
		DownstreamRequestIds: mapSlice(s.RequestIDs[max(0, len(s.RequestIDs)-connector.MaxRequestIDs):], Text),
		BudgetTime:           durationTo(s.Queued), Budgets: mapSlice(s.Budgets, budgetTo),
		Requests: mapSlice(s.Requests[max(0, len(s.Requests)-connector.MaxRequests):], requestTo),
	}
}

// StatsFrom reads a message.
func StatsFrom(m *connectorv1.CallStats) connector.Stats {
	return connector.Stats{
		Calls: int(m.GetDownstreamCalls()), Retries: int(m.GetRetries()), Waited: durationFrom(m.GetDownstreamTime()),
		RequestIDs: m.GetDownstreamRequestIds(), Queued: durationFrom(m.GetBudgetTime()), Budgets: mapSlice(m.GetBudgets(), budgetFrom),
		Requests: mapSlice(m.GetRequests()[max(0, len(m.GetRequests())-connector.MaxRequests):], requestFrom),
	}
}

func requestTo(r connector.DownstreamRequest) *connectorv1.DownstreamRequest {
	return &connectorv1.DownstreamRequest{
		Operation: Text(r.Operation), Method: Text(r.Method), Route: Text(r.Route), Status: count32(r.Status),
		Attempt: count32(r.Attempt), Began: timeTo(r.Began), Took: durationTo(r.Took), RequestId: Text(r.RequestID),
	}
}

func requestFrom(m *connectorv1.DownstreamRequest) connector.DownstreamRequest {
	return connector.DownstreamRequest{
		Operation: m.GetOperation(), Method: m.GetMethod(), Route: m.GetRoute(), Status: int(m.GetStatus()),
		Attempt: int(m.GetAttempt()), Began: timeFrom(m.GetBegan()), Took: durationFrom(m.GetTook()), RequestID: m.GetRequestId(),
	}
}

func budgetTo(b connector.BudgetState) *connectorv1.BudgetState {
	return &connectorv1.BudgetState{
		Name: Text(b.Name), Limit: count32(b.Limit), Remaining: count32(b.Remaining),
		Window: durationTo(b.Window), ResetIn: durationTo(b.ResetsIn), Throttled: b.Throttled,
	}
}

func budgetFrom(m *connectorv1.BudgetState) connector.BudgetState {
	return connector.BudgetState{
		Name: m.GetName(), Limit: int(m.GetLimit()), Remaining: int(m.GetRemaining()),
		Window: durationFrom(m.GetWindow()), ResetsIn: durationFrom(m.GetResetIn()), Throttled: m.GetThrottled(),
	}
}

// RecordsTo returns r as a message; nil stays nil.
func RecordsTo(r *connector.RecordSummary) *connectorv1.RecordSummary {
	if r == nil {
		return nil
	}
	return &connectorv1.RecordSummary{
		Total: uint64(max(r.Total, 0)), Succeeded: uint64(max(r.Succeeded, 0)),
		Failed: uint64(max(r.Failed, 0)), Unknown: uint64(max(r.Unknown, 0)),
	}
}

// RecordsFrom reads a message; nil stays nil.
func RecordsFrom(m *connectorv1.RecordSummary) *connector.RecordSummary {
	if m == nil {
		return nil
	}
	return &connector.RecordSummary{
		Total: int(m.GetTotal()), Succeeded: int(m.GetSucceeded()), Failed: int(m.GetFailed()), Unknown: int(m.GetUnknown()), //nolint:gosec // counts of records in one message
	}
}

// DiagnosticsTo returns ds as messages.
func DiagnosticsTo(ds []connector.Diagnostic) []*connectorv1.Diagnostic {
	return mapSlice(ds, func(d connector.Diagnostic) *connectorv1.Diagnostic {
		return &connectorv1.Diagnostic{
			Severity: enumTo[connectorv1.Severity]("SEVERITY_", d.Severity), Summary: Text(d.Summary), Pointer: Text(d.Pointer),
		}
	})
}

// DiagnosticsFrom reads messages.
func DiagnosticsFrom(ms []*connectorv1.Diagnostic) []connector.Diagnostic {
	return mapSlice(ms, func(m *connectorv1.Diagnostic) connector.Diagnostic {
		return connector.Diagnostic{
			Severity: enumFrom("SEVERITY_", m.GetSeverity(), connector.SeverityInfo), Summary: m.GetSummary(), Pointer: m.GetPointer(),
		}
	})
}

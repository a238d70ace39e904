package plugin

import (
	"context"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

// begin does what Execute, Download and Upload start with: it looks up the
// action, holds the input to its limit and acquires the connection, which the
// caller releases. The mode is empty for a dry run, which all actions have.
func (s *service) begin(ctx context.Context, call *connectorv1.CallContext, in connector.Call, mode connector.Mode) (*tenancy, connector.Call, error) {
	action, err := s.catalog.action(in.Action)
	if err != nil {
		return nil, in, err
	}
	if !in.DryRun {
		if err := runs(action, mode); err != nil {
			return nil, in, err
		}
	}
	if err := inline("the input", len(in.Input), s.limits().InlineBytes); err != nil {
		return nil, in, err
	}
	t, err := s.connections.acquire(ctx, call.GetHandle())
	if err != nil {
		return nil, in, err
	}
	c := scopeFrom(ctx)
	c.output = s.limits().InlineBytes
	c.writes = action.Effect.Writes() && !in.DryRun
	in.RequestID, in.Repeated = c.id, call.GetRepeat()
	return t, in, nil
}

func (s *service) execute(ctx context.Context, req *connectorv1.ExecuteRequest) (*connectorv1.ExecuteResponse, error) {
	t, call, err := s.begin(ctx, req.GetCall(), connector.Call{
		Action: req.GetAction(), Input: req.GetInput(), DryRun: req.GetDryRun(),
		BuiltWith: req.GetBuiltWith(), Drift: wire.DriftFrom(req.GetDrift()),
	}, connector.ModeExecute)
	if err != nil {
		return nil, err
	}
	defer t.release()
	drifted, err := s.drift(ctx, t, call, false)
	if err != nil {
		return nil, err
	}
	result, err := t.conn.Execute(ctx, call)
	if err != nil {
		return nil, drifted.explain(err)
	}
	if err := s.outputFits(ctx, result); err != nil {
		return nil, err
	}
	return &connectorv1.ExecuteResponse{
		Output: result.Output, Diagnostics: wire.DiagnosticsTo(drifted.tell(result.Diagnostics)),
		Stats: statsTo(ctx, result.Stats), Records: wire.RecordsTo(result.Records),
	}, nil
}

// outputFits holds an output to the inline limit. The action has run by now,
// so a write stands although its answer is refused.
func (s *service) outputFits(ctx context.Context, result connector.Result) error {
	limit := s.limits().InlineBytes
	if len(result.Output) <= limit {
		return nil
	}
	c := scopeFrom(ctx)
	e := tooLarge("the output of "+c.action, len(result.Output), "max_inline_bytes", limit).
		WithHint("ask for less at a time, such as a smaller page, or use an action that downloads")
	e.OutcomeUnknown = c.writes
	return e
}

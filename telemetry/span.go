package telemetry

import (
	"cmp"
	"context"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
)

// span is that of one call. Nil: it is not traced.
type span struct {
	trace.Span

	tracer trace.Tracer
	link   *link
}

// begin starts the span of a call.
func (t *Telemetry) begin(ctx context.Context, op host.Operation) (context.Context, *span) {
	if t.opts.Traces == nil {
		return ctx, nil
	}
	ctx, s := t.tracer.Start(ctx, cmp.Or(op.Action, op.Method))
	if !s.IsRecording() {
		return ctx, nil
	}
	s.SetAttributes(
		attribute.String("connector.name", op.Connector), attribute.String("connector.connection", op.Tenant),
		attribute.String("connector.method", op.Method), attribute.String("connector.action", op.Action),
		attribute.String("connector.request_id", text(op.RequestID)), attribute.Bool("connector.dry_run", op.DryRun),
	)
	l := &link{}
	return context.WithValue(ctx, linkKey{}, l), &span{Span: s, tracer: t.tracer, link: l}
}

// end ends the span, after those of the requests to the vendor.
func (s *span) end(out host.Outcome) {
	if s == nil {
		return
	}
	for _, r := range out.Stats.Requests {
		s.request(r)
	}
	s.SetAttributes(
		attribute.Int("connector.attempts", out.Attempts), attribute.Float64("connector.queue_seconds", out.Queued.Seconds()),
		attribute.Int("connector.vendor_requests", out.Stats.Calls), attribute.Int("connector.vendor_retries", out.Stats.Retries),
	)
	if r := out.Records; r != nil {
		s.SetAttributes(attribute.Int("connector.records", r.Total), attribute.Int("connector.records_failed", r.Failed),
			attribute.Int("connector.records_unknown", r.Unknown))
	}
	if out.Err != nil {
		e := connector.AsError(out.Err)
		s.SetAttributes(attribute.String("error.type", string(out.Reason())), attribute.Bool("connector.outcome_unknown", e.OutcomeUnknown))
		s.SetStatus(codes.Error, string(out.Reason())) // the message may repeat what the caller sent
	}
	s.End()
}

// request makes the span of a request to the vendor, below the call to the
// process that made it.
func (s *span) request(r connector.DownstreamRequest) {
	parent := s.link.load()
	if !parent.IsValid() {
		parent = s.SpanContext()
	}
	ctx := trace.ContextWithSpanContext(context.Background(), parent)
	_, child := s.tracer.Start(ctx, text(r.Method+" "+r.Route), trace.WithSpanKind(trace.SpanKindClient), trace.WithTimestamp(r.Began),
		trace.WithAttributes(
			attribute.String("http.request.method", text(r.Method)), attribute.String("url.template", text(r.Route)),
			attribute.Int("http.response.status_code", r.Status), attribute.Int("http.request.resend_count", max(0, r.Attempt-1)),
			attribute.String("connector.operation", text(r.Operation)), attribute.String("connector.vendor_request_id", text(r.RequestID)),
		))
	if r.Status == 0 || r.Status >= 400 {
		child.SetStatus(codes.Error, "")
	}
	child.End(trace.WithTimestamp(r.Began.Add(r.Took)))
}

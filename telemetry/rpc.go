package telemetry

import (
	"context"
	"path"
	"sync/atomic"

	"go.opentelemetry.io/contrib/instrumentation/google.golang.org/grpc/otelgrpc"
	metricnoop "go.opentelemetry.io/otel/metric/noop"
	"go.opentelemetry.io/otel/trace"
	"google.golang.org/grpc"
	"google.golang.org/grpc/stats"
	"google.golang.org/grpc/status"
)

// linkKey is the key of a call's link in its context.
type linkKey struct{}

// link leads from a call to the span of its last gRPC call, which the spans of
// requests to the vendor belong below.
type link struct {
	last atomic.Pointer[trace.SpanContext]
}

func (l *link) load() trace.SpanContext {
	if sc := l.last.Load(); sc != nil {
		return *sc
	}
	return trace.SpanContext{}
}

// dial traces the calls to a connector's process.
func (t *Telemetry) dial() grpc.DialOption {
	return grpc.WithStatsHandler(rpcHandler{otelgrpc.NewClientHandler(
		otelgrpc.WithTracerProvider(t.opts.Traces), otelgrpc.WithPropagators(t.opts.Propagator),
		otelgrpc.WithMeterProvider(metricnoop.NewMeterProvider()), otelgrpc.WithFilter(traced),
	)})
}

// traced leaves out what a host does on its own account, such as its probes.
func traced(info *stats.RPCTagInfo) bool {
	switch path.Base(info.FullMethodName) {
	case "OpenConnection", "CheckConnection", "DescribeAction", "ListOptions", "Execute", "Download", "Upload":
		return true
	}
	return false
}

// rpcHandler is the handler of otelgrpc, but for the link and for the messages of
// errors, which are the caller's.
type rpcHandler struct{ stats.Handler }

// TagRPC implements [stats.Handler].
func (h rpcHandler) TagRPC(ctx context.Context, info *stats.RPCTagInfo) context.Context {
	ctx = h.Handler.TagRPC(ctx, info)
	if l, ok := ctx.Value(linkKey{}).(*link); ok {
		sc := trace.SpanContextFromContext(ctx)
		l.last.Store(&sc)
	}
	return ctx
}

// HandleRPC implements [stats.Handler].
func (h rpcHandler) HandleRPC(ctx context.Context, event stats.RPCStats) {
	if end, ok := event.(*stats.End); ok && end.Error != nil {
		bare := *end
		bare.Error = status.Error(status.Code(end.Error), "")
		event = &bare
	}
	h.Handler.HandleRPC(ctx, event)
}

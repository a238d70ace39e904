package telemetry

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/gainsight-connector/gainsight-connector/host"
	"github.com/gainsight-connector/gainsight-connector/host/supervise"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"
)

// scope names this package as the source of its spans.
const scope = "github.com/gainsight-connector/gainsight-connector/telemetry"

// Options tune a [Telemetry]. The zero value counts and does not trace.
type Options struct {
	// Traces makes the spans. Nil: there are none.
	Traces trace.TracerProvider
	// Propagator writes the trace into the metadata of a call to a connector.
	// Nil: W3C Trace Context, and nothing else.
	Propagator propagation.TextMapPropagator
	// OwnSpans is set if the connectors make spans of their requests to the
	// vendor themselves. The zero value makes them here.
	OwnSpans bool
	// Registry takes the metrics. Nil: one of its own.
	Registry *prometheus.Registry
	// Connections labels metrics with the name of the connection. That is a
	// series for each of them. The zero value adds them up.
	Connections bool
}

// Telemetry observes hosts and supervisors, any number of them. Safe for
// concurrent use.
type Telemetry struct {
	opts      Options
	tracer    trace.Tracer
	metrics   *metrics
	processes *processes
}

// New registers the metrics. The error is that of a registry that has them
// already. Nil opts mean all defaults.
func New(opts *Options) (*Telemetry, error) {
	t := &Telemetry{}
	if opts != nil {
		t.opts = *opts
	}
	if t.opts.Registry == nil {
		t.opts.Registry = prometheus.NewRegistry()
	}
	if t.opts.Propagator == nil {
		t.opts.Propagator = propagation.TraceContext{}
	}
	traces := t.opts.Traces
	if traces == nil {
		traces = noop.NewTracerProvider()
	}
	t.tracer = traces.Tracer(scope)
	l := labels{connections: t.opts.Connections}
	t.metrics, t.processes = newMetrics(l), newProcesses(l)
	for _, c := range append(t.metrics.collectors(), t.processes.collectors()...) {
		if err := t.opts.Registry.Register(c); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// Host has every call of a host observed. It adds to what o says: an observer and
// options of the gRPC connection stay in force. Call it before o is used.
func (t *Telemetry) Host(o *host.Options) {
	next := o.Observe
	if next == nil {
		logger := o.Logger
		if logger == nil {
			logger = slog.New(slog.DiscardHandler)
		}
		next = host.LogCalls(logger, nil)
	}
	o.Observe = t.observer(next)
	if t.opts.Traces != nil {
		o.Dial = append(slices.Clip(o.Dial), t.dial())
		o.Requests = o.Requests || !t.opts.OwnSpans
	}
}

// Supervise is [Telemetry.Host] for a supervisor, whose changes of state are
// counted as well.
func (t *Telemetry) Supervise(o *supervise.Options) {
	t.Host(&o.Host)
	next := o.Watch
	o.Watch = func(change supervise.Transition) {
		t.processes.count(change)
		if next != nil {
			next(change)
		}
	}
}

// Processes has the metrics tell of the processes of s from now on, until stop.
func (t *Telemetry) Processes(s *supervise.Supervisor) (stop func()) { return t.processes.add(s) }

// Handler answers a scrape with all metrics of the registry.
func (t *Telemetry) Handler() http.Handler {
	return promhttp.HandlerFor(t.opts.Registry, promhttp.HandlerOpts{Registry: t.opts.Registry})
}

// observer counts and traces each call, around what next does.
func (t *Telemetry) observer(next host.Observer) host.Observer {
	return func(ctx context.Context, op host.Operation) (context.Context, func(host.Outcome)) {
		op.Connector, op.Tenant = text(op.Connector), text(op.Tenant)
		ctx, span := t.begin(ctx, op)
		ctx, told := next(ctx, op)
		return ctx, func(out host.Outcome) {
			t.metrics.count(op, out)
			span.end(out)
			if told != nil {
				told(out)
			}
		}
	}
}

// maxText is the longest text from a connector that is shown, in bytes.
const maxText = 200

// text makes what a connector said fit for a label or an attribute.
func text(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if len(s) <= maxText {
		return s
	}
	cut := maxText
	for !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut]
}

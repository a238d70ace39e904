package telemetry

import (
	"github.com/gainsight-connector/gainsight-connector/host"
	"github.com/prometheus/client_golang/prometheus"
)

// metrics count calls.
type metrics struct {
	labels labels

	calls, repeats, requests, retries, records, waited *prometheus.CounterVec
	duration, queued                                   *prometheus.HistogramVec
	budgets                                            *budgets
}

// durations are the bounds of a call's duration, in seconds: from a call that
// asks nobody to an export that waits for a job.
func durations() []float64 {
	return []float64{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800}
}

func newMetrics(l labels) *metrics {
	counter := func(name, help string, own ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "connector", Name: name, Help: help}, l.names(own...))
	}
	histogram := func(name, help string, own ...string) *prometheus.HistogramVec {
		return prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Namespace: "connector", Name: name, Help: help, Buckets: durations(),
		}, l.names(own...))
	}
	return &metrics{
		labels:   l,
		calls:    counter("calls_total", "Calls that have ended.", "method", "action", "outcome", "reason"),
		repeats:  counter("call_repeats_total", "Attempts of calls after the first, because a process ended.", "method", "action"),
		requests: counter("vendor_requests_total", "Requests to the vendor, repeats included.", "action"),
		retries:  counter("vendor_retries_total", "Requests to the vendor that were repeats.", "action"),
		records:  counter("records_total", "Records of writes by what became of them.", "action", "result"),
		waited:   counter("vendor_wait_seconds_total", "Time that calls waited, for the vendor or for a call budget.", "action", "for"),
		duration: histogram("call_duration_seconds", "Time from the beginning to the end of a call.", "method", "action", "outcome"),
		queued:   histogram("call_queue_seconds", "Time that a call waited for a place among the running ones.", "method"),
		budgets:  newBudgets(l),
	}
}

func (m *metrics) collectors() []prometheus.Collector {
	return []prometheus.Collector{m.calls, m.repeats, m.requests, m.retries, m.records, m.waited, m.duration, m.queued, m.budgets}
}

// count takes a call that has ended.
func (m *metrics) count(op host.Operation, out host.Outcome) {
	values := func(own ...string) []string { return m.labels.values(op.Connector, op.Tenant, own...) }
	m.calls.WithLabelValues(values(op.Method, op.Action, outcome(out), string(out.Reason()))...).Inc()
	m.duration.WithLabelValues(values(op.Method, op.Action, outcome(out))...).Observe(out.Took.Seconds())
	m.queued.WithLabelValues(values(op.Method)...).Observe(out.Queued.Seconds())
	m.repeats.WithLabelValues(values(op.Method, op.Action)...).Add(float64(max(0, out.Attempts-1)))
	if s := out.Stats; s.Calls > 0 || s.Queued > 0 {
		m.requests.WithLabelValues(values(op.Action)...).Add(float64(s.Calls))
		m.retries.WithLabelValues(values(op.Action)...).Add(float64(s.Retries))
		m.waited.WithLabelValues(values(op.Action, "vendor")...).Add(max(0, s.Waited.Seconds()))
		m.waited.WithLabelValues(values(op.Action, "budget")...).Add(max(0, s.Queued.Seconds()))
	}
	if r := out.Records; r != nil {
		for result, n := range map[string]int{"succeeded": r.Succeeded, "failed": r.Failed, "unknown": r.Unknown} {
			m.records.WithLabelValues(values(op.Action, result)...).Add(float64(max(0, n)))
		}
	}
	m.budgets.update(op, out.Stats.Budgets)
}

// outcome is that of a call in a word.
func outcome(out host.Outcome) string {
	switch {
	case out.Err == nil && out.Records != nil && out.Records.Failed+out.Records.Unknown > 0:
		return "partial"
	case out.Err == nil:
		return "success"
	}
	return "failure"
}

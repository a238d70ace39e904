package telemetry

import (
	"sync"

	"github.com/gainsight-connector/gainsight-connector/host/supervise"
	"github.com/prometheus/client_golang/prometheus"
)

// processes collects what supervised processes do.
type processes struct {
	labels                 labels
	state, running, queued *prometheus.Desc
	changes                *prometheus.CounterVec

	mu          sync.Mutex
	supervisors map[*supervise.Supervisor]bool
}

var _ prometheus.Collector = (*processes)(nil)

func newProcesses(l labels) *processes {
	return &processes{
		labels: l, supervisors: map[*supervise.Supervisor]bool{},
		state:   prometheus.NewDesc("connector_processes", "Processes by state.", l.names("process", "state"), nil),
		running: prometheus.NewDesc("connector_running_calls", "Calls that hold a place in a process.", l.names("process", "class"), nil),
		queued:  prometheus.NewDesc("connector_queued_calls", "Calls that wait for a place in a process.", l.names("process", "class"), nil),
		changes: prometheus.NewCounterVec(prometheus.CounterOpts{
			Namespace: "connector", Name: "process_changes_total",
			Help: "What has happened to processes: started (the first time, or again), crashed, quarantined, upgraded.",
		}, l.names("process", "change")),
	}
}

func (p *processes) collectors() []prometheus.Collector { return []prometheus.Collector{p, p.changes} }

// add has a supervisor's processes collected, until stop.
func (p *processes) add(s *supervise.Supervisor) (stop func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.supervisors[s] = true
	return func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		delete(p.supervisors, s)
	}
}

// count takes a change of state.
func (p *processes) count(t supervise.Transition) {
	for _, change := range changesOf(t) {
		p.changes.WithLabelValues(p.values(text(t.Connector), t.Tenant, change)...).Inc()
	}
}

// changesOf says what a change of state means.
func changesOf(t supervise.Transition) []string {
	switch {
	case t.From == supervise.Ready && t.To == supervise.Ready:
		return []string{"upgraded"}
	case t.To == supervise.Ready:
		return []string{"started"}
	case t.To == supervise.Backoff:
		return []string{"crashed"}
	case t.To == supervise.Quarantined:
		return []string{"crashed", "quarantined"}
	}
	return nil
}

// values are those of the labels.
func (p *processes) values(connector, tenant, own string) []string {
	kind := "shared"
	if tenant != "" {
		kind = "dedicated"
	}
	return p.labels.values(connector, text(tenant), kind, own)
}

// Describe implements [prometheus.Collector].
func (p *processes) Describe(ch chan<- *prometheus.Desc) {
	ch <- p.state
	ch <- p.running
	ch <- p.queued
}

// series is one line of a scrape.
type series struct {
	desc                   *prometheus.Desc
	connector, tenant, own string
}

// Collect implements [prometheus.Collector].
func (p *processes) Collect(ch chan<- prometheus.Metric) {
	p.mu.Lock()
	var all []supervise.Process
	for s := range p.supervisors {
		all = append(all, s.Processes()...)
	}
	p.mu.Unlock()
	sums := map[series]int{}
	for _, one := range all {
		tenant := one.Tenant
		if !p.labels.connections && tenant != "" {
			tenant = "dedicated" // all of them together
		}
		name := text(one.Connector)
		sums[series{p.state, name, tenant, string(one.State)}]++
		sums[series{p.running, name, tenant, "interactive"}] += one.Calls.Running
		sums[series{p.running, name, tenant, "bulk"}] += one.Bulk.Running
		sums[series{p.queued, name, tenant, "interactive"}] += one.Calls.Waiting
		sums[series{p.queued, name, tenant, "bulk"}] += one.Bulk.Waiting
	}
	for s, n := range sums {
		ch <- prometheus.MustNewConstMetric(s.desc, prometheus.GaugeValue, float64(n), p.values(s.connector, s.tenant, s.own)...)
	}
}

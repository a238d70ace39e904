package telemetry

import (
	"sync"
	"time"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
	"github.com/prometheus/client_golang/prometheus"
)

// maxBudgets bounds the call budgets that are remembered.
const maxBudgets = 10_000

// budgets collects what is left of the vendor's call budgets: with connections,
// of each one's, otherwise of that with the least left.
type budgets struct {
	labels    labels
	remaining *prometheus.Desc

	mu   sync.Mutex
	left map[budget]left
}

var _ prometheus.Collector = (*budgets)(nil)

// budget is one tenant's in windows of one length.
type budget struct{ connector, connection, name, window string }

// left is what is left until the window ends.
type left struct {
	calls int
	until time.Time
}

func newBudgets(l labels) *budgets {
	return &budgets{labels: l, left: map[budget]left{}, remaining: prometheus.NewDesc("connector_budget_remaining_calls",
		"Calls that the vendor's current window leaves, of the connection with the least. Gone once the window is over.",
		l.names("budget", "window"), nil)}
}

// update takes what a call said.
func (b *budgets) update(op host.Operation, states []connector.BudgetState) {
	if len(states) == 0 {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	for _, s := range states {
		key := budget{op.Connector, op.Tenant, text(s.Name), s.Window.String()}
		if _, known := b.left[key]; known || len(b.left) < maxBudgets {
			b.left[key] = left{max(0, s.Remaining), now.Add(s.ResetsIn)}
		}
	}
}

// Describe implements [prometheus.Collector].
func (b *budgets) Describe(ch chan<- *prometheus.Desc) { ch <- b.remaining }

// Collect implements [prometheus.Collector].
func (b *budgets) Collect(ch chan<- prometheus.Metric) {
	for key, calls := range b.lowest(time.Now()) {
		ch <- prometheus.MustNewConstMetric(b.remaining, prometheus.GaugeValue, float64(calls),
			b.labels.values(key.connector, key.connection, key.name, key.window)...)
	}
}

// lowest forgets what is over and returns the rest.
func (b *budgets) lowest(now time.Time) map[budget]int {
	b.mu.Lock()
	defer b.mu.Unlock()
	lowest := map[budget]int{}
	for key, l := range b.left {
		if !now.Before(l.until) {
			delete(b.left, key)
			continue
		}
		if !b.labels.connections {
			key.connection = ""
		}
		if least, known := lowest[key]; !known || l.calls < least {
			lowest[key] = l.calls
		}
	}
	return lowest
}

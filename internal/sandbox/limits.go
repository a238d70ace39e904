package sandbox

import (
	"sync"
	"time"
)

// Limits are the numbers of calls per fixed window. A window starts at a clock
// minute, hour or day, UTC (common.md 3, DOC). Zero means no limit. Calls that
// were throttled do not count (INFERRED).
type Limits struct {
	// PerMinute and PerDay bound synchronous calls: 100 and 50,000 (DOC).
	PerMinute, PerDay int
	// BulkPerHour and BulkPerDay bound export submits: 10 and 100 (DOC).
	BulkPerHour, BulkPerDay int
}

// DocumentedLimits are the limits of a tenant whose [Options] give none
// (common.md 3, DOC: recommended, "exact limits vary by package").
func DocumentedLimits() Limits {
	return Limits{PerMinute: 100, PerDay: 50_000, BulkPerHour: 10, BulkPerDay: 100}
}

// A budgetName says which limits a route spends.
type budgetName int

const (
	budgetSync budgetName = iota
	budgetBulk
)

// meters count the calls of one tenant by budget.
type meters struct {
	mu      sync.Mutex
	windows map[budgetName][]*window
}

type window struct {
	length time.Duration
	max    int
	start  time.Time
	used   int
}

func newMeters(l *Limits) meters {
	documented := DocumentedLimits()
	if l == nil {
		l = &documented
	}
	const day = 24 * time.Hour
	return meters{windows: map[budgetName][]*window{
		budgetSync: {{length: time.Minute, max: l.PerMinute}, {length: day, max: l.PerDay}},
		budgetBulk: {{length: time.Hour, max: l.BulkPerHour}, {length: day, max: l.BulkPerDay}},
	}}
}

// take counts one call against a budget and reports whether it fits.
func (m *meters) take(name budgetName, now time.Time) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	windows := m.windows[name]
	for _, w := range windows {
		if start := now.UTC().Truncate(w.length); !start.Equal(w.start) {
			w.start, w.used = start, 0
		}
		if w.max > 0 && w.used >= w.max {
			return false
		}
	}
	for _, w := range windows {
		w.used++
	}
	return true
}

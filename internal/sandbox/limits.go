package sandbox

import (
	"slices"
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
	// UsersPerHour and UsersPerDay bound calls of user management, on top of
	// the synchronous limits: 100 and 1,000 (DOC).
	UsersPerHour, UsersPerDay int
}

// DocumentedLimits are the limits of a tenant whose [Options] give none
// (common.md 3, DOC: recommended, "exact limits vary by package").
func DocumentedLimits() Limits {
	return Limits{
		PerMinute: 100, PerDay: 50_000, BulkPerHour: 10, BulkPerDay: 100, UsersPerHour: 100, UsersPerDay: 1_000,
	}
}

// A budgetName says which limits a route spends.
type budgetName int

const (
	budgetSync budgetName = iota
	budgetBulk
	budgetUsers
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
	sync := []*window{{length: time.Minute, max: l.PerMinute}, {length: day, max: l.PerDay}}
	return meters{windows: map[budgetName][]*window{
		budgetSync:  sync,
		budgetBulk:  {{length: time.Hour, max: l.BulkPerHour}, {length: day, max: l.BulkPerDay}},
		budgetUsers: append(slices.Clone(sync), &window{length: time.Hour, max: l.UsersPerHour}, &window{length: day, max: l.UsersPerDay}),
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

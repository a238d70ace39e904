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
	// TimelinePerMinute bounds single timeline calls and TimelineBulkPerHour
	// bulk ones: 200 and 12 (timeline.md, DOC; an older edition says 4, open
	// question 19). They are spent beside the others (INFERRED).
	TimelinePerMinute, TimelineBulkPerHour int
}

// DocumentedLimits are the limits of a tenant whose [Options] give none
// (common.md 3, DOC: recommended, "exact limits vary by package").
func DocumentedLimits() Limits {
	return Limits{
		PerMinute: 100, PerDay: 50_000, BulkPerHour: 10, BulkPerDay: 100, UsersPerHour: 100, UsersPerDay: 1_000,
		TimelinePerMinute: 200, TimelineBulkPerHour: 12,
	}
}

// A budgetName says which limits a route spends.
type budgetName int

const (
	budgetSync budgetName = iota
	budgetBulk
	budgetUsers
	budgetTimeline
	budgetTimelineBulk
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
	users := []*window{{length: time.Hour, max: l.UsersPerHour}, {length: day, max: l.UsersPerDay}}
	return meters{windows: map[budgetName][]*window{
		budgetSync:         sync,
		budgetBulk:         {{length: time.Hour, max: l.BulkPerHour}, {length: day, max: l.BulkPerDay}},
		budgetUsers:        append(slices.Clone(sync), users...),
		budgetTimeline:     {{length: time.Minute, max: l.TimelinePerMinute}},
		budgetTimelineBulk: {{length: time.Hour, max: l.TimelineBulkPerHour}},
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

package gainsight

import (
	"slices"
	"sync"
	"time"
)

// Ledger counts the requests to one tenant, whichever connection makes them,
// and says when there is room for one more. A request that does not fit is
// booked at once into the first window that has room. So requests go in the
// order in which they came, nobody is woken in vain, and no window is ever
// overbooked. How much is allowed is each connection's own setting. Safe for
// concurrent use.
type Ledger struct {
	mu      sync.Mutex
	meters  map[string]*meter
	waiting []*booking // in the order in which they came
}

// meter counts the requests of one budget. It counts in windows of every
// length, because connections may have limits of different ones.
type meter struct {
	windows [periods]window
	closed  time.Time // until then the tenant takes nothing, as it says
	// throttled is set once the tenant has refused a request.
	throttled bool
}

// demand is what a request counts against.
type demand struct {
	budgets []Budget
	// yields says that it leaves the reserve to others.
	yields bool
}

// booking is a request that is counted. All of it is guarded by the ledger.
type booking struct {
	demand
	at time.Time
}

// shortage is what keeps a request from going at once.
type shortage struct {
	budget Budget
	period Period
	// limit is what the window allows, and kept what of that is reserved for
	// others.
	limit, kept int
	// told is set if the tenant said so; else the ledger counted it.
	told bool
}

// NewLedger returns a ledger in which nothing is counted.
func NewLedger() *Ledger { return &Ledger{meters: map[string]*meter{}} }

// book counts a request and returns when it may go, and why not now. If that
// is after last, nothing is counted and the booking is nil.
func (l *Ledger) book(d demand, now, last time.Time) (*booking, time.Time, shortage) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, b := range d.budgets {
		l.meter(b.Name).forget(now)
	}
	at, why := l.earliest(d, now, last)
	if at.After(last) {
		return nil, at, why
	}
	b := &booking{demand: d, at: at}
	l.add(b)
	if at.After(now) {
		l.waiting = append(l.waiting, b)
	}
	return b, at, why
}

// arrive is told that a booking's time has come and returns when it may go: now,
// or later if the tenant throttled meanwhile or the window was slept through.
func (l *Ledger) arrive(b *booking, now time.Time) (time.Time, shortage) {
	l.mu.Lock()
	defer l.mu.Unlock()
	why := shortage{}
	if !b.at.After(now) {
		why = l.move(b, now)
	}
	if !b.at.After(now) {
		l.leave(b)
	}
	return b.at, why
}

// cancel gives back what a request was to spend that was not sent.
func (l *Ledger) cancel(b *booking) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.leave(b)
	l.remove(b)
}

// throttle is told that the tenant refused a request for its budget, and closes
// the budgets until then. Who waits keeps the order. It returns the budgets
// that are held to less from now on.
func (l *Ledger) throttle(budgets []Budget, now, until time.Time) []Budget {
	l.mu.Lock()
	defer l.mu.Unlock()
	var held []Budget
	for _, b := range budgets {
		m := l.meter(b.Name)
		m.forget(now)
		if b.Throttled != [periods]int{} && !m.throttled {
			held = append(held, b)
		}
		m.throttled = true
		if until.After(m.closed) {
			m.closed = until
		}
	}
	for _, b := range l.waiting {
		l.remove(b)
	}
	for _, b := range l.waiting {
		b.at, _ = l.earliest(b.demand, b.at, never)
		l.add(b)
	}
	return held
}

// never is later than anything that is booked.
var never = time.Unix(1<<40, 0)

// move books anew, not before from.
func (l *Ledger) move(b *booking, from time.Time) shortage {
	l.remove(b)
	at, why := l.earliest(b.demand, from, never)
	b.at = at
	l.add(b)
	return why
}

// earliest returns when there is room for a request, or a time after last, and
// what it has to wait for.
func (l *Ledger) earliest(d demand, from, last time.Time) (time.Time, shortage) {
	at, why := from, shortage{}
	for moved := true; moved && !at.After(last); {
		moved = false
		for _, b := range d.budgets {
			if opens, s := l.meter(b.Name).opens(b, d.yields, at); opens.After(at) {
				at, why, moved = opens, s, true
			}
		}
	}
	return at, why
}

func (l *Ledger) add(b *booking) {
	for _, budget := range b.budgets {
		m := l.meter(budget.Name)
		for p := range m.windows {
			m.windows[p].add(b.at)
		}
	}
}

func (l *Ledger) remove(b *booking) {
	for _, budget := range b.budgets {
		m := l.meter(budget.Name)
		for p := range m.windows {
			m.windows[p].remove(b.at)
		}
	}
}

func (l *Ledger) leave(b *booking) {
	if i := slices.Index(l.waiting, b); i >= 0 {
		l.waiting = slices.Delete(l.waiting, i, i+1)
	}
}

func (l *Ledger) meter(budget string) *meter {
	m := l.meters[budget]
	if m == nil {
		m = &meter{windows: [periods]window{{period: PerMinute}, {period: PerHour}, {period: PerDay}}}
		l.meters[budget] = m
	}
	return m
}

// idle reports whether a ledger that is made anew would say the same.
func (l *Ledger) idle(now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, m := range l.meters {
		m.forget(now)
		if m.closed.After(now) || !m.windows[PerDay].idle() {
			return false
		}
	}
	return true
}

func (m *meter) forget(now time.Time) {
	for p := range m.windows {
		m.windows[p].forget(now)
	}
}

// opens returns when the budget alone has room, at the earliest at the time
// given. The longest window comes first: it is the farthest step.
func (m *meter) opens(b Budget, yields bool, at time.Time) (time.Time, shortage) {
	if at.Before(m.closed) {
		return m.closed, shortage{budget: b, period: shortest([]Budget{b}), told: true}
	}
	for p := PerDay; p >= PerMinute; p-- {
		limit := b.limit(p, m.throttled)
		kept := 0
		if yields {
			kept = b.reserve(limit)
		}
		if limit > 0 && m.windows[p].count(at) >= limit-kept {
			return p.end(at), shortage{budget: b, period: p, limit: limit, kept: kept}
		}
	}
	return at, shortage{}
}

package gainsight

import (
	"slices"
	"time"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

// Budget is how many calls a tenant takes, in fixed windows that are all in
// force at once.
type Budget struct {
	// Name is the key in a connection's "limits".
	Name string
	// Calls are the calls in a window, by [Period]. 0: no limit.
	Calls [periods]int
	// ReservePercent is the part of every window that bulk work leaves to
	// interactive calls.
	ReservePercent int
	// Throttled takes the place of Calls, where it is less and not 0, once the
	// tenant has refused a call for its budget.
	Throttled [periods]int
}

// Period is the length of a window. Windows start with the clock: with the
// minute, with the hour, at midnight UTC (common.md, section 3, DOC; that the
// day is that of UTC is INFERRED).
type Period int

// The periods.
const (
	PerMinute Period = iota
	PerHour
	PerDay
	periods
)

// Length returns the length of a window.
func (p Period) Length() time.Duration {
	return [periods]time.Duration{time.Minute, time.Hour, 24 * time.Hour}[p]
}

// String returns "minute", "hour" or "day".
func (p Period) String() string { return [periods]string{"minute", "hour", "day"}[p] }

// each returns "a minute" and so on.
func (p Period) each() string { return [periods]string{"a minute", "an hour", "a day"}[p] }

// Pointer returns the place in a connection's settings of the number of calls
// that a budget allows in the window.
func (p Period) Pointer(budget string) string { return "/limits/" + budget + "/per_" + p.String() }

// end returns when the window that at falls in is over.
func (p Period) end(at time.Time) time.Time {
	return at.UTC().Truncate(p.Length()).Add(p.Length())
}

// smallestReserved is the smallest limit of which something is reserved.
const smallestReserved = 10

// limit returns the calls of a window; 0: no limit. throttled says that the
// tenant has refused a call for its budget.
func (b Budget) limit(p Period, throttled bool) int {
	if slow := b.Throttled[p]; throttled && slow > 0 && b.Calls[p] > 0 {
		return min(slow, b.Calls[p])
	}
	return b.Calls[p]
}

// reserve returns the calls of a window that bulk work leaves to interactive
// calls.
func (b Budget) reserve(limit int) int {
	if limit < smallestReserved || b.ReservePercent == 0 {
		return 0
	}
	return max(1, limit*b.ReservePercent/100)
}

// shortest returns the shortest window that limits one of the budgets, or a
// minute if none is limited.
func shortest(budgets []Budget) Period {
	for p := range periods {
		if slices.ContainsFunc(budgets, func(b Budget) bool { return b.Calls[p] > 0 }) {
			return p
		}
	}
	return PerMinute
}

// Rates returns the calls that a tenant allows of each endpoint unless its
// connection says otherwise: those of all budgets that the endpoint counts
// against.
func Rates() map[string][]connector.RateLimit {
	budgets := Budgets()
	rates := map[string][]connector.RateLimit{}
	for _, e := range Endpoints() {
		for _, b := range budgets {
			if slices.Contains(e.Budgets, b.Name) {
				rates[e.Name] = append(rates[e.Name], b.rates()...)
			}
		}
	}
	return rates
}

func (b Budget) rates() []connector.RateLimit {
	var rates []connector.RateLimit
	for p, calls := range b.Calls {
		if calls > 0 {
			rates = append(rates, connector.RateLimit{Calls: uint32(calls), Window: Period(p).Length()}) //nolint:gosec // a number of the table
		}
	}
	return rates
}

package gainsight

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/jsonpointer"
)

// Keys of a connection's "limits" that are no budgets.
const (
	longestWaitKey   = "longest_wait_seconds"
	throttledWaitKey = "throttled_wait_seconds"
)

// defaultLongestWait is enough for every window but that of a day.
const defaultLongestWait = time.Hour

// limits are a connection's budgets and how long a call waits for them.
type limits struct {
	// budgets are by name.
	budgets map[string]Budget
	// longestWait bounds how long a call waits for its budgets, beside its own
	// deadline.
	longestWait time.Duration
	// throttledWait is how long the tenant is left alone once it has refused a
	// call for its budget and did not say for how long. 0: until the clock's
	// minute is over (open question 13).
	throttledWait time.Duration
}

// budgetSetting is the JSON form of what a connection changes of a budget.
type budgetSetting struct {
	PerMinute      bound `json:"per_minute"`
	PerHour        bound `json:"per_hour"`
	PerDay         bound `json:"per_day"`
	ReservePercent *int  `json:"reserve_percent"`
}

// bound is a number of calls; null is no limit.
type bound struct {
	set   bool
	calls int
}

// UnmarshalJSON is called for null as well.
func (b *bound) UnmarshalJSON(data []byte) error {
	b.set = true
	return json.Unmarshal(data, &b.calls)
}

// parseLimits lays a connection's own limits over the defaults.
func parseLimits(own map[string]json.RawMessage) (limits, []connector.Violation) {
	l := limits{budgets: map[string]Budget{}, longestWait: defaultLongestWait}
	for _, b := range Budgets() {
		l.budgets[b.Name] = b
	}
	known := append(slices.Sorted(maps.Keys(l.budgets)), longestWaitKey, throttledWaitKey)
	var violations []connector.Violation
	for _, name := range slices.Sorted(maps.Keys(own)) {
		pointer := "/limits/" + jsonpointer.Token(name)
		budget, ok := l.budgets[name]
		fits := true
		switch {
		case name == longestWaitKey:
			fits = seconds(own[name], &l.longestWait)
		case name == throttledWaitKey:
			fits = seconds(own[name], &l.throttledWait)
		case !ok:
			violations = append(violations, unknown(pointer, "is not a budget", name, known))
		default:
			l.budgets[name], fits = budget.tailor(own[name])
		}
		if !fits {
			violations = append(violations, connector.Violation{Pointer: pointer, Message: "is not what the connection schema says"})
		}
	}
	return l, violations
}

// tailor returns b with what own, a JSON object, changes; null takes every
// limit away. A number of the connection's own stays what it is when the tenant
// throttles.
func (b Budget) tailor(own json.RawMessage) (Budget, bool) {
	if bytes.Equal(bytes.TrimSpace(own), []byte("null")) {
		return Budget{Name: b.Name}, true
	}
	var s budgetSetting
	if json.Unmarshal(own, &s) != nil {
		return b, false
	}
	for p, set := range [periods]bound{s.PerMinute, s.PerHour, s.PerDay} {
		if set.set {
			b.Calls[p], b.Throttled[p] = set.calls, 0
		}
	}
	if s.ReservePercent != nil {
		b.ReservePercent = *s.ReservePercent
	}
	return b, true
}

func seconds(own json.RawMessage, d *time.Duration) bool {
	var n float64
	if json.Unmarshal(own, &n) != nil {
		return false
	}
	*d = time.Duration(n * float64(time.Second))
	return true
}

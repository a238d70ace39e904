package gainsight

import (
	"slices"
	"time"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

// BudgetState says what is left of a budget in one of its windows.
type BudgetState struct {
	// Budget is the name of the budget.
	Budget string
	// Period is the length of the window.
	Period Period
	// Limit is the number of calls that it allows.
	Limit int
	// Spent are the calls of this process in it. What is promised to requests
	// that wait for a later window is not among them.
	Spent int
	// Left are the calls that can be made in it.
	Left int
	// Ends is when there is room again.
	Ends time.Time
	// Throttled is set if the tenant itself said that nothing is left.
	Throttled bool
	// Lowered is set if Limit is less than usual since the tenant refused a
	// call.
	Lowered bool
}

// BudgetStates returns what is left of the budgets of the names given, or of
// all, as far as this process has counted: other integrations of the tenant
// spend them as well. A window without a limit is left out.
func (c *Client) BudgetStates(names ...string) []BudgetState {
	now := c.Clock()
	var states []BudgetState
	for _, b := range Budgets() {
		if len(names) == 0 || slices.Contains(names, b.Name) {
			states = append(states, c.ledger.states(c.config.limits.budgets[b.Name], now)...)
		}
	}
	return states
}

// states returns the state of a budget, of the shortest window first.
func (l *Ledger) states(b Budget, now time.Time) []BudgetState {
	l.mu.Lock()
	defer l.mu.Unlock()
	m := l.meter(b.Name)
	m.forget(now)
	var states []BudgetState
	for p := range periods {
		limit := b.limit(p, m.throttled)
		if limit == 0 {
			continue
		}
		spent := m.windows[p].count(now)
		s := BudgetState{
			Budget: b.Name, Period: p, Limit: limit, Spent: spent, Left: max(0, limit-spent),
			Ends: p.end(now), Lowered: limit < b.Calls[p],
		}
		if len(states) == 0 && m.closed.After(now) { // the tenant does not say which window it is
			s.Left, s.Ends, s.Throttled = 0, m.closed, true
		}
		states = append(states, s)
	}
	return states
}

// told returns the states in the words of every connector.
func told(states []BudgetState, now time.Time) []connector.BudgetState {
	all := make([]connector.BudgetState, 0, len(states))
	for _, s := range states {
		all = append(all, connector.BudgetState{
			Name: s.Budget, Limit: s.Limit, Remaining: s.Left,
			Window: s.Period.Length(), ResetsIn: s.Ends.Sub(now), Throttled: s.Throttled,
		})
	}
	return all
}

package gainsight

// Names of the budgets, as a connection's "limits" spells them.
const (
	// BudgetSynchronous is for all calls that none of the others is for.
	BudgetSynchronous = "synchronous"
	// BudgetAsynchronous is for jobs that the tenant runs by itself. Only
	// starting one counts (open question 16); asking for its state and fetching
	// its chunks are synchronous calls.
	BudgetAsynchronous = "asynchronous"
	// BudgetUsers is for user management, beside BudgetSynchronous.
	BudgetUsers = "users"
	// BudgetTimeline is for single activities.
	BudgetTimeline = "timeline"
	// BudgetTimelineBulk is for activities in bulk.
	BudgetTimelineBulk = "timeline_bulk"
)

// usualReserve is the part of a window, in percent, that bulk work leaves to
// interactive calls.
const usualReserve = 10

// Budgets returns the defaults of all budgets. The documentation calls them
// recommended limits; "exact limits vary by package" (common.md, section 3,
// DOC). A budget is the tenant's and shared with all of its other integrations
// (INFERRED, open question 14). Jobs are bulk work themselves: of their budgets
// nothing is reserved.
func Budgets() []Budget {
	return []Budget{
		// common.md, section 3: DOC for company, custom object, metadata and
		// goals; INFERRED for Cockpit. The 5,000 a minute of success plans are
		// taken for a misprint (open question 47).
		{Name: BudgetSynchronous, Calls: [periods]int{PerMinute: 100, PerDay: 50_000}, ReservePercent: usualReserve},
		// common.md, section 3: DOC.
		{Name: BudgetAsynchronous, Calls: [periods]int{PerHour: 10, PerDay: 100}},
		// users.md: DOC, on top of the synchronous limits.
		{Name: BudgetUsers, Calls: [periods]int{PerHour: 100, PerDay: 1_000}, ReservePercent: usualReserve},
		// timeline.md: DOC for a single save, INFERRED for update, deletion and
		// the list of deleted ones.
		{Name: BudgetTimeline, Calls: [periods]int{PerMinute: 200}, ReservePercent: usualReserve},
		// timeline.md: DOC, 12 in the newer edition and 4 in the older one (open
		// question 19).
		{Name: BudgetTimelineBulk, Calls: [periods]int{PerHour: 12}, Throttled: [periods]int{PerHour: 4}},
	}
}

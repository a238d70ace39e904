package probe

import (
	"context"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

// Assumption is one thing that the connector takes for granted about a tenant.
type Assumption struct {
	// ID is stable and unique, e.g. "task.list.form".
	ID string
	// Title says what is assumed, in a sentence.
	Title string
	// Group is the group of actions that it belongs to.
	Group string
	// Operation is the action that rests on it. Empty: all do.
	Operation string
	// Evidence says how well it is proven.
	Evidence connector.Evidence
	// Current says what a connection goes by. Nil: the title says it.
	Current func(c gainsight.Config) string
	// Writes is set if it takes a request to an operation that writes.
	Writes bool
	// Jobs is set if it takes a job at the tenant, which reads.
	Jobs bool
	// Try finds out whether the assumption holds with the settings of the bench.
	// Nil: nothing can, and Why says so.
	Try func(ctx context.Context, b *Bench) Outcome
	// Others are the settings that are tried where it does not, the likeliest
	// first.
	Others []Settings
	// Why says why nothing can tell.
	Why string
}

// Settings are values for some places in a connection's settings.
type Settings []connector.Setting

// Outcome is what a try came to.
type Outcome struct {
	// Result is whether it worked.
	Result Result
	// Observed says what the tenant did, without values of records.
	Observed string
	// Mends are settings that what was observed suggests. They are tried before
	// the others. Empty: none.
	Mends Settings
}

// Result is whether a try worked.
type Result int

// The results.
const (
	// Unclear: nothing can be concluded.
	Unclear Result = iota
	// Works: the tenant is as the settings say.
	Works
	// Fails: it is not.
	Fails
	// Refused: it may not be, but that can have another cause. It differs only if
	// it works with other settings.
	Refused
)

package actions

import (
	"time"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

// SynchronousRates are the tenant's limits on synchronous calls, in fixed
// windows that start with the clock (common.md, section 3, DOC for company,
// custom object, metadata and goals; by inference for Cockpit).
func SynchronousRates() []connector.RateLimit {
	return []connector.RateLimit{{Calls: 100, Window: time.Minute}, {Calls: 50_000, Window: 24 * time.Hour}}
}

// AsynchronousRates are the tenant's limits on jobs that it runs by itself
// (common.md, section 3, DOC).
func AsynchronousRates() []connector.RateLimit {
	return []connector.RateLimit{{Calls: 10, Window: time.Hour}, {Calls: 100, Window: 24 * time.Hour}}
}

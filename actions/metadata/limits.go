package metadata

import (
	"time"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

// limits are the tenant's limits on synchronous calls (common.md, section 3,
// DOC).
func limits() connector.ActionLimits {
	return connector.ActionLimits{Rates: []connector.RateLimit{
		{Calls: 100, Window: time.Minute}, {Calls: 50_000, Window: 24 * time.Hour},
	}}
}

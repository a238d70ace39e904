package timeline

import (
	"context"
	_ "embed"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/connector"
)

//go:embed activity_job_status.json
var activityJobStatusDocument []byte

// activityJobStatus is Get Status API.
func activityJobStatus() actions.Action {
	return actions.Action{
		Info: connector.Action{
			ID: "activity.job_status", Title: "Get Status API", Group: group,
			Summary:          "Returns the state of a bulk save or update and, where the tenant tells them, the errors of its records.",
			DocumentationURL: documentation,
			Effect:           connector.EffectRead, DoctypeLookup: connector.DoctypeNo,
			Evidence: connector.EvidenceDocumented,
		},
		Document: activityJobStatusDocument,
		Run: func(ctx context.Context, c *actions.Call) (any, error) {
			in, err := bindJob(c)
			if err != nil {
				return nil, err
			}
			return status(ctx, c, in)
		},
	}
}

package bulk

import (
	"context"
	_ "embed"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/connector"
)

//go:embed bulk_status.json
var bulkStatusDocument []byte

// bulkStatus is Bulk API Job Status.
func bulkStatus() actions.Action {
	return actions.Action{
		Info: connector.Action{
			ID: "bulk.status", Title: "Bulk API Job Status", Group: group,
			Summary:          "Returns the state of an export job and, once it is completed, its chunks.",
			DocumentationURL: documentation,
			Effect:           connector.EffectRead, DoctypeLookup: connector.DoctypeNotApplicable,
			Evidence: connector.EvidenceDocumented,
		},
		Document: bulkStatusDocument,
		Run: func(ctx context.Context, c *actions.Call) (any, error) {
			var in struct {
				URL string `json:"statusUrl"`
			}
			if err := c.Bind(&in); err != nil {
				return nil, err
			}
			return status(ctx, c, in.URL)
		},
	}
}

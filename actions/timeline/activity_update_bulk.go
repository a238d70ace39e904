package timeline

import (
	_ "embed"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/doctype"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

//go:embed activity_update_bulk.json
var activityUpdateBulkDocument []byte

// activityUpdateBulk is Bulk Update API. Changes are the same when made twice,
// so a lost answer does not leave its outcome open.
func activityUpdateBulk() actions.Action {
	return actions.Action{
		Info: connector.Action{
			ID: "activity.update_bulk", Title: "Bulk Update API", Group: group,
			Summary:          "Changes any number of activities, at most 80 MB, in a job of the tenant and returns the id of the job.",
			DocumentationURL: documentation,
			Effect:           connector.EffectIdempotentWrite, DoctypeLookup: connector.DoctypeYes,
			Evidence: connector.EvidenceDocumented, Limits: bulkLimits(),
		},
		Document: activityUpdateBulkDocument,
		Doctype:  doctypeOf(doctype.Update, gainsight.ActivityUpdateBulk),
		Options:  options(),
		Write:    &actions.Write{Identity: identifiers(), Resolvers: resolvers(false)},
		Upload:   feed{endpoint: gainsight.ActivityUpdateBulk, effect: connector.EffectIdempotentWrite, update: true}.run,
	}
}

package timeline

import (
	_ "embed"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/doctype"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

//go:embed activity_save_bulk.json
var activitySaveBulkDocument []byte

// activitySaveBulk is Bulk Activity Save API. The key against doubles is that
// of a single save, but a second job would spend one of a few calls an hour
// and fail for every record, so it is never repeated by itself.
func activitySaveBulk() actions.Action {
	return actions.Action{
		Info: connector.Action{
			ID: "activity.save_bulk", Title: "Bulk Activity Save API", Group: group,
			Summary:          "Adds any number of activities, at most 80 MB, in a job of the tenant and returns the id of the job.",
			DocumentationURL: documentation,
			Effect:           connector.EffectUnsafeWrite, DoctypeLookup: connector.DoctypeYes,
			Evidence: connector.EvidenceDocumented, Limits: bulkLimits(),
		},
		Document: activitySaveBulkDocument,
		Doctype:  doctypeOf(doctype.Create, gainsight.ActivitySaveBulk),
		Options:  options(),
		Write:    &actions.Write{Resolvers: resolvers(true)},
		Upload:   feed{endpoint: gainsight.ActivitySaveBulk, effect: connector.EffectUnsafeWrite}.run,
	}
}

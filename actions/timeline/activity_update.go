package timeline

import (
	_ "embed"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/doctype"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

//go:embed activity_update.json
var activityUpdateDocument []byte

// activityUpdate is Single Update API. That it leaves the other fields alone is
// INFERRED (open question 21).
func activityUpdate() actions.Action {
	return actions.Action{
		Info: connector.Action{
			ID: "activity.update", Title: "Single Update API", Group: group,
			Summary:          "Changes activities, found by ExternalId, ActivityId or Gsid.",
			DocumentationURL: documentation,
			Effect:           connector.EffectIdempotentWrite, DoctypeLookup: connector.DoctypeYes,
			Evidence: connector.EvidenceDocumented, Limits: connector.ActionLimits{RecordsPerRequest: 1},
		},
		Document: activityUpdateDocument,
		Doctype:  doctypeOf(doctype.Update, gainsight.ActivityUpdate),
		Options:  options(),
		Write: &actions.Write{
			Endpoint: gainsight.ActivityUpdate, Body: body, Query: batchQuery, Outcomes: tersely, Key: fieldExternalID,
			Identity: identifiers(), Resolvers: resolvers(false),
		},
	}
}

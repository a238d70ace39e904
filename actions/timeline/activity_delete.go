package timeline

import (
	_ "embed"
	"encoding/json"
	"net/url"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

//go:embed activity_delete.json
var activityDeleteDocument []byte

// activityDelete is Delete API. Where the id goes is not known (open question
// 7), so the endpoint has forms for it.
func activityDelete() actions.Action {
	return actions.Action{
		Info: connector.Action{
			ID: "activity.delete", Title: "Delete API", Group: group,
			Summary:          "Deletes activities by ActivityId.",
			DocumentationURL: documentation,
			Effect:           connector.EffectIdempotentWrite, DoctypeLookup: connector.DoctypeNo,
			Evidence: connector.EvidenceInferred, Limits: connector.ActionLimits{RecordsPerRequest: 1},
		},
		Document: activityDeleteDocument,
		Write: &actions.Write{
			Endpoint: gainsight.ActivityDelete, Body: deleteBody, Query: deleteQuery, Outcomes: deleteOutcomes,
			Key: fieldActivityID, Identity: []string{fieldActivityID},
		},
	}
}

func deleteBody(b actions.Batch) any {
	switch b.Form {
	case gainsight.DeleteFormQuery:
		return nil
	case gainsight.DeleteFormList:
		return activityIDs(b)
	case gainsight.DeleteFormIDs:
		return map[string]any{b.Name(gainsight.NameActivityIDs): activityIDs(b)}
	default:
		return actions.Records(b)
	}
}

func deleteQuery(b actions.Batch) url.Values {
	if b.Form != gainsight.DeleteFormQuery {
		return nil
	}
	return url.Values{b.Name(gainsight.NameActivityID): activityIDs(b)}
}

func activityIDs(b actions.Batch) []string {
	ids := make([]string, len(b.Records))
	for i, r := range b.Records {
		ids[i], _ = r[fieldActivityID].(string)
	}
	return ids
}

// codeNotThere is the tenant's code for a reference that it does not find
// (common.md 5.6, INFERRED).
const codeNotThere = "GS_TL_10_0213"

// deleteOutcomes reads an answer. What a repeated request does not find is
// what the first one, whose answer was lost, has deleted.
func deleteOutcomes(data json.RawMessage, b actions.Batch) map[int]actions.Outcome {
	found := tersely(data, b)
	for i, o := range found {
		if b.Repeated && strings.HasPrefix(o.Failure, codeNotThere) {
			found[i] = actions.Outcome{}
		}
	}
	return found
}

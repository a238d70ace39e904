package users

import (
	_ "embed"
	"net/url"
	"strconv"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

//go:embed user_set_status.json
var userSetStatusDocument []byte

// userSetStatus is Update Users Status. The status is that of the call, since
// it goes into the query.
func userSetStatus() actions.Action {
	return actions.Action{
		Info: connector.Action{
			ID: "user.set_status", Title: "Update Users Status", Group: group,
			Summary:          "Makes users active or inactive.",
			DocumentationURL: documentation,
			Effect:           connector.EffectIdempotentWrite, DoctypeLookup: connector.DoctypeNo,
			Evidence: connector.EvidenceDocumented, Limits: writeLimits(),
		},
		Document: userSetStatusDocument,
		Write: &actions.Write{
			Endpoint: gainsight.UserSetStatus, Body: ids, Query: status, Outcomes: outcomes,
			Check: func(input map[string]any) []connector.Violation { return checkRepeats(input, fieldID) }, Hint: hint(sendAgain),
		},
	}
}

// ids is the envelope of the status call: a bare array of GSIDs (users.md,
// DOC2 summary).
func ids(b actions.Batch) any {
	ids := make([]any, len(b.Records))
	for i, r := range b.Records {
		ids[i] = r[fieldID]
	}
	return ids
}

func status(b actions.Batch) url.Values {
	active, _ := optionsOf(b.Input)["status"].(bool)
	return url.Values{"status": {strconv.FormatBool(active)}}
}

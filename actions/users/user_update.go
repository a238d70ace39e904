package users

import (
	_ "embed"
	"net/url"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/doctype"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

//go:embed user_update.json
var userUpdateDocument []byte

// userUpdate is Update Users. It may be repeated: bundles that a user has
// already are appended without effect.
func userUpdate() actions.Action {
	return actions.Action{
		Info: connector.Action{
			ID: "user.update", Title: "Update Users", Group: group,
			Summary:          "Changes users, found by user name or id; only the fields that you give are touched.",
			DocumentationURL: documentation,
			Effect:           connector.EffectIdempotentWrite, DoctypeLookup: connector.DoctypeYes,
			Evidence: connector.EvidenceDocumented, Limits: writeLimits(),
		},
		Document: userUpdateDocument,
		Doctype:  doctypeOf(doctype.Update, fieldName, fieldID, fieldSalesforceID),
		Options:  options(),
		Write: &actions.Write{
			Endpoint: gainsight.UserUpdate, Body: body, Outcomes: outcomes,
			Query:     func(b actions.Batch) url.Values { return url.Values{"key": {keyOf(b.Input)}} },
			Resolvers: resolvers(), Check: checkUpdate, Hint: hint(sendAgain),
		},
	}
}

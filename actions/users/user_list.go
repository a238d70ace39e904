package users

import (
	_ "embed"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

//go:embed user_list.json
var userListDocument []byte

// userList is Fetch User Details: dialect 3. The total is not asked for, since
// its key is not known (open question 27).
func userList() actions.Action {
	return actions.Action{
		Info: connector.Action{
			ID: "user.list", Title: "Fetch User Details", Group: group,
			Summary:          "Lists users that match a filter, in the order that you ask for.",
			DocumentationURL: documentation,
			Effect:           connector.EffectRead, DoctypeLookup: connector.DoctypeNo,
			Evidence: connector.EvidenceDocumented, Limits: connector.ActionLimits{PageSize: 100},
		},
		Document: userListDocument,
		Options:  actions.QueryOptions(actions.FieldsOf(object)),
		List: &actions.List{
			Endpoint: gainsight.UserList, Dialect: gainsight.DialectUsers,
			Object: object,
		},
	}
}

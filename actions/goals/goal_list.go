package goals

import (
	_ "embed"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

//go:embed goal_list.json
var goalListDocument []byte

// goalList is Fetch Customer Goals, by inference in dialect 2. The goal's id
// is always asked for, since no answer is known that gives it unasked.
func goalList() actions.Action {
	return actions.Action{
		Info: connector.Action{
			ID: "goal.list", Title: "Fetch Customer Goals", Group: group,
			Summary:          "Lists goals that match a filter.",
			DocumentationURL: documentation,
			Effect:           connector.EffectRead, DoctypeLookup: connector.DoctypeNo,
			Evidence: connector.EvidenceInferred, Limits: connector.ActionLimits{
				PageSize: 100,
			},
		},
		Document: goalListDocument,
		Options:  actions.QueryOptions(actions.FieldsOf(gainsight.ObjectGoal)),
		List: &actions.List{
			Endpoint: gainsight.GoalList, Dialect: gainsight.DialectCockpit,
			Object: gainsight.ObjectGoal, Adapt: actions.WithID,
		},
	}
}

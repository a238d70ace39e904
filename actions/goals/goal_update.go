package goals

import (
	_ "embed"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

//go:embed goal_update.json
var goalUpdateDocument []byte

// goalUpdate is Update Customer Goals. The catalog lists it without doctype
// lookup, so a record may have fields that the schema does not know.
func goalUpdate() actions.Action {
	return actions.Action{
		Info: connector.Action{
			ID: "goal.update", Title: "Update Customer Goals", Group: group,
			Summary:          "Changes goals, and adds or removes the CTAs and success plans that serve them; only what you give is touched.",
			DocumentationURL: documentation,
			Effect:           connector.EffectIdempotentWrite, DoctypeLookup: connector.DoctypeNo,
			Evidence: connector.EvidenceInferred, Limits: limits(),
		},
		Document: goalUpdateDocument,
		Options:  options(),
		Write: &actions.Write{
			Endpoint: gainsight.GoalUpdate, Body: requests, Outcomes: outcomes,
			Identity:  []string{"Gsid"},
			Encoding:  &actions.Encoding{Object: gainsight.ObjectGoal, ByLabel: true}, // goals.md, DOC sample of create
			Resolvers: []actions.Resolver{company()},
		},
	}
}

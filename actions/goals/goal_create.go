package goals

import (
	_ "embed"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/doctype"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

//go:embed goal_create.json
var goalCreateDocument []byte

// goalCreate is Create Customer Goals. There is no idempotency key: a repeated
// call makes a second goal (common.md, section 14).
func goalCreate() actions.Action {
	return actions.Action{
		Info: connector.Action{
			ID: "goal.create", Title: "Create Customer Goals", Group: group,
			Summary:          "Creates goals of companies, relationships or opportunities, with the CTAs and success plans that serve them.",
			DocumentationURL: documentation,
			Effect:           connector.EffectUnsafeWrite, DoctypeLookup: connector.DoctypeYes,
			Evidence: connector.EvidenceDocumented, Limits: limits(),
		},
		Document: goalCreateDocument,
		Doctype: &actions.Doctype{
			Object: gainsight.ObjectGoal, Optional: true, At: "/$defs/record", Use: doctype.Create,
			Skip:    []string{"Gsid", "StatusId", "Status"},
			ByLabel: func(*actions.Tenant) bool { return true }, // goals.md, DOC sample
		},
		Options: options(),
		Write: &actions.Write{
			Endpoint: gainsight.GoalCreate, Body: created, Outcomes: outcomes,
			Resolvers: []actions.Resolver{company()},
			Check:     checkContext,
		},
	}
}

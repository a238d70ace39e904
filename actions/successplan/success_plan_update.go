package successplan

import (
	_ "embed"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/doctype"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

//go:embed success_plan_update.json
var successPlanUpdateDocument []byte

// successPlanUpdate is Update Success Plan. Fields that cannot be changed must
// be left out (success_plan.md, DOC2 summary), and which those are is not
// known: what goes out is what the record has, its reference, and no more.
func successPlanUpdate() actions.Action {
	return actions.Action{
		Info: connector.Action{
			ID: "success_plan.update", Title: "Update Success Plan", Group: group,
			Summary:          "Changes success plans; only the fields that you give are touched.",
			DocumentationURL: documentation,
			Effect:           connector.EffectIdempotentWrite, DoctypeLookup: connector.DoctypeYes,
			Evidence: connector.EvidenceDocumented,
		},
		Document: successPlanUpdateDocument,
		Doctype:  configured().Doctype(doctype.Update),
		Options:  configured().Options(),
		Write: &actions.Write{
			Endpoint: gainsight.SuccessPlanUpdate, Body: actions.Requests, Outcomes: actions.KeyedOutcomes,
			Identity: []string{"Gsid"},
			Resolvers: []actions.Resolver{
				{Field: "OwnerId", Key: "OwnerEmail", Object: "gsuser", Match: "Email"},
			},
		},
	}
}

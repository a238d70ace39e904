package successplan

import (
	_ "embed"
	"slices"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/doctype"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

//go:embed success_plan_create.json
var successPlanCreateDocument []byte

// successPlanCreate is Create Success Plan. There is no idempotency key: a
// repeated call makes a second plan (common.md, section 14).
func successPlanCreate() actions.Action {
	return actions.Action{
		Info: connector.Action{
			ID: "success_plan.create", Title: "Create Success Plan", Group: group,
			Summary:          "Creates success plans for companies, with their objectives if you give some.",
			DocumentationURL: documentation,
			Effect:           connector.EffectUnsafeWrite, DoctypeLookup: connector.DoctypeYes,
			Evidence: connector.EvidenceDocumented,
		},
		Document: successPlanCreateDocument,
		Doctype:  configured().Doctype(doctype.Create),
		Options:  configured().Options(),
		Write: &actions.Write{
			Endpoint: gainsight.SuccessPlanCreate, Instead: forObjectives,
			Body: actions.Requests, Outcomes: actions.KeyedOutcomes,
			Resolvers: []actions.Resolver{
				{Field: "CompanyId", Key: "CompanyName", Object: "company", Match: "Name", Required: true},
				{Field: "OwnerId", Key: "OwnerEmail", Object: "gsuser", Match: "Email", Required: true},
			},
		},
	}
}

// forObjectives names the endpoint that takes objectives if the input says so
// or, not saying, has some.
func forObjectives(input map[string]any) string {
	options, _ := input["options"].(map[string]any)
	wanted, said := options["withObjectives"].(bool)
	if !said {
		records, _ := input["records"].([]any)
		wanted = slices.ContainsFunc(records, func(r any) bool {
			record, _ := r.(map[string]any)
			return record["Objectives"] != nil
		})
	}
	if wanted {
		return gainsight.SuccessPlanCreateWithObjectives
	}
	return ""
}

package successplan

import (
	"context"
	_ "embed"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

//go:embed success_plan_list.json
var successPlanListDocument []byte

// onlyDeleted is the vendor's flag for deleted plans, in the input and on the
// wire (success_plan.md, DOC2 summary).
const onlyDeleted = "includeonlyDeletedRecords"

// columns are what a row has beside the fields of the object: the names of
// status and type (success_plan.md, DOC2 summary).
func columns() []string { return []string{"StatusName", "TypeName"} }

// successPlanList is Fetch Success Plan List: dialect 2, no order, no total.
func successPlanList() actions.Action {
	return actions.Action{
		Info: connector.Action{
			ID: "success_plan.list", Title: "Fetch Success Plan List", Group: group,
			Summary:          "Lists success plans that match a filter, or those that were deleted.",
			DocumentationURL: documentation,
			Effect:           connector.EffectRead, DoctypeLookup: connector.DoctypeNo,
			Evidence: connector.EvidenceDocumented, Limits: connector.ActionLimits{
				PageSize: 100,
			},
		},
		Document: successPlanListDocument,
		Options:  actions.QueryOptions(columnOptions),
		List: &actions.List{
			Endpoint: gainsight.SuccessPlanList, Instead: ofDeleted, Dialect: gainsight.DialectCockpit,
			Pass: []string{onlyDeleted}, Object: object, Columns: columns(),
		},
	}
}

// ofDeleted names the endpoint for deleted plans if the input asks for them.
func ofDeleted(input map[string]any) string {
	if input[onlyDeleted] == true {
		return gainsight.SuccessPlanListDeleted
	}
	return ""
}

// columnOptions lists the columns and the fields of the object.
func columnOptions(ctx context.Context, t *actions.Tenant, selectors map[string]string) ([]connector.Option, error) {
	options := []connector.Option{{Value: "StatusName", Label: "Status"}, {Value: "TypeName", Label: "Type"}}
	fields, err := actions.FieldsOf(object)(ctx, t, selectors)
	return append(options, fields...), err
}

package successplan

import (
	"context"
	_ "embed"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/connector"
)

//go:embed success_plan_config.json
var successPlanConfigDocument []byte

// successPlanConfig is Get Success Plan Configurations. The documented call
// gives the plan types alone, so that a second one asks for the rest.
func successPlanConfig() actions.Action {
	return actions.Action{
		Info: connector.Action{
			ID: "success_plan.config", Title: "Get Success Plan Configurations", Group: group,
			Summary:          "Returns the tenant's success plan types, statuses and objective categories.",
			DocumentationURL: documentation,
			Effect:           connector.EffectRead, DoctypeLookup: connector.DoctypeNo,
			Evidence: connector.EvidenceDocumented,
		},
		Document: successPlanConfigDocument,
		Run: func(ctx context.Context, c *actions.Call) (any, error) {
			in := struct {
				EntityType string `json:"entityType"`
			}{EntityType: actions.EntityCompany}
			if err := c.Bind(&in); err != nil {
				return nil, err
			}
			configuration, err := fetchConfiguration(ctx, c.Session, in.EntityType)
			if err != nil {
				return nil, err
			}
			for _, category := range []string{categoryStatus, categoryObjective} {
				if len(configuration[category]) == 0 {
					c.Remark(connector.SeverityWarning, "/"+category, "was not found: the tenant's name of the category is not "+
						`documented; if it is known, set endpoints."success_plan.picklist".keys of the connection`)
				}
			}
			return configuration, nil
		},
	}
}

package successplan

import (
	"context"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

// Categories of the configuration. Only that of the types is documented
// (success_plan.md, DOC2 summary); the others are the names of this connector
// for what the tenant's picklists hold.
const (
	categoryType      = "SUCCESS_PLAN_TYPE"
	categoryStatus    = "SUCCESS_PLAN_STATUS"
	categoryObjective = "OBJECTIVE_CATEGORY"
)

// configured are the fields of a plan that take names.
func configured() actions.Configured {
	return actions.Configured{
		Object: object, Type: "SuccessPlanType", Action: gainsight.SuccessPlanConfig,
		Fields: []actions.ConfiguredField{
			{Name: "SuccessPlanType", Category: categoryType, Stored: "SuccessPlanTypeId"},
			{Name: "status", Category: categoryStatus, Stored: "StatusId", ByType: true},
		},
		Fetch: fetchConfiguration,
	}
}

// fetchConfiguration asks for the configuration of an entity type, and for the
// categories that are not in the answer among the tenant's picklists.
func fetchConfiguration(ctx context.Context, s actions.Session, entityType string) (actions.Configuration, error) {
	endpoint := s.Client().Config().Endpoint(gainsight.SuccessPlanConfig)
	answer, err := s.Do(ctx, gainsight.Request{
		Endpoint: gainsight.SuccessPlanConfig, Effect: connector.EffectRead,
		Query: actions.ConfigurationQuery(endpoint, entityType, gainsight.KeyType),
	})
	if err != nil {
		return nil, err
	}
	c, err := actions.ParseConfiguration(answer.Data, categoryType, categoryStatus, categoryObjective)
	if err != nil {
		return nil, err
	}
	c.Rename(endpoint.Keys, map[string]string{gainsight.KeyType: categoryType})
	return c, picklists().Fill(ctx, s, c)
}

// picklists are where the tenant has the categories that its configuration
// lacks.
func picklists() actions.PicklistRows {
	return actions.PicklistRows{
		Endpoint: gainsight.SuccessPlanPicklist, Column: "SpType", Type: categoryType,
		Categories: map[string]string{gainsight.KeyStatus: categoryStatus, gainsight.KeyObjectiveCategory: categoryObjective},
	}
}

package successplan

import (
	"context"
	"fmt"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/actions/probe"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

// Assumptions returns what the actions take for granted (open questions 25, 33
// and 44).
func Assumptions() []probe.Assumption {
	const assumed = "successplan"
	names := probe.Select("Name")
	all := probe.List(assumed, "success_plan.list", gainsight.SuccessPlanList,
		probe.Query(gainsight.SuccessPlanList, gainsight.DialectCockpit, names, 1))
	configuration := func(b *probe.Bench) (gainsight.Request, error) {
		return gainsight.Request{
			Endpoint: gainsight.SuccessPlanConfig, Effect: connector.EffectRead,
			Query: actions.ConfigurationQuery(b.Config().Endpoint(gainsight.SuccessPlanConfig), actions.EntityCompany, gainsight.KeyType),
		}, nil
	}
	return append(all,
		probe.Path(assumed, "success_plan.list", gainsight.SuccessPlanListDeleted, deleted),
		probe.Path(assumed, "success_plan.config", gainsight.SuccessPlanConfig, configuration),
		probe.Assumption{
			ID: "success_plan.config.type", Title: "The configuration has a category of this name for type", Group: assumed,
			Operation: "success_plan.config", Evidence: connector.EvidenceDocumented,
			Try:     probe.Try(configuration, probe.Category(gainsight.SuccessPlanConfig, gainsight.KeyType)),
			Current: categoryOf(gainsight.SuccessPlanConfig, gainsight.KeyType),
		},
		picklist(assumed, gainsight.KeyStatus, "SP_STATUS", "CTA_GROUP_STATUS"),
		picklist(assumed, gainsight.KeyObjectiveCategory, "CTA_OBJECTIVE_CATEGORY", "SP_OBJECTIVE_CATEGORY"),
		probe.Requests(assumed, "success_plan.create", gainsight.SuccessPlanCreate),
		probe.Requests(assumed, "success_plan.create", gainsight.SuccessPlanCreateWithObjectives),
		probe.Requests(assumed, "success_plan.update", gainsight.SuccessPlanUpdate),
		probe.Untold("success_plan.create.field_names", "The keys of a plan are referenceId and CompanyId", assumed, "success_plan.create",
			"only a plan that is created could tell; if a key is refused, set field_names of the endpoint"),
	)
}

// deleted lists deleted plans as the action does, flag and all.
func deleted(b *probe.Bench) (gainsight.Request, error) {
	req, err := probe.Query(gainsight.SuccessPlanListDeleted, gainsight.DialectCockpit, probe.Select("Name"), 1)(b)
	if body, ok := req.Body.(map[string]any); ok {
		body[onlyDeleted] = true
	}
	return req, err
}

func categoryOf(endpoint, key string) func(gainsight.Config) string {
	return func(c gainsight.Config) string { return fmt.Sprint(c.Endpoint(endpoint).Keys[key]) }
}

// picklist assumes the name of a category of the tenant's picklists. Other names
// are guesses.
func picklist(group, key string, others ...string) probe.Assumption {
	const endpoint = gainsight.SuccessPlanPicklist
	a := probe.Assumption{
		ID: "success_plan.config." + key, Title: "The picklists have a category of this name for " + key, Group: group,
		Operation: "success_plan.config", Evidence: connector.EvidenceInferred, Current: categoryOf(endpoint, key),
		Try: func(ctx context.Context, b *probe.Bench) probe.Outcome {
			query := picklists().Query(b.Config().Endpoint(endpoint).Keys[key])
			return probe.Try(probe.Query(endpoint, gainsight.DialectObject, query, 1), found)(ctx, b)
		},
	}
	for _, name := range others {
		a.Others = append(a.Others, probe.Settings{probe.Endpoint(endpoint, "keys/"+key, []string{name})})
	}
	return a
}

// found wants rows.
func found(b *probe.Bench, answer *gainsight.Answer, err error) probe.Outcome {
	nothing := probe.Outcome{Result: probe.Refused, Observed: "there is nothing in it"}
	switch {
	case gainsight.IsEmptyResult(err):
		return nothing
	case err != nil:
		return probe.Failure(err)
	}
	rows, err := actions.RowsOf(b.Config().Endpoint(gainsight.SuccessPlanPicklist), answer)
	switch {
	case err != nil:
		return probe.Failure(err)
	case len(rows) == 0:
		return nothing
	}
	return probe.Outcome{Result: probe.Works, Observed: "there are items"}
}

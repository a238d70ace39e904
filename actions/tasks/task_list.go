package tasks

import (
	"context"
	_ "embed"
	"errors"
	"net/http"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

//go:embed task_list.json
var taskListDocument []byte

// taskList is Fetch Task List API. Three clients ask for it in three forms, and
// an object query gives the same rows (open question 3).
func taskList() actions.Action {
	return actions.Action{
		Info: connector.Action{
			ID: "task.list", Title: "Fetch Task List API", Group: group,
			Summary:          "Lists the tasks of a Call to Action, or of all, that match a filter.",
			DocumentationURL: documentation,
			Effect:           connector.EffectRead, DoctypeLookup: connector.DoctypeNo,
			Evidence: connector.EvidenceInferred, Limits: connector.ActionLimits{
				PageSize: 1000,
			},
		},
		Document: taskListDocument,
		Rows:     object,
		Options:  actions.QueryOptions(actions.FieldsOf(object)),
		Run:      runList,
	}
}

// runList lists in the form that the connection chooses. Where it chooses none
// and the tenant does not know the path, the object query serves, from then on
// at once.
func runList(ctx context.Context, c *actions.Call) (any, error) {
	cta, _ := c.Input["ctaId"].(string)
	endpoint := c.Tenant.Client().Config().Endpoint(gainsight.TaskList)
	f := forms{cta: cta, key: endpoint.FieldNames["CtaId"]}
	if endpoint.Form != gainsight.TaskFormAuto {
		return f.fetch(ctx, c, endpoint.Form)
	}
	form := gainsight.TaskFormPost
	if cta != "" {
		form = gainsight.TaskFormOfCTA
	}
	instead := "task.list/" + form
	if known := c.Tenant.Learnt(instead); known != "" {
		if out, err := f.fetch(ctx, c, known); !unconfirmed(err) {
			return out, err
		}
	}
	out, err := f.fetch(ctx, c, form)
	if !unconfirmed(err) {
		return out, err
	}
	out, queryErr := f.fetch(ctx, c, gainsight.TaskFormQuery)
	switch {
	case errors.Is(queryErr, connector.ReasonNotFound):
		return nil, err
	case queryErr == nil:
		c.Tenant.Learn(instead, gainsight.TaskFormQuery)
		c.Remark(connector.SeverityWarning, "", "the tenant does not list tasks in the form "+form+"; they come from a query of object "+object+
			`. Set endpoints."task.list".form to `+gainsight.TaskFormQuery+" to save a request after each start of the connector.")
	}
	return out, queryErr
}

// unconfirmed reports whether an error means that the tenant has no such list,
// as opposed to one that refuses the query.
func unconfirmed(err error) bool {
	if err == nil || errors.Is(err, gainsight.ErrPlanned) {
		return false
	}
	return errors.Is(err, connector.ReasonNotFound) || errors.Is(err, connector.ReasonDownstreamContract) ||
		connector.AsError(err).Downstream.Status == http.StatusMethodNotAllowed
}

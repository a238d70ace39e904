package tasks

import (
	"context"
	"net/url"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/actions/probe"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

// Assumptions returns what the actions take for granted (open questions 1 to 4).
func Assumptions() []probe.Assumption {
	const assumed = "tasks"
	all := []probe.Assumption{{
		ID: "task.list.form", Title: "Tasks are listed in this form", Group: assumed, Operation: "task.list",
		Evidence: connector.EvidenceInferred, Current: probe.Form(gainsight.TaskList), Try: tryForm,
		Others: probe.Each(gainsight.TaskList, "form", gainsight.TaskFormPost, gainsight.TaskFormQuery, gainsight.TaskFormGet),
	}, {
		ID: "task.list.records", Title: "The rows of task.list are where they are looked for", Group: assumed, Operation: "task.list",
		Evidence: connector.EvidenceInferred, Try: tryRows,
	}}
	playbooks := func(*probe.Bench) (gainsight.Request, error) {
		return gainsight.Request{
			Endpoint: gainsight.PlaybookConfig, Effect: connector.EffectRead, Query: url.Values{"et": {actions.EntityCompany}},
		}, nil
	}
	return append(all,
		probe.Path(assumed, "playbook.config", gainsight.PlaybookConfig, playbooks),
		probe.Assumption{
			ID: "playbook.config.records", Title: "The playbooks are where they are looked for", Group: assumed, Operation: "playbook.config",
			Evidence: connector.EvidenceInferred, Try: probe.Try(playbooks, judgePlaybooks),
		},
		probe.Requests(assumed, "task.create", gainsight.TaskCreate),
		probe.Requests(assumed, "task.update", gainsight.TaskUpdate),
		probe.Untold("task.create.field_names", "The key of a task's CTA is CtaId", assumed, "task.create",
			"only a task that is created could tell; if CtaId is refused, set field_names of the endpoint"),
	)
}

// parts are the lists that a form consists of.
func parts(form string) []string {
	switch form {
	case gainsight.TaskFormPost:
		return []string{gainsight.TaskList}
	case gainsight.TaskFormOfCTA:
		return []string{gainsight.TaskListOfCTA}
	case gainsight.TaskFormGet:
		return []string{gainsight.TaskListGet}
	case gainsight.TaskFormQuery:
		return []string{gainsight.TaskQuery}
	default:
		return []string{gainsight.TaskList, gainsight.TaskListOfCTA}
	}
}

// question asks one of the lists; a CTA that there is not will do.
func question(endpoint string) probe.Ask {
	nobody := map[string]string{"ctaId": probe.Nobody}
	switch endpoint {
	case gainsight.TaskListGet:
		return probe.Get(endpoint, nobody)
	case gainsight.TaskQuery:
		return probe.Query(endpoint, gainsight.DialectObject, probe.Select("Name"), 1)
	case gainsight.TaskListOfCTA:
		return probe.Listing(endpoint, gainsight.DialectCockpit, probe.Select("Name"), 1, nobody)
	default:
		return probe.Query(endpoint, gainsight.DialectCockpit, probe.Select("Name"), 1)
	}
}

// tryForm wants the tenant to know the path of every list of the form.
func tryForm(ctx context.Context, b *probe.Bench) probe.Outcome {
	var o probe.Outcome
	for _, endpoint := range parts(b.Config().Endpoint(gainsight.TaskList).Form) {
		o = probe.Try(question(endpoint), probe.Known)(ctx, b)
		o.Observed = endpoint + ": " + o.Observed
		if o.Result != probe.Works {
			break
		}
	}
	return o
}

// tryRows looks at the first list of the form that has no placeholder.
func tryRows(ctx context.Context, b *probe.Bench) probe.Outcome {
	endpoint := parts(b.Config().Endpoint(gainsight.TaskList).Form)[0]
	return probe.Try(question(endpoint), probe.Rows(endpoint))(ctx, b)
}

func judgePlaybooks(b *probe.Bench, answer *gainsight.Answer, err error) probe.Outcome {
	if err != nil && !gainsight.IsEmptyResult(err) {
		return probe.Failure(err)
	}
	if err != nil {
		return probe.Outcome{Result: probe.Unclear, Observed: "there are no playbooks"}
	}
	found, err := parsePlaybooks(answer.Find(b.Config().Endpoint(gainsight.PlaybookConfig).Keys[gainsight.KeyRecords]))
	if err == nil && len(found) > 0 {
		return probe.Outcome{Result: probe.Works, Observed: "there are playbooks"}
	}
	o := probe.Outcome{Result: probe.Refused, Observed: "there are no playbooks that could be read"}
	if lists := probe.Lists(answer.Body); len(lists) > 0 {
		o.Mends = probe.Settings{probe.Endpoint(gainsight.PlaybookConfig, "keys/"+gainsight.KeyRecords, lists[:1])}
	}
	return o
}

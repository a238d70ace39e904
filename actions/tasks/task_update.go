package tasks

import (
	_ "embed"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/doctype"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

//go:embed task_update.json
var taskUpdateDocument []byte

// taskUpdate is Update Task API. It finds the task by its id; the reference
// only labels the result.
func taskUpdate() actions.Action {
	return actions.Action{
		Info: connector.Action{
			ID: "task.update", Title: "Update Task API", Group: group,
			Summary:          "Changes tasks, of any Call to Action; only the fields that you give are touched.",
			DocumentationURL: documentation,
			Effect:           connector.EffectIdempotentWrite, DoctypeLookup: connector.DoctypeYes,
			Evidence: connector.EvidenceInferred,
		},
		Document: taskUpdateDocument,
		Doctype:  doctypeOf(doctype.Update),
		Options:  options(),
		Write: &actions.Write{
			Endpoint: gainsight.TaskUpdate, Body: actions.Requests, Outcomes: actions.KeyedOutcomes,
			Identity:  []string{"Gsid"},
			Resolvers: []actions.Resolver{owner()},
		},
	}
}

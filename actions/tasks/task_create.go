package tasks

import (
	_ "embed"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/doctype"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

//go:embed task_create.json
var taskCreateDocument []byte

// taskCreate is Create Task API. There is no idempotency key: a repeated call
// makes a second task (common.md, section 14).
func taskCreate() actions.Action {
	return actions.Action{
		Info: connector.Action{
			ID: "task.create", Title: "Create Task API", Group: group,
			Summary:          "Creates tasks of existing Calls to Action.",
			DocumentationURL: documentation,
			Effect:           connector.EffectUnsafeWrite, DoctypeLookup: connector.DoctypeYes,
			Evidence: connector.EvidenceInferred,
		},
		Document: taskCreateDocument,
		Doctype:  doctypeOf(doctype.Create),
		Options:  options(),
		Write: &actions.Write{
			Endpoint: gainsight.TaskCreate, Body: actions.Requests, Outcomes: actions.KeyedOutcomes,
			Resolvers: []actions.Resolver{owner()},
		},
	}
}

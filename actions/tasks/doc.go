// Package tasks holds the actions on tasks of Calls to Action and on playbooks
// (task_playbook.md). The object behind tasks is cs_task.
package tasks

import (
	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/doctype"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

// group is the actions' place in the catalog.
const group = "Cockpit APIs / Task and Playbook API"

// documentation is the vendor's page on them.
const documentation = "https://support.gainsight.com/gainsight_nxt/API_and_Developer_Docs/Cockpit_API/Task_APIs"

// object is the object behind tasks (task_playbook.md, LIVE).
const object = "cs_task"

// Actions returns the actions of the group, in the order of the catalog.
func Actions() []actions.Action {
	return []actions.Action{taskCreate(), taskUpdate(), taskList(), playbookConfig()}
}

// doctypeOf lays the tenant's task fields over a record. Of status, priority
// and type the record has the names, not the ids that are stored (by inference
// from CTAs; open question 1).
func doctypeOf(use doctype.Use, skip ...string) *actions.Doctype {
	return &actions.Doctype{
		Object: object, At: "/$defs/record", Use: use, Skip: append(skip, "StatusId", "PriorityId", "TypeId"),
	}
}

// options lists the names that the tenant's tasks have: which call tells all
// of them is not known.
func options() map[string]actions.Choices {
	const status, priority, kind = "StatusId__gr.Name", "PriorityId__gr.Name", "TypeId__gr.Name"
	used := actions.InUse{
		Object: object, Endpoint: gainsight.TaskQuery, Fields: []string{status, priority, kind}, Newest: "ModifiedDate",
	}
	return map[string]actions.Choices{
		"/records/*/status": used.Of(status), "/records/*/priority": used.Of(priority), "/records/*/type": used.Of(kind),
	}
}

// owner lets a record name the task's owner by e-mail.
func owner() actions.Resolver {
	return actions.Resolver{Field: "OwnerId", Key: "OwnerEmail", Object: "gsuser", Match: "Email"}
}

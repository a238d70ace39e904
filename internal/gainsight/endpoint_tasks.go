package gainsight

import "github.com/gainsight-connector/gainsight-connector/connector"

// Names of the endpoints of tasks and playbooks, as a connection's "endpoints" spells them.
const (
	TaskCreate     = "task.create"
	TaskUpdate     = "task.update"
	TaskList       = "task.list"
	TaskListOfCTA  = "task.list.of_cta"
	TaskListGet    = "task.list.get"
	TaskQuery      = "task.query"
	PlaybookConfig = "playbook.config"
)

// Forms of [TaskList] (task_playbook.md; open question 3).
const (
	// TaskFormAuto asks as TaskFormOfCTA does if there is a CTA and as
	// TaskFormPost does if not; at a tenant without that path, as TaskFormQuery.
	TaskFormAuto = "auto"
	// TaskFormPost is [TaskList].
	TaskFormPost = "post"
	// TaskFormOfCTA is [TaskListOfCTA].
	TaskFormOfCTA = "post-with-cta"
	// TaskFormGet is [TaskListGet].
	TaskFormGet = "get-with-cta"
	// TaskFormQuery is [TaskQuery].
	TaskFormQuery = "object-query"
)

func taskEndpoints() []Endpoint {
	return []Endpoint{
		// task_playbook.md: INFERRED from the CTA calls, as are the keys (open
		// question 1); one record a request until more is proven.
		{
			Name: TaskCreate, Method: "POST", Path: "/v2/cockpit/task/", OtherPaths: []string{"/v2/cockpit/task"}, RecordsPerRequest: 1,
			Keys: results(), Lookups: noLookups(), Evidence: connector.EvidenceInferred,
		},
		// task_playbook.md: INFERRED from the CTA calls (open question 2).
		{
			Name: TaskUpdate, Method: "PUT", Path: "/v2/cockpit/task/", OtherPaths: []string{"/v2/cockpit/task"}, RecordsPerRequest: 1,
			Keys: results(), Lookups: noLookups(), Evidence: connector.EvidenceInferred,
		},
		// task_playbook.md: CODE, three clients with three forms (open question
		// 3); the page size is that of the CTA list, INFERRED.
		{
			Name: TaskList, Method: "POST", Path: "/v2/cockpit/task/list", PageSize: 1000,
			Form:       TaskFormAuto,
			Forms:      []string{TaskFormAuto, TaskFormPost, TaskFormOfCTA, TaskFormGet, TaskFormQuery},
			FieldNames: map[string]string{"CtaId": "CtaId"}, // in the condition on the CTA
			Keys:       rows(), OrderBy: OrderRefused, DateForm: DatesAsGiven,
			Evidence: connector.EvidenceInferred,
		},
		// task_playbook.md: INFERRED.
		{
			Name: TaskListOfCTA, Method: "POST", Path: "/v2/cockpit/task/list/{ctaId}", PageSize: 1000,
			Keys: rows(), OrderBy: OrderRefused, DateForm: DatesAsGiven, Evidence: connector.EvidenceInferred,
		},
		// task_playbook.md: CODE.
		{
			Name: TaskListGet, Method: "GET", Path: "/v2/cockpit/task/list/{ctaId}",
			Keys: rows(), Evidence: connector.EvidenceInferred,
		},
		// task_playbook.md: LIVE; at most 5,000 rows a page.
		{
			Name: TaskQuery, Method: "POST", Path: "/v1/data/objects/query/cs_task", PageSize: 5000,
			Keys: rows(), DateForm: DatesAsGiven, Evidence: connector.EvidenceObserved,
		},
		// task_playbook.md: INFERRED from the CTA configuration, lowest
		// confidence of all (open question 4); "et" is the connector's.
		{
			Name: PlaybookConfig, Method: "GET", Path: "/v2/cockpit/admin/playbook/lite",
			OtherPaths: []string{"/v2/cockpit/admin/playbooks/lite", "/v2/cockpit/admin/playbook", "/v2/cockpit/playbook/lite"},
			Keys:       map[string][]string{KeyRecords: {"data"}},
			Evidence:   connector.EvidenceInferred,
		},
	}
}

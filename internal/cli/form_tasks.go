package cli

import "github.com/gainsight-connector/gainsight-connector/internal/sandbox"

func taskForms() []form {
	list := func(to sandbox.TaskListForm) func(*sandbox.Forms) {
		return func(f *sandbox.Forms) { f.TaskList = to }
	}
	playbooks := func(to sandbox.PlaybookForm) func(*sandbox.Forms) {
		return func(f *sandbox.Forms) { f.Playbooks = to }
	}
	return []form{
		{"task-list", []formChoice{
			{"post", "tasks are listed by POST, with or without a CTA in the path", list(sandbox.TaskListPost)},
			{"post-plain", "by POST without a CTA alone", list(sandbox.TaskListPostPlain)},
			{"get", "by GET with a CTA alone", list(sandbox.TaskListGet)},
			{"none", "only by a query of the object cs_task", list(sandbox.TaskListNone)},
		}},
		{"task-cta-key", []formChoice{
			{"CtaId", "the key of a task's CTA is CtaId", func(f *sandbox.Forms) { f.TaskCTAKey = "" }},
			{"ctaGsid", "it is ctaGsid, of which the connector has to be told", func(f *sandbox.Forms) { f.TaskCTAKey = "ctaGsid" }},
		}},
		{"playbook-path", []formChoice{
			{"lite", "the playbook configuration is at /v2/cockpit/admin/playbook/lite", func(f *sandbox.Forms) { f.PlaybookPath = "" }},
			{"plural", "at /v2/cockpit/admin/playbooks/lite", func(f *sandbox.Forms) { f.PlaybookPath = "/v2/cockpit/admin/playbooks/lite" }},
		}},
		{"playbooks", []formChoice{
			{"keyed", "the playbook configuration comes by category", playbooks(sandbox.PlaybooksKeyed)},
			{"list", "as a list of items with gsid", playbooks(sandbox.PlaybooksList)},
			{"records", "as a list of items with Gsid and Name", playbooks(sandbox.PlaybooksRecords)},
			{"id", "as a list of items with id", playbooks(sandbox.PlaybooksID)},
			{"none", "there is none", playbooks(sandbox.PlaybooksNone)},
		}},
	}
}

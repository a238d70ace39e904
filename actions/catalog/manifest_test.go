package catalog_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/actions/catalog"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
	"github.com/gainsight-connector/gainsight-connector/schema"
)

func manifest(t *testing.T) connector.Manifest {
	t.Helper()
	return catalog.Connector(actions.Options{}).Manifest()
}

// TestCatalog holds id, title, group and doctype flag to what the vendor's
// catalog lists, and the effects to what a retry may do.
func TestCatalog(t *testing.T) {
	t.Parallel()
	type row struct {
		ID, Title, Group string
		Doctype          connector.DoctypeLookup
		Effect           connector.Effect
		Mode             connector.Mode
	}
	const (
		bulk     = "Bulk REST APIs"
		goal     = "Customer Goals APIs"
		data     = "Data Management APIs"
		users    = "User Management APIs"
		cta      = "Cockpit APIs / Call to Action"
		task     = "Cockpit APIs / Task and Playbook API"
		plan     = "Success Plan APIs"
		timeline = "Timeline APIs"
	)
	want := []row{
		{"bulk.submit", "Submit Bulk Job", bulk, "not_applicable", "unsafe_write", "execute"},
		{"bulk.status", "Bulk API Job Status", bulk, "not_applicable", "read", "execute"},
		{"bulk.chunk", "Fetch Chunk Data", bulk, "not_applicable", "read", "download"},
		{"bulk.export", "Bulk Export", bulk, "not_applicable", "read", "download"},
		{"goal.create", "Create Customer Goals", goal, "yes", "unsafe_write", "execute"},
		{"goal.update", "Update Customer Goals", goal, "no", "idempotent_write", "execute"},
		{"goal.list", "Fetch Customer Goals", goal, "no", "read", "execute"},
		{"object.describe", "Get Describe OMD", data, "no", "read", "execute"},
		{"object.describe_many", "Post Describe OMD", data, "no", "read", "execute"},
		{"object.list", "Get Lite API Call OMD", data, "yes", "read", "execute"},
		{"object.list_filtered", "Post Lite API Call OMD", data, "no", "read", "execute"},
		{"activity.save", "Single Activity Save API", timeline, "yes", "idempotent_write", "execute"},
		{"activity.save_bulk", "Bulk Activity Save API", timeline, "yes", "unsafe_write", "upload"},
		{"activity.job_status", "Get Status API", timeline, "no", "read", "execute"},
		{"activity.update", "Single Update API", timeline, "yes", "idempotent_write", "execute"},
		{"activity.update_bulk", "Bulk Update API", timeline, "yes", "idempotent_write", "upload"},
		{"activity.delete", "Delete API", timeline, "no", "idempotent_write", "execute"},
		{"activity.list_deleted", "Fetch Deleted", timeline, "no", "read", "execute"},
		{"activity.read", "Read Activity", timeline, "no", "read", "execute"},
		{"activity.abort_job", "Abort Bulk Jobs", timeline, "no", "idempotent_write", "execute"},
		{"user.create", "Create Users", users, "yes", "unsafe_write", "execute"},
		{"user.update", "Update Users", users, "yes", "idempotent_write", "execute"},
		{"user.set_status", "Update Users Status", users, "no", "idempotent_write", "execute"},
		{"user.list", "Fetch User Details", users, "no", "read", "execute"},
		{"cta.create", "Create Call To Action", cta, "yes", "unsafe_write", "execute"},
		{"cta.update", "Update Call To Action", cta, "yes", "idempotent_write", "execute"},
		{"cta.list", "Fetch Call To Action", cta, "no", "read", "execute"},
		{"cta.config", "Get Call To Action Configuration", cta, "no", "read", "execute"},
		{"task.create", "Create Task API", task, "yes", "unsafe_write", "execute"},
		{"task.update", "Update Task API", task, "yes", "idempotent_write", "execute"},
		{"task.list", "Fetch Task List API", task, "no", "read", "execute"},
		{"playbook.config", "Get Playbook Configuration API", task, "no", "read", "execute"},
		{"success_plan.create", "Create Success Plan", plan, "yes", "unsafe_write", "execute"},
		{"success_plan.update", "Update Success Plan", plan, "yes", "idempotent_write", "execute"},
		{"success_plan.config", "Get Success Plan Configurations", plan, "no", "read", "execute"},
		{"success_plan.list", "Fetch Success Plan List", plan, "no", "read", "execute"},
		{"api.request", "API Request", "Gainsight API", "not_applicable", "unsafe_write", "execute"},
	}
	var got []row
	for _, a := range manifest(t).Actions {
		got = append(got, row{a.ID, a.Title, a.Group, a.DoctypeLookup, a.Effect, a.Mode})
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("catalog (-want +got):\n%s", diff)
	}
}

// TestManifestIsComplete asks of every action what a catalog and a flow
// builder show.
func TestManifestIsComplete(t *testing.T) {
	t.Parallel()
	m := manifest(t)
	if _, err := schema.Compile(m.ConnectionSchema); err != nil {
		t.Errorf("connection schema: %v", err)
	}
	for _, a := range m.Actions {
		if a.Summary == "" || a.DocumentationURL == "" || a.Evidence == "" || a.SchemaScope == "" {
			t.Errorf("%s: summary, documentation, evidence or schema scope is missing: %+v", a.ID, a)
		}
	}
}

// TestSettingsOfActions: every action says which settings change how it is asked
// for, every one of them is a setting, and none is left out.
func TestSettingsOfActions(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, e := range gainsight.Endpoints() {
		known["/endpoints/"+e.Name] = false
	}
	for _, a := range manifest(t).Actions {
		if len(a.Settings) == 0 {
			t.Errorf("%s has no settings", a.ID)
		}
		for _, pointer := range a.Settings {
			if _, ok := known[pointer]; !ok {
				t.Errorf("%s: there is no setting %s", a.ID, pointer)
			}
			known[pointer] = true
		}
	}
	for _, name := range []string{gainsight.Dropdown, gainsight.ObjectQuery} { // of no action: they list options
		delete(known, "/endpoints/"+name)
	}
	for pointer, used := range known {
		if !used {
			t.Errorf("%s belongs to no action", pointer)
		}
	}
}

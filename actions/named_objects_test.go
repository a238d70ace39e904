package actions_test

import (
	"strings"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/actions/actionstest"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

// The object behind any action may have another name at a tenant, as that
// behind goals has.
func TestObjectsByTheConnection(t *testing.T) {
	t.Parallel()
	for object, tt := range map[string]struct{ write, read string }{
		"activity_timeline": {"activity.save", "activity.read"},
		"call_to_action":    {"cta.create", "cta.list"},
		"cs_task":           {"task.create", "task.list"},
		"cta_group":         {"success_plan.create", "success_plan.list"},
		"gsuser":            {"user.create", "user.list"},
	} {
		t.Run(object, func(t *testing.T) {
			t.Parallel()
			settings := actionstest.Settings{"objects": map[string]any{object: "cs_goal"}}
			conn := actionstest.Connect(t, sandbox.New(sandbox.Acme(), nil), settings)
			for _, action := range []string{tt.write, tt.read} {
				d, err := conn.Describe(t.Context(), connector.DescribeRequest{Action: action})
				if err != nil {
					t.Fatal(err)
				}
				if !strings.Contains(string(d.Input)+string(d.Output), `"cf_picklist__gc"`) {
					t.Errorf("%s has no field of the object that the connection names", action)
				}
			}
		})
	}
}

// A snapshot has the objects under the names that the tenant has for them.
func TestSnapshotOfANamedObject(t *testing.T) {
	t.Parallel()
	m := serveMute(t, sandbox.Acme())
	text := saved(t, actionstest.Open(t, actionstest.Host(t), m.tenant, m.url, nil), "CS_Goal", "cs_task")
	m.silent.Store(true)
	conn := actionstest.Open(t, actionstest.Host(t), m.tenant, m.url, actionstest.Settings{
		"snapshot": text, "objects": map[string]any{"cs_task": "Cs_Goal"},
	})
	d, err := conn.Describe(t.Context(), connector.DescribeRequest{Action: "task.create"})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(d.Input), `"cf_picklist__gc"`) {
		t.Error("task.create has no field of the object that the connection names")
	}
}

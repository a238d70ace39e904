package goals_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/actions/actionstest"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

// described is what a test reads of the input schema.
type described struct {
	Defs struct {
		Record struct {
			Properties           map[string]any
			AdditionalProperties *bool
		}
	} `json:"$defs"`
}

// TestGoalObject: which object is behind goals is not known (goals.md); it is
// found by its label, and an administrator's own of the same label is not taken.
func TestGoalObject(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		seed       sandbox.Seed
		hidden     bool
		objects    map[string]string
		field      string // of the tenant; empty: none is found
		diagnostic string
	}{
		"by its first label":        {seed: sandbox.Acme(), field: "cf_picklist__gc"},
		"by another":                {seed: sandbox.Globex(), field: "Tonnes_Saved__gc"},
		"by the connection":         {seed: sandbox.Acme(), objects: map[string]string{"goal": "cs_task"}, field: "Effort__gc"},
		"not shown":                 {seed: sandbox.Acme(), hidden: true, diagnostic: "Customer Goal"},
		"the connection's is wrong": {seed: sandbox.Acme(), objects: map[string]string{"goal": "goalz"}, diagnostic: "goalz"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant := sandbox.New(tt.seed, &sandbox.Options{Forms: sandbox.Forms{GoalObjectHidden: tt.hidden}})
			settings := actionstest.Settings{}
			if tt.objects != nil {
				settings["objects"] = tt.objects
			}
			conn := actionstest.Connect(t, tenant, settings)
			d, err := conn.Describe(t.Context(), connector.DescribeRequest{Action: "goal.create"})
			if err != nil {
				t.Fatal(err)
			}
			var got described
			if err := json.Unmarshal(d.Input, &got); err != nil {
				t.Fatal(err)
			}
			if _, ok := got.Defs.Record.Properties["Name"]; !ok {
				t.Error("the static field Name is not there")
			}
			closed := got.Defs.Record.AdditionalProperties != nil && !*got.Defs.Record.AdditionalProperties
			if _, ok := got.Defs.Record.Properties[tt.field]; ok != (tt.field != "") || closed != ok {
				t.Errorf("field %q is there: %v; closed: %v", tt.field, ok, closed)
			}
			var summaries []string
			for _, diagnostic := range d.Diagnostics {
				summaries = append(summaries, diagnostic.Summary)
			}
			said := strings.Join(summaries, "\n")
			if (said == "") != (tt.diagnostic == "") || !strings.Contains(said, tt.diagnostic) {
				t.Errorf("diagnostics %q, want one with %q", said, tt.diagnostic)
			}
		})
	}
}

// TestWithoutTheObject: nothing depends on finding it.
func TestWithoutTheObject(t *testing.T) {
	t.Parallel()
	_, conn := rig(t, sandbox.Forms{GoalObjectHidden: true}, nil)
	result, _ := actionstest.Run(t, conn, "goal.create", actionstest.Input(t, good(map[string]any{"cf_picklist__gc": "CISCO"})))
	if result.Records.Succeeded != 1 {
		t.Errorf("not written: %s", result.Output)
	}
	_, output := actionstest.Run(t, conn, "goal.list", `{"select":["Name"],"limit":1}`)
	if len(output["records"].([]any)) != 1 {
		t.Errorf("output %v, want a row", output)
	}
	page, err := conn.Options(t.Context(), connector.OptionsRequest{Action: "goal.list", Pointer: "/select/0", PageSize: 10})
	if connector.AsError(err) == nil || !strings.Contains(connector.AsError(err).Hint, `objects."goal"`) {
		t.Errorf("options %v, error %v; want a hint at the setting", page, err)
	}
}

func TestUnknownObjectSetting(t *testing.T) {
	t.Parallel()
	tenant := sandbox.New(sandbox.Acme(), nil)
	_, err := actionstest.Host(t).Open(t.Context(), connector.Settings{
		Tenant: "acme", Config: json.RawMessage(`{"base_url":"acme","auth":{"type":"access_key"},"objects":{"goals":"x"}}`),
		Secrets: map[string]connector.Secret{"/auth/access_key": connector.NewSecret(tenant.AccessKey())},
	})
	e := connector.AsError(err)
	if e == nil || len(e.Violations) != 1 || e.Violations[0].Pointer != "/objects/goals" || !strings.Contains(e.Violations[0].Message, "goal") {
		t.Errorf("error %v, want a violation at /objects/goals", err)
	}
}

package cockpit_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/actions/actionstest"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

func TestConfigurationHasInactiveItems(t *testing.T) {
	t.Parallel()
	conn := actionstest.Connect(t, sandbox.New(sandbox.Acme(), nil), nil)
	_, output := actionstest.Run(t, conn, "cta.config", `{}`)
	active := map[string]bool{}
	for _, i := range output["CTA_STATUS"].([]any) {
		m := i.(map[string]any)
		active[m["name"].(string)] = m["active"].(bool)
	}
	want := map[string]bool{
		"New": true, "Work In Progress": true, "Closed Success": true, "Closed No Action": true, "Closed Invalid": true, "Parked": false,
	}
	if diff := cmp.Diff(want, active); diff != "" {
		t.Errorf("statuses (-want +got):\n%s", diff)
	}
}

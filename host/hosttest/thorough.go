package hosttest

import (
	"encoding/json"
	"errors"
	"slices"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

// checkThorough looks at the report of a check that may neither write nor start
// jobs.
func checkThorough(t *trial) {
	c := t.open(t.start(), 0)
	resp, err := c.in.CheckConnection(t.ctx, &connectorv1.CheckConnectionRequest{Call: c.call(), Thorough: &connectorv1.ThoroughCheck{}})
	if errors.Is(wire.FromStatus(err), connector.ReasonUnsupported) {
		t.skipf("the connector has no thorough check")
	}
	t.must(err, "a thorough check")
	if !resp.GetThorough() {
		t.skipf("the connector does not know thorough checks")
	}
	t.clean("the report", string(resp.GetReport()))
	var found connector.Findings
	if err := json.Unmarshal(resp.GetReport(), &found); err != nil {
		t.fatalf("the report is not one of assumptions and settings: %v", err)
	}
	if !isObject(found.Settings) {
		t.errorf("the settings that mend what differs are not a JSON object")
	}
	known := map[string]bool{}
	for _, a := range found.Assumptions {
		if a.ID == "" || known[a.ID] {
			t.errorf("two assumptions have the id %q, or it is empty", a.ID)
		}
		known[a.ID] = true
		if !slices.Contains([]connector.Verdict{connector.VerdictHolds, connector.VerdictDiffers, connector.VerdictUnknown}, a.Verdict) {
			t.errorf("the verdict on %s is %q", a.ID, a.Verdict)
		}
	}
}

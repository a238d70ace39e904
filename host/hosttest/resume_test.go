package hosttest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host/hosttest"
	"github.com/gainsight-connector/gainsight-connector/plugin"
)

// lines is a download of a few lines with a checkpoint after each. From a
// checkpoint it goes on with the line that next says.
func lines(next func(token string) (int, error)) func(
	context.Context, connector.Call, *plugin.Output, *warpedConn,
) (connector.StreamSummary, error) {
	return func(ctx context.Context, call connector.Call, out *plugin.Output, c *warpedConn) (connector.StreamSummary, error) {
		var s connector.StreamSummary
		if _, err := c.next(ctx, connector.Call{Action: "note.list", Input: call.Input}); err != nil { // as any export, it asks the tenant
			return s, err
		}
		line := 0
		if call.Resume != nil {
			var err error
			if line, err = next(string(call.Resume.Token)); err != nil {
				return s, err
			}
			if err := out.Start(connector.StreamHeader{Offset: call.Resume.Offset}); err != nil {
				return s, err
			}
		}
		for ; line < 5; line++ {
			if _, err := fmt.Fprintf(out, "This is line %d.\n", line); err != nil {
				return s, err
			}
			if err := out.Checkpoint(fmt.Append(nil, "after ", line)); err != nil {
				return s, err
			}
		}
		return s, nil
	}
}

// lineAfter returns the line to go on with.
func lineAfter(token string) (int, error) {
	number, ok := strings.CutPrefix(token, "after ")
	var n int
	if err := json.Unmarshal([]byte(number), &n); err != nil || !ok {
		return 0, connector.Errorf(connector.ReasonConflict, "the checkpoint is none of this download")
	}
	return n + 1, nil
}

// A download that goes on rightly passes, and is not skipped.
func TestResume(t *testing.T) {
	t.Parallel()
	report, err := hosttest.Check(t.Context(), hosttest.Connector(warp{download: lines(lineAfter)}.build, nil), &hosttest.Options{
		Profile: hosttest.Static(profile(t)), Filter: func(c hosttest.Case) bool { return c.Group == "streams" },
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range report.Results {
		mine := r.Name == "checkpoints" || strings.HasPrefix(r.Name, "resume")
		if r.Outcome == hosttest.Failed || mine && r.Outcome != hosttest.Passed {
			t.Errorf("%s: %s: %s", r.ID, r.Outcome, r.Reason)
		}
	}
}

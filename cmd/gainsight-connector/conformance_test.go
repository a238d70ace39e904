package main_test

import (
	"encoding/json"
	"os/exec"
	"testing"
)

// TestConformance: the program passes the whole acceptance kit, as its own
// command tells.
func TestConformance(t *testing.T) {
	t.Parallel()
	out, err := exec.CommandContext(t.Context(), program(t), "conformance", "--json").Output() //nolint:gosec // the program under test
	if err != nil {
		t.Errorf("the command ended with %v", err)
	}
	var report struct {
		Name                    string
		Passed, Failed, Skipped int
		Results                 []struct{ ID, Outcome, Reason string }
	}
	if err := json.Unmarshal(out, &report); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	if report.Name != "gainsight" || report.Passed < 120 || report.Failed > 0 {
		t.Errorf("of %s %d cases passed, %d failed and %d were skipped", report.Name, report.Passed, report.Failed, report.Skipped)
	}
	for _, r := range report.Results {
		if r.Outcome == "fail" {
			t.Errorf("%s: %s", r.ID, r.Reason)
		}
	}
}

package hosttest_test

import (
	"slices"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/host/hosttest"
)

// unproven are the cases that no bad connector fails, and why.
func unproven() map[string]string {
	const start = "who fails it does not start, which lifecycle/starts tells"
	return map[string]string{
		"cancel/abandoned":        "the downloads of the example have ended before their reader leaves",
		"chaos/killed":            "nothing of the example outlives it",
		"chaos/neighbours":        "the processes of the example share nothing",
		"chaos/suspended":         "no code runs while a process is suspended",
		"isolation/own-schemas":   "the example has one schema for all tenants",
		"launch/handshake-line":   start,
		"launch/newer-host":       start,
		"launch/strangers":        start,
		"limits/write-over":       "the outputs of the example's write are smaller than its inputs",
		"streams/slow-reader":     "the downloads of the example fit one chunk",
		"streams/upload-start":    "the generated code cannot be made to take it",
		"versions/unknown-method": "gRPC itself refuses it",
	}
}

// Every case fails for somebody: one that cannot fail proves nothing.
func TestEveryCaseCanFail(t *testing.T) {
	t.Parallel()
	failed := map[string]bool{}
	for _, all := range []map[string]bad{badAuthors(), badWires(), badDrifts()} {
		for _, b := range all {
			for _, id := range slices.Concat(b.fails, b.may) {
				failed[id] = true
			}
		}
	}
	for _, p := range badProcesses() {
		for _, id := range p.fails {
			failed[id] = true
		}
	}
	known := map[string]bool{}
	for _, c := range hosttest.Cases() {
		id := c.ID()
		if known[id] {
			t.Errorf("two cases are called %s", id)
		}
		known[id] = true
		if why := unproven()[id]; !failed[id] && why == "" {
			t.Errorf("no bad connector fails %s: %s", id, c.Proves)
		} else if failed[id] && why != "" {
			t.Errorf("%s is listed as unproven and is not", id)
		}
		delete(failed, id)
	}
	for id := range failed {
		t.Errorf("a bad connector is to fail %s, which is no case", id)
	}
	if n := len(known); n < 90 || !slices.Contains(hosttest.Groups(), "isolation") {
		t.Errorf("there are %d cases in the groups %v", n, hosttest.Groups())
	}
}

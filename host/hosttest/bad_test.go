package hosttest_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/host/hosttest"
	"github.com/gainsight-connector/gainsight-connector/plugin"
)

// bad is a connector that is wrong, and the cases that it fails.
type bad struct {
	build  func() (plugin.Connector, error)
	target hosttest.Target
	fails  []string
	// may are cases that it fails or not, as the calls happen to meet.
	may []string
	// patience is that of the kit. 0: 2 s.
	patience time.Duration
	// after is done when the test has ended.
	after func()
}

func authored(w warp, fails ...string) bad { return bad{build: w.build, fails: fails} }

// The kit finds what is wrong with a connector, and nothing else.
func TestBadConnectors(t *testing.T) {
	t.Parallel()
	all := badAuthors()
	maps.Copy(all, badWires())
	maps.Copy(all, badDrifts())
	for name, b := range all {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if b.after != nil {
				t.Cleanup(b.after)
			}
			target := b.target
			if target == nil {
				target = hosttest.Connector(b.build, nil)
			}
			b.finds(t, target, near(slices.Concat(b.fails, b.may)))
		})
	}
}

// near chooses the groups of some cases, and the one that a connector fails
// first if it does not work at all. All groups for all would take minutes.
func near(ids []string) func(hosttest.Case) bool {
	groups := map[string]bool{"calls": true}
	for _, id := range ids {
		group, _, _ := strings.Cut(id, "/")
		groups[group] = true
	}
	return func(c hosttest.Case) bool { return groups[c.Group] }
}

// finds runs cases and wants just those to fail that the connector fails.
func (b bad) finds(t *testing.T, target hosttest.Target, filter func(hosttest.Case) bool) {
	t.Helper()
	opts := &hosttest.Options{Profile: hosttest.Static(profile(t)), Filter: filter, Parallel: 4, Patience: 2 * time.Second}
	if b.patience > 0 {
		opts.Patience = b.patience
	}
	report, err := hosttest.Check(t.Context(), target, opts)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range report.Results {
		if r.Outcome == hosttest.Failed && !slices.Contains(b.may, r.ID) {
			got = append(got, r.ID)
		}
	}
	slices.Sort(got)
	want := slices.Sorted(slices.Values(b.fails))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("failed cases (-want +got):\n%s", diff)
		for _, r := range report.Results {
			if r.Outcome == hosttest.Failed {
				t.Logf("%s: %s", r.ID, r.Reason)
			}
		}
	}
}

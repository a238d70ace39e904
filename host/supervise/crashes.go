package supervise

import (
	"math/rand/v2"
	"slices"
	"time"
)

// crashes remembers how a lineage of processes has fared, and says what that
// means.
type crashes struct {
	rules Restart
	// recent are the times of those within the window.
	recent []time.Time
	// row counts those since the last process that was healthy.
	row int
	// trial is set from the end of a quarantine until a process was healthy.
	trial bool
}

// add notes a crash and reports whether it was one too many.
func (c *crashes) add(now time.Time) (tooMany bool) {
	c.recent = slices.DeleteFunc(c.recent, func(at time.Time) bool { return now.Sub(at) >= c.rules.Window })
	c.recent = append(c.recent, now)
	c.row++
	return c.trial || len(c.recent) > c.rules.Crashes
}

// healthy notes that a process has run for long enough.
func (c *crashes) healthy() { c.row, c.trial, c.recent = 0, false, nil }

// wait returns how long to wait before the next start: full jitter, so that
// many hosts that lost a connector to one cause do not come back in step.
func (c *crashes) wait() time.Duration {
	bound, doublings := c.rules.Max, min(max(c.row-1, 0), 20)
	if c.rules.Min <= bound>>doublings {
		bound = c.rules.Min << doublings
	}
	return rand.N(bound) //nolint:gosec // jitter is no secret
}

package supervise_test

import (
	"io"
	"testing"
	"testing/synctest"

	"github.com/gainsight-connector/gainsight-connector/host/supervise"
)

// A number below zero is a slip in somebody's configuration, which is not to
// end the host at the first crash, nor to keep calls waiting.
func TestOptionsBelowZero(t *testing.T) {
	t.Parallel()
	tests := map[string]supervise.Options{
		"shortest wait":       {Restart: supervise.Restart{Min: -1}},
		"longest wait":        {Restart: supervise.Restart{Max: -1}},
		"healthy":             {Restart: supervise.Restart{Healthy: -1}},
		"window":              {Restart: supervise.Restart{Window: -1}},
		"quarantine":          {Restart: supervise.Restart{Quarantine: -1}},
		"starts":              {Starts: -1},
		"probe timeout":       {Probe: supervise.Probe{Timeout: -1}},
		"misses":              {Probe: supervise.Probe{Misses: -1}},
		"drain timeout":       {DrainTimeout: -1},
		"calls of a process":  {Places: supervise.Places{Calls: -1}},
		"bulk of a process":   {Places: supervise.Places{Bulk: -1}},
		"calls of connection": {Connection: supervise.ConnectionOptions{Calls: -1}},
	}
	for name, opts := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f, w := newFleet(t), &watched{}
				opts.Watch = w.take
				c := open(t, inMemory(t, f, &opts), nil)
				f.newest().server.Stop()
				works(t, c)
				wantStates(t, w, supervise.Ready, supervise.Backoff, supervise.Starting, supervise.Ready)
				if _, err := c.Download(t.Context(), call(t, "echo.export", order{Bytes: 1}), io.Discard, nil); err != nil {
					t.Errorf("Download: %v", err)
				}
			})
		})
	}
}

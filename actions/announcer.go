package actions

import (
	"fmt"
	"sync/atomic"
	"time"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

// announcer is a sink whose reader is told what the call waits for. Before
// Start there is nobody to tell.
type announcer struct {
	Sink

	started atomic.Bool
}

// announce returns out, with a sign of life whenever the call waits for a
// budget of the tenant.
func announce(c *Call, out Sink) Sink {
	a := &announcer{Sink: out}
	c.OnWait(func(budget string, wait time.Duration) {
		if !a.started.Load() {
			return
		}
		// A reader who has gone is noticed by the next Write.
		_ = a.Progress(connector.Progress{
			Message: fmt.Sprintf("waiting %s for the tenant's call budget %q", wait.Round(time.Second), budget),
		})
	})
	return a
}

// Start says what follows.
func (a *announcer) Start(header connector.StreamHeader) error {
	a.started.Store(true)
	return a.Sink.Start(header)
}

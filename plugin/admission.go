package plugin

import (
	"sync"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

// admission lets calls in and counts those that run.
type admission struct {
	mu       sync.Mutex
	running  int
	draining bool
	idle     chan struct{} // closed once draining and nothing runs
}

func newAdmission() *admission { return &admission{idle: make(chan struct{})} }

// control reports whether a call steers the process rather than using it. Such
// calls are always let in and not counted.
func control(method string) bool {
	switch method {
	case "Probe", "CloseConnection", "Drain", "WatchEvents":
		return true
	}
	return false
}

// enter lets a call in, which must leave, or fails with DRAINING.
func (a *admission) enter(method string) error {
	if control(method) {
		return nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.draining {
		return errDraining()
	}
	a.running++
	return nil
}

func errDraining() error {
	return connector.Errorf(connector.ReasonDraining, "the connector takes no new calls: it is about to be stopped").
		WithHint("repeat the call on the process that replaces this one")
}

func (a *admission) leave(method string) {
	if control(method) {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.running--
	if a.draining && a.running == 0 {
		close(a.idle)
	}
}

// close lets no call in any more. The result is closed when none runs.
func (a *admission) close() <-chan struct{} {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.draining {
		a.draining = true
		if a.running == 0 {
			close(a.idle)
		}
	}
	return a.idle
}

func (a *admission) inFlight() uint32 {
	a.mu.Lock()
	defer a.mu.Unlock()
	return uint32(max(a.running, 0)) //nolint:gosec // as many calls as one process runs
}

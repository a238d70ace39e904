package supervise

import "time"

// State is what a supervised process is up to.
type State string

// The states; the package comment draws how they follow each other.
const (
	// Starting: a process is being started. Calls wait.
	Starting State = "starting"
	// Ready: a process runs and takes calls.
	Ready State = "ready"
	// Backoff: the process has ended or was not ready in time, and the next one
	// is started after a while. Calls wait.
	Backoff State = "backoff"
	// Quarantined: it has ended too often. Calls fail at once.
	Quarantined State = "quarantined"
	// HalfOpen: after the quarantine, a process is started on trial. Calls
	// wait.
	HalfOpen State = "half_open"
	// Draining: it is being closed. New calls fail, running ones may end.
	Draining State = "draining"
	// Stopped: nothing is left. It stays so.
	Stopped State = "stopped"
)

// Transition is one change of state.
type Transition struct {
	// At is when.
	At time.Time
	// Connector is the name in the manifest. Empty: no process was ready yet.
	Connector string
	// Tenant is the one tenant of a dedicated process; empty for the process
	// that the others share.
	Tenant string
	// From and To are the states. They are both [Ready] when an upgrade has
	// taken over.
	From, To State
	// PID is the process in use now. 0: there is none.
	PID int
	// Cause is why the last process ended, or could not be started. Nil:
	// nothing went wrong.
	Cause error
	// Wait is how long [Backoff] or [Quarantined] will last. 0 in other states.
	Wait time.Duration
}

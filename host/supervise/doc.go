// Package supervise keeps a connector running.
//
// [Start] starts a binary by way of package host and returns a [Supervisor],
// whose [Connection] values outlive the processes behind them: a process that
// ends or hangs is replaced, and the next call on a connection opens it anew in
// the new process, with the newest secrets.
//
// # What happens to calls
//
// A call that was running when its process ended is repeated once if it reads
// or is an idempotent write. A call that provably never left is repeated
// whatever it does. An unsafe write that may have reached the tenant is not
// repeated: it fails with [connector.ReasonPluginExited], and OutcomeUnknown
// says that somebody must look. While there is no process, calls wait as long
// as their contexts allow; once the connector is held back after repeated
// crashes they fail at once with [ErrQuarantined].
//
// # The states
//
//	Starting ──► Ready ──► Draining ──► Stopped
//	    ▲          │ ended or hung
//	    │          ▼
//	    └────── Backoff      after a while, at random below a bound that doubles
//	               │ too many crashes within a window
//	               ▼
//	          Quarantined ──► HalfOpen ──► Ready, or Quarantined again
//
// One goroutine per process lineage owns its state; [Options.Watch] is told of
// every change. [Supervisor.Upgrade] goes from Ready to Ready: the new process
// is up before the old one gets its last call.
//
// # Many tenants
//
// All connections share one process unless they ask for one of their own. Each
// has bounds on the calls that it runs and that wait; free places go around
// between the connections that wait, so that a noisy one delays nobody else.
// Downloads and uploads are bulk: they get no more than half of the places.
package supervise

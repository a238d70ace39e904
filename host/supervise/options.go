package supervise

import (
	"context"
	"log/slog"
	"time"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
)

// Options tune a [Supervisor]. The zero value works. A number or a time below 0
// counts as 0, where nothing else is said of it.
type Options struct {
	// Host says how each process is started. Its Events is not used: see
	// Events. Its Observe is told of each call of a [Supervisor] or a
	// [Connection] once, whatever number of processes it takes.
	Host host.Options
	// Events gets what connections tell without being asked, one event at a
	// time. New secrets are in force already; keep them for the next start of
	// the host. It must not call Close. Nil: nobody is told.
	Events func(conn *Connection, e connector.Event)
	// Watch is told of every change of state, in order for each process. It
	// must not block. Nil: nobody is told, but for Host.Logger.
	Watch func(Transition)

	// Restart says when a process that ended is replaced.
	Restart Restart
	// Starts is how many processes may be starting at once: a machine that
	// starts dozens has time for none. 0: 4.
	Starts int
	// Probe says when a process that still runs is held to hang.
	Probe Probe
	// DrainTimeout is how long running calls may take to end once their process
	// is replaced or closed. 0: 20 s.
	DrainTimeout time.Duration
	// Places bounds what one process does at once.
	Places Places
	// Connection is what [Supervisor.Open] assumes where its own options say
	// nothing.
	Connection ConnectionOptions

	// observe is Host.Observe, which processes do not get.
	observe host.Observer
}

// Restart says when a process that ended is replaced.
type Restart struct {
	// Min and Max bound the wait before a start: it is drawn at random between
	// 0 and a bound that begins at Min and doubles up to Max. 0: 200 ms and
	// 30 s.
	Min, Max time.Duration
	// Healthy is how long a process must run for the bound to begin at Min
	// again, and for a trial to be passed. 0: 60 s.
	Healthy time.Duration
	// Crashes within Window are borne; one more, and the connector is held back
	// for Quarantine. 0: 5 in 2 min, and 1 min. Negative Crashes: none is borne.
	Crashes    int
	Window     time.Duration
	Quarantine time.Duration
}

// Probe says when a process is held to hang. It is asked for a sign of life
// the way that calls go.
type Probe struct {
	// Every is the time between two probes. 0: 5 s. Negative: never.
	Every time.Duration
	// Timeout is how long an answer may take. 0: 2 s.
	Timeout time.Duration
	// Misses in a row end the process. 0: 3.
	Misses int
}

// Places bounds what one process does at once.
type Places struct {
	// Calls run at once. 0: 64.
	Calls int
	// Bulk calls, which are downloads and uploads, among them.
	// 0: half of Calls.
	Bulk int
}

// ConnectionOptions tune one [Connection].
type ConnectionOptions struct {
	// Calls run at once. Half of them, but at least one, may be bulk. 0: 16.
	Calls int
	// Queue is how many calls of each kind, bulk or not, may wait for a place;
	// more fail with [ErrQueueFull]. 0: 64. Negative: none.
	Queue int
	// Dedicated gives the connection a process of its own.
	Dedicated bool
}

// resolved returns a copy of o with its defaults filled in. Nil is allowed.
func (o *Options) resolved() *Options {
	r := &Options{}
	if o != nil {
		*r = *o
	}
	if r.Host.Logger == nil {
		r.Host.Logger = slog.New(slog.DiscardHandler)
	}
	if r.Host.StopTimeout <= 0 {
		r.Host.StopTimeout = host.DefaultStopTimeout
	}
	r.Host.Events = func(*host.Connection, connector.Event) {} // each connection has a function of its own
	if r.observe = r.Host.Observe; r.observe == nil {
		r.observe = host.LogCalls(r.Host.Logger, nil)
	}
	r.Host.Observe = func(ctx context.Context, _ host.Operation) (context.Context, func(host.Outcome)) { return ctx, nil }
	if r.Watch == nil {
		r.Watch = func(Transition) {}
	}
	if r.Events == nil {
		r.Events = func(*Connection, connector.Event) {}
	}
	r.Restart = r.Restart.resolved()
	given(&r.Probe.Every, 5*time.Second)
	positive(&r.Probe.Timeout, 2*time.Second)
	positive(&r.Probe.Misses, 3)
	positive(&r.DrainTimeout, 20*time.Second)
	positive(&r.Starts, 4)
	positive(&r.Places.Calls, 64)
	positive(&r.Places.Bulk, max(1, r.Places.Calls/2))
	r.Connection = r.Connection.resolved(ConnectionOptions{Calls: 16, Queue: 64})
	return r
}

func (r Restart) resolved() Restart {
	positive(&r.Min, 200*time.Millisecond)
	positive(&r.Max, 30*time.Second)
	positive(&r.Healthy, time.Minute)
	given(&r.Crashes, 5)
	positive(&r.Window, 2*time.Minute)
	positive(&r.Quarantine, time.Minute)
	return r
}

func (o ConnectionOptions) resolved(usual ConnectionOptions) ConnectionOptions {
	positive(&o.Calls, usual.Calls)
	given(&o.Queue, usual.Queue)
	o.Dedicated = o.Dedicated || usual.Dedicated
	return o
}

// positive replaces what is not above zero by its default.
func positive[N int | time.Duration](n *N, usual N) {
	if *n <= 0 {
		*n = usual
	}
}

// given replaces a zero by its default; what is below means something.
func given[N int | time.Duration](n *N, usual N) {
	if *n == 0 {
		*n = usual
	}
}

package hosttest

import (
	"runtime"
	"time"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

// Defaults of [Options].
const (
	// DefaultTimeout bounds one case: 60 s.
	DefaultTimeout = time.Minute
	// DefaultPatience is how long a case waits for what should happen soon: 5 s.
	DefaultPatience = 5 * time.Second
)

// Options tune a run. Nil *Options are all defaults.
type Options struct {
	// Profile returns what is known of the connector, given its manifest: see
	// [Static] and [ReadProfile]. Nil: nothing is.
	Profile func(connector.Manifest) (Profile, error)
	// Filter chooses the cases. Nil: all.
	Filter func(Case) bool
	// Parallel is how many cases run at once. 0: as many as processors.
	Parallel int
	// Timeout bounds one case. 0: [DefaultTimeout].
	Timeout time.Duration
	// Patience is how long a case waits for what should happen soon, such as
	// the end of a call that was cancelled. A start may take six times as
	// long. Raise it on a busy machine. 0: [DefaultPatience].
	Patience time.Duration
	// Progress gets each result as it comes, one at a time. Nil: nobody does.
	// [Run] does not use it.
	Progress func(Result)
}

// startTime is how long a start may take.
func (o *Options) startTime() time.Duration { return 6 * o.Patience }

func (o *Options) resolved() Options {
	var r Options
	if o != nil {
		r = *o
	}
	if r.Profile == nil {
		r.Profile = Static(Profile{})
	}
	if r.Filter == nil {
		r.Filter = func(Case) bool { return true }
	}
	if r.Parallel <= 0 {
		r.Parallel = runtime.GOMAXPROCS(0)
	}
	if r.Timeout <= 0 {
		r.Timeout = DefaultTimeout
	}
	if r.Patience <= 0 {
		r.Patience = DefaultPatience
	}
	if r.Progress == nil {
		r.Progress = func(Result) {}
	}
	return r
}

package supervise

import (
	"cmp"
	"slices"
	"time"
)

// Process is what one supervised process is up to.
type Process struct {
	// Connector is the name in the manifest.
	Connector string
	// Tenant is the one tenant of a dedicated process; empty for the process
	// that the others share.
	Tenant string
	// State is its state.
	State State
	// PID is the process in use. 0: there is none.
	PID int
	// Cause is why the last process ended, or could not be started. Nil: nothing
	// went wrong.
	Cause error
	// Until is when the state ends by itself. Zero: it does not, or nobody
	// knows.
	Until time.Time
	// Calls are the interactive calls, Bulk are downloads and uploads.
	Calls, Bulk Load
}

// Load counts calls of one kind.
type Load struct {
	// Running hold a place, Waiting wait for one.
	Running, Waiting int
}

// Processes returns what each process is up to: the shared one, then the
// dedicated ones by tenant. It waits for nobody but a call that enters or leaves,
// so it can be asked at any time.
func (s *Supervisor) Processes() []Process {
	s.listing.Lock()
	keepers := slices.Clone(s.keepers)
	s.listing.Unlock()
	all := make([]Process, 0, len(keepers))
	for _, k := range keepers {
		if k == s.shared || !k.isStopped() {
			all = append(all, k.process())
		}
	}
	slices.SortStableFunc(all[1:], func(a, b Process) int { return cmp.Compare(a.Tenant, b.Tenant) })
	return all
}

// list has a keeper among those that Processes tells of, in place of those that
// have stopped.
func (s *Supervisor) list(k *keeper) {
	s.listing.Lock()
	defer s.listing.Unlock()
	s.keepers = slices.DeleteFunc(s.keepers, func(k *keeper) bool { return k != s.shared && k.isStopped() })
	s.keepers = append(s.keepers, k)
}

func (k *keeper) process() Process {
	now := k.current.Load()
	p := Process{Connector: k.connector(), Tenant: k.tenant, State: now.state, Cause: now.cause, Until: now.until}
	if now.instance != nil {
		p.PID = now.instance.plugin.PID()
	}
	p.Calls, p.Bulk = k.gate.load()
	return p
}

// connector returns the name in the manifest of the last process.
func (k *keeper) connector() string {
	if last := k.last.Load(); last != nil {
		return last.name
	}
	return ""
}

// knows reports whether the manifest of the last process has the action.
func (k *keeper) knows(action string) bool {
	last := k.last.Load()
	if last == nil {
		return false
	}
	_, known := last.effects[action]
	return known
}

// load counts the calls that run and wait.
func (g *gate) load() (calls, bulks Load) {
	g.mu.Lock()
	defer g.mu.Unlock()
	waiting := func(c class) (n int) {
		for _, l := range g.lanes[c] {
			n += len(l.waiting[c])
		}
		return n
	}
	calls = Load{Running: g.used[interactive] - g.used[bulk], Waiting: waiting(interactive)}
	return calls, Load{Running: g.used[bulk], Waiting: waiting(bulk)}
}

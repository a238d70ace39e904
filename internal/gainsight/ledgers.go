package gainsight

import (
	"net/url"
	"strings"
	"sync"
	"time"
)

// Ledgers keeps one [Ledger] for every tenant that a process speaks to: the
// budgets are the tenant's (INFERRED, open question 14), not a connection's.
// Safe for concurrent use.
type Ledgers struct {
	clock func() time.Time

	mu       sync.Mutex
	byTenant map[string]*sharedLedger
}

type sharedLedger struct {
	*Ledger

	users int
}

// NewLedgers returns an empty set. Nil clock: time.Now.
func NewLedgers(clock func() time.Time) *Ledgers {
	if clock == nil {
		clock = time.Now
	}
	return &Ledgers{clock: clock, byTenant: map[string]*sharedLedger{}}
}

// Acquire returns the ledger of the tenant at an address, and a function to
// call, once, when it is no longer used. What a ledger has counted outlives its
// last user until the day is over, so that a connection opened anew does not
// spend the budgets twice.
func (l *Ledgers) Acquire(base *url.URL) (*Ledger, func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	key := strings.ToLower(base.Hostname()) + ":" + port(base) + base.Path
	shared := l.byTenant[key]
	if shared == nil {
		l.sweep()
		shared = &sharedLedger{Ledger: NewLedger()}
		l.byTenant[key] = shared
	}
	shared.users++
	return shared.Ledger, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		shared.users--
	}
}

// sweep drops the ledgers that nobody uses and that have nothing to tell.
func (l *Ledgers) sweep() {
	now := l.clock()
	for key, shared := range l.byTenant {
		if shared.users == 0 && shared.idle(now) {
			delete(l.byTenant, key)
		}
	}
}

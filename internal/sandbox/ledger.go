package sandbox

import (
	"sync"
	"time"
)

// ledgerSize bounds the ledger; the oldest requests fall out.
const ledgerSize = 4096

// Request is one request that arrived, as the ledger keeps it. It holds no
// header and no body, so no secret and no record value.
type Request struct {
	Time   time.Time
	Method string
	Path   string
	Query  string // raw, without the question mark
	// Status is the HTTP status sent; 0 when a fault dropped or cut the answer.
	Status    int
	RequestID string
}

type ledger struct {
	mu       sync.Mutex
	requests []Request // a ring once full
	next     int
}

func (l *ledger) add(r Request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.requests) < ledgerSize {
		l.requests = append(l.requests, r)
		return
	}
	l.requests[l.next] = r
	l.next = (l.next + 1) % ledgerSize
}

// Requests returns what arrived, oldest first: the last 4,096 requests.
func (t *Tenant) Requests() []Request {
	l := &t.ledger
	l.mu.Lock()
	defer l.mu.Unlock()
	out := make([]Request, 0, len(l.requests))
	out = append(out, l.requests[l.next:]...)
	return append(out, l.requests[:l.next]...)
}

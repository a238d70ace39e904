package doctype

import (
	"runtime"
	"sync"
	"weak"
)

// Pool lets tenants whose objects are the same share one copy of the metadata,
// for as long as one of them has it: a tenant and the connections of its other
// users, and standard objects that nobody has changed. The zero value is empty
// and ready. It is safe for concurrent use.
type Pool struct {
	mu     sync.Mutex
	shared map[string]weak.Pointer[Snapshot] // by digest
}

// share returns the copy that others have of s, or s.
func (p *Pool) share(s *Snapshot) *Snapshot {
	p.mu.Lock()
	defer p.mu.Unlock()
	if other := p.shared[s.Digest].Value(); other != nil {
		return other
	}
	if p.shared == nil {
		p.shared = map[string]weak.Pointer[Snapshot]{}
	}
	p.shared[s.Digest] = weak.Make(s)
	runtime.AddCleanup(s, p.forget, s.Digest)
	return s
}

// forget drops a copy that nobody has any more, unless there is a new one.
func (p *Pool) forget(digest string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.shared[digest].Value() == nil {
		delete(p.shared, digest)
	}
}

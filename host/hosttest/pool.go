package hosttest

import (
	"sync"

	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

// pool keeps processes that a case has left as it got them. To start one takes
// longer than most cases do.
type pool struct {
	mu   sync.Mutex
	idle []*instance
}

// take returns an instance for one case; nil: there is none.
func (p *pool) take() *instance {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.idle) == 0 {
		return nil
	}
	last := len(p.idle) - 1
	in := p.idle[last]
	p.idle = p.idle[:last]
	return in
}

func (p *pool) put(in *instance) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.idle = append(p.idle, in)
}

// empty stops all instances.
func (p *pool) empty() {
	for in := p.take(); in != nil; in = p.take() {
		_ = in.stop() // lifecycle/stops tells
	}
}

// giveBack lets other cases have an instance if this one passed and left
// nothing on it.
func (t *trial) giveBack(in *instance) {
	if outcome, _ := t.verdict(); outcome != Failed && t.unused(in) {
		t.pool.put(in)
		return
	}
	_ = in.stop()
}

// unused closes the connections of the case and reports whether neither one of
// them nor a call is left.
func (t *trial) unused(in *instance) bool {
	for _, handle := range in.handles {
		if _, err := in.CloseConnection(t.ctx, &connectorv1.CloseConnectionRequest{Handle: handle}); err != nil {
			return false
		}
	}
	in.handles = nil
	return t.soon(func() bool {
		resp, err := in.Probe(t.ctx, &connectorv1.ProbeRequest{})
		return err == nil && resp.GetInFlight() == 0 && resp.GetConnections() == 0
	})
}

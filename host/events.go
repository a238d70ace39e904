package host

import (
	"context"
	"errors"
	"io"
	"maps"
	"slices"
	"sync"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

// watch hands events to tell until ctx or the process ends.
func (p *Plugin) watch(ctx context.Context, tell func(*Connection, connector.Event)) {
	stream, err := p.client.WatchEvents(ctx, &connectorv1.WatchEventsRequest{})
	for err == nil {
		var m *connectorv1.WatchEventsResponse
		if m, err = stream.Recv(); err != nil {
			break
		}
		handle, event := wire.EventFrom(m)
		if event == nil {
			continue // of a kind that this side does not know
		}
		if rotated, ok := event.(connector.SecretRotated); ok {
			p.learn(rotated.Secrets)
		}
		switch conn := p.registry.find(ctx, handle); {
		case conn == nil:
			p.logger.WarnContext(ctx, "event of a connection that is not known")
		case conn.events != nil:
			conn.events(event)
		default:
			tell(conn, event)
		}
	}
	if ctx.Err() == nil && !errors.Is(err, io.EOF) {
		p.logger.WarnContext(ctx, "no more events from the connector", "error", wire.FromStatus(err))
	}
}

// maxClosed is how many closed connections are remembered.
const maxClosed = 256

// registry knows the open connections by handle, and the last ones that were
// closed: what a connection's last call has to tell may arrive after its end,
// and may be the only copy of a secret.
type registry struct {
	mu      sync.Mutex
	open    map[string]*Connection
	closed  []*Connection
	opening int
	changed chan struct{} // closed and replaced when an opening has ended
}

func newRegistry() registry {
	return registry{open: map[string]*Connection{}, changed: make(chan struct{})}
}

// begin notes that a connection is being opened.
func (r *registry) begin() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.opening++
}

// finish ends an opening; c is nil if it failed.
func (r *registry) finish(c *Connection) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.opening--
	if c != nil {
		r.open[c.handle] = c
	}
	close(r.changed)
	r.changed = make(chan struct{})
}

func (r *registry) remove(c *Connection) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.open[c.handle] == nil {
		return
	}
	delete(r.open, c.handle)
	r.closed = append(r.closed[max(0, len(r.closed)-maxClosed+1):], c)
}

func (r *registry) all() []*Connection {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Collect(maps.Values(r.open))
}

// find returns the connection of a handle, or nil. The first event of a
// connection can overtake the answer that opened it; it must not be lost, for
// it may carry the only copy of a secret. So while connections are being
// opened, find waits for an unknown handle.
func (r *registry) find(ctx context.Context, handle string) *Connection {
	for {
		r.mu.Lock()
		c, opening, changed := r.known(handle), r.opening, r.changed
		r.mu.Unlock()
		if c != nil || opening == 0 {
			return c
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil
		}
	}
}

func (r *registry) known(handle string) *Connection {
	if c := r.open[handle]; c != nil {
		return c
	}
	for _, c := range r.closed {
		if c.handle == handle {
			return c
		}
	}
	return nil
}

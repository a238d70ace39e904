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
		if conn := p.registry.find(ctx, handle); conn != nil {
			tell(conn, event)
		} else {
			p.logger.DebugContext(ctx, "event of a connection that is not open")
		}
	}
	if ctx.Err() == nil && !errors.Is(err, io.EOF) {
		p.logger.WarnContext(ctx, "no more events from the connector", "error", wire.FromStatus(err))
	}
}

// registry knows the open connections by handle.
type registry struct {
	mu      sync.Mutex
	open    map[string]*Connection
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
	delete(r.open, c.handle)
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
		c, opening, changed := r.open[handle], r.opening, r.changed
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

package plugin

import (
	"context"
	"log/slog"
	"sync"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

// registry holds the open connections by handle.
type registry struct {
	mu     sync.Mutex
	open   map[string]*tenancy
	closed bool
}

func newRegistry() *registry { return &registry{open: map[string]*tenancy{}} }

// tenancy is one open connection and the count of those who use it: the
// running calls, and the registry until the connection is closed.
type tenancy struct {
	conn   Connection
	tenant string

	mu    sync.Mutex
	users int
	idle  chan struct{} // closed when the last user has left
}

// add puts a connection under a handle, or reports false if the registry is
// closed.
func (r *registry) add(handle string, t *tenancy) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.closed {
		r.open[handle] = t
	}
	return !r.closed
}

// acquire returns the connection for one call, which must release it.
func (r *registry) acquire(ctx context.Context, handle string) (*tenancy, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	t, ok := r.open[handle]
	if !ok {
		return nil, connector.Errorf(connector.ReasonHandleUnknown, "this process has no connection with the given handle").
			WithHint("open the connection again: it was closed or belongs to an earlier process")
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.users++
	scopeFrom(ctx).tenant = t.tenant
	return t, nil
}

// remove forgets a handle; nil if there is none.
func (r *registry) remove(handle string) *tenancy {
	r.mu.Lock()
	defer r.mu.Unlock()
	t := r.open[handle]
	delete(r.open, handle)
	return t
}

// close forgets all handles and takes no more.
func (r *registry) close() []*tenancy {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
	var all []*tenancy
	for _, t := range r.open {
		all = append(all, t)
	}
	clear(r.open)
	return all
}

func (r *registry) size() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.open)
}

func newTenancy(tenant string, conn Connection) *tenancy {
	return &tenancy{conn: conn, tenant: tenant, users: 1, idle: make(chan struct{})}
}

// release ends one use.
func (t *tenancy) release() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.users--
	if t.users == 0 {
		close(t.idle)
	}
}

// close ends the registry's own use and closes the connection once all others
// have ended theirs. When ctx ends first, that happens later without anybody
// waiting for it. Only who took t out of the registry calls close.
func (t *tenancy) close(ctx context.Context) error {
	t.release()
	closed := make(chan error, 1)
	go func() {
		<-t.idle
		err := protect(ctx, t.conn.Close)
		if err != nil {
			Logger(ctx).WarnContext(ctx, "the connection did not close cleanly", slog.String("error", err.Error()))
		}
		closed <- err
	}()
	select {
	case err := <-closed:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

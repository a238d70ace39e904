package plugin

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// Group runs goroutines of a connector. Use it instead of a go statement: a
// panic in a bare goroutine ends the process and with it the calls of all
// tenants, while here it fails the group alone.
type Group struct {
	ctx   context.Context //nolint:containedctx // names the call in the log when a goroutine panics
	group *errgroup.Group
}

// NewGroup returns a group and a context that ends when the first goroutine
// fails or Wait returns. Panics are logged as belonging to the call of ctx.
func NewGroup(ctx context.Context) (*Group, context.Context) {
	group, inner := errgroup.WithContext(ctx)
	return &Group{ctx: ctx, group: group}, inner
}

// SetLimit bounds how many goroutines run at once; Go then waits for a place.
// Call it before Go. Negative: no bound, which is the default.
func (g *Group) SetLimit(n int) { g.group.SetLimit(n) }

// Go runs f in a goroutine.
func (g *Group) Go(f func() error) {
	g.group.Go(func() error { return protect(g.ctx, f) })
}

// Wait waits for all goroutines and returns the first error. A panic is a
// [connector.ReasonPluginPanic] error; its stack is in the log.
func (g *Group) Wait() error { return g.group.Wait() }

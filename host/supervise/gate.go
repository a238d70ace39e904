package supervise

import (
	"context"
	"errors"
	"slices"
	"sync"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

// ErrQueueFull is in the chain of the error of a call that was refused because
// too many of its connection wait already. The error itself is a
// [connector.ReasonRateLimited] of [connector.OriginRuntime].
var ErrQueueFull = errors.New("too many of its calls wait already")

// class is a kind of calls. Bulk calls take long, and must not take the places
// of the others.
type class int

const (
	interactive class = iota
	bulk
	classes
)

// gate lets calls in to a process, and those that must wait in a fair order:
// the two classes take turns, and within a class the lanes do.
type gate struct {
	mu    sync.Mutex
	room  [classes]int     // the most that run at once: of all classes together, and of bulk calls
	used  [classes]int     // likewise
	lanes [classes][]*lane // those with calls that wait, next one first
	turn  class
}

// lane is one connection's share of a gate. Its fields belong to the gate.
type lane struct {
	room    [classes]int
	used    [classes]int
	queue   int
	waiting [classes][]*ticket
}

// ticket is a call that waits.
type ticket struct{ admitted chan struct{} }

func newGate(p Places) *gate { return &gate{room: [classes]int{interactive: p.Calls, bulk: p.Bulk}} }

func newLane(o ConnectionOptions) *lane {
	return &lane{room: [classes]int{interactive: o.Calls, bulk: max(1, o.Calls/2)}, queue: max(0, o.Queue)}
}

// enter waits for a place, which the caller must leave. It fails if the lane's
// queue is full or ctx ends.
func (g *gate) enter(ctx context.Context, l *lane, c class) error {
	t, err := g.request(l, c)
	if err != nil || t == nil {
		return err
	}
	select {
	case <-t.admitted:
		return nil
	case <-ctx.Done():
		g.giveUp(l, c, t)
		return ctx.Err()
	}
}

// request takes a place at once, or gets in line for one.
func (g *gate) request(l *lane, c class) (*ticket, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	// Whoever waits cannot be let in now, or would have been: so nobody of
	// another lane is overtaken.
	if len(l.waiting[c]) == 0 && fits(g.room, g.used, c) && fits(l.room, l.used, c) {
		g.occupy(l, c, 1)
		return nil, nil //nolint:nilnil // a place at once needs no ticket
	}
	if len(l.waiting[c]) >= l.queue {
		return nil, ErrQueueFull
	}
	t := &ticket{admitted: make(chan struct{})}
	if len(l.waiting[c]) == 0 {
		g.lanes[c] = append(g.lanes[c], l)
	}
	l.waiting[c] = append(l.waiting[c], t)
	return t, nil
}

// giveUp takes a call out of the line, or gives back the place that it got
// meanwhile.
func (g *gate) giveUp(l *lane, c class, t *ticket) {
	g.mu.Lock()
	defer g.mu.Unlock()
	i := slices.Index(l.waiting[c], t)
	if i < 0 {
		g.occupy(l, c, -1)
		g.admit()
		return
	}
	l.waiting[c] = slices.Delete(l.waiting[c], i, i+1)
	if len(l.waiting[c]) == 0 {
		g.lanes[c] = slices.DeleteFunc(g.lanes[c], func(other *lane) bool { return other == l })
	}
}

// leave gives a place back.
func (g *gate) leave(l *lane, c class) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.occupy(l, c, -1)
	g.admit()
}

// admit lets in all that there is room for.
func (g *gate) admit() {
	for g.admitOne(g.turn) || g.admitOne(1-g.turn) {
		g.turn = 1 - g.turn
	}
}

// admitOne lets in one call of a class, of the first lane that has room, and
// sends the lane to the end.
func (g *gate) admitOne(c class) bool {
	if !fits(g.room, g.used, c) {
		return false
	}
	i := slices.IndexFunc(g.lanes[c], func(l *lane) bool { return fits(l.room, l.used, c) })
	if i < 0 {
		return false
	}
	l := g.lanes[c][i]
	g.lanes[c] = slices.Delete(g.lanes[c], i, i+1)
	t := l.waiting[c][0]
	l.waiting[c] = l.waiting[c][1:]
	if len(l.waiting[c]) > 0 {
		g.lanes[c] = append(g.lanes[c], l)
	}
	g.occupy(l, c, 1)
	close(t.admitted)
	return true
}

// occupy counts n more calls of a class.
func (g *gate) occupy(l *lane, c class, n int) {
	for _, used := range []*[classes]int{&g.used, &l.used} {
		used[interactive] += n
		if c == bulk {
			used[bulk] += n
		}
	}
}

// fits reports whether there is room for one more call of a class.
func fits(room, used [classes]int, c class) bool {
	return used[interactive] < room[interactive] && (c != bulk || used[bulk] < room[bulk])
}

// queueFull is ErrQueueFull for the one who called.
func queueFull(what string) *connector.Error {
	e := connector.Errorf(connector.ReasonRateLimited, "%s was not started: %w", what, ErrQueueFull)
	e.Origin = connector.OriginRuntime
	return e.WithHint("start fewer at once, or raise ConnectionOptions.Calls or Queue")
}

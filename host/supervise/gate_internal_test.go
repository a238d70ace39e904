package supervise

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// stay lets calls in that stay, and keeps the order in which they came in.
type stay struct {
	mu    sync.Mutex
	order []string
}

func (s *stay) enter(t *testing.T, g *gate, l *lane, c class, name string) {
	t.Helper()
	go func() {
		if err := g.enter(t.Context(), l, c); err != nil {
			name += " refused"
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.order = append(s.order, name)
	}()
	synctest.Wait()
}

func (s *stay) want(t *testing.T, want ...string) {
	t.Helper()
	synctest.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	if !slices.Equal(s.order, want) {
		t.Errorf("let in %v, want %v", s.order, want)
	}
}

func TestNoisyLaneDelaysNobody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGate(Places{Calls: 2, Bulk: 1})
		o := ConnectionOptions{Calls: 2, Queue: 100}
		noisy, quiet, other := newLane(o), newLane(o), newLane(o)
		var s stay
		for range 6 {
			s.enter(t, g, noisy, interactive, "noisy")
		}
		s.enter(t, g, quiet, interactive, "quiet")
		s.enter(t, g, other, interactive, "other")
		s.enter(t, g, quiet, interactive, "quiet")
		s.want(t, "noisy", "noisy")
		for range 4 {
			g.leave(noisy, interactive)
			synctest.Wait()
		}
		// They take turns: one of the noisy lane, then one of each other.
		s.want(t, "noisy", "noisy", "noisy", "quiet", "other", "noisy")
	})
}

func TestBulkLeavesRoom(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGate(Places{Calls: 4, Bulk: 2})
		a, b := newLane(ConnectionOptions{Calls: 2, Queue: 9}), newLane(ConnectionOptions{Calls: 4, Queue: 9})
		var s stay
		s.enter(t, g, a, bulk, "a bulk 1")
		s.enter(t, g, a, bulk, "a bulk 2") // half of its own places
		s.enter(t, g, a, interactive, "a call")
		s.enter(t, g, b, bulk, "b bulk 1")
		s.enter(t, g, b, bulk, "b bulk 2") // half of all places
		s.enter(t, g, b, interactive, "b call")
		s.want(t, "a bulk 1", "a call", "b bulk 1", "b call")
		g.leave(b, bulk)
		s.want(t, "a bulk 1", "a call", "b bulk 1", "b call", "b bulk 2")
		g.leave(a, bulk)
		s.want(t, "a bulk 1", "a call", "b bulk 1", "b call", "b bulk 2", "a bulk 2")
	})
}

// The two classes take turns, whichever came first.
func TestClassesTakeTurns(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGate(Places{Calls: 1, Bulk: 1})
		o := ConnectionOptions{Calls: 1, Queue: 9}
		lanes := [classes]*lane{interactive: newLane(o), bulk: newLane(o)}
		var s stay
		s.enter(t, g, lanes[interactive], interactive, "call")
		for range 2 {
			s.enter(t, g, lanes[interactive], interactive, "call")
		}
		for range 2 {
			s.enter(t, g, lanes[bulk], bulk, "bulk")
		}
		s.want(t, "call")
		for _, c := range []class{interactive, interactive, bulk, interactive} { // those let in, one after the other
			g.leave(lanes[c], c)
			synctest.Wait()
		}
		s.want(t, "call", "call", "bulk", "call", "bulk")
	})
}

func TestQueueIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGate(Places{Calls: 8, Bulk: 4})
		l := newLane(ConnectionOptions{Calls: 1, Queue: 1})
		var s stay
		s.enter(t, g, l, interactive, "one")
		s.enter(t, g, l, interactive, "two")
		if err := g.enter(t.Context(), l, interactive); !errors.Is(err, ErrQueueFull) {
			t.Errorf("third call: %v, want %v", err, ErrQueueFull)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := g.enter(ctx, l, bulk); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a call that waited too long: %v", err)
		}
		g.leave(l, interactive)
		s.want(t, "one", "two")
		g.leave(l, interactive)
		if err := g.enter(t.Context(), l, bulk); err != nil {
			t.Errorf("the place of a call that gave up is lost: %v", err)
		}
	})
}

// Whatever comes and goes, no bound is broken and every place comes back.
func TestGateUnderLoad(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGate(Places{Calls: 5, Bulk: 2})
		lanes := make([]*lane, 4)
		for i := range lanes {
			lanes[i] = newLane(ConnectionOptions{Calls: 2, Queue: 50})
		}
		var all sync.WaitGroup
		var running, bulky, most atomic.Int32
		for range 300 {
			all.Go(func() {
				l, c := lanes[rand.N(len(lanes))], class(rand.N(2))                     //nolint:gosec // any load will do
				ctx, cancel := context.WithTimeout(t.Context(), rand.N(20*time.Second)) //nolint:gosec // any load will do
				defer cancel()
				if g.enter(ctx, l, c) != nil {
					return
				}
				defer g.leave(l, c)
				n := running.Add(1)
				defer running.Add(-1)
				most.Store(max(most.Load(), n))
				if c == bulk {
					if bulky.Add(1) > 2 {
						t.Error("too many bulk calls run")
					}
					defer bulky.Add(-1)
				}
				if n > 5 {
					t.Errorf("%d calls run", n)
				}
				time.Sleep(rand.N(time.Second)) //nolint:gosec // any load will do
			})
		}
		all.Wait()
		if most.Load() < 5 {
			t.Errorf("at most %d calls ran at once, want 5", most.Load())
		}
		for _, l := range append([]*lane{{used: g.used}}, lanes...) {
			if l.used != [classes]int{} || len(l.waiting[interactive])+len(l.waiting[bulk]) > 0 {
				t.Errorf("left: %+v", l)
			}
		}
		if len(g.lanes[interactive])+len(g.lanes[bulk]) > 0 {
			t.Error("a lane is still in line")
		}
	})
}

// Package memo keeps what is slow to find out: one question at a time per key,
// whoever asks, and an old answer rather than none.
package memo

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

const (
	// DefaultMaxAge is how long an answer is used without asking again.
	DefaultMaxAge = 5 * time.Minute
	// retryDelay is how long an old answer is used after asking again failed,
	// so that not every caller waits for a source that is down.
	retryDelay = 30 * time.Second
	// refreshTimeout bounds a question that no caller waits for.
	refreshTimeout = 2 * time.Minute
)

// Options tune a [Cache]. The zero value is good.
type Options struct {
	// MaxAge is how long an answer is used without asking again.
	// 0: [DefaultMaxAge].
	MaxAge time.Duration
	// StaleFor is how much longer an answer is used while it is asked for again
	// in the background, so that no caller waits. 0: not at all.
	StaleFor time.Duration
	// Budget bounds the memory that this cache and others take together. Nil:
	// there is no bound.
	Budget *Budget
	// Clock tells the time. Nil: [time.Now].
	Clock func() time.Time
}

// Answer is a value as of some moment. It is shared and must not be changed.
type Answer[V any] struct {
	// Value is the value.
	Value V
	// At is when it was found out.
	At time.Time
	// Stale is why it is older than it should be: asking again failed. Nil: it
	// is young enough.
	Stale error
}

// Cache keeps answers by key. It is safe for concurrent use.
type Cache[V any] struct {
	maxAge   time.Duration
	staleFor time.Duration
	budget   *Budget
	clock    func() time.Time
	asking   sync.WaitGroup

	mu      sync.Mutex
	closed  bool
	entries map[string]*entry[V]
}

// entry is what is known under one key. The cache's mutex guards it.
type entry[V any] struct {
	answer     Answer[V]
	freshUntil time.Time  // zero until there is an answer
	expired    bool       // set: the answer is used only if there is no better one
	flight     *flight[V] // nil while nobody asks
}

// flight is one question that callers wait for.
type flight[V any] struct {
	done    chan struct{} // closed when the rest is set
	cancel  context.CancelFunc
	waiting int // guarded by the cache's mutex; one more if nobody needs to wait

	answer   Answer[V]
	err      error
	panicked error
}

// New returns an empty cache.
func New[V any](opts Options) *Cache[V] {
	c := &Cache[V]{
		maxAge: opts.MaxAge, staleFor: opts.StaleFor, budget: opts.Budget, clock: opts.Clock, entries: map[string]*entry[V]{},
	}
	if c.maxAge <= 0 {
		c.maxAge = DefaultMaxAge
	}
	if c.clock == nil {
		c.clock = time.Now
	}
	return c
}

// Get returns the answer under key. It asks if there is none or it is older
// than the maximum age; one that is not much older, see [Options.StaleFor], is
// returned at once and asked for again in the background. Callers at the same
// time share one question, which goes on until the last of them has gone.
//
// If ask fails and there is an old answer, that is returned, marked as stale,
// and the source is left alone for half a minute; only
// [connector.ReasonNotFound] is final. Otherwise the error is that of ask, or
// that of ctx. A panic in ask is raised again in the callers.
func (c *Cache[V]) Get(ctx context.Context, key string, ask func(context.Context) (V, error)) (Answer[V], error) {
	return c.get(ctx, key, false, ask)
}

// Refresh is [Cache.Get], but asks in any case, or joins those who are asking
// already.
func (c *Cache[V]) Refresh(ctx context.Context, key string, ask func(context.Context) (V, error)) (Answer[V], error) {
	return c.get(ctx, key, true, ask)
}

// Put keeps an answer that was found out elsewhere, unless there is a younger
// one. However old it is, it serves while asking fails.
func (c *Cache[V]) Put(key string, value V, at time.Time) {
	for _, drop := range c.put(key, Answer[V]{Value: value, At: at}) {
		drop()
	}
}

func (c *Cache[V]) put(key string, answer Answer[V]) (drops []func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.entries[key]
	if e == nil {
		e = &entry[V]{}
	}
	if c.closed || !e.freshUntil.IsZero() && !e.answer.At.Before(answer.At) {
		return nil
	}
	c.entries[key] = e
	e.answer, e.freshUntil, e.expired = answer, answer.At.Add(c.maxAge), false
	return c.budget.take(e, answer.Value, func() { c.drop(key, e) })
}

// Forget drops what is known under key. A question under way is answered to
// its callers but not kept.
func (c *Cache[V]) Forget(key string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e := c.entries[key]; e != nil {
		c.budget.give(e)
		delete(c.entries, key)
	}
}

// Expire makes [Cache.Get] ask again for every answer that is at least so old.
// Unlike with [Cache.Forget], an expired answer still serves if that fails.
func (c *Cache[V]) Expire(age time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.clock()
	for _, e := range c.entries {
		e.expired = e.expired || !e.freshUntil.IsZero() && now.Sub(e.answer.At) >= age
	}
}

// Close drops everything, cancels the questions under way and waits for their
// end. A closed cache still answers, but keeps to its callers' time.
func (c *Cache[V]) Close() {
	c.mu.Lock()
	c.closed = true
	for key, e := range c.entries {
		if e.flight != nil {
			e.flight.cancel()
		}
		c.budget.give(e)
		delete(c.entries, key)
	}
	c.mu.Unlock()
	c.asking.Wait()
}

// drop is what the budget does when it is spent.
func (c *Cache[V]) drop(key string, e *entry[V]) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.entries[key] == e && e.flight == nil {
		delete(c.entries, key)
	}
}

func (c *Cache[V]) get(ctx context.Context, key string, refresh bool, ask func(context.Context) (V, error)) (Answer[V], error) {
	if err := ctx.Err(); err != nil {
		return Answer[V]{}, err
	}
	c.mu.Lock()
	e := c.entries[key]
	if e == nil {
		e = &entry[V]{}
		c.entries[key] = e
	}
	if !refresh && c.serves(ctx, e, key, ask) {
		defer c.mu.Unlock()
		c.budget.touch(e)
		return e.answer, nil
	}
	if e.flight == nil {
		e.flight = c.start(ctx, e, key, false, ask)
	}
	f := e.flight
	f.waiting++
	c.mu.Unlock()

	select {
	case <-f.done:
		if f.panicked != nil {
			panic(f.panicked) //nolint:forbidigo // raised again where somebody is prepared for it
		}
		return f.answer, f.err
	case <-ctx.Done():
		c.leave(e, f, key)
		return Answer[V]{}, ctx.Err()
	}
}

// serves reports whether the answer of e can be used as it is, and sees to it
// that one that is a little old is asked for in the background.
func (c *Cache[V]) serves(ctx context.Context, e *entry[V], key string, ask func(context.Context) (V, error)) bool {
	now := c.clock()
	switch {
	case e.freshUntil.IsZero() || e.expired:
		return false
	case now.Before(e.freshUntil):
		return true
	case c.closed || !now.Before(e.freshUntil.Add(c.staleFor)):
		return false
	}
	if e.flight == nil {
		e.flight = c.start(ctx, e, key, true, ask)
	}
	return true
}

// leave takes one caller off f, and ends f if it was the last.
func (c *Cache[V]) leave(e *entry[V], f *flight[V], key string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f.waiting--
	if f.waiting > 0 {
		return
	}
	f.cancel()
	if e.flight == f {
		e.flight = nil
		c.dropIfEmpty(e, key)
	}
}

// dropIfEmpty keeps keys that lead nowhere from piling up.
func (c *Cache[V]) dropIfEmpty(e *entry[V], key string) {
	if e.freshUntil.IsZero() && c.entries[key] == e {
		delete(c.entries, key)
	}
}

// start asks on a context that has the values of ctx but not its end. If alone,
// nobody needs to wait for the answer.
func (c *Cache[V]) start(ctx context.Context, e *entry[V], key string, alone bool, ask func(context.Context) (V, error)) *flight[V] {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	f := &flight[V]{done: make(chan struct{}), cancel: cancel}
	fly := func() {
		defer cancel()
		value, err, panicked := protected(ctx, ask)
		for _, drop := range c.settle(e, f, key, value, err, panicked) {
			drop() // after the lock is given back: it may take that of another cache
		}
	}
	if !alone {
		go fly()
		return f
	}
	f.waiting++
	timer := time.AfterFunc(refreshTimeout, cancel)
	c.asking.Go(func() {
		defer timer.Stop()
		fly()
	})
	return f
}

// settle ends f and returns what has to be done without the lock.
func (c *Cache[V]) settle(e *entry[V], f *flight[V], key string, value V, err, panicked error) (drops []func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f.answer, f.err, f.panicked = Answer[V]{Value: value, At: c.clock()}, err, panicked
	if e.flight == f {
		e.flight = nil
		drops = c.land(e, f, key)
		c.dropIfEmpty(e, key)
	}
	close(f.done)
	return drops
}

// land keeps the outcome of f in e, or falls back on what e has.
func (c *Cache[V]) land(e *entry[V], f *flight[V], key string) (drops []func()) {
	switch {
	case f.panicked != nil:
	case f.err == nil:
		e.answer, e.freshUntil, e.expired = f.answer, c.clock().Add(c.maxAge), false
		if c.entries[key] == e {
			return c.budget.take(e, e.answer.Value, func() { c.drop(key, e) })
		}
	case errors.Is(f.err, connector.ReasonNotFound):
		c.budget.give(e)
		*e = entry[V]{}
	case !e.freshUntil.IsZero():
		e.answer.Stale = f.err
		f.answer, f.err = e.answer, nil
		e.freshUntil, e.expired = c.clock().Add(min(retryDelay, c.maxAge)), false
	}
	return nil
}

// protected asks. It runs on a goroutine of its own, where a panic would end
// the process.
func protected[V any](ctx context.Context, ask func(context.Context) (V, error)) (value V, err, panicked error) {
	defer func() {
		if v := recover(); v != nil {
			panicked = fmt.Errorf("%v\n\n%s", v, debug.Stack())
		}
	}()
	value, err = ask(ctx)
	return value, err, nil
}

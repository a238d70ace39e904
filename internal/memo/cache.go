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
)

// Options tune a [Cache]. The zero value is good.
type Options struct {
	// MaxAge is how long an answer is used without asking again.
	// 0: [DefaultMaxAge].
	MaxAge time.Duration
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
	maxAge time.Duration
	clock  func() time.Time

	mu      sync.Mutex
	entries map[string]*entry[V]
}

// entry is what is known under one key. The cache's mutex guards it.
type entry[V any] struct {
	answer     Answer[V]
	freshUntil time.Time  // zero until there is an answer
	flight     *flight[V] // nil while nobody asks
}

// flight is one question that callers wait for.
type flight[V any] struct {
	done    chan struct{} // closed when the rest is set
	cancel  context.CancelFunc
	waiting int // guarded by the cache's mutex

	answer   Answer[V]
	err      error
	panicked error
}

// New returns an empty cache.
func New[V any](opts Options) *Cache[V] {
	c := &Cache[V]{maxAge: opts.MaxAge, clock: opts.Clock, entries: map[string]*entry[V]{}}
	if c.maxAge <= 0 {
		c.maxAge = DefaultMaxAge
	}
	if c.clock == nil {
		c.clock = time.Now
	}
	return c
}

// Get returns the answer under key. It asks if there is none or it is older
// than the maximum age. Callers at the same time share one question, which
// goes on until the last of them has gone.
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

// Forget drops what is known under key. A question under way is answered to
// its callers but not kept.
func (c *Cache[V]) Forget(key string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.entries, key)
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
	if !refresh && c.clock().Before(e.freshUntil) {
		defer c.mu.Unlock()
		return e.answer, nil
	}
	if e.flight == nil {
		e.flight = c.start(ctx, e, key, ask)
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

// start asks on a context that has the values of ctx but not its end.
func (c *Cache[V]) start(ctx context.Context, e *entry[V], key string, ask func(context.Context) (V, error)) *flight[V] {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	f := &flight[V]{done: make(chan struct{}), cancel: cancel}
	go func() {
		defer cancel()
		value, err, panicked := protected(ctx, ask)
		c.mu.Lock()
		defer c.mu.Unlock()
		f.answer, f.err, f.panicked = Answer[V]{Value: value, At: c.clock()}, err, panicked
		if e.flight == f {
			e.flight = nil
			c.land(e, f)
			c.dropIfEmpty(e, key)
		}
		close(f.done)
	}()
	return f
}

// land keeps the outcome of f in e, or falls back on what e has.
func (c *Cache[V]) land(e *entry[V], f *flight[V]) {
	switch {
	case f.panicked != nil:
	case f.err == nil:
		e.answer, e.freshUntil = f.answer, c.clock().Add(c.maxAge)
	case errors.Is(f.err, connector.ReasonNotFound):
		*e = entry[V]{}
	case !e.freshUntil.IsZero():
		e.answer.Stale = f.err
		f.answer, f.err = e.answer, nil
		e.freshUntil = c.clock().Add(min(retryDelay, c.maxAge))
	}
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

package actions

import (
	"context"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

// memo keeps what a tenant said of itself: its list of objects, its picklist
// configuration. Concurrent callers share one request.
type memo struct {
	clock  func() time.Time
	flight singleflight.Group

	mu    sync.Mutex
	facts map[string]fact
}

// fact is a value and when it was asked for.
type fact struct {
	value any
	at    time.Time
}

func newMemo(clock func() time.Time) *memo {
	return &memo{clock: clock, facts: map[string]fact{}}
}

// get returns a fact that is young enough.
func (m *memo) get(key string) (fact, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f, ok := m.facts[key]
	return f, ok && m.clock().Sub(f.at) < metadataAge
}

func (m *memo) put(key string, f fact) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.facts[key] = f
}

// Fact returns what fetch finds out about the tenant, at most five minutes
// old. A caller that gives up does not fail those who wait with it.
func Fact[T any](ctx context.Context, t *Tenant, key string, fetch func(context.Context, Session) (T, error)) (T, error) {
	var zero T
	if f, ok := t.facts.get(key); ok {
		return f.value.(T), nil //nolint:forcetypeassert // a key has one type
	}
	result := t.facts.flight.DoChan(key, func() (any, error) {
		at := t.client.Clock()
		value, err := fetch(context.WithoutCancel(ctx), t.client.Session(false))
		if err == nil {
			t.facts.put(key, fact{value, at})
		}
		return value, err
	})
	select {
	case r := <-result:
		if r.Err != nil {
			return zero, r.Err
		}
		return r.Val.(T), nil //nolint:forcetypeassert // a key has one type
	case <-ctx.Done():
		return zero, ctx.Err()
	}
}

package actions

import "context"

// Fact returns what fetch finds out about the tenant, at most five minutes old
// unless the tenant does not answer. Callers at the same time share one
// request, and one who gives up does not fail those who wait with it. A key
// has one type of value.
func Fact[T any](ctx context.Context, t *Tenant, key string, fetch func(context.Context, Session) (T, error)) (T, error) {
	answer, err := t.facts.Get(ctx, key, func(ctx context.Context) (any, error) {
		return fetch(ctx, t.client.Session(false))
	})
	value, _ := answer.Value.(T)
	return value, err
}

package actions

import (
	"context"
	"encoding/json"

	"github.com/gainsight-connector/gainsight-connector/internal/memo"
)

// fact is something that is known of a tenant.
type fact struct {
	value any
	size  int
}

var _ memo.Sized = fact{}

// Size returns how many bytes the fact takes, about: what it takes as JSON.
func (f fact) Size() int { return f.size }

// Fact returns what fetch finds out about the tenant, as old as what
// [Tenant.Object] returns. Callers at the same time share one request, and one
// who gives up does not fail those who wait with it. A key has one type of
// value.
func Fact[T any](ctx context.Context, t *Tenant, key string, fetch func(context.Context, Session) (T, error)) (T, error) {
	answer, err := t.facts.Get(ctx, key, func(ctx context.Context) (fact, error) {
		value, err := fetch(ctx, t.client.Session(false))
		if err != nil {
			return fact{}, err
		}
		return factOf(value), nil
	})
	value, _ := answer.Value.value.(T)
	return value, err
}

func factOf[T any](value T) fact {
	text, err := json.Marshal(value)
	if err != nil {
		return fact{value: value} // what cannot be written takes no place to speak of
	}
	return fact{value, len(text)}
}

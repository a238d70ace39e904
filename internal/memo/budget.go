package memo

import "github.com/gainsight-connector/gainsight-connector/internal/lru"

// Budget bounds what several caches hold together. When it is spent, the
// answers used longest ago are dropped, whichever cache they are in; they are
// asked for anew when they are needed. It is safe for concurrent use.
type Budget struct {
	kept *lru.Cache[any, func()] // by entry, with what drops it
}

// NewBudget returns a budget of so many bytes, as [Sized] counts them.
func NewBudget(bytes int64) *Budget { return &Budget{lru.New[any, func()](bytes)} }

// Spent returns the bytes that all caches hold.
func (b *Budget) Spent() int64 { return b.kept.Weight() }

// Sized is an answer that knows how many bytes it takes, about. Others count
// as one KiB.
type Sized interface{ Size() int }

const unsized = 1 << 10

func sizeOf(value any) int64 {
	if s, ok := value.(Sized); ok {
		return int64(s.Size())
	}
	return unsized
}

// touch marks an entry as used. A nil budget has no bound.
func (b *Budget) touch(entry any) {
	if b != nil {
		b.kept.Get(entry)
	}
}

// take counts an entry and returns what drops others in its favour.
func (b *Budget) take(entry, value any, drop func()) []func() {
	if b == nil {
		return nil
	}
	return b.kept.Put(entry, drop, sizeOf(value))
}

func (b *Budget) give(entry any) {
	if b != nil {
		b.kept.Remove(entry)
	}
}

package schema

import (
	"container/list"
	"crypto/sha256"
	"sync"
)

// Cache shares compiled schemas by content. It holds a bounded number and
// drops the one used longest ago. It is safe for concurrent use.
type Cache struct {
	most int

	mu      sync.Mutex
	entries map[digest]cached
	recent  *list.List // of digest, the last used first
}

type digest [sha256.Size]byte

type cached struct {
	compile func() (*Schema, error)
	place   *list.Element // in recent
}

// NewCache returns an empty cache of at most so many schemas. Less than 1 reads
// as 1.
func NewCache(most int) *Cache {
	return &Cache{most: max(most, 1), entries: map[digest]cached{}, recent: list.New()}
}

// Compile is [Compile], done once for each content however many ask at once.
// An error is remembered like a schema: the same content fails again.
func (c *Cache) Compile(document []byte) (*Schema, error) {
	return c.entry(sha256.Sum256(document), document).compile()
}

func (c *Cache) entry(key digest, document []byte) cached {
	c.mu.Lock()
	defer c.mu.Unlock()
	if entry, ok := c.entries[key]; ok {
		c.recent.MoveToFront(entry.place)
		return entry
	}
	if c.recent.Len() == c.most {
		if oldest, ok := c.recent.Remove(c.recent.Back()).(digest); ok {
			delete(c.entries, oldest)
		}
	}
	entry := cached{
		compile: sync.OnceValues(func() (*Schema, error) { return Compile(document) }),
		place:   c.recent.PushFront(key),
	}
	c.entries[key] = entry
	return entry
}

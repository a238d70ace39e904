// Package lru keeps values up to a weight, and drops those used longest ago.
package lru

import (
	"container/list"
	"sync"
)

// Cache holds values by key as long as they weigh no more than its limit
// together. It is safe for concurrent use.
type Cache[K comparable, V any] struct {
	limit int64

	mu     sync.Mutex
	places map[K]*list.Element
	recent *list.List // of *item[K, V], the last used first
	weight int64
}

type item[K comparable, V any] struct {
	key    K
	value  V
	weight int64
}

// New returns an empty cache.
func New[K comparable, V any](limit int64) *Cache[K, V] {
	return &Cache[K, V]{limit: limit, places: map[K]*list.Element{}, recent: list.New()}
}

// Get returns the value of a key, which is then the one used last.
func (c *Cache[K, V]) Get(key K) (value V, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	place, ok := c.places[key]
	if !ok {
		return value, false
	}
	c.recent.MoveToFront(place)
	return c.at(place).value, true
}

// Put sets the value of a key and returns the values that had to go for it.
// The new value stays even if it alone weighs more than the limit.
func (c *Cache[K, V]) Put(key K, value V, weight int64) (dropped []V) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.remove(key)
	c.places[key] = c.recent.PushFront(&item[K, V]{key, value, weight})
	c.weight += weight
	for c.weight > c.limit && c.recent.Len() > 1 {
		last := c.at(c.recent.Back())
		c.remove(last.key)
		dropped = append(dropped, last.value)
	}
	return dropped
}

// Remove drops a key.
func (c *Cache[K, V]) Remove(key K) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.remove(key)
}

// Weight returns what all values weigh together.
func (c *Cache[K, V]) Weight() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.weight
}

func (c *Cache[K, V]) remove(key K) {
	if place, ok := c.places[key]; ok {
		c.weight -= c.at(place).weight
		c.recent.Remove(place)
		delete(c.places, key)
	}
}

func (c *Cache[K, V]) at(place *list.Element) *item[K, V] {
	i, _ := place.Value.(*item[K, V])
	return i
}

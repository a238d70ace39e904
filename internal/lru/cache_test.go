package lru_test

import (
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/internal/lru"
)

func TestDropsWhatWasUsedLongestAgo(t *testing.T) {
	t.Parallel()
	c := lru.New[string, string](10)
	for _, key := range []string{"a", "b"} {
		if dropped := c.Put(key, "value of "+key, 5); dropped != nil {
			t.Errorf("%v was dropped while there was room", dropped)
		}
	}
	if v, ok := c.Get("a"); !ok || v != "value of a" {
		t.Errorf("a is %q, %v", v, ok)
	}
	if diff := cmp.Diff([]string{"value of b"}, c.Put("c", "value of c", 2)); diff != "" {
		t.Errorf("dropped (-want +got):\n%s", diff)
	}
	if w := c.Weight(); w != 7 {
		t.Errorf("weight %d, want 7", w)
	}
	if diff := cmp.Diff([]string{"value of a", "value of c"}, c.Put("d", "value of d", 11)); diff != "" {
		t.Errorf("dropped for one that is too heavy (-want +got):\n%s", diff)
	}
	if _, ok := c.Get("d"); !ok {
		t.Error("what is too heavy was dropped at once")
	}
}

func TestReplaceAndRemove(t *testing.T) {
	t.Parallel()
	c := lru.New[string, int](10)
	c.Put("a", 1, 4)
	c.Put("a", 2, 6)
	if v, _ := c.Get("a"); v != 2 || c.Weight() != 6 {
		t.Errorf("value %d of weight %d, want 2 of 6", v, c.Weight())
	}
	c.Remove("a")
	c.Remove("a")
	if _, ok := c.Get("a"); ok || c.Weight() != 0 {
		t.Errorf("a is still there, or weighs %d", c.Weight())
	}
}

func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	c := lru.New[int, int](50)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for n := range 200 {
				c.Put(n, i, int64(n%5))
				c.Get(n / 2)
				c.Remove(n / 3)
			}
		})
	}
	wg.Wait()
	if c.Weight() > 50 {
		t.Errorf("weight %d is above the limit", c.Weight())
	}
}

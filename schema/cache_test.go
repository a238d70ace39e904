package schema_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/schema"
)

func TestCacheSharesByContent(t *testing.T) {
	t.Parallel()
	cache := schema.NewCache(1 << 20)
	compiled := make([]*schema.Schema, 50)
	var wg sync.WaitGroup
	for i := range compiled {
		wg.Go(func() {
			s, err := cache.Compile([]byte(`{"type":"string"}`))
			if err != nil {
				t.Error(err)
			}
			compiled[i] = s
		})
	}
	wg.Wait()
	for i, s := range compiled {
		if s != compiled[0] {
			t.Errorf("caller %d has a schema of its own", i)
		}
	}
}

func TestCacheDropsLeastRecentlyUsed(t *testing.T) {
	t.Parallel()
	const document = 16 // bytes of each document
	cache := schema.NewCache(2 * 9 * document)
	get := func(n int) *schema.Schema {
		t.Helper()
		s, err := cache.Compile(fmt.Appendf(nil, `{"maxLength":%d}`, n))
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	first, second := get(1), get(2)
	if get(1) != first {
		t.Error("the first was dropped while there was room")
	}
	get(3) // in place of the second, which was used longest ago
	if get(1) != first {
		t.Error("the first was dropped although it was used just now")
	}
	if get(2) == second {
		t.Error("the second is still there")
	}
}

func TestCacheOfNothing(t *testing.T) {
	t.Parallel()
	cache := schema.NewCache(0)
	for range 2 {
		if _, err := cache.Compile([]byte(`{}`)); err != nil {
			t.Fatal(err)
		}
		if _, err := cache.Compile([]byte(`{"type":"none"}`)); err == nil {
			t.Error("a wrong schema compiled")
		}
	}
}

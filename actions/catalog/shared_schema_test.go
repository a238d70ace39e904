package catalog_test

import (
	"fmt"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/actions/actionstest"
	"github.com/gainsight-connector/gainsight-connector/host"
	"github.com/gainsight-connector/gainsight-connector/schema"
)

// alike returns connections to so many tenants of one content, 200 fields on
// the object, and what their connector has compiled.
func alike(tb testing.TB, connections int) ([]*host.Connection, *schema.Cache) {
	tb.Helper()
	tenants := newManyTenants()
	tenants.alike = true
	server := httptest.NewServer(tenants)
	tb.Cleanup(server.Close)
	compiled := schema.NewCache(16 << 20)
	p := actionstest.HostWith(tb, actions.Options{Schemas: compiled}, nil)
	all := make([]*host.Connection, connections)
	for i := range all {
		key := fmt.Sprintf("%04d", i)
		all[i] = openKeyed(tb, p, server.URL+"/"+key, key)
	}
	return all, compiled
}

// TestCompiledOnce: however many tenants have the same fields, and ask at once,
// their schema is compiled once, to be described and to be held to.
func TestCompiledOnce(t *testing.T) {
	t.Parallel()
	all, compiled := alike(t, 24)
	var wg sync.WaitGroup
	for _, conn := range all {
		wg.Go(func() { checkOne(t, conn) })
	}
	wg.Wait()
	if n := compiled.Compilations(); n != 1 {
		t.Errorf("%d compilations for %d tenants, want one", n, len(all))
	}
}

// BenchmarkSharedSchema measures the first description of an action with 200
// tenant fields and the check of a record: for the first tenant, and for each
// of a hundred others that have the same fields.
func BenchmarkSharedSchema(b *testing.B) {
	const others = 100
	var first, further time.Duration
	var compiled int64
	for b.Loop() {
		all, cache := alike(b, 1+others)
		begun := time.Now()
		checkOne(b, all[0])
		first += time.Since(begun)
		begun = time.Now()
		for _, conn := range all[1:] {
			checkOne(b, conn)
		}
		further += time.Since(begun)
		compiled += cache.Compilations()
	}
	perRound := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 / float64(b.N) }
	b.ReportMetric(perRound(first), "ms/first")
	b.ReportMetric(perRound(further)/others, "ms/further")
	b.ReportMetric(float64(compiled)/float64(b.N), "compilations")
}

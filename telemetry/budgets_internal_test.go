package telemetry

import (
	"testing"
	"time"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
	"github.com/google/go-cmp/cmp"
)

// What is left is that of the connection with the least, or each one's, and
// gone with its window.
func TestLowestBudget(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		connections bool
		after       time.Duration
		want        map[budget]int
	}{
		"together": {want: map[budget]int{{"c", "", "sync", "1m0s"}: 3}},
		"each": {connections: true, want: map[budget]int{
			{"c", "a", "sync", "1m0s"}: 7, {"c", "b", "sync", "1m0s"}: 3,
		}},
		"window is over": {after: time.Hour, want: map[budget]int{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBudgets(labels{connections: tt.connections})
			for tenant, remaining := range map[string]int{"a": 7, "b": 3} {
				b.update(host.Operation{Connector: "c", Tenant: tenant}, []connector.BudgetState{
					{Name: "sync", Limit: 10, Remaining: remaining, Window: time.Minute, ResetsIn: time.Minute},
				})
			}
			if diff := cmp.Diff(tt.want, b.lowest(time.Now().Add(tt.after))); diff != "" {
				t.Errorf("lowest (-want +got):\n%s", diff)
			}
		})
	}
}

// A connector that invents budgets fills no memory.
func TestBudgetsAreBounded(t *testing.T) {
	t.Parallel()
	b := newBudgets(labels{})
	for n := range maxBudgets + 5 {
		b.update(host.Operation{Connector: "c"}, []connector.BudgetState{{Name: "b", Window: time.Duration(n), ResetsIn: time.Hour}})
	}
	if got := len(b.left); got != maxBudgets {
		t.Errorf("%d budgets are kept, want %d", got, maxBudgets)
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	long := make([]rune, maxText)
	for i := range long {
		long[i] = 'é'
	}
	for name, tt := range map[string]struct{ in, want string }{
		"short": {"cta.list", "cta.list"}, "no UTF-8": {"a\xff", "a\uFFFD"}, "long": {"x" + string(long), "x" + string(long[:maxText/2-1])},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := text(tt.in); got != tt.want || len(got) > maxText {
				t.Errorf("text = %q, want %q", got, tt.want)
			}
		})
	}
}

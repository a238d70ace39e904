package gainsight_test

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

func TestBudgetsOfEndpoints(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		endpoint, method, url string
		limits                settings
		calls                 int
		length                time.Duration
		want                  map[int]int
	}{
		"synchronous":   {endpoint: gainsight.CTAConfig, calls: 105, length: time.Minute, want: map[int]int{0: 100, 1: 5}},
		"asynchronous":  {endpoint: gainsight.BulkSubmit, calls: 12, length: time.Hour, want: map[int]int{0: 10, 1: 2}},
		"users":         {endpoint: gainsight.UserList, calls: 101, length: time.Hour, want: map[int]int{0: 100, 1: 1}},
		"timeline":      {endpoint: gainsight.ActivitySave, calls: 201, length: time.Minute, want: map[int]int{0: 200, 1: 1}},
		"timeline_bulk": {endpoint: gainsight.ActivitySaveBulk, calls: 13, length: time.Hour, want: map[int]int{0: 12, 1: 1}},
		"a status is synchronous": {
			endpoint: gainsight.BulkStatus, url: "/v3/status", calls: 101, length: time.Minute, want: map[int]int{0: 100, 1: 1},
		},
		"a path of users": {
			endpoint: gainsight.APIRequest, method: "POST", url: "/v1/users/services/list", calls: 101, length: time.Hour,
			want: map[int]int{0: 100, 1: 1},
		},
		"a path of the bulk export": {
			endpoint: gainsight.APIRequest, method: "POST", url: "/v3/exports/data/bulk/company", calls: 11, length: time.Hour,
			want: map[int]int{0: 10, 1: 1},
		},
		"a path like one of users": {
			endpoint: gainsight.APIRequest, method: "POST", url: "/v1/users/servicesX", calls: 101, length: time.Minute,
			want: map[int]int{0: 100, 1: 1},
		},
		"any path": {endpoint: gainsight.APIRequest, url: "/v1/else", calls: 101, length: time.Minute, want: map[int]int{0: 100, 1: 1}},
		"fewer": {
			endpoint: gainsight.CTAConfig, limits: settings{"synchronous": map[string]any{"per_minute": 30}},
			calls: 31, length: time.Minute, want: map[int]int{0: 30, 1: 1},
		},
		"more": {
			endpoint: gainsight.CTAConfig, limits: settings{"synchronous": map[string]any{"per_minute": 150}},
			calls: 151, length: time.Minute, want: map[int]int{0: 150, 1: 1},
		},
		"one window without a limit": {
			endpoint: gainsight.CTAConfig, limits: settings{"synchronous": map[string]any{"per_minute": nil}},
			calls: 300, length: time.Minute, want: map[int]int{0: 300},
		},
		"no limit": {
			endpoint: gainsight.ActivitySaveBulk, limits: settings{"timeline_bulk": nil},
			calls: 300, length: time.Hour, want: map[int]int{0: 300},
		},
		"a window of another length": {
			endpoint: gainsight.CTAConfig, limits: settings{"synchronous": map[string]any{"per_hour": 40}},
			calls: 41, length: time.Hour, want: map[int]int{0: 40, 1: 1},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				tenant := &counting{}
				client := tenant.client(t, settings{"limits": tt.limits}, gainsight.Options{})
				request := to(tt.endpoint)
				request.Method = tt.method
				request.Path = map[string]string{"url": tt.url, "objectName": "company"}
				for range tt.calls {
					if _, err := client.Session(false).Do(t.Context(), request); err != nil {
						t.Fatal(err)
					}
				}
				if diff := cmp.Diff(tt.want, tenant.perWindow(tt.length)); diff != "" {
					t.Errorf("arrivals by window (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// TestCountedCalls: which budgets an endpoint counts against is a setting
// (open question 16).
func TestCountedCalls(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		budgets []string
		want    map[int]int
	}{
		"as jobs":      {[]string{gainsight.BudgetAsynchronous}, map[int]int{0: 10, 1: 10}},
		"as all":       {[]string{gainsight.BudgetAsynchronous, gainsight.BudgetSynchronous}, map[int]int{0: 10, 1: 10}},
		"not at all":   {[]string{}, map[int]int{0: 20}},
		"as they were": {nil, map[int]int{0: 20}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				own := map[string]any{}
				if tt.budgets != nil {
					own["budgets"] = tt.budgets
				}
				tenant := &counting{}
				client := tenant.client(t, settings{"endpoints": map[string]any{"bulk.status": own}}, gainsight.Options{})
				for range 20 {
					request := to(gainsight.BulkStatus)
					request.Path = map[string]string{"url": "/v3/status"}
					if _, err := client.Session(false).Do(t.Context(), request); err != nil {
						t.Fatal(err)
					}
				}
				if diff := cmp.Diff(tt.want, tenant.perWindow(time.Hour)); diff != "" {
					t.Errorf("arrivals by hour (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// TestBulkWorkLeavesAReserve: of 100 calls a minute bulk work has 90, and the
// others go at once while it waits.
func TestBulkWorkLeavesAReserve(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		yields  bool
		percent int
		want    int
	}{
		"bulk from the first":    {true, 10, 90},
		"bulk from the eleventh": {false, 10, 90},
		"half of it":             {true, 50, 50},
		"no reserve":             {true, 0, 100},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				tenant := &counting{}
				limits := map[string]any{"synchronous": map[string]any{"reserve_percent": tt.percent}}
				client := tenant.client(t, settings{"limits": limits}, gainsight.Options{})
				bulk := client.Session(false)
				if tt.yields {
					bulk.Yield()
				}
				var group sync.WaitGroup
				group.Go(func() {
					for range 150 {
						mustDo(t, bulk, gainsight.CTAList)
					}
				})
				synctest.Wait()
				if n := tenant.perWindow(time.Minute)[0]; n != tt.want {
					t.Errorf("bulk work made %d calls, want %d", n, tt.want)
				}
				for range 100 - tt.want {
					mustDo(t, client.Session(false), gainsight.CTAList)
				}
				if n := tenant.perWindow(time.Minute)[0]; n != 100 || len(tenant.perWindow(time.Minute)) != 1 {
					t.Errorf("%d calls in the first minute, want all of them", n)
				}
				group.Wait()
			})
		})
	}
}

// TestStatsTellTheBudgets: each budget that the call spends, window by window.
func TestStatsTellTheBudgets(t *testing.T) {
	t.Parallel()
	client := connect(t, serve(t, answering(200, jsonType, goodBody)).URL, nil, gainsight.Options{})
	session := client.Session(false)
	mustDo(t, session, gainsight.UserList)
	mustDo(t, session, gainsight.CTAConfig)
	const day = 24 * time.Hour
	want := []connector.BudgetState{
		{Name: "synchronous", Limit: 100, Remaining: 98, Window: time.Minute, ResetsIn: 18 * time.Second},
		{Name: "synchronous", Limit: 50_000, Remaining: 49_998, Window: day, ResetsIn: 11*time.Hour + 59*time.Minute + 18*time.Second},
		{Name: "users", Limit: 100, Remaining: 99, Window: time.Hour, ResetsIn: 59*time.Minute + 18*time.Second},
		{Name: "users", Limit: 1_000, Remaining: 999, Window: day, ResetsIn: 11*time.Hour + 59*time.Minute + 18*time.Second},
	}
	if diff := cmp.Diff(want, session.Stats().Budgets); diff != "" {
		t.Errorf("budgets (-want +got):\n%s", diff)
	}
	var names []string
	for _, s := range client.BudgetStates() {
		names = append(names, s.Budget+" "+s.Period.String())
	}
	all := []string{
		"synchronous minute", "synchronous day", "asynchronous hour", "asynchronous day", "users hour", "users day",
		"timeline minute", "timeline_bulk hour",
	}
	if diff := cmp.Diff(all, names); diff != "" {
		t.Errorf("all states (-want +got):\n%s", diff)
	}
}

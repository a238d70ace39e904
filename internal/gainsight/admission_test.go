package gainsight_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

// TestNeverMoreThanTheLimit: however many call at once, no window has more than
// its limit, and they go in the order in which they came.
func TestNeverMoreThanTheLimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const calls = 1000
		tenant := &counting{}
		client := tenant.client(t, nil, gainsight.Options{})
		var ended [calls]time.Time
		var group sync.WaitGroup
		for i := range calls {
			group.Go(func() {
				mustDo(t, client.Session(false), gainsight.CTAConfig)
				ended[i] = time.Now()
			})
			if i%50 == 0 { // those before are in line
				synctest.Wait()
			}
		}
		group.Wait()
		got := tenant.perWindow(time.Minute)
		for minute := range 10 {
			if got[minute] != 100 {
				t.Errorf("%d arrived in minute %d, want 100", got[minute], minute)
			}
		}
		for i := 50; i < calls; i++ {
			if first := i/50*50 - 50; ended[i].Before(ended[first]) {
				t.Errorf("call %d ended at %s, before call %d", i, ended[i], first)
			}
		}
	})
}

// TestDeadlineAndWait: a wait that the deadline or the connection does not
// allow is refused at once, and nothing is sent.
func TestDeadlineAndWait(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		limits   map[string]any
		deadline time.Duration
		queued   time.Duration // 0: refused
		hint     string
	}{
		"no deadline":           {nil, 0, time.Minute, ""},
		"a deadline beyond":     {nil, 2 * time.Minute, time.Minute, ""},
		"a deadline before":     {nil, 30 * time.Second, 0, "To wait, give the call a deadline beyond 1m2s"},
		"a deadline that is it": {nil, time.Minute, 0, "To wait, give the call a deadline beyond 1m2s"},
		"too little after it":   {nil, time.Minute + 1999*time.Millisecond, 0, "To wait, give the call a deadline beyond 1m2s"},
		"just enough":           {nil, time.Minute + 2*time.Second, time.Minute, ""},
		"the longest wait":      {map[string]any{"longest_wait_seconds": 60}, 0, time.Minute, ""},
		"longer than that":      {map[string]any{"longest_wait_seconds": 59}, 0, 0, "To wait, set /limits/longest_wait_seconds of the connection to 60 or more"},
		"never waits":           {map[string]any{"longest_wait_seconds": 0}, 0, 0, "To wait, set /limits/longest_wait_seconds of the connection to 60 or more"},
		"the next day": {
			map[string]any{"synchronous": map[string]any{"per_minute": nil, "per_day": 1}}, 0, 0,
			"To wait, set /limits/longest_wait_seconds of the connection to 86400 or more",
		},
		"the next day, allowed": {
			map[string]any{"synchronous": map[string]any{"per_minute": nil, "per_day": 1}, "longest_wait_seconds": 86400},
			0, 24 * time.Hour, "",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				limits := map[string]any{"synchronous": map[string]any{"per_minute": 1}}
				maps.Copy(limits, tt.limits)
				tenant := &counting{}
				client := tenant.client(t, settings{"limits": limits}, gainsight.Options{})
				mustDo(t, client.Session(false), gainsight.CTAConfig)
				ctx := t.Context()
				if tt.deadline > 0 {
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, tt.deadline)
					defer cancel()
				}
				began := time.Now()
				session := client.Session(false)
				_, err := session.Do(ctx, to(gainsight.CTAConfig))
				if tt.queued > 0 {
					if waited := tt.queued + time.Second; err != nil || session.Stats().Queued != waited || time.Since(began) != waited {
						t.Errorf("got %v after %s, of which %s queued", err, time.Since(began), session.Stats().Queued)
					}
					return
				}
				e := connector.AsError(err)
				if !errors.Is(err, connector.ReasonRateLimited) || e.Origin != connector.OriginDownstream ||
					e.Retry != connector.RetryLater || e.OutcomeUnknown || e.Downstream.Status != 0 || time.Since(began) != 0 {
					t.Fatalf("got %+v after %s", e, time.Since(began))
				}
				if !strings.Contains(e.Message, `not sent: budget "synchronous" of tenant acme allows 1 calls a`) ||
					!strings.Contains(e.Hint, "/limits/synchronous/per_") || !strings.HasPrefix(e.Hint, tt.hint) ||
					e.RetryAfter < time.Minute+time.Second {
					t.Errorf("message %q, hint %q, retry after %s", e.Message, e.Hint, e.RetryAfter)
				}
				if n := len(tenant.arrivals); n != 1 || session.Stats().Calls != 0 {
					t.Errorf("%d requests arrived, stats %+v", n, session.Stats())
				}
			})
		})
	}
}

// TestSpentBetweenTries: if there is no room to send a request again, the error
// is what came of the first, unless that only was the wrong method.
func TestSpentBetweenTries(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		endpoint string
		status   int
		reason   connector.Reason
		message  string
	}{
		"an outage":        {gainsight.CTAConfig, 503, connector.ReasonDownstreamUnavailable, "server error"},
		"throttled":        {gainsight.CTAConfig, 429, connector.ReasonRateLimited, "the call budget of tenant acme is spent"},
		"the wrong method": {gainsight.GoalUpdate, 405, connector.ReasonRateLimited, "not sent"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, answering(tt.status, jsonType, `{"result":false}`))
			client := connect(t, s.URL, settings{"limits": map[string]any{
				"synchronous": map[string]any{"per_minute": 1}, "longest_wait_seconds": 0,
			}}, gainsight.Options{})
			_, err := client.Session(false).Do(t.Context(), to(tt.endpoint))
			e := connector.AsError(err)
			if !errors.Is(err, tt.reason) || !strings.Contains(e.Message, tt.message) || e.RetryAfter != 19*time.Second {
				t.Errorf("got %+v", e)
			}
			if n := len(s.got()); n != 1 {
				t.Errorf("%d requests arrived", n)
			}
		})
	}
}

// TestRefusalClosesTheBudget: once the tenant says that it is spent, nobody asks
// before it is open again.
func TestRefusalClosesTheBudget(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		endpoint, retryAfter string
		limits               settings
		wait                 time.Duration
	}{
		"next minute":       {gainsight.CTAConfig, "", nil, time.Minute},
		"users, too":        {gainsight.UserList, "", nil, time.Minute},
		"jobs, too":         {gainsight.ActivitySaveBulk, "", nil, time.Minute},
		"as it says":        {gainsight.CTAConfig, "7", nil, 7 * time.Second},
		"at once":           {gainsight.CTAConfig, "0", nil, time.Second},
		"over more windows": {gainsight.CTAConfig, "150", nil, 150 * time.Second},
		"as is set":         {gainsight.ActivitySaveBulk, "", settings{"throttled_wait_seconds": 30}, 30 * time.Second},
		"it knows better":   {gainsight.CTAConfig, "7", settings{"throttled_wait_seconds": 30}, 7 * time.Second},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				tenant := &counting{refuse: func(n int) (string, bool) { return tt.retryAfter, n == 1 }}
				client := tenant.client(t, settings{"limits": tt.limits}, gainsight.Options{})
				began := time.Now()
				var group sync.WaitGroup
				group.Go(func() { mustDo(t, client.Session(false), tt.endpoint) })
				synctest.Wait()
				state := client.BudgetStates(budgetOf(tt.endpoint))[0]
				if !state.Throttled || state.Left != 0 || !state.Ends.Equal(began.Add(tt.wait)) {
					t.Errorf("state %+v", state)
				}
				mustDo(t, client.Session(false), tt.endpoint)
				group.Wait()
				for i, at := range tenant.arrivals {
					if want := tt.wait + time.Second; i > 0 && at.Sub(began) != want {
						t.Errorf("request %d arrived after %s, want %s", i+1, at.Sub(began), want)
					}
				}
				if n := len(tenant.arrivals); n != 3 {
					t.Errorf("%d requests arrived, want the refused one and two", n)
				}
			})
		})
	}
}

// TestOutageThatSaysHowLong: a request that may be sent again waits for as long
// as the tenant says, if the caller has that time; else the error says it.
func TestOutageThatSaysHowLong(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		retryAfter, deadline time.Duration
		effect               connector.Effect
		sent                 int
	}{
		"a read":               {30 * time.Second, time.Hour, connector.EffectRead, 2},
		"an idempotent write":  {30 * time.Second, time.Hour, connector.EffectIdempotentWrite, 2},
		"an unsafe write":      {30 * time.Second, time.Hour, connector.EffectUnsafeWrite, 1},
		"beyond the deadline":  {30 * time.Second, 31 * time.Second, connector.EffectRead, 1},
		"longer than is usual": {10 * time.Minute, time.Hour, connector.EffectRead, 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				tenant := &counting{status: 503, refuse: func(n int) (string, bool) { return fmt.Sprint(tt.retryAfter.Seconds()), n == 1 }}
				client := tenant.client(t, nil, gainsight.Options{})
				ctx, cancel := context.WithTimeout(t.Context(), tt.deadline)
				defer cancel()
				_, err := client.Session(false).Do(ctx, gainsight.Request{Endpoint: gainsight.CTAConfig, Effect: tt.effect})
				if len(tenant.arrivals) != tt.sent {
					t.Fatalf("%d requests arrived, want %d", len(tenant.arrivals), tt.sent)
				}
				if tt.sent == 2 {
					if pause := tenant.arrivals[1].Sub(tenant.arrivals[0]); err != nil || pause < 30*time.Second || pause > 31*time.Second {
						t.Errorf("got %v after a pause of %s", err, pause)
					}
					return
				}
				e := connector.AsError(err)
				if !errors.Is(err, connector.ReasonDownstreamUnavailable) || e.RetryAfter != tt.retryAfter ||
					e.OutcomeUnknown != (tt.effect != connector.EffectRead) {
					t.Errorf("got %+v", e)
				}
			})
		})
	}
}

// budgetOf is the first budget of an endpoint.
func budgetOf(endpoint string) string {
	for _, e := range gainsight.Endpoints() {
		if e.Name == endpoint {
			return e.Budgets[0]
		}
	}
	return ""
}

// TestRefusedForEver: what the tenant goes on refusing fails with its answer.
func TestRefusedForEver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tenant := &counting{refuse: func(int) (string, bool) { return "", true }}
		client := tenant.client(t, nil, gainsight.Options{})
		session := client.Session(false)
		_, err := session.Do(t.Context(), to(gainsight.CTAConfig))
		if e := connector.AsError(err); !errors.Is(err, connector.ReasonRateLimited) || e.Downstream.RequestID != "r-t" ||
			len(tenant.arrivals) != 6 {
			t.Errorf("got %+v after %d requests", e, len(tenant.arrivals))
		}
		if stats := session.Stats(); stats.Calls != 6 || stats.Retries != 5 {
			t.Errorf("stats %+v", stats)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		_, err = client.Session(false).Do(ctx, to(gainsight.CTAConfig))
		if e := connector.AsError(err); !errors.Is(err, connector.ReasonRateLimited) ||
			!strings.Contains(e.Message, "tenant acme has said") || len(tenant.arrivals) != 6 {
			t.Errorf("got %+v after %d requests", e, len(tenant.arrivals))
		}
	})
}

// TestBulkActivitiesAreHeldToLess: the older edition's 4 an hour once the tenant
// has refused one (open question 19), unless the connection has a number of its
// own.
func TestBulkActivitiesAreHeldToLess(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		limits settings
		want   map[int]int
		told   bool
	}{
		"by default": {nil, map[int]int{0: 4, 1: 4, 2: 3}, true},
		"of its own": {settings{"timeline_bulk": map[string]any{"per_hour": 12}}, map[int]int{0: 11}, false},
		"even fewer": {settings{"timeline_bulk": map[string]any{"per_hour": 3}}, map[int]int{0: 3, 1: 3, 2: 3, 3: 2}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var log strings.Builder
				tenant := &counting{refuse: func(n int) (string, bool) { return "", n == 1 }}
				client := tenant.client(t, settings{"limits": tt.limits}, gainsight.Options{
					Logger: slog.New(slog.NewTextHandler(&log, nil)),
				})
				session := client.Session(false)
				for range 10 {
					mustDo(t, session, gainsight.ActivityUpdateBulk)
				}
				if diff := cmp.Diff(tt.want, tenant.perWindow(time.Hour)); diff != "" {
					t.Errorf("arrivals by hour (-want +got):\n%s", diff)
				}
				remarks := session.Remarks()
				if got := len(remarks) == 1 && strings.Contains(remarks[0].Summary, "4 calls an hour"); got != tt.told {
					t.Errorf("remarks %+v", remarks)
				}
				if got := strings.Contains(log.String(), "budget=timeline_bulk calls=4 per=hour"); got != tt.told {
					t.Errorf("log %q", log.String())
				}
			})
		})
	}
}

// TestGivenBack: what did not leave is not counted.
func TestGivenBack(t *testing.T) {
	t.Parallel()
	left := func(client *gainsight.Client) int { return client.BudgetStates(gainsight.BudgetSynchronous)[0].Left }
	t.Run("a dry run", func(t *testing.T) {
		t.Parallel()
		client := (&counting{}).client(t, nil, gainsight.Options{})
		session := client.Session(true)
		if _, err := session.Do(t.Context(), to(gainsight.CTAConfig)); !errors.Is(err, gainsight.ErrPlanned) || left(client) != 100 ||
			session.Stats().Budgets != nil {
			t.Errorf("got %v, %d left, stats %+v", err, left(client), session.Stats())
		}
	})
	t.Run("nobody listens", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			client := (&counting{unreachable: true}).client(t, nil, gainsight.Options{})
			_, err := client.Session(false).Do(t.Context(), to(gainsight.CTAConfig))
			if !errors.Is(err, connector.ReasonDownstreamUnavailable) || left(client) != 100 {
				t.Errorf("got %v, %d left", err, left(client))
			}
		})
	})
	t.Run("cancelled while it waits", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			tenant := &counting{}
			client := tenant.client(t, settings{
				"limits": map[string]any{"synchronous": map[string]any{"per_minute": 1}},
			}, gainsight.Options{})
			mustDo(t, client.Session(false), gainsight.CTAConfig)
			ctx, cancel := context.WithCancel(t.Context())
			var group sync.WaitGroup
			group.Go(func() {
				_, err := client.Session(false).Do(ctx, request(connector.EffectUnsafeWrite))
				if e := connector.AsError(err); !errors.Is(err, connector.ReasonCanceled) || e.OutcomeUnknown {
					t.Errorf("got %+v", e)
				}
			})
			synctest.Wait()
			cancel()
			group.Wait()
			mustDo(t, client.Session(false), gainsight.CTAConfig)
			if diff := cmp.Diff(map[int]int{0: 1, 1: 1}, tenant.perWindow(time.Minute)); diff != "" {
				t.Errorf("arrivals by minute (-want +got):\n%s", diff)
			}
		})
	})
}

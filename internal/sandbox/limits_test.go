package sandbox_test

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

// A dial is a clock that a test turns.
type dial struct{ ns atomic.Int64 }

func newDial() *dial {
	d := &dial{}
	d.ns.Store(clockTime.UnixNano())
	return d
}

func (d *dial) now() time.Time        { return time.Unix(0, d.ns.Load()).UTC() }
func (d *dial) turn(by time.Duration) { d.ns.Add(int64(by)) }
func (c *client) list() reply         { c.t.Helper(); return c.do("GET", listPath, "") }
func (c *client) submit() reply {
	c.t.Helper()
	return c.do("POST", "/v3/exports/data/bulk/company", `{"select":["Name"]}`)
}

func TestLimitsAreDocumented(t *testing.T) {
	t.Parallel()
	c := acme(t, sandbox.Forms{})
	for i := range 100 {
		if got := c.list(); got.status != 200 {
			t.Fatalf("call %d: %d", i+1, got.status)
		}
	}
	checkRefusal(t, c.list(), 429, "GS_APIG_2404", "")
	// The bulk budget is another one.
	for i := range 10 {
		if got := c.submit(); got.status != 200 {
			t.Fatalf("submit %d: %d", i+1, got.status)
		}
	}
	checkRefusal(t, c.submit(), 429, "GS_APIG_2404", "")
}

func TestWindowsStartAtTheClock(t *testing.T) {
	t.Parallel()
	d := newDial() // 10:30:30
	c := newClient(t, sandbox.Acme(), &sandbox.Options{
		Clock: d.now, Limits: &sandbox.Limits{PerMinute: 2, PerDay: 5, BulkPerHour: 1, BulkPerDay: 2},
	})
	steps := []struct {
		turn time.Duration
		bulk bool
		want int
	}{
		{0, false, 200}, {0, false, 200}, {0, false, 429},
		{29 * time.Second, false, 429}, // 10:30:59
		{time.Second, false, 200},      // 10:31:00: not a sliding window
		{0, false, 200}, {0, false, 429},
		{time.Minute, false, 200}, {0, false, 429}, // the fifth of the day, then none
		{0, true, 200}, {0, true, 429},
		{28 * time.Minute, true, 200}, // 11:00:00
		{time.Hour, true, 429},        // 12:00:00: the day's two are spent
		{0, false, 429},
		{12 * time.Hour, true, 200}, // midnight
		{0, false, 200},
	}
	for i, s := range steps {
		d.turn(s.turn)
		call := c.list
		if s.bulk {
			call = c.submit
		}
		if got := call(); got.status != s.want {
			t.Errorf("step %d at %s: got %d, want %d", i, d.now().Format(time.TimeOnly), got.status, s.want)
		}
	}
}

func TestLimitsArePerTenant(t *testing.T) {
	t.Parallel()
	limits := &sandbox.Limits{PerMinute: 1}
	a := newClient(t, sandbox.Acme(), &sandbox.Options{Limits: limits})
	g := newClient(t, sandbox.Globex(), &sandbox.Options{Limits: limits})
	a.list()
	if got := a.list(); got.status != 429 {
		t.Errorf("acme: %d", got.status)
	}
	if got := g.list(); got.status != 200 {
		t.Errorf("globex: %d", got.status)
	}
}

func TestRefusedKeyCostsNothing(t *testing.T) {
	t.Parallel()
	c := newClient(t, sandbox.Acme(), &sandbox.Options{Limits: &sandbox.Limits{PerMinute: 1}})
	good := c.header
	c.header = nil
	c.list()
	c.header = good
	if got := c.list(); got.status != 200 {
		t.Errorf("got %d", got.status)
	}
}

func TestThrottleForms(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		form   sandbox.ThrottleForm
		status int
		sample string
		code   string
	}{
		"gateway 429": {sandbox.ThrottleGateway429, 429, envelopeE, "GS_APIG_2404"},
		"gateway 200": {sandbox.ThrottleGateway200, 200, envelopeE, "GS_APIG_2404"},
		"user 429": {sandbox.ThrottleUser429, 429, `{"result": false, "errorCode": "GU_2400", "errorDesc": "Too many request",
			"requestId": "00000000-0000-0000-0000-000000000000", "data": null, "message": null}`, "GU_2400"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newClient(t, sandbox.Acme(), &sandbox.Options{
				Limits: &sandbox.Limits{PerMinute: 1}, Forms: sandbox.Forms{Throttle: tt.form},
			})
			c.list()
			got := c.list()
			checkRefusal(t, got, tt.status, tt.code, "")
			checkShape(t, got.body, tt.sample)
			if h := got.header.Get("Retry-After"); h != "" {
				t.Errorf("Retry-After %q: no source has it", h)
			}
		})
	}
}

func TestBulkCalls(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		forms sandbox.Forms
		want  int
	}{
		"only submits count": {sandbox.Forms{}, 200},
		"every call counts":  {sandbox.Forms{BulkCountsAll: true}, 429},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newClient(t, sandbox.Acme(), &sandbox.Options{Forms: tt.forms, Limits: &sandbox.Limits{BulkPerHour: 1}})
			url := at(t, c.submit().body, "data", "statusURL").(string)
			if got := c.do("GET", "/"+url, ""); got.status != tt.want {
				t.Errorf("got %d %s", got.status, got.text)
			}
		})
	}
}

package gainsight

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestWindowsStartWithTheClock: whatever the time zone, and the day is UTC's.
func TestWindowsStartWithTheClock(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		period   Period
		at, ends string
	}{
		"first moment of a minute":  {PerMinute, "2026-11-24T12:00:00Z", "2026-11-24T12:01:00Z"},
		"last moment of a minute":   {PerMinute, "2026-11-24T12:00:59.999999999Z", "2026-11-24T12:01:00Z"},
		"an hour":                   {PerHour, "2026-11-24T12:34:56Z", "2026-11-24T13:00:00Z"},
		"an hour, zone of half one": {PerHour, "2026-11-24T12:10:00+05:30", "2026-11-24T07:00:00Z"},
		"a day":                     {PerDay, "2026-11-24T23:59:59Z", "2026-11-25T00:00:00Z"},
		"a day, east of UTC":        {PerDay, "2026-11-25T03:00:00+09:00", "2026-11-25T00:00:00Z"},
		"the last day of a year":    {PerDay, "2026-12-31T00:00:00Z", "2027-01-01T00:00:00Z"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			at, ends := parseTime(t, tt.at), parseTime(t, tt.ends)
			if got := tt.period.end(at); !got.Equal(ends) {
				t.Errorf("the window ends at %s", got)
			}
			w := window{period: tt.period}
			w.forget(at)
			w.add(at)
			if same, next := w.count(ends.Add(-1)), w.count(ends); same != 1 || next != 0 {
				t.Errorf("%d counted at the end of the window, %d after it", same, next)
			}
			w.forget(ends)
			w.remove(at)
			if !w.idle() || w.count(ends) != 0 {
				t.Errorf("what is over has come back: %v", w.counts)
			}
		})
	}
}

func parseTime(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestReserve(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ limit, percent, want int }{
		"usual": {100, 10, 10}, "odd": {19, 10, 1}, "at least one": {10, 1, 1}, "small": {9, 90, 0}, "none": {100, 0, 0},
		"no limit": {0, 10, 0}, "most": {10, 90, 9},
	} {
		if got := (Budget{ReservePercent: tt.percent}).reserve(tt.limit); got != tt.want {
			t.Errorf("%s: %d of %d are kept, want %d", name, got, tt.limit, tt.want)
		}
	}
	kept := map[string]int{}
	for _, b := range Budgets() {
		for p := range periods {
			if n := b.reserve(b.Calls[p]); n > 0 {
				kept[b.Name+" "+p.String()] = n
			}
		}
	}
	want := map[string]int{"synchronous minute": 10, "synchronous day": 5000, "users hour": 10, "users day": 100, "timeline minute": 20}
	if diff := cmp.Diff(want, kept); diff != "" {
		t.Errorf("kept by default (-want +got):\n%s", diff)
	}
}

// perMinute is a demand for a budget of so many calls a minute.
func perMinute(calls int) demand {
	return demand{budgets: []Budget{{Name: BudgetSynchronous, Calls: [periods]int{PerMinute: calls}}}}
}

// start is a moment with 18 seconds left in its minute.
var start = time.Date(2026, time.November, 24, 12, 0, 42, 0, time.UTC)

// booked books and fails the test if there is no room before never.
func booked(t *testing.T, l *Ledger, d demand, now time.Time) *booking {
	t.Helper()
	b, at, _ := l.book(d, now, never)
	if b == nil {
		t.Fatalf("no room before %s", at)
	}
	return b
}

func TestBookingsAreInOrder(t *testing.T) {
	t.Parallel()
	l, d := NewLedger(), perMinute(2)
	var all []*booking
	for range 7 {
		all = append(all, booked(t, l, d, start))
	}
	minutes := func() []int {
		var got []int
		for _, b := range all {
			got = append(got, int(b.at.Sub(start.Truncate(time.Minute)).Minutes()))
		}
		return got
	}
	if diff := cmp.Diff([]int{0, 0, 1, 1, 2, 2, 3}, minutes()); diff != "" {
		t.Errorf("minutes (-want +got):\n%s", diff)
	}
	// The tenant closes the budget beyond the next window: who waits keeps the
	// order, and nobody is earlier than before.
	l.throttle(d.budgets, start, start.Truncate(time.Minute).Add(90*time.Second))
	if diff := cmp.Diff([]int{0, 0, 1, 1, 2, 2, 3}, minutes()); diff != "" {
		t.Errorf("minutes after the refusal (-want +got):\n%s", diff)
	}
	if want := start.Truncate(time.Minute).Add(90 * time.Second); !all[2].at.Equal(want) {
		t.Errorf("the first that waits goes at %s, want %s", all[2].at, want)
	}
	l.throttle(d.budgets, start, start.Truncate(time.Minute).Add(2*time.Minute))
	if diff := cmp.Diff([]int{0, 0, 2, 2, 3, 3, 4}, minutes()); diff != "" {
		t.Errorf("minutes after the second refusal (-want +got):\n%s", diff)
	}
	// What is given back is the next one's to take.
	l.cancel(all[3])
	if b := booked(t, l, d, start); !b.at.Equal(all[2].at) {
		t.Errorf("booked for %s, want the place that was given back at %s", b.at, all[2].at)
	}
}

// TestSleptThrough: a booking is for its window, and who comes too late books
// anew.
func TestSleptThrough(t *testing.T) {
	t.Parallel()
	l, d := NewLedger(), perMinute(1)
	booked(t, l, d, start)
	late := booked(t, l, d, start)
	next := start.Truncate(time.Minute).Add(2 * time.Minute)
	booked(t, l, d, next) // another one has that minute
	if at, _ := l.arrive(late, next.Add(time.Second)); !at.Equal(next.Add(time.Minute)) {
		t.Errorf("may go at %s, want the minute after", at)
	}
	if at, _ := l.arrive(late, next.Add(time.Minute+time.Second)); at.After(next.Add(time.Minute + time.Second)) {
		t.Errorf("may go at %s, want at once", at)
	}
	if len(l.waiting) != 0 {
		t.Errorf("%d still wait", len(l.waiting))
	}
}

// TestClockSetBack: it opens no window again.
func TestClockSetBack(t *testing.T) {
	t.Parallel()
	l, d := NewLedger(), perMinute(2)
	booked(t, l, d, start)
	booked(t, l, d, start.Add(-time.Hour))
	if b := booked(t, l, d, start); !b.at.After(start) {
		t.Error("the window had room for a third")
	}
}

// TestLimitsAreEachConnectionsOwn: the count is shared, what it is compared
// with is not.
func TestLimitsAreEachConnectionsOwn(t *testing.T) {
	t.Parallel()
	l := NewLedger()
	for range 3 {
		booked(t, l, perMinute(3), start)
	}
	if b := booked(t, l, perMinute(3), start); !b.at.After(start) {
		t.Error("a fourth of three went at once")
	}
	if b := booked(t, l, perMinute(5), start); b.at.After(start) {
		t.Error("a connection with more had to wait")
	}
	if b := booked(t, l, perMinute(0), start); b.at.After(start) {
		t.Error("a connection without a limit had to wait")
	}
}

// FuzzLedger: whatever happens in which order, no window has more requests than
// its limit and none goes while the budget is closed.
func FuzzLedger(f *testing.F) {
	f.Add([]byte("bbbbbbb+++"))
	f.Add([]byte("byb+cbt+b1b+++"))
	f.Add([]byte("bbbbt+tbb-b+b9+++"))
	f.Fuzz(func(t *testing.T, steps []byte) {
		p := &ledgerPlay{ledger: NewLedger(), demand: perMinute(3), now: start, sent: map[time.Time]int{}}
		p.demand.budgets[0].ReservePercent = 50
		for _, step := range steps[:min(len(steps), 200)] {
			p.step(t, step)
			p.wake(t)
		}
		if len(p.ledger.waiting) != len(p.waiting) {
			t.Errorf("%d wait, want %d", len(p.ledger.waiting), len(p.waiting))
		}
	})
}

// ledgerPlay is requests that come, wait, give up and go.
type ledgerPlay struct {
	ledger  *Ledger
	demand  demand
	now     time.Time
	closed  time.Time
	waiting []*booking
	sent    map[time.Time]int // by the minute
}

func (p *ledgerPlay) step(t *testing.T, step byte) {
	t.Helper()
	switch step {
	case 'b', 'y':
		b, at, _ := p.ledger.book(demand{budgets: p.demand.budgets, yields: step == 'y'}, p.now, never)
		if at.After(p.now) {
			p.waiting = append(p.waiting, b)
		} else {
			p.send(t)
		}
	case 'c':
		if len(p.waiting) > 0 {
			p.ledger.cancel(p.waiting[0])
			p.waiting = p.waiting[1:]
		}
	case 't':
		until := p.now.Add(95 * time.Second)
		p.closed = until
		p.ledger.throttle(p.demand.budgets, p.now, until)
	default:
		p.now = p.now.Add(time.Duration(step) * time.Second)
	}
}

// wake lets those go whose time has come.
func (p *ledgerPlay) wake(t *testing.T) {
	t.Helper()
	p.waiting = slices.DeleteFunc(p.waiting, func(b *booking) bool {
		if b.at.After(p.now) {
			return false
		}
		if at, _ := p.ledger.arrive(b, p.now); at.After(p.now) {
			return false
		}
		p.send(t)
		return true
	})
}

func (p *ledgerPlay) send(t *testing.T) {
	t.Helper()
	minute := p.now.Truncate(time.Minute)
	p.sent[minute]++
	if n := p.sent[minute]; n > p.demand.budgets[0].Calls[PerMinute] || p.now.Before(p.closed) {
		t.Fatalf("request %d of the minute at %s, closed until %s", n, p.now, p.closed)
	}
}

func BenchmarkBook(b *testing.B) {
	l := NewLedger()
	d := demand{budgets: Budgets()[:2]}
	d.budgets[0].Calls, d.budgets[1].Calls = [periods]int{1 << 40, 1 << 40, 1 << 40}, [periods]int{1 << 40, 1 << 40, 1 << 40}
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			now := time.Now()
			if booked, _, _ := l.book(d, now, now); booked == nil {
				b.Error("no room")
			}
		}
	})
}

package supervise

import (
	"math"
	"testing"
	"time"
)

func TestCrashes(t *testing.T) {
	t.Parallel()
	c := crashes{rules: Restart{}.resolved()}
	at := time.Unix(0, 0)
	for range 50 { // one every 30 s is borne for ever
		at = at.Add(30 * time.Second)
		if c.add(at) {
			t.Fatal("a slow row of crashes was one too many")
		}
	}
	c.healthy()
	for n := range 6 {
		at = at.Add(time.Second)
		if got, want := c.add(at), n == 5; got != want {
			t.Fatalf("crash %d is too many: %t, want %t", n+1, got, want)
		}
	}
	c.healthy()
	c.trial = true
	if !c.add(at) {
		t.Error("a crash on trial was borne")
	}
}

func TestFullJitter(t *testing.T) {
	t.Parallel()
	c := crashes{rules: Restart{}.resolved()}
	bounds := map[int]time.Duration{
		1: 200 * time.Millisecond, 2: 400 * time.Millisecond, 5: 3200 * time.Millisecond, 9: 30 * time.Second, 1000: 30 * time.Second,
	}
	for row, bound := range bounds {
		c.row = row
		var low, high bool
		for range 2000 {
			wait := c.wait()
			if wait < 0 || wait > bound {
				t.Fatalf("after %d crashes: wait %v, want at most %v", row, wait, bound)
			}
			low, high = low || wait < bound/4, high || wait > bound*3/4
		}
		if !low || !high {
			t.Errorf("after %d crashes: waits are not spread from 0 to %v", row, bound)
		}
	}
}

// No wait is too long to be counted.
func TestJitterOfLongWaits(t *testing.T) {
	t.Parallel()
	const longest = time.Duration(math.MaxInt64)
	tests := map[string]Restart{
		"a begin that cannot be doubled": {Min: 24 * time.Hour, Max: 48 * time.Hour},
		"no bound":                       {Max: longest},
		"the longest begin":              {Min: longest, Max: longest},
	}
	for name, rules := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := crashes{rules: rules.resolved()}
			for c.row = range 100 {
				if wait := c.wait(); wait < 0 || wait > c.rules.Max {
					t.Fatalf("after %d crashes: wait %v", c.row, wait)
				}
			}
		})
	}
}

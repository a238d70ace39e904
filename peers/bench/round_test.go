package bench_test

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// contestant does one and the same thing in its own way.
type contestant struct {
	name string
	// pids are the processes that work for it, beside this one.
	pids []int
	once func() error

	took []time.Duration // of each turn, or of each call of it
	cpu  time.Duration
	runs int
}

// turn runs f, which stands for n things done, and adds what it took.
func (c *contestant) turn(tb testing.TB, n int, f func() error) time.Duration {
	tb.Helper()
	cpu, start := c.spent(), time.Now()
	if err := f(); err != nil {
		tb.Fatalf("%s: %v", c.name, err)
	}
	took := time.Since(start)
	c.cpu += c.spent() - cpu
	c.runs += n
	return took
}

// spent is the processor time of all its processes so far.
func (c *contestant) spent() (sum time.Duration) {
	for _, pid := range append(c.pids, own) {
		sum += processorTime(pid)
	}
	return sum
}

// median of what it took.
func (c *contestant) median() time.Duration {
	slices.Sort(c.took)
	return c.took[len(c.took)/2]
}

// report tells the median time and the processor time of all contestants.
func report(b *testing.B, all ...*contestant) {
	b.Helper()
	b.ReportMetric(0, "ns/op") // of a round, which says nothing
	for _, c := range all {
		b.ReportMetric(float64(c.median().Microseconds()), metric(c.name, "µs"))
		b.ReportMetric(float64(c.cpu.Microseconds())/float64(c.runs), metric(c.name, "cpu-µs"))
	}
}

func metric(name, unit string) string { return strings.ReplaceAll(name, " ", "-") + "-" + unit }

// ratio is how many times what the others take together c takes.
func (c *contestant) ratio(others ...time.Duration) float64 {
	var sum time.Duration
	for _, d := range others {
		sum += d
	}
	return float64(c.median()) / float64(sum)
}

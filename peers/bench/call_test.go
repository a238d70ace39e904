package bench_test

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
)

const (
	// callsPerTurn is how many calls a contestant makes before it is the next
	// one's turn.
	callsPerTurn = 400
	// atOnce is how many calls run side by side where throughput is measured.
	atOnce = 64
	// callsEach is how many of them each of these makes in a turn.
	callsEach = 100
)

// callers are all who make the same request.
type callers struct {
	// echo is the bare plugin, which makes none; direct makes it without a
	// plugin, sdk in the SDK's.
	echo, direct, sdk *contestant
	// list has the connector make it as an action, with rows that have types;
	// raw as api.request, which passes the answer on as the SDK's plugin does.
	list, raw *contestant
}

func (c callers) all() []*contestant { return []*contestant{c.echo, c.direct, c.sdk, c.list, c.raw} }

func newCallers(tb testing.TB) callers {
	tb.Helper()
	t := startTenant(tb)
	bare, barePID := launchBare(tb, build(tb, "bare", "bare"))
	grafana, grafanaPID := launchGrafana(tb, build(tb, "grafana", "grafana"))
	p, conn := launchConnector(tb, build(tb, "../../cmd/gainsight-connector", "gainsight-connector"), t.address)
	o := newOrder(tb, conn, t.address)
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: atOnce}}
	tb.Cleanup(client.CloseIdleConnections)
	ctx := tb.Context()
	return callers{
		echo:   &contestant{name: "echo", pids: []int{barePID}, once: func() error { return o.echo(ctx, bare) }},
		direct: &contestant{name: "direct", pids: []int{t.pid}, once: func() error { return o.direct(ctx, client) }},
		sdk:    &contestant{name: "sdk", pids: []int{t.pid, grafanaPID}, once: func() error { return o.resource(ctx, grafana) }},
		list:   &contestant{name: "list", pids: []int{t.pid, p.PID()}, once: func() error { return execute(ctx, conn, o.call) }},
		raw:    &contestant{name: "raw", pids: []int{t.pid, p.PID()}, once: func() error { return execute(ctx, conn, o.raw()) }},
	}
}

// TestCallers: each of them makes its call.
func TestCallers(t *testing.T) {
	t.Parallel()
	for _, c := range newCallers(t).all() {
		if err := c.once(); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// BenchmarkExecute is one call after the other.
func BenchmarkExecute(b *testing.B) {
	c := newCallers(b)
	for b.Loop() {
		for _, c := range c.all() {
			c.turn(b, callsPerTurn, c.row)
		}
	}
	report(b, c.all()...)
	for _, ours := range []*contestant{c.list, c.raw} {
		b.ReportMetric(ours.ratio(c.direct.median(), c.echo.median(), c.echo.median()/2), ours.name+"/direct+1.5echo")
		b.ReportMetric(ours.ratio(c.sdk.median()), ours.name+"/sdk")
	}
}

// BenchmarkThroughput is many calls at once.
func BenchmarkThroughput(b *testing.B) {
	c := newCallers(b)
	for b.Loop() {
		for _, c := range c.all() {
			took := c.turn(b, atOnce*callsEach, c.crowd)
			c.took = append(c.took, took/(atOnce*callsEach))
		}
	}
	report(b, c.all()...)
	for _, ours := range []*contestant{c.list, c.raw} {
		b.ReportMetric(1/ours.ratio(c.sdk.median()), "sdk/"+ours.name)
	}
}

// row makes calls one after the other and notes what each took.
func (c *contestant) row() error {
	for range callsPerTurn {
		start := time.Now()
		if err := c.once(); err != nil {
			return err
		}
		c.took = append(c.took, time.Since(start))
	}
	return nil
}

// crowd makes calls from many goroutines.
func (c *contestant) crowd() error {
	var group sync.WaitGroup
	failures := make([]error, atOnce)
	for i := range failures {
		group.Go(func() {
			for range callsEach {
				if failures[i] = c.once(); failures[i] != nil {
					return
				}
			}
		})
	}
	group.Wait()
	return errors.Join(failures...)
}

// BenchmarkDescribe is a description that has not changed, beside a bare echo.
func BenchmarkDescribe(b *testing.B) {
	t := startTenant(b)
	bare, barePID := launchBare(b, build(b, "bare", "bare"))
	p, conn := launchConnector(b, build(b, "../../cmd/gainsight-connector", "gainsight-connector"), t.address)
	o := newOrder(b, conn, t.address)
	known, err := conn.Describe(b.Context(), connector.DescribeRequest{Action: "cta.create"})
	if err != nil {
		b.Fatal(err)
	}
	echo := &contestant{name: "echo", pids: []int{barePID}, once: func() error { return o.echo(b.Context(), bare) }}
	describe := &contestant{name: "describe", pids: []int{p.PID()}, once: func() error { return unchanged(b.Context(), conn, known.ETag) }}
	for b.Loop() {
		for _, c := range []*contestant{echo, describe} {
			c.turn(b, callsPerTurn, c.row)
		}
	}
	report(b, echo, describe)
	b.ReportMetric(describe.ratio(echo.median()), "describe/echo")
}

// unchanged asks for a description that is known.
func unchanged(ctx context.Context, conn *host.Connection, etag string) error {
	d, err := conn.Describe(ctx, connector.DescribeRequest{Action: "cta.create", IfNoneMatch: etag})
	if err == nil && !d.NotModified {
		err = errors.New("the description has changed")
	}
	return err
}

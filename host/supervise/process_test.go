package supervise_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
	"github.com/gainsight-connector/gainsight-connector/host/supervise"
)

// A call that two processes were needed for is one call to an observer, which
// also learns how long it waited.
func TestObserverSeesOneCall(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var ops []host.Operation
		var outs []host.Outcome
		opts := &supervise.Options{Connection: supervise.ConnectionOptions{Calls: 1}}
		opts.Host.Observe = func(ctx context.Context, op host.Operation) (context.Context, func(host.Outcome)) {
			ops = append(ops, op)
			return ctx, func(out host.Outcome) { outs = append(outs, out) }
		}
		f := newFleet(t)
		c := open(t, inMemory(t, f, opts), nil)
		f.refusals.Store(1)
		works(t, c)
		wantOps := []host.Operation{
			{Connector: "echo", Tenant: "acme", Method: "open"},
			{Connector: "echo", Tenant: "acme", Method: "execute", Action: "echo.get", RequestID: "req-1"},
		}
		if diff := cmp.Diff(wantOps, ops); diff != "" {
			t.Errorf("operations (-want +got):\n%s", diff)
		}
		wantOuts := []host.Outcome{{Attempts: 1}, {Attempts: 2}}
		if diff := cmp.Diff(wantOuts, outs, cmpopts.IgnoreFields(host.Outcome{}, "Took")); diff != "" {
			t.Errorf("outcomes (-want +got):\n%s", diff)
		}
	})
}

// What a supervisor says of its processes: states, and calls that run and wait.
func TestProcesses(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		waits := make(chan time.Duration, 8)
		opts := &supervise.Options{}
		opts.Host.Observe = func(ctx context.Context, _ host.Operation) (context.Context, func(host.Outcome)) {
			return ctx, func(out host.Outcome) { waits <- out.Queued }
		}
		f := newFleet(t)
		s := inMemory(t, f, opts)
		c := open(t, s, &supervise.ConnectionOptions{Calls: 1, Dedicated: true})
		blocked := make(chan error, 2)
		for range 2 {
			go func() {
				_, err := c.Execute(t.Context(), call(t, "echo.get", order{Do: "block"}))
				blocked <- err
			}()
		}
		<-f.newest().echo.started
		time.Sleep(time.Second)
		want := []supervise.Process{
			{Connector: "echo", State: supervise.Ready},
			{Connector: "echo", Tenant: "acme", State: supervise.Ready, Calls: supervise.Load{Running: 1, Waiting: 1}},
		}
		if diff := cmp.Diff(want, s.Processes()); diff != "" {
			t.Errorf("processes (-want +got):\n%s", diff)
		}
		close(f.newest().echo.leave)
		<-f.newest().echo.started
		for range 2 {
			if err := <-blocked; err != nil {
				t.Error(err)
			}
		}
		<-waits // of the opening
		if queued := <-waits + <-waits; queued < time.Second {
			t.Errorf("the two waited in line for %s", queued)
		}
		if err := c.Close(t.Context()); err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff(want[:1], s.Processes()); diff != "" {
			t.Errorf("processes after the end of one (-want +got):\n%s", diff)
		}
	})
}

// A process that has crashed too often says until when it is held back, and why.
func TestProcessInQuarantine(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t)
		s := inMemory(t, f, &supervise.Options{
			Restart: supervise.Restart{Crashes: -1}, Probe: supervise.Probe{Every: time.Second, Misses: 1},
		})
		f.hung.Store(true)
		time.Sleep(10 * time.Second)
		p := s.Processes()[0]
		if p.State != supervise.Quarantined || p.Cause == nil || !p.Until.After(time.Now()) || connector.AsError(p.Cause).Reason == "" {
			t.Errorf("process = %+v", p)
		}
		f.hung.Store(false)
	})
}

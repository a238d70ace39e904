package hosttest

import (
	"context"
	"sync"
	"time"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

// chaosCases are about rough treatment.
func chaosCases() []Case {
	process := []Need{NeedProcess, NeedSignals}
	return []Case{
		{"chaos", "many-calls", "64 calls at once all succeed, and probes are answered meanwhile.", []Need{NeedTenant, NeedRead}, manyCalls},
		{"chaos", "many-connections", "50 connections opened, used and closed at once leave none behind.", []Need{NeedTenant}, manyConnections},
		{"chaos", "many-cancellations", "50 calls cancelled at any moment leave none running.", []Need{NeedTenant, NeedRead}, manyCancellations},
		{"chaos", "flapping-tenant", "A tenant that breaks every other request leaves no call hanging.", []Need{NeedTenant, NeedRelay, NeedRead}, flappingTenant},
		{"chaos", "killed", "After a connector is killed a new one starts and works.", append([]Need{NeedTenant, NeedRead}, process...), killed},
		{"chaos", "suspended", "A connector that was suspended for a while works on.", process, suspended},
		{"chaos", "interrupted", "An interrupt, as from the host's terminal, does not end the connector.", process, interrupted},
		{"chaos", "neighbours", "The end of one process does not disturb another of the same binary.", process, neighbours},
	}
}

func manyCalls(t *trial) {
	c, s := t.open(t.start(), 0), t.sampleOf(NeedRead)
	var all sync.WaitGroup
	for range 64 {
		all.Go(func() {
			if _, err := c.execute(t.ctx, s); err != nil {
				t.errorf("a call of many failed: %v", wire.FromStatus(err))
			}
		})
	}
	for range 10 {
		t.probe(c.in)
	}
	all.Wait()
	t.idle(c.in, "after many calls")
}

func manyConnections(t *trial) {
	in := t.start()
	settings := wire.SettingsTo(t.profile.Tenants[0].Settings)
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			resp, err := in.OpenConnection(t.ctx, settings)
			if err == nil {
				_, err = in.CloseConnection(t.ctx, &connectorv1.CloseConnectionRequest{Handle: resp.GetHandle()})
			}
			if err != nil {
				t.errorf("opening and closing a connection failed: %v", wire.FromStatus(err))
			}
		})
	}
	all.Wait()
	if n := t.probe(in).GetConnections(); n != 0 {
		t.errorf("%d connections are open still", n)
	}
}

func manyCancellations(t *trial) {
	c, s := t.open(t.start(), 0), t.sampleOf(NeedRead)
	var all sync.WaitGroup
	for i := range 50 {
		all.Go(func() {
			ctx, cancel := context.WithTimeout(t.ctx, time.Duration(i)*200*time.Microsecond)
			defer cancel()
			_, _ = c.execute(ctx, s) // either way
		})
	}
	all.Wait()
	t.idle(c.in, "after many cancellations")
	_, err := c.execute(t.ctx, s)
	t.must(err, "a call after many cancellations")
}

func flappingTenant(t *trial) {
	c, s := t.open(t.start(), 0), t.sampleOf(NeedRead)
	for i := range 6 {
		c.relay.behave([]behaviour{drop, pass, truncate}[i%3])
		ctx, cancel := context.WithTimeout(t.ctx, 2*t.options.Patience)
		_, err := c.execute(ctx, s)
		cancel()
		if e := connector.AsError(wire.FromStatus(err)); err != nil && e.Reason == connector.ReasonInternal {
			t.errorf("a call to a tenant that flaps failed with INTERNAL: %s", e.Message)
		}
	}
	t.idle(c.in, "after calls to a tenant that flaps")
}

func killed(t *trial) {
	in, s := t.fresh(), t.sampleOf(NeedRead)
	c := t.open(in, 0)
	if err := signalKill(in.pid); err != nil {
		t.fatalf("the process could not be killed: %v", err)
	}
	_, err := c.execute(t.ctx, s)
	if err == nil {
		t.errorf("a call on a process that was killed succeeded")
	}
	_, err = t.open(t.fresh(), 0).execute(t.ctx, s)
	t.must(err, "a call on a new process")
}

func suspended(t *trial) {
	in := t.fresh()
	if err := signalStop(in.pid); err != nil {
		t.fatalf("the process could not be suspended: %v", err)
	}
	silent := func() bool { // which takes a moment
		ctx, cancel := context.WithTimeout(t.ctx, 200*time.Millisecond)
		defer cancel()
		_, err := in.Probe(ctx, &connectorv1.ProbeRequest{})
		return err != nil
	}
	if !t.soon(silent) {
		t.errorf("a process that is suspended answers probes")
	}
	if err := signalContinue(in.pid); err != nil {
		t.fatalf("the process could not be continued: %v", err)
	}
	t.probe(in)
	t.raw(in)
}

func interrupted(t *trial) {
	in := t.fresh()
	for range 3 {
		if err := signalInterrupt(in.pid); err != nil {
			t.fatalf("the process could not be interrupted: %v", err)
		}
		t.raw(in)
	}
	t.within(t.options.Patience/8, func() bool { // it may take its time to leave
		t.probe(in)
		return false
	})
}

func neighbours(t *trial) {
	one, two := t.fresh(), t.fresh()
	if err := signalKill(one.pid); err != nil {
		t.fatalf("the process could not be killed: %v", err)
	}
	t.raw(two)
	if err := two.stop(); err != nil {
		t.errorf("stopping the second process failed: %v", err)
	}
}

package hosttest

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

// startCase is the case that tells why a connector does not start.
const startCase = "lifecycle/starts"

// lifecycleCases are about processes and connections from start to end.
func lifecycleCases() []Case {
	tenant, held := []Need{NeedTenant}, []Need{NeedTenant, NeedRelay, NeedRead}
	return []Case{
		{"lifecycle", "starts", "The connector starts and prints nothing before its handshake.", nil, starts},
		{"lifecycle", "stops", "The connector ends when asked to, without being killed.", nil, stops},
		{"lifecycle", "handshake-first", "A call before the handshake is refused.", nil, handshakeFirst},
		{"lifecycle", "handshake-repeats", "The same handshake again is answered the same.", nil, handshakeRepeats},
		{"lifecycle", "log-level", "The same handshake may ask for another level of the log, even one that is unknown.", nil, logLevel},
		{"lifecycle", "handshake-holds", "A later handshake with other limits is refused.", nil, handshakeHolds},
		{"lifecycle", "probe", "A probe is answered whatever the state, with its nonce and the id of the process.", nil, probeAnswers},
		{"lifecycle", "instance-id", "Every process has an id of its own.", nil, instanceIDs},
		{"lifecycle", "handles", "Every opened connection has a handle of its own that nobody can guess.", tenant, handles},
		{"lifecycle", "open-offline", "Opening a connection calls nobody.", []Need{NeedTenant, NeedRelay}, openOffline},
		{"lifecycle", "check", "Checking a connection of the profile succeeds.", tenant, checkWorks},
		{"lifecycle", "check-thorough", "A thorough check reports assumptions and what came of each, and no secret.", tenant, checkThorough},
		{"lifecycle", "unknown-handle", "Every call on a handle that was never given is refused.", []Need{NeedRead}, unknownHandle},
		{"lifecycle", "closed-handle", "A call on a closed connection is refused.", []Need{NeedTenant, NeedRead}, closedHandle},
		{"lifecycle", "close-twice", "Closing a connection twice, or one that never was, succeeds.", tenant, closeTwice},
		{"lifecycle", "close-waits", "Closing a connection lets its running call end.", held, closeWaits},
		{"lifecycle", "connections", "The probe counts the open connections.", tenant, countsConnections},
		{"lifecycle", "drain-idle", "Draining an idle connector ends at once with nothing left.", nil, drainIdle},
		{"lifecycle", "drain-refuses", "A call after draining is refused as DRAINING.", nil, drainRefuses},
		{"lifecycle", "drain-waits", "Draining counts a running call at its deadline and lets it end.", held, drainWaits},
		{"lifecycle", "events-end", "The stream of events ends once the connector is drained.", nil, eventsEnd},
	}
}

func starts(t *trial) {
	if t.starts != nil {
		t.fatalf("%v", t.starts)
	}
	t.fresh()
}

func stops(t *trial) {
	in := t.fresh()
	for number := range t.profile.Tenants[:min(1, len(t.profile.Tenants))] {
		t.open(in, number)
	}
	if err := in.stop(); err != nil {
		t.errorf("stopping failed: %v", err)
	}
	if in.killed() {
		t.errorf("the process had to be killed")
	}
}

func handshakeFirst(t *trial) {
	in := t.launch()
	if _, err := in.GetManifest(t.ctx, &connectorv1.GetManifestRequest{}); err == nil {
		t.errorf("GetManifest was answered before the handshake")
	}
	if _, err := in.OpenConnection(t.ctx, &connectorv1.OpenConnectionRequest{Settings: []byte("{}")}); err == nil {
		t.errorf("OpenConnection was answered before the handshake")
	}
	_, err := in.Handshake(t.ctx, offer(connector.Limits{}))
	t.must(err, "the handshake after calls that came too early")
}

func handshakeRepeats(t *trial) {
	in := t.launch()
	first, err := in.Handshake(t.ctx, offer(connector.Limits{}))
	t.must(err, "the handshake")
	again, err := in.Handshake(t.ctx, offer(connector.Limits{}))
	t.must(err, "the same handshake again")
	if first.GetInstanceId() != again.GetInstanceId() || wire.LimitsFrom(first.GetLimits()) != wire.LimitsFrom(again.GetLimits()) {
		t.errorf("the answers differ")
	}
}

func logLevel(t *trial) {
	in := t.start()
	for _, level := range []connectorv1.LogLevel{connectorv1.LogLevel_LOG_LEVEL_DEBUG, 99, connectorv1.LogLevel_LOG_LEVEL_ERROR} {
		again := offer(connector.Limits{})
		again.LogLevel = level
		_, err := in.Handshake(t.ctx, again)
		t.must(err, "the same handshake with another level of the log")
	}
}

func handshakeHolds(t *trial) {
	in := t.start()
	_, err := in.Handshake(t.ctx, offer(connector.Limits{InlineBytes: 1 << 10}))
	t.refused("a second handshake with other limits", err, connector.ReasonConflict)
}

func probeAnswers(t *trial) {
	in := t.launch()
	before := t.probe(in)
	resp, err := in.Handshake(t.ctx, offer(connector.Limits{}))
	t.must(err, "the handshake")
	for _, p := range []*connectorv1.ProbeResponse{before, t.probe(in)} {
		if p.GetNonce() != "n" || p.GetInstanceId() != resp.GetInstanceId() {
			t.errorf("the probe has nonce %q and process id %q", p.GetNonce(), p.GetInstanceId())
		}
		if p.GetInFlight() != 0 {
			t.errorf("the probe of an idle connector counts %d calls", p.GetInFlight())
		}
	}
}

func instanceIDs(t *trial) {
	one, two := t.probe(t.start()).GetInstanceId(), t.probe(t.start()).GetInstanceId()
	if one == "" || one == two {
		t.errorf("two processes have the ids %q and %q", one, two)
	}
}

// guessable is the length below which a handle is too easy to guess.
const guessable = 16

func handles(t *trial) {
	in := t.start()
	one, two := t.open(in, 0).handle, t.open(in, 0).handle
	if one == two {
		t.errorf("two connections have one handle")
	}
	if min(len(one), len(two)) < guessable {
		t.errorf("a handle has %d characters", min(len(one), len(two)))
	}
}

func openOffline(t *trial) {
	c := t.open(t.start(), 0)
	if n := len(c.relay.requests()); n > 0 {
		t.errorf("%d requests were sent", n)
	}
}

func checkWorks(t *trial) {
	in := t.start()
	for number := range t.profile.Tenants {
		c := t.open(in, number)
		resp, err := in.CheckConnection(t.ctx, &connectorv1.CheckConnectionRequest{Call: c.call()})
		if errors.Is(wire.FromStatus(err), connector.ReasonUnsupported) {
			t.skipf("the connector checks no connections")
		}
		t.must(err, "checking the connection to "+c.tenant.Settings.Tenant)
		if !isObject(resp.GetReport()) {
			t.errorf("the report of the check is not a JSON object")
		}
	}
}

func unknownHandle(t *trial) {
	in, s := t.start(), t.sampleOf(NeedRead)
	if len(t.profile.Tenants) > 0 {
		t.open(in, 0) // which is not the one that is asked for
	}
	c := &tenancy{in: in, handle: wire.NewID()}
	_, err := c.execute(t.ctx, s)
	t.refused("Execute on an unknown handle", err, connector.ReasonHandleUnknown)
	_, err = in.CheckConnection(t.ctx, &connectorv1.CheckConnectionRequest{Call: c.call()})
	t.refused("CheckConnection on an unknown handle", err, connector.ReasonHandleUnknown)
	_, err = in.DescribeAction(t.ctx, &connectorv1.DescribeActionRequest{Call: c.call(), Action: s.action.ID})
	t.refused("DescribeAction on an unknown handle", err, connector.ReasonHandleUnknown)
	_, err = in.ListOptions(t.ctx, &connectorv1.ListOptionsRequest{Call: c.call(), Action: s.action.ID, Pointer: "/x"})
	t.refused("ListOptions on an unknown handle", err, connector.ReasonHandleUnknown)
}

// shut closes a connection.
func (t *trial) shut(c *tenancy) {
	_, err := c.in.CloseConnection(t.ctx, &connectorv1.CloseConnectionRequest{Handle: c.handle})
	t.must(err, "closing a connection")
}

func closedHandle(t *trial) {
	c := t.open(t.start(), 0)
	t.shut(c)
	_, err := c.execute(t.ctx, t.sampleOf(NeedRead))
	if e := t.refusal("Execute on a closed connection", err, connector.ReasonHandleUnknown); e.Retry != connector.RetryReopen {
		t.errorf("the error's retry hint is %q and not %q", e.Retry, connector.RetryReopen)
	}
}

func closeTwice(t *trial) {
	c := t.open(t.start(), 0)
	t.shut(c)
	t.shut(c)
	c.handle = wire.NewID()
	t.shut(c)
}

func closeWaits(t *trial) {
	c := t.open(t.start(), 0)
	running := t.hang(t.ctx, c)
	closed := make(chan error, 1)
	go func() {
		_, err := c.in.CloseConnection(t.ctx, &connectorv1.CloseConnectionRequest{Handle: c.handle})
		closed <- err
	}()
	if !t.soon(func() bool { return t.probe(c.in).GetConnections() == 0 }) {
		t.errorf("the connection is open still while its last call runs")
	}
	running.gate.open()
	t.must(<-running.done, "a call that ran when its connection was closed")
	t.must(<-closed, "closing a connection with a running call")
}

func countsConnections(t *trial) {
	in := t.start()
	counts := []uint32{t.probe(in).GetConnections()}
	c := t.open(in, 0)
	counts = append(counts, t.probe(in).GetConnections())
	t.shut(c)
	if counts = append(counts, t.probe(in).GetConnections()); counts[0] != 0 || counts[1] != 1 || counts[2] != 0 {
		t.errorf("before, with and after one connection the probe counts %v", counts)
	}
}

// drain drains with a deadline of its own.
func (t *trial) drain(in *instance, within time.Duration) *connectorv1.DrainResponse {
	ctx, cancel := context.WithTimeout(t.ctx, within)
	defer cancel()
	resp, err := in.Drain(ctx, &connectorv1.DrainRequest{})
	t.must(err, "draining")
	return resp
}

func drainIdle(t *trial) {
	if n := t.drain(t.fresh(), t.options.Patience).GetInFlight(); n != 0 {
		t.errorf("%d calls are left", n)
	}
}

func drainRefuses(t *trial) {
	in := t.fresh()
	t.drain(in, t.options.Patience)
	_, err := in.GetManifest(t.ctx, &connectorv1.GetManifestRequest{})
	t.refused("a call after draining", err, connector.ReasonDraining)
	t.probe(in)
}

func drainWaits(t *trial) {
	c := t.open(t.fresh(), 0)
	running := t.hang(t.ctx, c)
	// An answer just before a short deadline may come too late on a busy machine.
	for within := t.options.Patience / 8; ; within *= 2 {
		ctx, cancel := context.WithTimeout(t.ctx, within)
		resp, err := c.in.Drain(ctx, &connectorv1.DrainRequest{})
		cancel()
		if err != nil && within < t.options.Patience {
			continue
		}
		t.must(err, "draining with a call running")
		if n := resp.GetInFlight(); n != 1 {
			t.errorf("with one call running, draining counts %d at its deadline", n)
		}
		break
	}
	running.gate.open()
	t.must(<-running.done, "a call that ran while the connector was drained")
	if n := t.drain(c.in, t.options.Patience).GetInFlight(); n != 0 {
		t.errorf("once the last call has ended, draining counts %d", n)
	}
}

func eventsEnd(t *trial) {
	in := t.fresh()
	ctx, cancel := context.WithTimeout(t.ctx, 2*t.options.Patience)
	defer cancel()
	stream, err := in.WatchEvents(ctx, &connectorv1.WatchEventsRequest{})
	t.must(err, "watching events")
	t.drain(in, t.options.Patience)
	for err == nil {
		_, err = stream.Recv()
	}
	if !errors.Is(err, io.EOF) {
		t.errorf("the stream of events did not end well: %v", wire.FromStatus(err))
	}
}

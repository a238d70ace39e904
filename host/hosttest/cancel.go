package hosttest

import (
	"context"
	"time"

	"github.com/gainsight-connector/gainsight-connector/connector"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

// cancelCases are about calls that end before their answer.
func cancelCases() []Case {
	held := []Need{NeedTenant, NeedRelay, NeedRead}
	return []Case{
		{"cancel", "call-ends", "A call that is cancelled ends in the connector.", held, cancelEnds},
		{"cancel", "request-ends", "The request to the tenant ends with the call that made it.", held, cancelReaches},
		{"cancel", "deadline", "A call whose deadline passes ends in the connector, and so does its request.", held, deadlineEnds},
		{"cancel", "expired", "A call with next to no time left does no harm.", held, deadlineShort},
		{"cancel", "check", "A check that is cancelled ends in the connector.", held, cancelCheck},
		{"cancel", "download", "A download that is cancelled ends in the connector.", []Need{NeedTenant, NeedRelay, NeedDownload}, cancelDownload},
		{"cancel", "abandoned", "A download that nobody reads any more ends in the connector.", []Need{NeedTenant, NeedDownload}, abandonDownload},
		{"cancel", "upload", "An upload that stops half-way and is cancelled ends in the connector.", []Need{NeedTenant, NeedUpload}, cancelUpload},
		{"cancel", "works-on", "A connection works on after a call on it was cancelled.", held, cancelWorksOn},
	}
}

// hanging is a call that runs while the tenant does not answer.
type hanging struct {
	gate   *gate
	cancel context.CancelFunc
	done   chan error
}

// hang starts the read that stands for all and waits until its first request
// is held.
func (t *trial) hang(ctx context.Context, c *tenancy) *hanging {
	s := t.sampleOf(NeedRead)
	return t.hangOn(ctx, c, func(ctx context.Context) error {
		_, err := c.execute(ctx, s)
		return err
	})
}

func (t *trial) hangOn(ctx context.Context, c *tenancy, call func(context.Context) error) *hanging {
	h := &hanging{gate: newGate(), done: make(chan error, 1)}
	t.cleanup(h.gate.open)
	c.relay.behave(h.gate.hold)
	ctx, h.cancel = context.WithCancel(ctx)
	t.cleanup(h.cancel)
	go func() { h.done <- call(ctx) }()
	if !t.soon(func() bool { return h.gate.arrived.Load() > 0 }) {
		t.skipf("the call makes no request to the tenant")
	}
	return h
}

func cancelEnds(t *trial) {
	c := t.open(t.start(), 0)
	h := t.hang(t.ctx, c)
	if t.probe(c.in).GetInFlight() != 1 {
		t.skipf("the probe does not count the call")
	}
	h.cancel()
	t.idle(c.in, "after its cancellation")
}

func cancelReaches(t *trial) {
	c := t.open(t.start(), 0)
	h := t.hang(t.ctx, c)
	h.cancel()
	if !t.soon(func() bool { return h.gate.given.Load() > 0 }) {
		t.errorf("the request to the tenant goes on %s after the call was cancelled", t.options.Patience)
	}
}

func deadlineEnds(t *trial) {
	c := t.open(t.start(), 0)
	// The first request has until then to arrive.
	ctx, cancel := context.WithTimeout(t.ctx, t.options.Patience/4)
	defer cancel()
	h := t.hang(ctx, c)
	t.refused("a call whose deadline passed", <-h.done, connector.ReasonDeadlineExceeded, connector.ReasonDownstreamTimeout)
	t.idle(c.in, "after its deadline")
	if !t.soon(func() bool { return h.gate.given.Load() > 0 }) {
		t.errorf("the request to the tenant goes on %s after the deadline of the call", t.options.Patience)
	}
}

func deadlineShort(t *trial) {
	c, s := t.open(t.start(), 0), t.sampleOf(NeedRead)
	for _, left := range []time.Duration{time.Microsecond, time.Millisecond, 2 * time.Millisecond} {
		ctx, cancel := context.WithTimeout(t.ctx, left)
		_, _ = c.execute(ctx, s) // either way
		cancel()
	}
	t.idle(c.in, "after calls with next to no time")
	_, err := c.execute(t.ctx, s)
	t.must(err, "a call after those")
}

func cancelCheck(t *trial) {
	c := t.open(t.start(), 0)
	h := t.hangOn(t.ctx, c, func(ctx context.Context) error {
		_, err := c.in.CheckConnection(ctx, &connectorv1.CheckConnectionRequest{Call: c.call()})
		return err
	})
	h.cancel()
	t.idle(c.in, "after the cancellation of a check")
}

func cancelDownload(t *trial) {
	c, s := t.open(t.start(), 0), t.sampleOf(NeedDownload)
	h := t.hangOn(t.ctx, c, func(ctx context.Context) error { return c.download(ctx, s).err })
	h.cancel()
	t.idle(c.in, "after the cancellation of a download")
}

func abandonDownload(t *trial) {
	c, s := t.open(t.start(), 0), t.sampleOf(NeedDownload)
	ctx, cancel := context.WithCancel(t.ctx)
	stream, err := c.in.Download(ctx, &connectorv1.DownloadRequest{Call: c.call(), Action: s.action.ID, Input: s.Input})
	t.must(err, "the download")
	_, err = stream.Recv()
	t.must(err, "the first event of the download")
	cancel()
	t.idle(c.in, "after its reader left")
}

func cancelUpload(t *trial) {
	c, s := t.open(t.start(), 0), t.sampleOf(NeedUpload)
	ctx, cancel := context.WithCancel(t.ctx)
	defer cancel()
	stream, err := c.in.Upload(ctx)
	t.must(err, "beginning an upload")
	t.must(stream.Send(&connectorv1.UploadRequest{Event: &connectorv1.UploadRequest_Start{Start: &connectorv1.UploadStart{
		Call: c.call(), Action: s.action.ID, Input: s.Input, ContentType: s.ContentType,
	}}}), "sending the start of an upload")
	t.must(stream.Send(wholeUpload(s.Content, max(1, len(s.Content)/2))[0]), "sending the first chunk of an upload")
	if !t.soon(func() bool { return t.probe(c.in).GetInFlight() > 0 }) {
		t.skipf("the upload was refused at once")
	}
	cancel()
	t.idle(c.in, "after the cancellation of an upload")
}

func cancelWorksOn(t *trial) {
	c := t.open(t.start(), 0)
	h := t.hang(t.ctx, c)
	h.cancel()
	t.refused("a call that was cancelled", <-h.done, connector.ReasonCanceled)
	t.soon(func() bool { return t.probe(c.in).GetInFlight() == 0 }) // else cancel/call-ends tells
	c.relay.behave(pass)
	_, err := c.execute(t.ctx, t.sampleOf(NeedRead))
	t.must(err, "a call after one that was cancelled")
}

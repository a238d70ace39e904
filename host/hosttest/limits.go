package hosttest

import (
	"bytes"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

// limitCases are about sizes at and around what was agreed.
func limitCases() []Case {
	read := []Need{NeedTenant, NeedRead}
	return []Case{
		{"limits", "negotiated", "Of each limit the smaller one is in force.", nil, limitsNegotiated},
		{"limits", "own", "To a host that takes more the connector states limits that hold together.", nil, limitsOwn},
		{"limits", "input-at", "An input of just the size that was agreed on is taken.", read, inputAt},
		{"limits", "input-over", "An input of one byte more is refused as too large.", read, inputOver},
		{"limits", "output-over", "No output is larger than agreed; the call fails instead.", read, outputOver},
		{"limits", "schema-over", "No schema is larger than agreed; the call fails instead.", nil, schemaOver},
		{"limits", "message-over", "A message that is larger than agreed is refused and does no harm.", read, messageOver},
		{"limits", "write-over", "A write whose answer is too large is told as one that may have been applied.", []Need{NeedTenant, NeedWrite}, writeOver},
	}
}

func limitsNegotiated(t *trial) {
	small := connector.Limits{InlineBytes: 100_000, ChunkBytes: 1000}
	_, resp := t.shake(offer(small))
	got := wire.LimitsFrom(resp.GetLimits())
	if got.InlineBytes > small.InlineBytes || got.ChunkBytes > small.ChunkBytes || got.MessageBytes > small.Resolved().MessageBytes {
		t.errorf("the limits in force, %+v, are larger than the host's", got)
	}
	if got.InlineBytes == 0 || got.ChunkBytes == 0 || got.MessageBytes == 0 {
		t.errorf("a limit is missing from %+v", got)
	}
}

func limitsOwn(t *trial) {
	_, resp := t.shake(offer(connector.Limits{InlineBytes: 1 << 30, ChunkBytes: 1 << 30, MessageBytes: 1<<30 + connector.EnvelopeBytes}))
	got := wire.LimitsFrom(resp.GetLimits())
	if max(got.InlineBytes, got.ChunkBytes)+connector.EnvelopeBytes > got.MessageBytes {
		t.errorf("a message of %d bytes has no room for a payload of %d and what goes with it", got.MessageBytes, max(got.InlineBytes, got.ChunkBytes))
	}
}

// padded returns an input with white space up to a size.
func padded(s sample, size int) sample {
	s.Input = append(bytes.Clone(s.Input), bytes.Repeat([]byte(" "), max(0, size-len(s.Input)))...)
	return s
}

// inputLimit is the limit that the cases on inputs agree on, in bytes.
const inputLimit = 1 << 20

func inputAt(t *trial) {
	c, s := t.open(t.startWith(connector.Limits{InlineBytes: inputLimit}), 0), t.sampleOf(NeedRead)
	for _, size := range []int{inputLimit - 1, inputLimit} {
		_, err := c.execute(t.ctx, padded(s, size))
		t.must(err, "a call with an input of the size that was agreed on")
	}
}

func inputOver(t *trial) {
	c, s := t.open(t.startWith(connector.Limits{InlineBytes: inputLimit}), 0), t.sampleOf(NeedRead)
	_, err := c.execute(t.ctx, padded(s, inputLimit+1))
	t.refused("a call with an input of one byte more than agreed", err, connector.ReasonTooLarge)
}

func outputOver(t *trial) {
	s := t.sampleOf(NeedRead)
	resp, err := t.open(t.start(), 0).execute(t.ctx, s)
	t.must(err, "the call")
	limit := max(len(s.Input), len(resp.GetOutput())-1)
	resp, err = t.open(t.startWith(connector.Limits{InlineBytes: limit}), 0).execute(t.ctx, s)
	switch {
	case err == nil && len(resp.GetOutput()) > limit:
		t.errorf("an output of %d bytes came where %d were agreed", len(resp.GetOutput()), limit)
	case err != nil:
		t.refused("a call with an output of one byte more than agreed", err, connector.ReasonTooLarge)
	}
}

func schemaOver(t *trial) {
	for id, d := range t.static {
		limit := len(d.GetInputSchema()) - 1
		if limit < 1 {
			continue
		}
		resp, err := t.startWith(connector.Limits{InlineBytes: limit}).DescribeAction(t.ctx, &connectorv1.DescribeActionRequest{Action: id})
		switch {
		case err == nil && len(resp.GetInputSchema()) > limit:
			t.errorf("the input schema of %s has %d bytes where %d were agreed", id, len(resp.GetInputSchema()), limit)
		case err != nil:
			t.refused("a description of one byte more than agreed", err, connector.ReasonTooLarge)
		}
		return // one action stands for all
	}
	t.skipf("there are no schemas")
}

func messageOver(t *trial) {
	in, resp := t.shake(offer(connector.Limits{InlineBytes: inputLimit}))
	c, s := t.open(in, 0), t.sampleOf(NeedRead)
	size := int(resp.GetLimits().GetMaxMessageBytes()) + 1
	if _, err := c.execute(t.ctx, padded(s, size)); err == nil {
		t.errorf("a message of more than %d bytes was taken", size-1)
	}
	_, err := c.execute(t.ctx, s)
	t.must(err, "a call after one that was too large")
}

func writeOver(t *trial) {
	s := t.sampleOf(NeedWrite)
	resp, err := t.open(t.start(), 0).execute(t.ctx, s)
	t.must(err, "the write")
	limit := len(resp.GetOutput()) - 1
	if limit < len(s.Input) {
		t.skipf("the sample of %s has a larger input than output", s.action.ID)
	}
	c := t.open(t.startWith(connector.Limits{InlineBytes: limit}), 0)
	_, err = c.execute(t.ctx, s)
	if err == nil {
		return // the output was smaller this time
	}
	if e := t.refusal("a write with an output of one byte more than agreed", err, connector.ReasonTooLarge); !e.OutcomeUnknown {
		if len(c.requestsOf()) > 0 {
			t.errorf("the error of a write that was sent does not tell that it may have been applied")
		}
	}
}

// requestsOf returns what the tenant was sent; nil without a relay.
func (c *tenancy) requestsOf() []exchange {
	if c.relay == nil {
		return nil
	}
	return c.relay.requests()
}

package hosttest

import (
	"context"
	"net/http"
	"slices"
	"sync/atomic"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
)

// tenantFailureCases are about what a connector says when its tenant fails.
func tenantFailureCases() []Case {
	read, write := []Need{NeedTenant, NeedRelay, NeedRead}, []Need{NeedTenant, NeedRelay, NeedWrite}
	return []Case{
		{"errors", "tenant-breaks", "A tenant that breaks every connection is told as the tenant's failure.", read, tenantBreaks},
		{"errors", "tenant-down", "A tenant that answers 503 is told as the tenant's failure, which may pass.", read, tenantDown},
		{"errors", "tenant-garbage", "A tenant that answers what nobody can read is told as the tenant's failure.", read, tenantGarbage},
		{"errors", "tenant-truncates", "A tenant that breaks off its answers is told as the tenant's failure.", read, tenantTruncates},
		{"errors", "tenant-throttles", "A tenant that answers 429 is told as such, or waited for until the deadline.", read, tenantThrottles},
		{"errors", "tenant-recovers", "A connection whose tenant failed works again when the tenant does.", read, tenantRecovers},
		{"errors", "outcome-unknown", "A write whose answer was lost is told as one that may have been applied.", write, outcomeUnknown},
	}
}

// failingTenant reads while the tenant misbehaves.
func (t *trial) failingTenant(b behaviour, what string, reasons ...connector.Reason) *connector.Error {
	c := t.open(t.start(), 0)
	c.relay.behave(b)
	ctx, cancel := context.WithTimeout(t.ctx, 2*t.options.Patience)
	defer cancel()
	_, err := c.execute(ctx, t.sampleOf(NeedRead))
	if ctx.Err() != nil && t.ctx.Err() == nil {
		t.fatalf("a call to a tenant that %s took longer than %s", what, 2*t.options.Patience)
	}
	e := t.refusal("a call to a tenant that "+what, err, reasons...)
	t.blames(e, connector.OriginDownstream)
	if e.OutcomeUnknown {
		t.errorf("the outcome of a read is told as unknown")
	}
	return e
}

func tenantBreaks(t *trial) {
	_ = t.failingTenant(drop, "breaks every connection", downstream()...)
}

func tenantDown(t *trial) {
	busy := answer(http.StatusServiceUnavailable, nil, "<html>busy</html>")
	e := t.failingTenant(busy, "answers 503", connector.ReasonDownstreamUnavailable)
	if e.Retry != connector.RetryLater {
		t.errorf("the retry hint is %q and not %q", e.Retry, connector.RetryLater)
	}
	if e.Downstream.Status != http.StatusServiceUnavailable {
		t.errorf("the error tells the status %d and not 503", e.Downstream.Status)
	}
}

func tenantGarbage(t *trial) {
	page := answer(http.StatusOK, map[string]string{"Content-Type": "text/html"}, "<html>Please sign in</html>")
	_ = t.failingTenant(page, "answers with a page", downstream()...)
}

func tenantTruncates(t *trial) {
	_ = t.failingTenant(truncate, "breaks off its answers", downstream()...)
}

func tenantThrottles(t *trial) {
	c := t.open(t.start(), 0)
	c.relay.behave(answer(http.StatusTooManyRequests, map[string]string{"Retry-After": "3600"}, "{}"))
	ctx, cancel := context.WithTimeout(t.ctx, t.options.Patience)
	defer cancel()
	_, err := c.execute(ctx, t.sampleOf(NeedRead))
	t.refused("a call to a tenant that answers 429", err, connector.ReasonRateLimited, connector.ReasonDeadlineExceeded)
}

func tenantRecovers(t *trial) {
	c, s := t.open(t.start(), 0), t.sampleOf(NeedRead)
	for _, b := range []behaviour{drop, answer(http.StatusForbidden, nil, "{}"), truncate} {
		c.relay.behave(b)
		if _, err := c.execute(t.ctx, s); err == nil {
			t.skipf("a call succeeded although the tenant failed, which other cases tell")
		}
		c.relay.behave(pass)
		_, err := c.execute(t.ctx, s)
		t.must(err, "a call once the tenant works again")
	}
}

func outcomeUnknown(t *trial) {
	c, s := t.open(t.start(), 0), t.sampleOf(NeedWrite)
	p, err := t.dryRun(c, s)
	if err != nil || len(p.Requests) == 0 {
		t.skipf("a dry run does not tell which request writes, which calls/dry-run tells")
	}
	var lost atomic.Int64
	c.relay.behave(loseAnswer(func(method, path string) bool {
		return slices.ContainsFunc(p.Requests, func(r planRequest) bool { return r.Method == method && r.Path == path })
	}, &lost))
	resp, err := c.execute(t.ctx, s)
	switch {
	case lost.Load() == 0:
		t.skipf("the request that the dry run shows was not sent")
	case err == nil && resp.GetRecords().GetUnknown() == 0 && resp.GetRecords().GetSucceeded() == 0:
		t.errorf("a write of which no answer came succeeded and counts no record as unknown")
	case err != nil && !connector.AsError(wire.FromStatus(err)).OutcomeUnknown:
		t.errorf("the error does not tell that the outcome is unknown: %v", wire.FromStatus(err))
	}
}

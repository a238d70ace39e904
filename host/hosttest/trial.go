package hosttest

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"google.golang.org/grpc/status"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

// trial is one case while it runs.
type trial struct {
	*suite

	ctx context.Context //nolint:containedctx // of the one case that the trial lives for

	mu       sync.Mutex
	failures []string
	skipped  string
	cleanups []func()
}

// maxFailures bounds how much one case says.
const maxFailures = 20

// errorf fails the case, which goes on.
func (t *trial) errorf(format string, args ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.failures) < maxFailures {
		t.failures = append(t.failures, fmt.Sprintf(format, args...))
	}
}

// fatalf fails the case and ends it. Only the goroutine of the case calls it.
func (t *trial) fatalf(format string, args ...any) {
	t.errorf(format, args...)
	runtime.Goexit()
}

// skipf ends the case without a verdict, unless it has failed.
func (t *trial) skipf(format string, args ...any) {
	t.skipped = fmt.Sprintf(format, args...)
	runtime.Goexit()
}

// must ends the case if err is not nil.
func (t *trial) must(err error, what string) {
	if err != nil {
		t.fatalf("%s failed: %v", what, wire.FromStatus(err))
	}
}

// cleanup registers what is done when the case has ended, the last first.
func (t *trial) cleanup(f func()) { t.cleanups = append(t.cleanups, f) }

func (t *trial) cleanUp() {
	for _, f := range slices.Backward(t.cleanups) {
		f()
	}
}

func (t *trial) verdict() (Outcome, string) {
	switch {
	case len(t.failures) > 0:
		return Failed, strings.Join(t.failures, "\n")
	case t.skipped != "":
		return Skipped, t.skipped
	}
	return Passed, ""
}

// soon waits until what is so, for as long as the run is patient, and reports
// whether it is.
func (t *trial) soon(what func() bool) bool { return t.within(t.options.Patience, what) }

// within is soon for another time.
func (t *trial) within(d time.Duration, what func() bool) bool {
	deadline := time.NewTimer(d)
	defer deadline.Stop()
	for {
		if what() {
			return true
		}
		select {
		case <-deadline.C:
			return what()
		case <-t.ctx.Done():
			return false
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// launch starts an instance that nobody has shaken hands with.
func (t *trial) launch() *instance {
	in := t.boot()
	t.cleanup(func() { _ = in.stop() }) // lifecycle/stops tells
	return in
}

// boot is launch for an instance that the caller stops.
func (t *trial) boot() *instance {
	in, err := t.source.start(t.ctx, t.options.startTime())
	if err != nil {
		t.fatalf("the connector did not start: %v", err)
	}
	return in
}

// start returns an instance that has agreed to all features and the default
// limits. It may have served other cases: those that end it, or look at all
// that it has done, use fresh.
func (t *trial) start() *instance {
	if t.source.binary() == "" {
		return t.fresh()
	}
	in := t.pool.take()
	if in == nil {
		in = t.boot()
		if err := in.greet(t.ctx, connector.Limits{}); err != nil {
			_ = in.stop()
			t.must(err, "the handshake")
		}
	}
	t.cleanup(func() { t.giveBack(in) })
	return in
}

// fresh is start for an instance that nobody has used.
func (t *trial) fresh() *instance { return t.startWith(connector.Limits{}) }

// startWith is fresh with other limits.
func (t *trial) startWith(limits connector.Limits) *instance {
	in := t.launch()
	t.must(in.greet(t.ctx, limits), "the handshake")
	return in
}

// probe asks for a sign of life.
func (t *trial) probe(in *instance) *connectorv1.ProbeResponse {
	resp, err := in.Probe(t.ctx, &connectorv1.ProbeRequest{Nonce: "n"})
	t.must(err, "the probe")
	return resp
}

// idle waits until no call runs and fails the case if one goes on.
func (t *trial) idle(in *instance, after string) {
	if !t.soon(func() bool { return t.probe(in).GetInFlight() == 0 }) {
		t.errorf("%s a call still runs in the connector after %s", after, t.options.Patience)
	}
}

// refused ends the case unless a call failed for one of reasons.
func (t *trial) refused(what string, err error, reasons ...connector.Reason) {
	_ = t.refusal(what, err, reasons...)
}

// refusal is refused for cases that look at the error.
func (t *trial) refusal(what string, err error, reasons ...connector.Reason) *connector.Error {
	if err == nil {
		t.fatalf("%s succeeded; it must fail with %s", what, either(reasons))
	}
	e := connector.AsError(wire.FromStatus(err))
	if !slices.Contains(reasons, e.Reason) {
		t.fatalf("%s failed with %s where %s is due: %s", what, e.Reason, either(reasons), e.Message)
	}
	return e
}

func either(reasons []connector.Reason) string {
	words := make([]string, len(reasons))
	for i, r := range reasons {
		words[i] = string(r)
	}
	return strings.Join(words, " or ")
}

// details returns the ErrorDetails of a failed call.
func details(err error) []*connectorv1.ErrorDetail {
	var found []*connectorv1.ErrorDetail
	for _, d := range status.Convert(err).Details() {
		if detail, ok := d.(*connectorv1.ErrorDetail); ok {
			found = append(found, detail)
		}
	}
	return found
}

package bulk_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/actions/actionstest"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

func TestExportBreaks(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		fault   sandbox.Fault
		reason  connector.Reason
		message string
	}{
		"truncated chunk": {
			sandbox.Fault{Path: chunkPath, After: 1, Kind: sandbox.FaultTruncated}, connector.ReasonDownstreamUnavailable, "chunk 2 of 3: ",
		},
		"chunk refused": {
			sandbox.Fault{Path: chunkPath, After: 2, Kind: sandbox.FaultAddress}, connector.ReasonPermissionDenied, " of 3: ",
		},
		"chunk never answered": {
			sandbox.Fault{Path: chunkPath, Kind: sandbox.FaultDropped}, connector.ReasonDownstreamUnavailable, "chunk 1 of 3: ",
		},
		"JSON for a chunk": {
			sandbox.Fault{Path: chunkPath, Kind: sandbox.FaultServerError}, connector.ReasonDownstreamUnavailable, "chunk 1 of 3: ",
		},
		"status refused": {sandbox.Fault{Path: statusPath, Kind: sandbox.FaultUnauthorized}, connector.ReasonAuthFailed, "access key"},
		"status cut":     {sandbox.Fault{Path: statusPath, Kind: sandbox.FaultMalformed}, connector.ReasonDownstreamContract, "not one of this API"},
		"submit cut":     {sandbox.Fault{Method: "POST", Kind: sandbox.FaultMalformed}, connector.ReasonDownstreamContract, "not one of this API"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := connect(t, sandbox.Options{}, nil, actions.Options{})
			r.tenant.Inject(tt.fault)
			_, summary, err := r.export(t.Context(), usage)
			e := connector.AsError(err)
			if !errors.Is(err, tt.reason) || !strings.Contains(e.Message, tt.message) || !strings.Contains(e.Message, "Bulk Export: ") {
				t.Errorf("got %+v", e)
			}
			if summary.Records != 0 || summary.SHA256 != "" {
				t.Errorf("a summary came: %+v", summary)
			}
		})
	}
}

func TestExportHeals(t *testing.T) {
	t.Parallel()
	r := connect(t, sandbox.Options{}, nil, actions.Options{})
	r.tenant.Inject(sandbox.Fault{Path: chunkPath, After: 1, Times: 2, Kind: sandbox.FaultDropped})
	r.tenant.Inject(sandbox.Fault{Path: statusPath, Times: 1, Kind: sandbox.FaultLostAnswer})
	r.tenant.Inject(sandbox.Fault{Path: statusPath, After: 2, Times: 1, Kind: sandbox.FaultBadGateway})
	_, summary, err := r.export(t.Context(), usage)
	// The gateway's answer at least: net/http itself repeats a GET that broke on
	// a connection which it had used before.
	if retries := summary.Stats.Retries; err != nil || summary.Records != 45_000 || retries < 1 || retries > 4 {
		t.Errorf("got %+v, %v", summary, err)
	}
	if n := r.count(chunkPath); n != 5 {
		t.Errorf("%d requests for three chunks, of which two broke", n)
	}
	if n := r.count(exportPath + "usage__gc"); n != 1 {
		t.Errorf("%d jobs", n)
	}
}

func TestSubmitIsNotRepeated(t *testing.T) {
	t.Parallel()
	for _, action := range []string{"bulk.submit", "bulk.export"} {
		t.Run(action, func(t *testing.T) {
			t.Parallel()
			r := connect(t, sandbox.Options{}, nil, actions.Options{})
			r.tenant.Inject(sandbox.Fault{Method: "POST", Kind: sandbox.FaultLostAnswer})
			var err error
			if action == "bulk.export" {
				_, _, err = r.export(t.Context(), usage)
			} else {
				_, err = r.Execute(t.Context(), connector.Call{Action: action, Input: json.RawMessage(usage)})
			}
			if e := connector.AsError(err); !errors.Is(err, connector.ReasonDownstreamUnavailable) || !e.OutcomeUnknown ||
				r.count(exportPath) != 1 {
				t.Errorf("got %+v after %d requests", e, r.count(exportPath))
			}
		})
	}
}

// morning is when the clock of these tests begins.
var morning = time.Date(2026, time.November, 24, 8, 0, 5, 0, time.UTC)

func TestPolling(t *testing.T) {
	t.Parallel()
	clock := actionstest.NewClock(morning)
	r := connect(t, sandbox.Options{JobPolls: 20}, nil, actions.Options{Clock: clock.Now, Sleep: clock.Sleep})
	var messages []string
	_, err := r.Download(t.Context(), connector.Call{Action: "bulk.export", Input: json.RawMessage(companies)}, &bytes.Buffer{},
		func(p connector.Progress) { messages = append(messages, p.Message) })
	if err != nil {
		t.Fatal(err)
	}
	slept := clock.Slept()
	if len(slept) != 20 || slept[0] > 240*time.Millisecond || slept[19] < 24*time.Second || slept[19] > 36*time.Second {
		t.Errorf("paused %v", slept)
	}
	if len(messages) != 21 || messages[0] != "export job is SUBMITTED" || messages[20] != "rows exported" {
		t.Errorf("progress %q", messages)
	}
}

func TestThrottledSubmit(t *testing.T) {
	t.Parallel()
	for name, form := range map[string]sandbox.ThrottleForm{
		"gateway 429": sandbox.ThrottleGateway429, "gateway 200": sandbox.ThrottleGateway200, "user 429": sandbox.ThrottleUser429,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := connect(t, sandbox.Options{}, nil, actions.Options{})
			r.tenant.Inject(sandbox.Fault{Method: "POST", Kind: sandbox.FaultThrottled, Throttle: form, RetryAfter: 90 * time.Second})
			_, _, err := r.export(t.Context(), companies)
			if e := connector.AsError(err); !errors.Is(err, connector.ReasonRateLimited) || e.RetryAfter != 90*time.Second ||
				e.OutcomeUnknown {
				t.Errorf("got %+v", e)
			}
			if n := r.count(exportPath); n != 6 { // it waits five times
				t.Errorf("%d requests", n)
			}
		})
	}
}

func TestThrottledJob(t *testing.T) {
	t.Parallel()
	clock := actionstest.NewClock(morning)
	r := connect(t, sandbox.Options{JobPolls: -1}, nil, actions.Options{Clock: clock.Now, Sleep: clock.Sleep})
	r.tenant.Inject(sandbox.Fault{Path: statusPath, Times: 1, Kind: sandbox.FaultThrottled, RetryAfter: 17 * time.Second})
	r.tenant.Inject(sandbox.Fault{Path: chunkPath, After: 1, Times: 2, Kind: sandbox.FaultThrottled, RetryAfter: 29 * time.Second})
	_, summary, err := r.export(t.Context(), usage)
	if err != nil || summary.Records != 45_000 {
		t.Errorf("got %+v, %v", summary, err)
	}
	// A second more than the tenant says: its clock may be behind.
	if diff := cmp.Diff([]time.Duration{18 * time.Second, 30 * time.Second, 30 * time.Second}, clock.Slept()); diff != "" {
		t.Errorf("pauses (-want +got):\n%s", diff)
	}
	t.Run("but not for ever", func(t *testing.T) {
		t.Parallel()
		r := connect(t, sandbox.Options{JobPolls: -1}, nil, actions.Options{})
		r.tenant.Inject(sandbox.Fault{Path: chunkPath, Kind: sandbox.FaultThrottled})
		_, _, err := r.export(t.Context(), usage)
		if n := r.count(chunkPath); !errors.Is(err, connector.ReasonRateLimited) || n != 6 {
			t.Errorf("got %v after %d requests", err, n)
		}
	})
}

func TestCancel(t *testing.T) {
	t.Parallel()
	t.Run("between questions", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		r := connect(t, sandbox.Options{JobPolls: 1000}, nil, actions.Options{Sleep: func(ctx context.Context, _ time.Duration) error {
			cancel()
			<-ctx.Done()
			return ctx.Err()
		}})
		_, _, err := r.export(ctx, companies)
		if !errors.Is(err, connector.ReasonCanceled) || r.count(statusPath) != 1 {
			t.Errorf("got %v after %d questions", err, r.count(statusPath))
		}
	})
	t.Run("within a chunk", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		r := connect(t, sandbox.Options{ExportRows: 1_000_000}, nil, actions.Options{})
		// The tenant answers only once the caller has gone.
		r.tenant.Inject(sandbox.Fault{Path: chunkPath, After: 1, Kind: sandbox.FaultLatency, Delay: time.Hour})
		_, err := r.Download(ctx, connector.Call{Action: "bulk.export", Input: json.RawMessage(usage)},
			&bytes.Buffer{}, func(p connector.Progress) {
				if p.Done > 0 {
					cancel()
				}
			})
		if !errors.Is(err, connector.ReasonCanceled) {
			t.Errorf("got %v", err)
		}
		r.server.Close()                    // returns once the tenant's request has ended, hours early
		if n := r.count(chunkPath); n > 4 { // three at once
			t.Errorf("%d chunks were asked for", n)
		}
	})
	t.Run("the host's writer fails", func(t *testing.T) {
		t.Parallel()
		r := connect(t, sandbox.Options{}, nil, actions.Options{})
		full := errors.New("disk full")
		_, err := r.Download(t.Context(), connector.Call{Action: "bulk.export", Input: json.RawMessage(usage)}, failing{full}, nil)
		if !errors.Is(err, full) {
			t.Errorf("got %v", err)
		}
	})
}

// failing takes nothing.
type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

// TestBrokenChunkIsFetchedAgain: a chunk that breaks off neither loses the job
// nor doubles a row.
func TestBrokenChunkIsFetchedAgain(t *testing.T) {
	t.Parallel()
	whole, _, err := connect(t, sandbox.Options{JobPolls: -1}, nil, actions.Options{}).export(t.Context(), usage)
	if err != nil {
		t.Fatal(err)
	}
	for name, size := range map[string]int{"before the header is whole": 5, "within the rows": 700_000, "half of it": 0} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := connect(t, sandbox.Options{JobPolls: -1}, nil, actions.Options{})
			r.tenant.Inject(sandbox.Fault{Path: chunkPath, After: 1, Times: 2, Kind: sandbox.FaultTruncated, Bytes: size})
			got, summary, err := r.export(t.Context(), usage)
			if err != nil {
				t.Fatal(err)
			}
			if whole != got || summary.Records != 45_000 {
				t.Errorf("%d rows in %d bytes, want the same as without the fault", summary.Records, len(got))
			}
			if n := r.count(chunkPath); n != 5 { // three chunks, one of them three times
				t.Errorf("%d requests for chunks", n)
			}
		})
	}
}

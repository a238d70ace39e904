package plugin_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

func TestExecute(t *testing.T) {
	t.Parallel()
	var got connector.Call
	want := connector.Result{
		Output: json.RawMessage(`{"n":9007199254740993}`), Diagnostics: []connector.Diagnostic{{Severity: connector.SeverityWarning, Summary: "s"}},
		Stats: connector.Stats{Calls: 2}, Records: &connector.RecordSummary{Total: 1, Succeeded: 1},
	}
	r := start(t, opens(&conn{execute: func(_ context.Context, call connector.Call) (connector.Result, error) {
		got = call
		return want, nil
	}}), connector.Limits{})
	resp, err := r.Execute(t.Context(), &connectorv1.ExecuteRequest{Call: r.tenant(t), Action: "echo.put", Input: []byte(`{}`)})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(connector.Call{Action: "echo.put", Input: json.RawMessage(`{}`), RequestID: "req-1"}, got); diff != "" {
		t.Errorf("call (-want +got):\n%s", diff)
	}
	result := connector.Result{
		Output: resp.GetOutput(), Diagnostics: wire.DiagnosticsFrom(resp.GetDiagnostics()),
		Stats: wire.StatsFrom(resp.GetStats()), Records: wire.RecordsFrom(resp.GetRecords()),
	}
	if diff := cmp.Diff(want, result); diff != "" {
		t.Errorf("result (-want +got):\n%s", diff)
	}
}

func TestExecuteMakesARequestID(t *testing.T) {
	t.Parallel()
	var made string
	r := start(t, opens(&conn{execute: func(_ context.Context, call connector.Call) (connector.Result, error) {
		made = call.RequestID
		return connector.Result{}, errClose
	}}), connector.Limits{})
	call := r.tenant(t)
	call.RequestId = ""
	_, err := r.Execute(t.Context(), &connectorv1.ExecuteRequest{Call: call, Action: "echo.get"})
	if e := failure(t, err, connector.ReasonInternal); e.RequestID != made || made == "" {
		t.Errorf("request id in the error = %q, in the call = %q", e.RequestID, made)
	}
}

func TestActionsAreChecked(t *testing.T) {
	t.Parallel()
	download := func(r rig, call *connectorv1.CallContext, action string) error {
		stream, err := r.Download(t.Context(), &connectorv1.DownloadRequest{Call: call, Action: action})
		if err == nil {
			_, err = stream.Recv()
		}
		return err
	}
	execute := func(r rig, call *connectorv1.CallContext, action string) error {
		_, err := r.Execute(t.Context(), &connectorv1.ExecuteRequest{Call: call, Action: action})
		return err
	}
	upload := func(r rig, call *connectorv1.CallContext, action string) error {
		return send(t, r, startEvent(call, action))
	}
	dryRun := func(r rig, call *connectorv1.CallContext, action string) error {
		_, err := r.Execute(t.Context(), &connectorv1.ExecuteRequest{Call: call, Action: action, DryRun: true})
		return err
	}
	tests := map[string]struct {
		do     func(rig, *connectorv1.CallContext, string) error
		action string
		reason connector.Reason // empty: success
		text   string
	}{
		"unknown action":               {execute, "echo.gte", connector.ReasonNotFound, `no action "echo.gte"`},
		"executing a download":         {execute, "echo.export", connector.ReasonUnsupported, "not run by Execute but by Download"},
		"executing an upload":          {execute, "echo.import", connector.ReasonUnsupported, "not run by Execute but by Upload"},
		"downloading what executes":    {download, "echo.get", connector.ReasonUnsupported, "not run by Download but by Execute"},
		"downloading the modeless":     {download, "echo.modeless", connector.ReasonUnsupported, "by Execute"},
		"uploading what downloads":     {upload, "echo.export", connector.ReasonUnsupported, "not run by Upload but by Download"},
		"a connection cannot download": {download, "echo.export", connector.ReasonUnsupported, "cannot download"},
		"a connection cannot upload":   {upload, "echo.import", connector.ReasonUnsupported, "cannot upload"},
		"a mode not said":              {execute, "echo.modeless", "", ""},
		"dry run of a download":        {dryRun, "echo.export", "", ""},
		"dry run of an upload":         {dryRun, "echo.import", "", ""},
		"dry run of an unknown":        {dryRun, "nothing", connector.ReasonNotFound, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := start(t, opens(bare{}), connector.Limits{})
			err := tt.do(r, r.tenant(t), tt.action)
			if tt.reason == "" {
				if err != nil {
					t.Errorf("error = %v", err)
				}
				return
			}
			if e := failure(t, err, tt.reason); !strings.Contains(e.Message, tt.text) {
				t.Errorf("error = %v, want %q in it", e, tt.text)
			}
		})
	}
}

func TestUnknownActionNamesNeighbours(t *testing.T) {
	t.Parallel()
	r := start(t, echo(), connector.Limits{})
	_, err := r.DescribeAction(t.Context(), &connectorv1.DescribeActionRequest{Action: "echo.expart"})
	if e := failure(t, err, connector.ReasonNotFound); !strings.Contains(e.Hint, "echo.export") {
		t.Errorf("hint = %q, want the nearest action", e.Hint)
	}
}

func TestExecuteSizes(t *testing.T) {
	t.Parallel()
	const limit = 100 << 10
	tests := map[string]struct {
		action        string
		input, output int
		text          string // empty: it fits
		unknown       bool
	}{
		"both at the limit":          {"echo.put", limit, limit, "", false},
		"input one over":             {"echo.put", limit + 1, 0, "the input has 102401 bytes; the limit in force, max_inline_bytes, is 102400", false},
		"output one over":            {"echo.get", 0, limit + 1, "the output of echo.get has 102401 bytes", false},
		"output of a write one over": {"echo.put", 0, limit + 1, "the output of echo.put has 102401 bytes", true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := start(t, opens(&conn{execute: func(context.Context, connector.Call) (connector.Result, error) {
				return connector.Result{Output: make([]byte, tt.output)}, nil
			}}), connector.Limits{InlineBytes: limit})
			req := &connectorv1.ExecuteRequest{Call: r.tenant(t), Action: tt.action, Input: make([]byte, tt.input)}
			_, err := r.Execute(t.Context(), req)
			if tt.text == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			e := failure(t, err, connector.ReasonTooLarge)
			if !strings.Contains(e.Message, tt.text) || e.OutcomeUnknown != tt.unknown {
				t.Errorf("error = %v (outcome unknown %v), want %q", e, e.OutcomeUnknown, tt.text)
			}
		})
	}
}

func TestErrorsReachTheHost(t *testing.T) {
	t.Parallel()
	full := connector.Invalid("the records do not fit the schema", make([]connector.Violation, 250))
	for i := range full.Violations {
		full.Violations[i] = connector.Violation{Pointer: fmt.Sprintf("/records/%d", i), Message: strings.Repeat("x", 3000)}
	}
	full.Downstream = connector.Downstream{Status: 400, Code: "GSOBJ_1008", RequestID: "v-1"}
	r := start(t, opens(&conn{execute: func(context.Context, connector.Call) (connector.Result, error) {
		return connector.Result{}, fmt.Errorf("running: %w", full)
	}}), connector.Limits{})
	_, err := r.Execute(t.Context(), &connectorv1.ExecuteRequest{Call: r.tenant(t), Action: "echo.put"})
	e := failure(t, err, connector.ReasonInvalidInput)
	if len(e.Violations) != connector.MaxViolations || e.Omitted != 150 || e.Downstream != full.Downstream || e.RequestID != "req-1" {
		t.Errorf("error has %d violations and omits %d; downstream %+v; request %q", len(e.Violations), e.Omitted, e.Downstream, e.RequestID)
	}
	if e.OutcomeUnknown {
		t.Error("the author's verdict was overruled")
	}
}

// An author's bare error says nothing about what a write did.
func TestBareErrorsOfWrites(t *testing.T) {
	t.Parallel()
	for action, unknown := range map[string]bool{"echo.get": false, "echo.put": true, "echo.modeless": true} {
		t.Run(action, func(t *testing.T) {
			t.Parallel()
			r := start(t, opens(&conn{execute: func(context.Context, connector.Call) (connector.Result, error) {
				return connector.Result{}, errClose
			}}), connector.Limits{})
			call := r.tenant(t)
			_, err := r.Execute(t.Context(), &connectorv1.ExecuteRequest{Call: call, Action: action})
			if e := failure(t, err, connector.ReasonInternal); e.OutcomeUnknown != unknown {
				t.Errorf("outcome unknown = %v, want %v", e.OutcomeUnknown, unknown)
			}
			_, err = r.Execute(t.Context(), &connectorv1.ExecuteRequest{Call: call, Action: action, DryRun: true})
			if e := failure(t, err, connector.ReasonInternal); e.OutcomeUnknown {
				t.Error("a dry run has an unknown outcome")
			}
		})
	}
}

func TestCancellationReachesTheAuthor(t *testing.T) {
	t.Parallel()
	entered, ended := make(chan struct{}), make(chan error, 1)
	r := start(t, opens(&conn{execute: func(ctx context.Context, _ connector.Call) (connector.Result, error) {
		close(entered)
		<-ctx.Done()
		ended <- ctx.Err()
		return connector.Result{}, ctx.Err()
	}}), connector.Limits{})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	call := r.tenant(t)
	done := make(chan error, 1)
	go func() {
		_, err := r.Execute(ctx, &connectorv1.ExecuteRequest{Call: call, Action: "echo.get"})
		done <- err
	}()
	<-entered
	cancel()
	if err := <-done; status.Code(err) != codes.Canceled {
		t.Errorf("the host's error = %v", err)
	}
	if err := <-ended; err == nil {
		t.Error("the author's context did not end")
	}
}

// TestCallsBeyondTheWorkers: that many calls wait for one another, so each has
// to be taken up while all others run.
func TestCallsBeyondTheWorkers(t *testing.T) {
	t.Parallel()
	const calls = 200
	var running sync.WaitGroup
	running.Add(calls)
	r := start(t, opens(&conn{execute: func(context.Context, connector.Call) (connector.Result, error) {
		running.Done()
		running.Wait()
		return connector.Result{}, nil
	}}), connector.Limits{})
	call := r.tenant(t)
	failures := make(chan error, calls)
	for range calls {
		go func() {
			_, err := r.Execute(t.Context(), &connectorv1.ExecuteRequest{Call: call, Action: "echo.get"})
			failures <- err
		}()
	}
	for range calls {
		if err := <-failures; err != nil {
			t.Error(err)
		}
	}
}

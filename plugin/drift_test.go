package plugin_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
	"github.com/gainsight-connector/gainsight-connector/plugin"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

const (
	before = `{"type":"object","properties":{"gone":{"type":"string"},"kept":{"type":"string"}}}`
	after  = `{"type":"object","properties":{"kept":{"type":"string"},"new":{"type":"string","x-connector":{"label":"New"}}},"required":["new"]}`
)

// shifting is a connection whose schema changes, with a policy of its own.
type shifting struct {
	conn

	schema    atomic.Pointer[string]
	described atomic.Int32
	calls     atomic.Int32
	policy    connector.DriftPolicy
	refuse    bool
}

func newShifting(policy connector.DriftPolicy) *shifting {
	s := &shifting{policy: policy}
	s.shift(before)
	s.describe = func(context.Context, connector.DescribeRequest) (connector.Description, error) {
		s.described.Add(1)
		return connector.Description{Input: json.RawMessage(*s.schema.Load()), Output: json.RawMessage(`{}`)}, nil
	}
	s.execute = func(_ context.Context, call connector.Call) (connector.Result, error) {
		s.calls.Add(1)
		if s.refuse {
			return connector.Result{}, connector.Invalid("the input is not valid", nil)
		}
		own := []connector.Diagnostic{{Severity: connector.SeverityInfo, Summary: "done"}}
		return connector.Result{Output: call.Input, Diagnostics: own}, nil
	}
	s.download = func(context.Context, connector.Call, *plugin.Output) (connector.StreamSummary, error) {
		s.calls.Add(1)
		return connector.StreamSummary{}, nil
	}
	s.upload = func(ctx context.Context, _ connector.Call, in *plugin.Input) (connector.Result, error) {
		s.calls.Add(1)
		return readAll(ctx, in)
	}
	return s
}

func (s *shifting) shift(schema string) { s.schema.Store(&schema) }

func (s *shifting) DriftPolicy() connector.DriftPolicy { return s.policy }

var _ plugin.DriftPolicer = (*shifting)(nil)

// fingerprint returns that of an action as it is now.
func fingerprint(t *testing.T, r rig, call *connectorv1.CallContext, action, usedBy string) string {
	t.Helper()
	resp, err := r.DescribeAction(t.Context(), &connectorv1.DescribeActionRequest{
		Call: call, Action: action, Fingerprint: true, UsedBy: []byte(usedBy),
	})
	if err != nil || resp.GetFingerprint() == "" {
		t.Fatalf("fingerprint = %q, %v", resp.GetFingerprint(), err)
	}
	return resp.GetFingerprint()
}

// rebuilt runs an action that writes, on an input that was built with a
// fingerprint.
func rebuilt(
	t *testing.T, r rig, tenant *connectorv1.CallContext, input, built string, policy connector.DriftPolicy,
) (*connectorv1.ExecuteResponse, error) {
	t.Helper()
	return r.Execute(t.Context(), &connectorv1.ExecuteRequest{
		Call: tenant, Action: "echo.put", Input: []byte(input), BuiltWith: built, Drift: wire.DriftTo(policy),
	})
}

func TestDriftPolicies(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		own  connector.DriftPolicy
		call connector.DriftPolicy
		// reason is that of a refusal. Empty: the call goes on, with told remarks.
		reason connector.Reason
		told   int
	}{
		"warn is the default":          {told: 2},
		"the connection's":             {own: connector.DriftHold, reason: connector.ReasonSchemaDrift},
		"the call's before that":       {own: connector.DriftHold, call: connector.DriftWarn, told: 2},
		"ignore":                       {call: connector.DriftIgnore},
		"ignore, by the connection":    {own: connector.DriftIgnore},
		"hold":                         {call: connector.DriftHold, reason: connector.ReasonSchemaDrift},
		"fail":                         {call: connector.DriftFail, reason: connector.ReasonInvalidInput},
		"fail where the rest ignores":  {own: connector.DriftIgnore, call: connector.DriftFail, reason: connector.ReasonInvalidInput},
		"an unknown one of the author": {own: "perhaps", told: 2},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newShifting(tt.own)
			r := start(t, opens(c), connector.Limits{})
			tenant := r.tenant(t)
			built := fingerprint(t, r, tenant, "echo.put", "")
			c.shift(after)
			resp, err := rebuilt(t, r, tenant, `{"gone":"secret"}`, built, tt.call)
			if tt.reason != "" {
				e := failure(t, err, tt.reason)
				want := []connector.Violation{
					{Pointer: "/gone", Keyword: "drift:removed", Message: "gone was removed"},
					{Pointer: "/new", Keyword: "drift:required", Message: "New (new) is now required"},
				}
				if diff := cmp.Diff(want, e.Violations); diff != "" {
					t.Errorf("violations (-want +got):\n%s", diff)
				}
				if e.Retry != connector.RetryNever || !strings.Contains(e.Hint, "nothing was sent") {
					t.Errorf("error = %+v", e)
				}
				if strings.Contains(e.Error(), "secret") {
					t.Errorf("error = %+v", e)
				}
				if c.calls.Load() != 0 {
					t.Error("the action has run")
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if string(resp.GetOutput()) != `{"gone":"secret"}` {
				t.Errorf("the action got %s", resp.GetOutput())
			}
			told := wire.DiagnosticsFrom(resp.GetDiagnostics())
			if len(told) != tt.told+1 || told[tt.told].Summary != "done" {
				t.Fatalf("remarks = %v, want %d before that of the action", told, tt.told)
			}
			if tt.told > 0 && (told[0].Pointer != "/gone" || !strings.HasSuffix(told[0].Summary, "gone was removed")) {
				t.Errorf("remark = %+v", told[0])
			}
		})
	}
}

// What has not changed, or is not used, is not told, and a step that runs all
// the time asks for nothing but the schema.
func TestDriftOfWhatIsUsed(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ now, input string }{
		"unchanged":             {before, `{"gone":"x"}`},
		"changed elsewhere":     {after, `{"kept":"x","new":"y"}`},
		"a value is not judged": {before, `{"kept":17}`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newShifting(connector.DriftFail)
			r := start(t, opens(c), connector.Limits{})
			tenant := r.tenant(t)
			built := fingerprint(t, r, tenant, "echo.put", "")
			c.shift(tt.now)
			for range 2 {
				if _, err := rebuilt(t, r, tenant, tt.input, built, ""); err != nil {
					t.Error(err)
				}
			}
			if c.calls.Load() != 2 {
				t.Errorf("the action ran %d times", c.calls.Load())
			}
		})
	}
}

func TestDriftCostsNothingUnasked(t *testing.T) {
	t.Parallel()
	c := newShifting(connector.DriftFail)
	r := start(t, opens(c), connector.Limits{})
	if _, err := rebuilt(t, r, r.tenant(t), `{}`, "", connector.DriftHold); err != nil {
		t.Error(err)
	}
	if n := c.described.Load(); n != 0 {
		t.Errorf("the schema was asked for %d times", n)
	}
}

func TestDriftRefusals(t *testing.T) {
	t.Parallel()
	c := newShifting("")
	r := start(t, opens(c), connector.Limits{})
	tenant := r.tenant(t)
	other := fingerprint(t, r, tenant, "echo.get", "")
	for name, tt := range map[string]struct{ built, text string }{
		"no fingerprint":    {"an-etag", "begin with fp1"},
		"cut off":           {other[:40], "cut off or changed"},
		"of another action": {other, "of another action"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := rebuilt(t, r, tenant, `{}`, tt.built, "")
			if e := failure(t, err, connector.ReasonInvalidInput); !strings.Contains(e.Message, tt.text) || len(e.Violations) > 0 {
				t.Errorf("error = %v", e)
			}
		})
	}
	t.Run("an input that is no JSON", func(t *testing.T) {
		t.Parallel()
		c := newShifting(connector.DriftHold)
		r := start(t, opens(c), connector.Limits{})
		tenant := r.tenant(t)
		built := fingerprint(t, r, tenant, "echo.put", "")
		c.shift(after)
		_, err := rebuilt(t, r, tenant, `{`, built, "")
		failure(t, err, connector.ReasonInvalidInput)
	})
	t.Run("not settled", func(t *testing.T) {
		t.Parallel()
		r := dial(t, opens(newShifting("")), nil)
		if _, err := r.Handshake(t.Context(), &connectorv1.HandshakeRequest{}); err != nil {
			t.Fatal(err)
		}
		_, err := rebuilt(t, r, r.tenant(t), `{}`, other, "")
		if e := failure(t, err, connector.ReasonInternal); e.Origin != connector.OriginRuntime {
			t.Errorf("error = %+v", e)
		}
	})
}

// A schema that cannot be had stops only those calls that must not run on another
// one than they were built with.
func TestDriftUnknown(t *testing.T) {
	t.Parallel()
	for policy, runs := range map[connector.DriftPolicy]bool{
		"": true, connector.DriftIgnore: true, connector.DriftWarn: true, connector.DriftHold: false, connector.DriftFail: false,
	} {
		t.Run(string(policy), func(t *testing.T) {
			t.Parallel()
			c := newShifting("")
			var down atomic.Bool
			describe := c.describe
			c.describe = func(ctx context.Context, req connector.DescribeRequest) (connector.Description, error) {
				if down.Load() {
					return connector.Description{}, connector.Errorf(connector.ReasonDownstreamUnavailable, "the vendor is down")
				}
				return describe(ctx, req)
			}
			r := start(t, opens(c), connector.Limits{})
			tenant := r.tenant(t)
			built := fingerprint(t, r, tenant, "echo.put", "")
			down.Store(true)
			resp, err := rebuilt(t, r, tenant, `{}`, built, policy)
			if !runs {
				if e := failure(t, err, connector.ReasonDownstreamUnavailable); c.calls.Load() != 0 {
					t.Errorf("the action ran before %v", e)
				}
				return
			}
			if err != nil || c.calls.Load() != 1 {
				t.Fatalf("%d calls, %v; want that the action runs", c.calls.Load(), err)
			}
			const remark = "whether the schema has changed since the call was built is not known: the vendor is down"
			told := slices.ContainsFunc(wire.DiagnosticsFrom(resp.GetDiagnostics()), func(d connector.Diagnostic) bool {
				return d.Severity == connector.SeverityWarning && d.Summary == remark
			})
			if told != (policy != connector.DriftIgnore) {
				t.Errorf("diagnostics = %v", resp.GetDiagnostics())
			}
		})
	}
}

// A refusal of the action says what has changed, which may be why.
func TestDriftExplainsRefusals(t *testing.T) {
	t.Parallel()
	c := newShifting("")
	c.refuse = true
	r := start(t, opens(c), connector.Limits{})
	tenant := r.tenant(t)
	built := fingerprint(t, r, tenant, "echo.put", "")
	c.shift(after)
	_, err := rebuilt(t, r, tenant, `{"gone":1}`, built, "")
	const want = "since the call was built, gone was removed; since the call was built, New (new) is now required"
	if e := failure(t, err, connector.ReasonInvalidInput); e.Hint != want || e.Message != "the input is not valid" {
		t.Errorf("error = %+v", e)
	}
}

func TestDriftOfStreams(t *testing.T) {
	t.Parallel()
	c := newShifting("")
	r := start(t, opens(c), connector.Limits{})
	tenant := r.tenant(t)
	exported, imported := fingerprint(t, r, tenant, "echo.export", ""), fingerprint(t, r, tenant, "echo.import", `{"gone":"{{x}}"}`)
	c.shift(after)
	upload := func(policy connector.DriftPolicy) error {
		w := wire.NewChunkWriter()
		return send(t, r, &connectorv1.UploadRequest{Event: &connectorv1.UploadRequest_Start{Start: &connectorv1.UploadStart{
			Call: tenant, Action: "echo.import", Input: []byte(`{}`), BuiltWith: imported, Drift: wire.DriftTo(policy),
		}}}, finishEvent(w))
	}
	if err := upload(connector.DriftWarn); err != nil {
		t.Errorf("upload: %v", err)
	}
	e := failure(t, upload(connector.DriftHold), connector.ReasonSchemaDrift)
	if len(e.Violations) != 2 || e.OutcomeUnknown {
		t.Errorf("upload: %+v", e)
	}
	download := func(policy connector.DriftPolicy) received {
		return fetchFrom(t, r, &connectorv1.DownloadRequest{
			Call: tenant, Action: "echo.export", Input: []byte(`{"gone":1}`), BuiltWith: exported, Drift: wire.DriftTo(policy),
		})
	}
	if got := download(connector.DriftWarn); got.err != nil || len(got.trailer.GetDiagnostics()) != 2 {
		t.Errorf("download: %v, trailer %v", got.err, got.trailer)
	}
	got := download(connector.DriftFail)
	failure(t, got.err, connector.ReasonInvalidInput)
	if got.kinds != "" {
		t.Errorf("events = %v", got.kinds)
	}
}

func TestDescribeWithFingerprint(t *testing.T) {
	t.Parallel()
	c := newShifting("")
	r := start(t, opens(c), connector.Limits{})
	tenant := r.tenant(t)
	plain, err := r.DescribeAction(t.Context(), &connectorv1.DescribeActionRequest{Call: tenant, Action: "echo.put"})
	if err != nil || plain.GetFingerprint() != "" {
		t.Fatalf("unasked: %v, %v", plain, err)
	}
	again, err := r.DescribeAction(t.Context(), &connectorv1.DescribeActionRequest{
		Call: tenant, Action: "echo.put", Fingerprint: true, IfNoneMatch: plain.GetEtag(),
	})
	if err != nil || !again.GetNotModified() || len(again.GetInputSchema()) > 0 || again.GetFingerprint() == "" {
		t.Errorf("not modified: %v, %v", again, err)
	}
	static, err := r.DescribeAction(t.Context(), &connectorv1.DescribeActionRequest{Action: "echo.put", Fingerprint: true})
	if err != nil || static.GetFingerprint() == again.GetFingerprint() {
		t.Errorf("static: %v, %v", static, err)
	}
	_, err = r.DescribeAction(t.Context(), &connectorv1.DescribeActionRequest{
		Call: tenant, Action: "echo.put", Fingerprint: true, UsedBy: []byte("{"),
	})
	failure(t, err, connector.ReasonInvalidInput)
	if fingerprint(t, r, tenant, "echo.put", "") != again.GetFingerprint() {
		t.Error("the fingerprint is another one every time")
	}
}

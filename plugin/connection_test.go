package plugin_test

import (
	"context"
	"encoding/json"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
	"github.com/gainsight-connector/gainsight-connector/plugin"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

func TestOpenHandsSettingsOver(t *testing.T) {
	t.Parallel()
	want := connector.Settings{
		Tenant: "acme", Config: []byte(`{"base_url":"https://acme"}`),
		Secrets: map[string]connector.Secret{"/auth/access_key": connector.NewSecret("k")},
	}
	var got connector.Settings
	r := start(t, author{open: func(_ context.Context, s connector.Settings, _ func(connector.Event)) (plugin.Connection, error) {
		got = s
		return &conn{}, nil
	}}, connector.Limits{})
	first, err := r.OpenConnection(t.Context(), wire.SettingsTo(want))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("settings (-want +got):\n%s", diff)
	}
	second, err := r.OpenConnection(t.Context(), wire.SettingsTo(want))
	if err != nil {
		t.Fatal(err)
	}
	if first.GetHandle() == second.GetHandle() || len(first.GetHandle()) < 22 {
		t.Errorf("handles = %q, %q: want two of at least 128 bits", first.GetHandle(), second.GetHandle())
	}
}

func TestOpenFails(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		conn plugin.Connection
		err  error
		want connector.Reason
	}{
		"the author's error":    {err: connector.Errorf(connector.ReasonInvalidConnection, "no base_url"), want: connector.ReasonInvalidConnection},
		"nothing was made":      {want: connector.ReasonInternal},
		"a bare error":          {err: errClose, want: connector.ReasonInternal},
		"a deadline of its own": {err: context.DeadlineExceeded, want: connector.ReasonInternal},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := start(t, author{open: func(context.Context, connector.Settings, func(connector.Event)) (plugin.Connection, error) {
				return tt.conn, tt.err
			}}, connector.Limits{})
			_, err := r.OpenConnection(t.Context(), &connectorv1.OpenConnectionRequest{})
			failure(t, err, tt.want)
		})
	}
}

// A host that gave up meanwhile never learns the handle: what was opened must
// not stay.
func TestOpenForNobody(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	closed := make(chan struct{})
	r := start(t, author{open: func(ctx context.Context, _ connector.Settings, _ func(connector.Event)) (plugin.Connection, error) {
		cancel()
		<-ctx.Done()
		return &conn{close: func() error { close(closed); return nil }}, nil
	}}, connector.Limits{})
	if _, err := r.OpenConnection(ctx, &connectorv1.OpenConnectionRequest{Tenant: "acme"}); err == nil {
		t.Error("opened although the call was cancelled")
	}
	<-closed
	if probe, err := r.Probe(t.Context(), &connectorv1.ProbeRequest{}); err != nil || probe.GetConnections() != 0 {
		t.Errorf("Probe = %v, %v, want no connection", probe, err)
	}
}

func TestCheckConnection(t *testing.T) {
	t.Parallel()
	r := start(t, echo(), connector.Limits{})
	resp, err := r.CheckConnection(t.Context(), &connectorv1.CheckConnectionRequest{Call: r.tenant(t)})
	if err != nil || string(resp.GetReport()) != `{"host":"acme"}` {
		t.Errorf("CheckConnection = %s, %v", resp.GetReport(), err)
	}
	_, err = r.CheckConnection(t.Context(), &connectorv1.CheckConnectionRequest{Call: &connectorv1.CallContext{Handle: "nobody"}})
	if e := failure(t, err, connector.ReasonHandleUnknown); e.Retry != connector.RetryReopen || e.Hint == "" {
		t.Errorf("error = %+v, want a hint to reopen", e)
	}
}

func TestCheckConnectionThoroughly(t *testing.T) {
	t.Parallel()
	want := connector.ThoroughCheck{Groups: []string{"tasks"}, Object: "company", Writes: true, Jobs: true}
	r := start(t, opens(&conn{thorough: func(_ context.Context, got connector.ThoroughCheck) (connector.Check, error) {
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("request (-want +got):\n%s", diff)
		}
		return connector.Check{Report: json.RawMessage(`{"assumptions":[]}`)}, nil
	}}), connector.Limits{})
	resp, err := r.CheckConnection(t.Context(), &connectorv1.CheckConnectionRequest{Call: r.tenant(t), Thorough: wire.ThoroughTo(want)})
	if err != nil || string(resp.GetReport()) != `{"assumptions":[]}` || !resp.GetThorough() {
		t.Errorf("CheckConnection = %v, %v", resp, err)
	}
}

func TestCheckUnsupported(t *testing.T) {
	t.Parallel()
	r := start(t, opens(bare{}), connector.Limits{})
	for _, thorough := range []*connectorv1.ThoroughCheck{nil, {}} {
		_, err := r.CheckConnection(t.Context(), &connectorv1.CheckConnectionRequest{Call: r.tenant(t), Thorough: thorough})
		failure(t, err, connector.ReasonUnsupported)
	}
}

func TestCloseWaitsForRunningCalls(t *testing.T) {
	t.Parallel()
	entered, leave := make(chan struct{}), make(chan struct{})
	var closed atomic.Int32
	r := start(t, opens(&conn{
		execute: func(_ context.Context, call connector.Call) (connector.Result, error) {
			close(entered)
			<-leave
			if closed.Load() != 0 {
				t.Error("the connection was closed under a running call")
			}
			return connector.Result{Output: call.Input}, nil
		},
		close: func() error { closed.Add(1); return nil },
	}), connector.Limits{})
	call := r.tenant(t)
	ran := make(chan error, 1)
	go func() {
		_, err := r.Execute(t.Context(), &connectorv1.ExecuteRequest{Call: call, Action: "echo.get"})
		ran <- err
	}()
	<-entered
	closing := make(chan error, 1)
	go func() {
		_, err := r.CloseConnection(t.Context(), &connectorv1.CloseConnectionRequest{Handle: call.GetHandle()})
		closing <- err
	}()
	for unknown := false; !unknown; { // until the close has come through
		_, err := r.CheckConnection(t.Context(), &connectorv1.CheckConnectionRequest{Call: call})
		unknown = err != nil
		if unknown {
			failure(t, err, connector.ReasonHandleUnknown)
		}
	}
	select {
	case err := <-closing:
		t.Fatalf("CloseConnection returned %v while a call was running", err)
	default:
	}
	close(leave)
	if err := <-ran; err != nil {
		t.Errorf("the running call: %v", err)
	}
	if err := <-closing; err != nil {
		t.Errorf("CloseConnection: %v", err)
	}
	if _, err := r.CloseConnection(t.Context(), &connectorv1.CloseConnectionRequest{Handle: call.GetHandle()}); err != nil {
		t.Errorf("closing an unknown handle: %v", err)
	}
	if n := closed.Load(); n != 1 {
		t.Errorf("Close ran %d times, want once", n)
	}
}

// A close that runs out of time leaves the connection to be closed by itself.
func TestCloseOutOfTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		leave, closed := make(chan struct{}), make(chan struct{})
		r := start(t, opens(&conn{
			execute: func(context.Context, connector.Call) (connector.Result, error) {
				<-leave
				return connector.Result{}, nil
			},
			close: func() error { close(closed); return nil },
		}), connector.Limits{})
		call := r.tenant(t)
		go func() { _, _ = r.Execute(t.Context(), &connectorv1.ExecuteRequest{Call: call, Action: "echo.get"}) }()
		synctest.Wait()

		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := r.CloseConnection(ctx, &connectorv1.CloseConnectionRequest{Handle: call.GetHandle()})
		if err == nil {
			t.Fatal("CloseConnection succeeded with a call still running")
		}
		close(leave)
		<-closed
	})
}

func TestCloseReportsTheAuthorsError(t *testing.T) {
	t.Parallel()
	r := start(t, opens(&conn{close: func() error { return errClose }}), connector.Limits{})
	_, err := r.CloseConnection(t.Context(), &connectorv1.CloseConnectionRequest{Handle: r.tenant(t).GetHandle()})
	failure(t, err, connector.ReasonInternal)
}

// A connection that is being opened while the connector is closed does not
// stay behind.
func TestCloserDuringOpen(t *testing.T) {
	t.Parallel()
	entered, leave, closed := make(chan struct{}), make(chan struct{}), make(chan struct{})
	r := start(t, author{open: func(context.Context, connector.Settings, func(connector.Event)) (plugin.Connection, error) {
		close(entered)
		<-leave
		return &conn{close: func() error { close(closed); return nil }}, nil
	}}, connector.Limits{})
	opened := make(chan error, 1)
	go func() {
		_, err := r.OpenConnection(t.Context(), &connectorv1.OpenConnectionRequest{})
		opened <- err
	}()
	<-entered
	if err := r.closer.Close(); err != nil {
		t.Error(err)
	}
	close(leave)
	failure(t, <-opened, connector.ReasonDraining)
	<-closed
}

func TestCloserClosesConnections(t *testing.T) {
	t.Parallel()
	var closed atomic.Int32
	r := start(t, opens(&conn{close: func() error { closed.Add(1); return nil }}), connector.Limits{})
	r.tenant(t)
	r.tenant(t)
	if err := r.closer.Close(); err != nil {
		t.Fatal(err)
	}
	if n := closed.Load(); n != 2 {
		t.Errorf("%d connections were closed, want 2", n)
	}
	_, err := r.GetManifest(t.Context(), &connectorv1.GetManifestRequest{})
	failure(t, err, connector.ReasonDraining)
}

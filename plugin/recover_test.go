package plugin_test

import (
	"bytes"
	"context"
	"log/slog"
	"regexp"
	"strings"
	"sync"
	"testing"

	"google.golang.org/grpc"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
	"github.com/gainsight-connector/gainsight-connector/plugin"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

// page is a log that a test can read while it is written.
type page struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (p *page) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.buf.Write(b)
}

func (p *page) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.buf.String()
}

func (p *page) logger() *slog.Logger {
	return slog.New(slog.NewJSONHandler(p, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// confidential is a panic value that holds data.
type confidential struct{ Name string }

func boom() { panic(confidential{"Ms Smith"}) } //nolint:forbidigo // what is tested

func nilMap() { put(nil) }

func put(m map[string]int) { m["x"] = 1 }

func TestPanics(t *testing.T) {
	t.Parallel()
	execute := func(r rig, call *connectorv1.CallContext) error {
		_, err := r.Execute(t.Context(), &connectorv1.ExecuteRequest{Call: call, Action: "echo.put"})
		return err
	}
	tests := map[string]struct {
		author author
		do     func(rig, *connectorv1.CallContext) error
		frame  string
	}{
		"Execute": {opens(&conn{execute: func(context.Context, connector.Call) (connector.Result, error) {
			boom()
			return connector.Result{}, nil
		}}), execute, "boom"},
		"Execute, by the runtime": {opens(&conn{execute: func(context.Context, connector.Call) (connector.Result, error) {
			nilMap()
			return connector.Result{}, nil
		}}), execute, "nilMap"},
		"a goroutine of a group": {opens(&conn{execute: func(ctx context.Context, _ connector.Call) (connector.Result, error) {
			group, _ := plugin.NewGroup(ctx)
			group.Go(func() error { boom(); return nil })
			return connector.Result{}, group.Wait()
		}}), execute, "boom"},
		"Check": {opens(&conn{check: func(context.Context) (connector.Check, error) { boom(); return connector.Check{}, nil }}),
			func(r rig, call *connectorv1.CallContext) error {
				_, err := r.CheckConnection(t.Context(), &connectorv1.CheckConnectionRequest{Call: call})
				return err
			}, "boom"},
		"Close": {opens(&conn{close: func() error { boom(); return nil }}),
			func(r rig, call *connectorv1.CallContext) error {
				_, err := r.CloseConnection(t.Context(), &connectorv1.CloseConnectionRequest{Handle: call.GetHandle()})
				return err
			}, "boom"},
		"Describe": {opens(&conn{describe: func(context.Context, connector.DescribeRequest) (connector.Description, error) {
			boom()
			return connector.Description{}, nil
		}}),
			func(r rig, call *connectorv1.CallContext) error {
				_, err := r.DescribeAction(t.Context(), &connectorv1.DescribeActionRequest{Call: call, Action: "echo.get"})
				return err
			}, "boom"},
		"Upload": {uploads(func(context.Context, *plugin.Input) (connector.Result, error) { boom(); return connector.Result{}, nil }),
			func(r rig, call *connectorv1.CallContext) error { return send(t, r, startEvent(call, "echo.import")) }, "boom"},
		"Open": {author{open: func(context.Context, connector.Settings, func(connector.Event)) (plugin.Connection, error) {
			boom()
			return &conn{}, nil
		}},
			func(r rig, _ *connectorv1.CallContext) error {
				_, err := r.OpenConnection(t.Context(), &connectorv1.OpenConnectionRequest{})
				return err
			}, "boom"},
		"Manifest": {author{manifest: func() connector.Manifest { boom(); return connector.Manifest{} }},
			func(r rig, _ *connectorv1.CallContext) error {
				_, err := r.GetManifest(t.Context(), &connectorv1.GetManifestRequest{})
				return err
			}, "boom"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			log := &page{}
			r := dial(t, tt.author, &plugin.Options{Logger: log.logger()})
			r.shake(t, connector.Limits{})
			call := &connectorv1.CallContext{}
			if name != "Open" {
				call = r.tenant(t)
			}
			e := failure(t, tt.do(r, call), connector.ReasonPluginPanic)
			hash := regexp.MustCompile(`stack ([0-9a-f]{12})\b`).FindStringSubmatch(e.Message)
			if len(hash) != 2 || !strings.Contains(e.Hint, hash[1]) {
				t.Fatalf("error = %v (%s), want the hash of the stack", e, e.Hint)
			}
			lines := log.String()
			if !strings.Contains(lines, `"stack_hash":"`+hash[1]) || !strings.Contains(lines, "plugin_test."+tt.frame) {
				t.Errorf("the log lacks hash or stack:\n%s", lines)
			}
			if strings.Contains(lines+e.Message, "Smith") {
				t.Errorf("the value of the panic got out:\n%s", lines)
			}
			if _, err := r.Probe(t.Context(), &connectorv1.ProbeRequest{}); err != nil {
				t.Errorf("Probe after the panic: %v", err)
			}
		})
	}
}

func TestPanicsAreGrouped(t *testing.T) {
	t.Parallel()
	r := start(t, opens(&conn{execute: func(_ context.Context, call connector.Call) (connector.Result, error) {
		if call.Action == "echo.get" {
			boom()
		}
		nilMap()
		return connector.Result{}, nil
	}}), connector.Limits{})
	call := r.tenant(t)
	message := func(action string) string {
		_, err := r.Execute(t.Context(), &connectorv1.ExecuteRequest{Call: call, Action: action})
		return failure(t, err, connector.ReasonPluginPanic).Message
	}
	get := message("echo.get")
	if again := message("echo.get"); again != get {
		t.Errorf("the same panic reads %q, then %q", get, again)
	}
	if put := message("echo.put"); put == get {
		t.Errorf("two panics read the same: %q", put)
	}
}

func TestPanicOfAWrite(t *testing.T) {
	t.Parallel()
	r := start(t, opens(&conn{execute: func(context.Context, connector.Call) (connector.Result, error) {
		boom()
		return connector.Result{}, nil
	}}), connector.Limits{})
	call := r.tenant(t)
	for action, unknown := range map[string]bool{"echo.get": false, "echo.put": true} {
		_, err := r.Execute(t.Context(), &connectorv1.ExecuteRequest{Call: call, Action: action})
		if e := failure(t, err, connector.ReasonPluginPanic); e.OutcomeUnknown != unknown {
			t.Errorf("%s: outcome unknown = %v, want %v", action, e.OutcomeUnknown, unknown)
		}
	}
}

// The interceptors protect what runs beside the connector on its server.
func TestInterceptorsRecover(t *testing.T) {
	t.Parallel()
	log := &page{}
	r := dialServer(t, &plugin.Options{Logger: log.logger()}, func(s *grpc.Server) {
		connectorv1.RegisterConnectorServiceServer(s, &broken{})
	})
	_, err := r.Probe(t.Context(), &connectorv1.ProbeRequest{})
	failure(t, err, connector.ReasonPluginPanic)
	stream, err := r.WatchEvents(t.Context(), &connectorv1.WatchEventsRequest{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = stream.Recv()
	failure(t, err, connector.ReasonPluginPanic)
	if n := strings.Count(log.String(), "plugin_test.boom"); n < 2 {
		t.Errorf("the log has %d of 2 stacks", n)
	}
	if _, err := r.Drain(t.Context(), &connectorv1.DrainRequest{}); err == nil || wire.FromStatus(err) == nil {
		t.Errorf("an ordinary error became %v", err)
	}
}

// broken is a service that panics by itself.
type broken struct {
	connectorv1.UnimplementedConnectorServiceServer
}

func (broken) Probe(context.Context, *connectorv1.ProbeRequest) (*connectorv1.ProbeResponse, error) {
	boom()
	return &connectorv1.ProbeResponse{}, nil
}

func (broken) WatchEvents(*connectorv1.WatchEventsRequest, grpc.ServerStreamingServer[connectorv1.WatchEventsResponse]) error {
	boom()
	return nil
}

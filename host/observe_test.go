package host_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"maps"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc"
	"google.golang.org/grpc/stats"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
	"github.com/gainsight-connector/gainsight-connector/plugin"
)

type markKey struct{}

// seen keeps what an observer is told.
type seen struct {
	mu       sync.Mutex
	begun    []host.Operation
	outcomes []host.Outcome
}

func (s *seen) observe(ctx context.Context, op host.Operation) (context.Context, func(host.Outcome)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.begun = append(s.begun, op)
	return context.WithValue(ctx, markKey{}, op.Method), func(out host.Outcome) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.outcomes = append(s.outcomes, out)
	}
}

// Every method of a connection tells the observer, with the reason of a failure.
func TestObserver(t *testing.T) {
	t.Parallel()
	var s seen
	c := open(t, attached(t, newEcho(io.Discard, io.Discard), &host.Options{Observe: s.observe}), "acme")
	ctx := t.Context()
	canceled, cancel := context.WithCancel(ctx)
	cancel()
	dry := call(t, "echo.get", order{})
	dry.DryRun = true
	for method, f := range map[string]func() error{
		"execute": func() error { _, err := c.Execute(ctx, call(t, "echo.get", order{})); return err },
		"dry run": func() error { _, err := c.Execute(ctx, dry); return err },
		"failure": func() error { _, err := c.Execute(canceled, call(t, "echo.get", order{})); return err },
		"download": func() error {
			_, err := c.Download(ctx, call(t, "echo.export", order{Bytes: 9}), io.Discard, nil)
			return err
		},
		"upload": func() error {
			_, err := c.Upload(ctx, call(t, "echo.import", order{}), "", strings.NewReader("x"))
			return err
		},
		"describe": func() error { _, err := c.Describe(ctx, connector.DescribeRequest{Action: "echo.get"}); return err },
		"check":    func() error { _, err := c.Check(ctx); return err },
		"options": func() error {
			_, err := c.Options(ctx, connector.OptionsRequest{Action: "echo.get", Pointer: "/x"})
			return err
		},
	} {
		s.begun, s.outcomes = nil, nil
		err := f()
		if len(s.begun) != 1 || len(s.outcomes) != 1 {
			t.Fatalf("%s: told %d times of a beginning, %d of an end", method, len(s.begun), len(s.outcomes))
		}
		op, out := s.begun[0], s.outcomes[0]
		if op.Connector != "echo" || op.Tenant != "acme" || op.RequestID == "" || op.DryRun != (method == "dry run") {
			t.Errorf("%s: operation = %+v", method, op)
		}
		if !errors.Is(out.Err, err) || (err != nil) != (method == "failure") || out.Attempts != 1 {
			t.Errorf("%s: outcome = %+v, error = %v", method, out, err)
		}
		if want := (map[string]connector.Reason{"failure": connector.ReasonCanceled})[method]; out.Reason() != want {
			t.Errorf("%s: reason = %s, want %s", method, out.Reason(), want)
		}
	}
}

// The context that an observer returns is that of the call on the wire.
func TestObserverOwnsTheContext(t *testing.T) {
	t.Parallel()
	var s seen
	tags := &tagged{}
	o := &host.Options{Observe: s.observe, Dial: []grpc.DialOption{grpc.WithStatsHandler(tags)}}
	c := open(t, running(t, o), "acme")
	if _, err := c.Execute(t.Context(), call(t, "echo.get", order{})); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"open", "execute"}, tags.marks); diff != "" {
		t.Errorf("marks on the wire (-want +got):\n%s", diff)
	}
}

// tagged is a stats handler that notes the marks of an observer.
type tagged struct {
	mu    sync.Mutex
	marks []string
}

func (h *tagged) TagRPC(ctx context.Context, _ *stats.RPCTagInfo) context.Context {
	h.mu.Lock()
	defer h.mu.Unlock()
	if mark, ok := ctx.Value(markKey{}).(string); ok {
		h.marks = append(h.marks, mark)
	}
	return ctx
}

func (*tagged) HandleRPC(context.Context, stats.RPCStats)                         {}
func (*tagged) TagConn(ctx context.Context, _ *stats.ConnTagInfo) context.Context { return ctx }
func (*tagged) HandleConn(context.Context, stats.ConnStats)                       {}

// A call is one line at debug level, and none at any other.
func TestCallsAreLogged(t *testing.T) {
	t.Parallel()
	for level, want := range map[slog.Level]int{slog.LevelDebug: 2, slog.LevelInfo: 0} {
		t.Run(level.String(), func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			logger := slog.New(slog.NewJSONHandler(&out, &slog.HandlerOptions{Level: level}))
			c := open(t, attached(t, newEcho(io.Discard, io.Discard), &host.Options{Logger: logger}), "acme")
			if _, err := c.Execute(t.Context(), call(t, "echo.get", order{})); err != nil {
				t.Fatal(err)
			}
			if got := strings.Count(out.String(), "call ended"); got != want {
				t.Fatalf("%d lines, want %d:\n%s", got, want, out.String())
			}
			if want == 0 {
				return
			}
			lines := strings.Split(strings.TrimSpace(out.String()), "\n")
			var line map[string]any
			if err := json.Unmarshal([]byte(lines[len(lines)-1]), &line); err != nil {
				t.Fatal(err)
			}
			for key, value := range map[string]any{
				"connector": "echo", "connection": "acme", "method": "execute", "action": "echo.get",
				"request_id": "req-1", "outcome": "succeeded",
			} {
				if line[key] != value {
					t.Errorf("%s = %v, want %v", key, line[key], value)
				}
			}
		})
	}
}

// A connector's log has the level that the host's logger takes, and names the
// call of each line.
func TestLogLevelIsAgreed(t *testing.T) {
	t.Parallel()
	for level, want := range map[slog.Level]bool{slog.LevelDebug: true, slog.LevelInfo: false} {
		t.Run(level.String(), func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			logger := slog.New(slog.NewJSONHandler(&out, &slog.HandlerOptions{Level: level}))
			p, err := launch(t, "serve", &host.Options{Logger: logger})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := open(t, p, "acme").Execute(t.Context(), call(t, "echo.get", order{})); err != nil {
				t.Fatal(err)
			}
			if err := p.Close(); err != nil { // all of its lines have come by then
				t.Fatal(err)
			}
			var line struct {
				Connector map[string]any
			}
			for text := range strings.Lines(out.String()) {
				if strings.Contains(text, "call succeeded") && strings.Contains(text, "req-1") {
					if err := json.Unmarshal([]byte(text), &line); err != nil {
						t.Fatal(err)
					}
				}
			}
			if (line.Connector != nil) != want {
				t.Fatalf("the connector's debug line is there: %v\n%s", line.Connector != nil, out.String())
			}
			delete(line.Connector, "took")
			fields := map[string]any{
				"module": "connector", "method": "Execute", "action": "echo.get", "request_id": "req-1", "tenant": "acme",
			}
			if want && !maps.Equal(fields, line.Connector) {
				t.Errorf("fields = %v, want %v", line.Connector, fields)
			}
		})
	}
}

// The requests to the vendor are listed for a host that asks, and only for it.
func TestRequestsOnDemand(t *testing.T) {
	t.Parallel()
	for name, asked := range map[string]bool{"asked": true, "not asked": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got bool
			detailed := &detailer{echo: newEcho(os.Stdout, os.Stderr), told: func(d bool) { got = d }}
			c := open(t, attached(t, detailed, &host.Options{Requests: asked}), "acme")
			result, err := c.Execute(t.Context(), call(t, "echo.get", order{}))
			if err != nil {
				t.Fatal(err)
			}
			if got != asked || len(result.Stats.Requests) > 0 != asked {
				t.Errorf("the connector was asked: %v, want %v; the host got %v", got, asked, result.Stats.Requests)
			}
			_, err = c.Execute(t.Context(), call(t, "echo.get", order{Do: "fail"}))
			stats := failed(t, err, connector.ReasonNotFound).Stats
			if stats == nil || stats.Calls != 1 || len(stats.Requests) > 0 != asked {
				t.Errorf("with the error the host got %+v, want one call, and its request if it asked", stats)
			}
		})
	}
}

// detailer notes whether its calls are to be told in detail.
type detailer struct {
	*echo

	told func(bool)
}

func (d *detailer) Open(context.Context, connector.Settings, func(connector.Event)) (plugin.Connection, error) {
	return detailed{d}, nil
}

type detailed struct{ *detailer }

func (d detailed) Execute(ctx context.Context, c connector.Call) (connector.Result, error) {
	d.told(plugin.Detailed(ctx))
	stats := connector.Stats{Calls: 1, Requests: []connector.DownstreamRequest{{Operation: "get"}}}
	if strings.Contains(string(c.Input), "fail") {
		e := connector.Errorf(connector.ReasonNotFound, "there is no such record")
		e.Stats = &stats
		return connector.Result{}, e
	}
	return connector.Result{Stats: stats}, nil
}

func (detailed) Close() error { return nil }

// While nobody logs or observes calls, watching them costs nothing.
func TestNobodyWatches(t *testing.T) { //nolint:paralleltest // it counts the allocations of the whole process
	observe := host.LogCalls(slog.New(slog.DiscardHandler), nil)
	op := host.Operation{Connector: "echo", Tenant: "acme", Method: "execute", Action: "echo.get", RequestID: "req-1"}
	n := testing.AllocsPerRun(100, func() {
		if ctx, told := observe(t.Context(), op); ctx != t.Context() || told != nil {
			t.Error("a call is watched")
		}
	})
	if n > 0 {
		t.Errorf("a call that nobody watches costs %v allocations", n)
	}
}

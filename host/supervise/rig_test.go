package supervise_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	"google.golang.org/grpc/test/bufconn"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
	"github.com/gainsight-connector/gainsight-connector/host/supervise"
	"github.com/gainsight-connector/gainsight-connector/plugin"
)

// fleet makes processes that are servers in memory, so that they live in the
// time of a synctest bubble.
type fleet struct {
	tb testing.TB
	// make makes the connector of the next process. Nil: an echo.
	make func(n int) (plugin.Connector, error)
	// hung, if set, makes every process leave its probes unanswered.
	hung atomic.Bool
	// refusals is how many calls of actions fail as if the link had broken.
	refusals atomic.Int32

	mu        sync.Mutex
	processes []*memoryProcess
}

type memoryProcess struct {
	server *grpc.Server
	echo   *echo
}

func newFleet(tb testing.TB) *fleet {
	tb.Helper()
	return &fleet{tb: tb}
}

// launch starts a process.
func (f *fleet) launch(ctx context.Context, o *host.Options) (*host.Plugin, error) {
	f.mu.Lock()
	n := len(f.processes)
	f.mu.Unlock()
	e := newEcho("1")
	var c plugin.Connector = e
	if f.make != nil {
		made, err := f.make(n)
		if err != nil {
			f.mu.Lock()
			f.processes = append(f.processes, &memoryProcess{})
			f.mu.Unlock()
			return nil, err
		}
		c = made
		e, _ = made.(*echo)
	}
	serve := &plugin.Options{Logger: slog.New(slog.DiscardHandler)}
	server := grpc.NewServer(append(plugin.ServerOptions(serve), grpc.ChainUnaryInterceptor(f.hang))...) //nolint:contextcheck // a process outlives the call that starts it
	closer := plugin.Register(server, c, serve)                                                          //nolint:contextcheck // a process outlives the call that starts it
	lis := bufconn.Listen(1 << 20)
	served := make(chan error, 1)
	go func() { served <- server.Serve(lis) }()
	conn, err := grpc.NewClient("passthrough:///connector",
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return lis.DialContext(ctx) }))
	if err != nil {
		return nil, err
	}
	f.tb.Cleanup(func() {
		server.Stop()
		if err := errors.Join(conn.Close(), <-served, closer.Close()); err != nil {
			f.tb.Errorf("the end of a process: %v", err)
		}
	})
	f.mu.Lock()
	f.processes = append(f.processes, &memoryProcess{server: server, echo: e})
	f.mu.Unlock()
	return host.Attach(ctx, conn, o)
}

// hang keeps probes from being answered, as a process that hangs does, and has
// calls fail as it is told.
func (f *fleet) hang(ctx context.Context, req any, info *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
	if f.hung.Load() && info.FullMethod == "/connector.v1.ConnectorService/Probe" {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	if info.FullMethod == "/connector.v1.ConnectorService/Execute" && f.refusals.Add(-1) >= 0 {
		return nil, status.Error(codes.Unavailable, "a code that only a broken link should have")
	}
	return next(ctx, req)
}

// size is how many starts there were.
func (f *fleet) size() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.processes)
}

// process returns the process that was started as the nth.
func (f *fleet) process(n int) *memoryProcess {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.processes[n]
}

// newest returns the process started last.
func (f *fleet) newest() *memoryProcess { return f.process(f.size() - 1) }

// watched keeps the transitions that there were.
type watched struct {
	mu   sync.Mutex
	seen []supervise.Transition
}

func (w *watched) take(t supervise.Transition) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.seen = append(w.seen, t)
}

// states returns the states that were gone to since the last call, in a bubble:
// calls go on as soon as a state is in force, before it is told.
func (w *watched) states() []supervise.State {
	synctest.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	var all []supervise.State
	for _, t := range w.seen {
		all = append(all, t.To)
	}
	w.seen = nil
	return all
}

// last returns the last transition.
func (w *watched) last() supervise.Transition {
	synctest.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.seen[len(w.seen)-1]
}

func wantStates(tb testing.TB, w *watched, want ...supervise.State) {
	tb.Helper()
	if got := w.states(); !slices.Equal(got, want) {
		tb.Errorf("states = %v, want %v", got, want)
	}
}

// inMemory supervises a fleet.
func inMemory(tb testing.TB, f *fleet, opts *supervise.Options) *supervise.Supervisor {
	tb.Helper()
	s, err := supervise.StartWith(tb.Context(), opts, f.launch)
	if err != nil {
		tb.Fatalf("Start: %v", err)
	}
	closing(tb, s)
	return s
}

// eager restarts at once, however often.
func eager() supervise.Restart {
	return supervise.Restart{Min: time.Millisecond, Max: 10 * time.Millisecond, Crashes: 1 << 20}
}

func closing(tb testing.TB, s *supervise.Supervisor) {
	tb.Helper()
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Errorf("Close: %v", err)
		}
	})
}

// started supervises the test binary as a process.
func started(tb testing.TB, opts *supervise.Options) *supervise.Supervisor {
	tb.Helper()
	if opts == nil {
		opts = &supervise.Options{}
	}
	opts.Host.Args, opts.Host.Env = []string{"1"}, []string{raceEnv}
	if opts.Probe == (supervise.Probe{}) {
		opts.Probe.Every = -1 // a busy machine has a healthy process miss its probes
	}
	s, err := supervise.Start(tb.Context(), self(tb), opts)
	if err != nil {
		tb.Fatalf("Start: %v", err)
	}
	closing(tb, s)
	return s
}

func self(tb testing.TB) string {
	tb.Helper()
	path, err := os.Executable()
	if err != nil {
		tb.Fatal(err)
	}
	return path
}

// open opens a tenant's connection.
func open(tb testing.TB, s *supervise.Supervisor, opts *supervise.ConnectionOptions) *supervise.Connection {
	tb.Helper()
	c, err := s.Open(tb.Context(), settings("first"), opts)
	if err != nil {
		tb.Fatalf("Open: %v", err)
	}
	return c
}

func settings(token string) connector.Settings {
	return connector.Settings{
		Tenant: "acme", Config: json.RawMessage(`{}`), Secrets: map[string]connector.Secret{"/token": connector.NewSecret(token)},
	}
}

// call returns a call of an action with an order.
func call(tb testing.TB, action string, o order) connector.Call {
	tb.Helper()
	input, err := json.Marshal(o)
	if err != nil {
		tb.Fatal(err)
	}
	return connector.Call{Action: action, Input: input, RequestID: "req-1"}
}

// says runs an order and returns what the connector says.
func says(tb testing.TB, c *supervise.Connection, do string) string {
	tb.Helper()
	got, err := c.Execute(tb.Context(), call(tb, "echo.get", order{Do: do}))
	if err != nil {
		tb.Fatalf("Execute %s: %v", do, err)
	}
	var s string
	if err := json.Unmarshal(got.Output, &s); err != nil {
		tb.Fatal(err)
	}
	return s
}

// works checks that calls come through.
func works(tb testing.TB, c *supervise.Connection) {
	tb.Helper()
	if _, err := c.Execute(tb.Context(), call(tb, "echo.get", order{})); err != nil {
		tb.Errorf("Execute: %v", err)
	}
}

// failed returns the error of a call that must have failed with reason.
func failed(tb testing.TB, err error, reason connector.Reason) *connector.Error {
	tb.Helper()
	var e *connector.Error
	if !errors.As(err, &e) || e.Reason != reason {
		tb.Fatalf("error = %v, want %s", err, reason)
	}
	return e
}

// wantReason is failed for a test that needs to know no more.
func wantReason(tb testing.TB, err error, reason connector.Reason) {
	tb.Helper()
	_ = failed(tb, err, reason)
}

package host_test

import (
	"errors"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"google.golang.org/grpc"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
	"github.com/gainsight-connector/gainsight-connector/plugin"
)

func TestKill(t *testing.T) {
	t.Parallel()
	p := running(t, nil)
	if err := p.Err(); err != nil {
		t.Fatalf("Err of a running process: %v", err)
	}
	p.KillWithin(time.Minute)
	<-p.Done()
	text := failed(t, p.Err(), connector.ReasonPluginExited).Message
	if runtime.GOOS != "windows" && !strings.Contains(text, "SIGQUIT: quit") {
		t.Errorf("error %q does not tell of the stacks", text)
	}
	p.Kill() // does no harm to what has ended
}

func TestDoneOfAttached(t *testing.T) {
	t.Parallel()
	p := attached(t, newEcho(nil, nil), nil)
	p.Kill()
	if _, err := p.Probe(t.Context()); err != nil {
		t.Errorf("Kill reached a process that is not the host's: %v", err)
	}
	if err := p.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
	<-p.Done()
	if err := p.Err(); err != nil {
		t.Errorf("Err = %v", err)
	}
}

// A call that found no link to leave by has a known outcome, even a write.
func TestNeverLeft(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var server *grpc.Server
		conn := serverConn(t, func(s *grpc.Server) {
			server = s
			plugin.Register(s, newEcho(nil, nil), nil)
		})
		p, err := host.Attach(t.Context(), conn, nil)
		if err != nil {
			t.Fatal(err)
		}
		c := open(t, p, "acme")
		server.Stop()
		synctest.Wait()
		_, err = c.Execute(t.Context(), call(t, "echo.put", order{}))
		if e := failed(t, err, connector.ReasonPluginExited); e.OutcomeUnknown || !errors.Is(err, host.ErrNotSent) {
			t.Errorf("Execute: the outcome is unknown of a call that never left: %v", e)
		}
		_, err = c.Upload(t.Context(), call(t, "echo.import", order{}), "text/csv", strings.NewReader("x"))
		if e := failed(t, err, connector.ReasonPluginExited); e.OutcomeUnknown {
			t.Errorf("Upload: the outcome is unknown of a call that never left: %v", e)
		}
	})
}

// countingWriter calls first at the first piece and counts all.
type countingWriter struct {
	first func()
	once  sync.Once
	sizes map[int]int
}

func (w *countingWriter) Write(p []byte) (int, error) {
	w.once.Do(w.first)
	w.sizes[len(p)]++
	return len(p), nil
}

// A download that outlasts Close ends between two chunks.
func TestCloseStopsDownloads(t *testing.T) {
	t.Parallel()
	p, err := launch(t, "serve", &host.Options{StopTimeout: 50 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	closed := make(chan error, 1)
	w := &countingWriter{sizes: map[int]int{}, first: func() { go func() { closed <- p.Close() }() }}
	_, err = open(t, p, "acme").Download(t.Context(), call(t, "echo.export", order{Bytes: 1 << 50}), w, nil)
	e := failed(t, err, connector.ReasonDraining)
	if e.Retry != connector.RetryLater || e.OutcomeUnknown || !strings.Contains(e.Message, "after byte") {
		t.Errorf("error = %+v", e)
	}
	if len(w.sizes) != 1 || w.sizes[p.Limits().ChunkBytes] == 0 {
		t.Errorf("pieces by size: %v, want whole chunks of %d", w.sizes, p.Limits().ChunkBytes)
	}
	if err := <-closed; err != nil {
		t.Errorf("Close: %v", err)
	}
}

// Events go to the one who opened the connection.
func TestOpenWithEvents(t *testing.T) {
	t.Parallel()
	p := attached(t, newEcho(nil, nil), &host.Options{Events: func(*host.Connection, connector.Event) {
		t.Error("an event went to the plugin's function")
	}})
	got := make(chan connector.Event, 1)
	_, err := p.OpenWithEvents(t.Context(), connector.Settings{Tenant: "acme", Config: []byte(`{}`)}, func(e connector.Event) { got <- e })
	if err != nil {
		t.Fatal(err)
	}
	rotated, ok := (<-got).(connector.SecretRotated)
	if !ok || rotated.Secrets["/token"].Reveal() != "next-acme" {
		t.Errorf("event = %+v", rotated)
	}
}

package plugin_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
	"github.com/gainsight-connector/gainsight-connector/plugin"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

type stream = grpc.ServerStreamingClient[connectorv1.WatchEventsResponse]

// emits returns a connector that hands out its emit function.
func emits(emit *func(connector.Event)) author {
	return author{open: func(_ context.Context, _ connector.Settings, e func(connector.Event)) (plugin.Connection, error) {
		*emit = e
		return &conn{}, nil
	}}
}

func watch(ctx context.Context, tb testing.TB, r rig) stream {
	tb.Helper()
	s, err := r.WatchEvents(ctx, &connectorv1.WatchEventsRequest{})
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// next returns the next event and checks whose it is.
func next(tb testing.TB, s stream, handle string) connector.Event {
	tb.Helper()
	m, err := s.Recv()
	if err != nil {
		tb.Fatal(err)
	}
	got, e := wire.EventFrom(m)
	if got != handle {
		tb.Errorf("event of %q, want %q", got, handle)
	}
	return e
}

func secrets(values ...string) connector.SecretRotated {
	e := connector.SecretRotated{Secrets: map[string]connector.Secret{}}
	for _, v := range values {
		pointer, value, _ := strings.Cut(v, "=")
		e.Secrets[pointer] = connector.NewSecret(value)
	}
	return e
}

func diffEvents(want, got connector.Event) string {
	return cmp.Diff(want, got)
}

func TestEventsWaitAndMerge(t *testing.T) {
	t.Parallel()
	var emit func(connector.Event)
	r := start(t, emits(&emit), connector.Limits{})
	handle := r.tenant(t).GetHandle()
	rotated := secrets("/a=1", "/b=1")
	emit(rotated)
	rotated.Secrets["/a"] = connector.NewSecret("changed after emit")
	emit(connector.SchemaChanged{Action: "echo.get"})
	emit(connector.SchemaChanged{Action: "echo.put"})
	emit(&connector.SchemaChanged{Action: "echo.get"})
	pointed := secrets("/a=2", "/c=1")
	emit(&pointed)
	emit(nil) // is logged and ignored

	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	s := watch(ctx, t, r)
	for _, want := range []connector.Event{
		secrets("/a=2", "/b=1", "/c=1"),
		connector.SchemaChanged{Action: "echo.get"},
		connector.SchemaChanged{Action: "echo.put"},
	} {
		if diff := diffEvents(want, next(t, s, handle)); diff != "" {
			t.Errorf("event (-want +got):\n%s", diff)
		}
	}
	emit(connector.SchemaChanged{}) // to a stream that waits
	if diff := diffEvents(connector.SchemaChanged{}, next(t, s, handle)); diff != "" {
		t.Errorf("event (-want +got):\n%s", diff)
	}
}

func TestNewerStreamTakesOver(t *testing.T) {
	t.Parallel()
	var emit func(connector.Event)
	r := start(t, emits(&emit), connector.Limits{})
	handle := r.tenant(t).GetHandle()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	old := watch(ctx, t, r)
	emit(connector.SchemaChanged{Action: "1"})
	next(t, old, handle)
	newer := watch(ctx, t, r)
	if _, err := old.Recv(); !errors.Is(err, io.EOF) {
		t.Errorf("the old stream ended with %v, want a clean end", err)
	}
	emit(connector.SchemaChanged{Action: "2"})
	if diff := diffEvents(connector.SchemaChanged{Action: "2"}, next(t, newer, handle)); diff != "" {
		t.Errorf("event (-want +got):\n%s", diff)
	}
	if err := r.closer.Close(); err != nil {
		t.Error(err)
	}
	if _, err := newer.Recv(); !errors.Is(err, io.EOF) {
		t.Errorf("closing ended the stream with %v, want a clean end", err)
	}
	if _, err := watch(ctx, t, r).Recv(); !errors.Is(err, io.EOF) {
		t.Errorf("a stream after closing ended with %v, want a clean end", err)
	}
}

func TestEventsWithoutTheFeature(t *testing.T) {
	t.Parallel()
	var emit func(connector.Event)
	r := dial(t, emits(&emit), nil)
	if _, err := r.Handshake(t.Context(), &connectorv1.HandshakeRequest{}); err != nil {
		t.Fatal(err)
	}
	r.tenant(t)
	emit(secrets("/a=1")) // nobody will ever take it
	_, err := watch(t.Context(), t, r).Recv()
	failure(t, err, connector.ReasonUnsupported)
}

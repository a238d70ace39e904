package plugin

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

var errSend = errors.New("the host is gone")

func rotated(values ...string) connector.SecretRotated {
	e := connector.SecretRotated{Secrets: map[string]connector.Secret{}}
	for _, v := range values {
		pointer, value, _ := strings.Cut(v, "=")
		e.Secrets[pointer] = connector.NewSecret(value)
	}
	return e
}

// An event that could not be sent comes again, and does not undo what was
// emitted while it was on its way.
func TestMailboxKeepsWhatWasNotSent(t *testing.T) {
	t.Parallel()
	m := newMailbox()
	secret, schema := subject{handle: "h", rotated: true}, subject{handle: "h", action: "a"}
	m.put(secret, rotated("/a=1", "/b=1"))
	m.put(schema, connector.SchemaChanged{Action: "a"})
	err := m.deliver(t.Context(), func(about subject, _ connector.Event) error {
		m.put(about, rotated("/a=2"))
		return errSend
	})
	if !errors.Is(err, errSend) {
		t.Fatalf("deliver = %v", err)
	}

	var got []connector.Event
	ctx, cancel := context.WithCancel(t.Context())
	err = m.deliver(ctx, func(_ subject, e connector.Event) error {
		if got = append(got, e); len(got) == 2 {
			cancel()
		}
		return nil
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("deliver = %v", err)
	}
	want := []connector.Event{connector.SchemaChanged{Action: "a"}, rotated("/a=2", "/b=1")}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

// The newer stream starts only when the older has stopped sending: an old
// secret must not arrive after a new one.
func TestMailboxDeliversInTurn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := newMailbox()
		about := subject{handle: "h", rotated: true}
		stuck := make(chan struct{})
		older := make(chan error, 1)
		m.put(about, rotated("/a=1"))
		go func() {
			older <- m.deliver(t.Context(), func(subject, connector.Event) error { <-stuck; return errSend })
		}()
		synctest.Wait()
		m.put(about, rotated("/a=2"))

		ctx, cancel := context.WithCancel(t.Context())
		var got []connector.Event
		newer := make(chan error, 1)
		go func() {
			newer <- m.deliver(ctx, func(_ subject, e connector.Event) error { got = append(got, e); return nil })
		}()
		synctest.Wait()
		if len(got) != 0 {
			t.Fatalf("two streams deliver at once: %v", got)
		}
		close(stuck)
		synctest.Wait()
		cancel()
		if err := <-older; !errors.Is(err, errSend) {
			t.Errorf("older deliver = %v", err)
		}
		if err := <-newer; !errors.Is(err, context.Canceled) {
			t.Errorf("newer deliver = %v", err)
		}
		if diff := cmp.Diff([]connector.Event{rotated("/a=2")}, got); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
	})
}

// A stream that waits for its turn can be taken over, too, or end.
func TestMailboxWaitingForATurn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := newMailbox()
		<-m.turn
		second, third := make(chan error, 1), make(chan error, 1)
		ctx, cancel := context.WithCancel(t.Context())
		go func() { second <- m.deliver(ctx, nil) }()
		synctest.Wait()
		go func() { third <- m.deliver(ctx, nil) }()
		synctest.Wait()
		if err := <-second; err != nil {
			t.Errorf("the one taken over = %v", err)
		}
		cancel()
		if err := <-third; !errors.Is(err, context.Canceled) {
			t.Errorf("the one cancelled = %v", err)
		}
	})
}

func TestMailboxForgetsClosedConnections(t *testing.T) {
	t.Parallel()
	m := newMailbox()
	kept := []subject{{handle: "h", rotated: true}, {handle: "other", action: "a"}}
	m.put(subject{handle: "h", action: "a"}, connector.SchemaChanged{Action: "a"})
	m.put(kept[0], rotated("/a=1"))
	m.put(subject{handle: "h"}, connector.SchemaChanged{})
	m.put(kept[1], connector.SchemaChanged{Action: "a"})
	m.forget("h")
	for _, want := range kept {
		if got, _, ok := m.take(); !ok || got != want {
			t.Errorf("take = %v, %v, want %v", got, ok, want)
		}
	}
	if got, _, ok := m.take(); ok {
		t.Errorf("%v was kept", got)
	}
}

// What waits when a mailbox is closed is still delivered, then the stream ends.
func TestMailboxDeliversTheRest(t *testing.T) {
	t.Parallel()
	m := newMailbox()
	about := subject{handle: "h", rotated: true}
	m.put(about, rotated("/a=1"))
	m.close()
	var got []connector.Event
	err := m.deliver(t.Context(), func(_ subject, e connector.Event) error { got = append(got, e); return nil })
	if diff := cmp.Diff([]connector.Event{rotated("/a=1")}, got); err != nil || diff != "" {
		t.Errorf("deliver = %v, events (-want +got):\n%s", err, diff)
	}
}

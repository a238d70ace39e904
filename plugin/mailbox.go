package plugin

import (
	"context"
	"maps"
	"sync"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

// subject is what an event is about. Two events on one subject become one, so
// a mailbox is bounded by the connections and their actions.
type subject struct {
	handle  string
	rotated bool   // new secrets, else a schema
	action  string // of the schema
}

// mailbox holds events until a host takes them. Putting never blocks. One
// stream delivers at a time, so that an old secret never overtakes a new one.
type mailbox struct {
	wake chan struct{} // has a token when there may be something to take
	turn chan struct{} // has a token while nobody delivers

	mu      sync.Mutex
	waiting map[subject]connector.Event
	order   []subject
	newer   chan struct{} // closed when another takes over from the one who delivers
	closed  bool
}

func newMailbox() *mailbox {
	m := &mailbox{
		wake: make(chan struct{}, 1), turn: make(chan struct{}, 1),
		waiting: map[subject]connector.Event{}, newer: make(chan struct{}),
	}
	m.turn <- struct{}{}
	return m
}

// put adds an event; of two secrets in one place the newer wins.
func (m *mailbox) put(about subject, e connector.Event) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.add(about, m.waiting[about], e)
}

// putBack returns an event that could not be sent; what came meanwhile wins.
func (m *mailbox) putBack(about subject, e connector.Event) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.add(about, e, m.waiting[about])
}

func (m *mailbox) add(about subject, older, newer connector.Event) {
	if _, ok := m.waiting[about]; !ok {
		m.order = append(m.order, about)
	}
	m.waiting[about] = merge(older, newer)
	m.rouse()
}

// rouse makes the one who delivers look again.
func (m *mailbox) rouse() {
	select {
	case m.wake <- struct{}{}:
	default:
	}
}

// merge makes one event of two on the same subject, either of which may be
// missing. The result shares no map with them.
func merge(older, newer connector.Event) connector.Event {
	before, hasBefore := older.(connector.SecretRotated)
	after, hasAfter := newer.(connector.SecretRotated)
	if hasBefore || hasAfter {
		secrets := make(map[string]connector.Secret, len(before.Secrets)+len(after.Secrets))
		maps.Copy(secrets, before.Secrets)
		maps.Copy(secrets, after.Secrets)
		return connector.SecretRotated{Secrets: secrets}
	}
	if newer == nil {
		return older
	}
	return newer
}

// take removes the oldest event.
func (m *mailbox) take() (subject, connector.Event, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.order) == 0 {
		return subject{}, nil, false
	}
	about := m.order[0]
	m.order = m.order[1:]
	e := m.waiting[about]
	delete(m.waiting, about)
	return about, e, true
}

// deliver sends events until ctx ends, a newer deliver takes over or the
// mailbox is closed and empty; the last two are no errors.
func (m *mailbox) deliver(ctx context.Context, send func(subject, connector.Event) error) error {
	stop := m.takeOver()
	select {
	case <-m.turn:
	case <-stop:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { m.turn <- struct{}{} }()
	for {
		for !stopped(stop) {
			about, e, ok := m.take()
			if !ok {
				break
			}
			if err := send(about, e); err != nil {
				m.putBack(about, e)
				return err
			}
		}
		if m.done() {
			return nil
		}
		select {
		case <-stop:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		case <-m.wake:
		}
	}
}

func stopped(stop <-chan struct{}) bool {
	select {
	case <-stop:
		return true
	default:
		return false
	}
}

// takeOver stops the one who delivers and returns what stops the next.
func (m *mailbox) takeOver() <-chan struct{} {
	m.mu.Lock()
	defer m.mu.Unlock()
	close(m.newer)
	m.newer = make(chan struct{})
	return m.newer
}

// forget drops the schema events of a connection that is closed. New secrets
// stay: they outlive the connection.
func (m *mailbox) forget(handle string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	kept := m.order[:0]
	for _, about := range m.order {
		if about.handle == handle && !about.rotated {
			delete(m.waiting, about)
			continue
		}
		kept = append(kept, about)
	}
	m.order = kept
}

// close says that no more is to come. Who delivers, now or later, stops once
// nothing waits.
func (m *mailbox) close() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closed = true
	m.rouse()
}

func (m *mailbox) done() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.closed && len(m.order) == 0
}

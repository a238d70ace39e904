package supervise

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
)

// artifact is a binary that is kept as long as somebody may start it or runs
// it.
type artifact struct {
	*host.Binary

	users atomic.Int64
}

func newArtifact(b *host.Binary) *artifact { return (&artifact{Binary: b}).hold() }

func (a *artifact) hold() *artifact {
	a.users.Add(1)
	return a
}

func (a *artifact) drop() error {
	if a.users.Add(-1) == 0 && a.Binary != nil {
		return a.Close()
	}
	return nil
}

// instance is one process and the count of the calls that use it. It is not
// disposed while there are any.
type instance struct {
	plugin  *host.Plugin
	name    string // of the connector
	effects map[string]connector.Effect
	source  *artifact

	// hung gets the reason why the process is of no use.
	hung chan error
	// suspected gets a reason to look whether it is.
	suspected chan error

	mu      sync.Mutex
	users   int
	retired bool
	idle    chan struct{} // closed once retired and without users
}

// newInstance reads of a process what calls on it will need.
func newInstance(ctx context.Context, p *host.Plugin, source *artifact) (*instance, error) {
	m, err := p.Manifest(ctx)
	if err != nil {
		return nil, err
	}
	i := &instance{
		plugin: p, name: m.Name, source: source.hold(), effects: make(map[string]connector.Effect, len(m.Actions)),
		hung: make(chan error, 1), suspected: make(chan error, 1), idle: make(chan struct{}),
	}
	for _, a := range m.Actions {
		i.effects[a.ID] = a.Effect
	}
	return i, nil
}

// retain adds a user, who must release it; false if the process is on its way
// out.
func (i *instance) retain() bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.retired {
		return false
	}
	i.users++
	return true
}

func (i *instance) release() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.users--
	if i.retired && i.users == 0 {
		close(i.idle)
	}
}

// suspect says that a call failed as if the process had ended. That alone
// proves nothing: the one who runs it looks.
func (i *instance) suspect(err error) {
	select {
	case i.suspected <- err:
	default: // one reason is enough
	}
}

// retire takes no more users and ends the process once the last has left, after
// drain at the latest. One that has crashed is no different: its calls are
// about to find out, and are not to hear that they were stopped on purpose.
func (i *instance) retire(drain, stop time.Duration) error {
	i.mu.Lock()
	i.retired = true
	if i.users == 0 {
		close(i.idle)
	}
	i.mu.Unlock()
	timer := time.NewTimer(max(0, drain-stop)) // closing waits for stop
	defer timer.Stop()
	select {
	case <-i.idle:
	case <-timer.C:
	}
	return errors.Join(i.plugin.Close(), i.source.drop())
}

// watch asks for signs of life until ctx ends.
func (i *instance) watch(ctx context.Context, o Probe) {
	if o.Every < 0 {
		return
	}
	ticker := time.NewTicker(o.Every)
	defer ticker.Stop()
	for misses := 0; ; {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		err := i.probe(ctx, o.Timeout)
		if err == nil {
			misses = 0
			continue
		}
		misses++
		if misses >= o.Misses {
			i.hung <- fmt.Errorf("the connector's process hangs: it left %d probes in a row unanswered: %w", misses, err)
			return
		}
	}
}

func (i *instance) probe(ctx context.Context, timeout time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	_, err := i.plugin.Probe(ctx)
	return err
}

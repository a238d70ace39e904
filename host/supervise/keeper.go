package supervise

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"
)

// launcher starts a process of a binary.
type launcher func(ctx context.Context, from *artifact) (*instance, error)

// keeper keeps one process running. Its goroutine, run, alone decides about the
// state; everybody else reads what it publishes.
type keeper struct {
	opts   *Options
	tenant string // of a dedicated process
	launch launcher
	gate   *gate

	current atomic.Pointer[snapshot]
	last    atomic.Pointer[instance] // the one that runs now, or ran last
	swaps   chan swap
	life    context.Context //nolint:containedctx // of the goroutine that it ends
	stop    context.CancelFunc
	stopped chan struct{}

	// What follows belongs to run.
	source   *artifact
	instance *instance
	history  crashes
	cause    error
	retiring sync.WaitGroup

	endsMu sync.Mutex
	ends   []error // of processes that did not end cleanly
}

// snapshot is what run publishes of a state.
type snapshot struct {
	state    State
	instance *instance     // nil unless Ready
	cause    error         // of the last end
	until    time.Time     // when the state will end by itself; zero: it will not
	changed  chan struct{} // closed when another snapshot is in force
}

// swap asks run to go on with another process.
type swap struct {
	instance *instance
	retired  chan<- struct{} // closed once the one before is gone
}

// step is what run does in one state; it returns what to do next.
type step func() step

func newKeeper(o *Options, tenant string, launch launcher, source *artifact) *keeper {
	k := &keeper{
		opts: o, tenant: tenant, launch: launch, gate: newGate(o.Places), source: source.hold(),
		swaps: make(chan swap), stopped: make(chan struct{}), history: crashes{rules: o.Restart},
	}
	k.life, k.stop = context.WithCancel(context.Background())
	k.current.Store(&snapshot{state: Starting, changed: make(chan struct{})})
	return k
}

// start starts the first process, whose failure is the caller's to handle, and
// from then on keeps it.
func (k *keeper) start(ctx context.Context) error {
	i, err := k.launch(ctx, k.source)
	if err != nil {
		return errors.Join(err, k.source.drop())
	}
	k.instance = i
	k.publish(Ready, 0) //nolint:contextcheck // a state belongs to no call
	go k.run()
	return nil
}

// close drains the process and ends it.
func (k *keeper) close() error {
	k.stop()
	<-k.stopped
	k.endsMu.Lock()
	defer k.endsMu.Unlock()
	return errors.Join(k.ends...)
}

func (k *keeper) isStopped() bool {
	select {
	case <-k.stopped:
		return true
	default:
		return false
	}
}

func (k *keeper) run() {
	for next := k.ready; next != nil; {
		next = next()
	}
}

// starting starts a process; it is on trial after a quarantine.
func (k *keeper) starting() step {
	state := Starting
	if k.history.trial {
		state = HalfOpen
	}
	k.publish(state, 0)
	i, err := k.launch(k.life, k.source)
	switch {
	case err != nil && k.life.Err() != nil:
		return k.draining
	case err != nil:
		return k.crashed(err)
	}
	k.instance = i
	return k.ready
}

// ready lets calls use the process until it ends or is replaced.
func (k *keeper) ready() step {
	i := k.instance
	k.publish(Ready, 0)
	ctx, cancel := context.WithCancel(k.life)
	defer cancel()
	k.retiring.Go(func() { i.watch(ctx, k.opts.Probe) })
	healthy := time.NewTimer(k.opts.Restart.Healthy)
	defer healthy.Stop()
	for {
		select {
		case <-i.plugin.Done():
			return k.crashed(i.plugin.Err())
		case err := <-i.hung:
			return k.crashed(err)
		case err := <-i.suspected:
			if i.probe(ctx, k.opts.Probe.Timeout) == nil {
				k.renew()
				continue
			}
			if end := i.plugin.Err(); end != nil {
				err = end // says more than what a call saw of it
			}
			return k.crashed(err)
		case <-healthy.C:
			k.history.healthy()
		case s := <-k.swaps:
			return k.replace(s)
		case <-k.life.Done():
			return k.draining
		}
	}
}

// replace goes on with another process, and lets the one before finish.
func (k *keeper) replace(s swap) step {
	before := k.instance
	k.instance, k.cause = s.instance, nil
	previous := k.source
	k.source = s.instance.source.hold()
	k.history.healthy()
	k.note(previous.drop())
	k.publish(Ready, 0) // before the old one is retired: whoever misses it there finds the new one here
	if before == nil {
		close(s.retired)
		return k.ready
	}
	k.retiring.Go(func() {
		defer close(s.retired)
		k.note(before.retire(k.opts.DrainTimeout, k.opts.Host.StopTimeout))
	})
	return k.ready
}

// crashed decides what follows the end of a process, or a failed start.
func (k *keeper) crashed(cause error) step {
	k.cause = cause
	next := k.backoff
	if k.history.add(time.Now()) {
		next = k.quarantined
	}
	if i := k.instance; i != nil {
		k.instance = nil
		i.plugin.Kill() // of no use, even if it still runs
		k.retiring.Go(func() { k.note(i.retire(k.opts.DrainTimeout, k.opts.Host.StopTimeout)) })
	}
	return next
}

// backoff waits before the next start.
func (k *keeper) backoff() step { return k.pause(Backoff, k.history.wait(), k.starting) }

// quarantined waits for longer, and starts on trial then.
func (k *keeper) quarantined() step {
	k.history.trial = true
	return k.pause(Quarantined, k.opts.Restart.Quarantine, k.starting)
}

func (k *keeper) pause(state State, wait time.Duration, next step) step {
	k.publish(state, wait)
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return next
	case s := <-k.swaps:
		return k.replace(s)
	case <-k.life.Done():
		return k.draining
	}
}

// draining lets running calls end.
func (k *keeper) draining() step {
	k.publish(Draining, 0)
	if i := k.instance; i != nil {
		k.instance = nil
		k.note(i.retire(k.opts.DrainTimeout, k.opts.Host.StopTimeout))
	}
	k.retiring.Wait()
	k.note(k.source.drop())
	k.publish(Stopped, 0)
	close(k.stopped)
	return nil
}

// renew puts the same state in force once more, for those who wait for another.
func (k *keeper) renew() {
	before := k.current.Load()
	again := *before
	again.changed = make(chan struct{})
	k.current.Store(&again)
	close(before.changed)
}

// publish puts a state in force. wait is how long it will last; 0 if nobody
// knows.
func (k *keeper) publish(state State, wait time.Duration) {
	before, now := k.current.Load(), time.Now()
	s := &snapshot{state: state, cause: k.cause, changed: make(chan struct{})}
	pid := 0
	if state == Ready {
		if before.instance == k.instance {
			return // published already
		}
		s.instance, pid = k.instance, k.instance.plugin.PID()
		k.last.Store(k.instance)
	}
	if wait > 0 {
		s.until = now.Add(wait)
	}
	t := Transition{
		At: now, Connector: k.connector(), Tenant: k.tenant, From: before.state, To: state, PID: pid, Cause: k.cause, Wait: wait,
	}
	k.current.Store(s)
	close(before.changed)
	level := slog.LevelInfo
	if state == Backoff || state == Quarantined {
		level = slog.LevelWarn
	}
	k.opts.Host.Logger.Log(context.Background(), level, "connector changed state",
		"from", t.From, "to", t.To, "tenant", t.Tenant, "pid", t.PID, "cause", t.Cause, "wait", t.Wait)
	k.opts.Watch(t)
}

// note keeps what went wrong when a process ended, for close to tell.
func (k *keeper) note(err error) {
	if err == nil {
		return
	}
	k.opts.Host.Logger.Warn("connector did not end cleanly", "tenant", k.tenant, "error", err)
	k.endsMu.Lock()
	defer k.endsMu.Unlock()
	k.ends = append(k.ends[max(0, len(k.ends)-9):], err)
}

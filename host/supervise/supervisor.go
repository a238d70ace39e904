package supervise

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
)

// Supervisor keeps one connector running, and the connections to its tenants
// open. Its methods may be called from many goroutines at once. Every error of
// a call is, or wraps, a [connector.Error].
type Supervisor struct {
	opts   *Options
	launch launcher
	shared *keeper
	static *lane // of what needs no connection

	upgrading chan struct{} // has a token while nobody changes what follows
	source    *artifact
	dedicated map[*keeper]bool
	closed    bool

	listing sync.Mutex
	keepers []*keeper // the shared one first

	telling sync.Mutex
}

// Start starts the binary at path and keeps it running until
// [Supervisor.Close]. It returns once the first process is ready; that one is
// not tried again, and its failure is the [host.LaunchError] of [host.Launch].
func Start(ctx context.Context, path string, opts *Options) (*Supervisor, error) {
	o := opts.resolved()
	b, err := host.Load(path, &o.Host)
	if err != nil {
		return nil, err
	}
	return start(ctx, newArtifact(b), o, func(ctx context.Context, from *artifact) (*host.Plugin, error) {
		return from.Launch(ctx, &o.Host)
	})
}

// few lets only so many starts run at once, and has each process ready for
// calls.
func few(starts int, launch func(context.Context, *artifact) (*host.Plugin, error)) launcher {
	free := make(chan struct{}, starts)
	return func(ctx context.Context, from *artifact) (*instance, error) {
		select {
		case free <- struct{}{}:
		case <-ctx.Done():
			return nil, interrupted(ctx.Err(), "a start was given up: too many others ran")
		}
		defer func() { <-free }()
		p, err := launch(ctx, from)
		if err != nil {
			return nil, err
		}
		i, err := newInstance(ctx, p, from)
		if err != nil {
			return nil, errors.Join(err, p.Close()) //nolint:contextcheck // closing has its own deadline
		}
		return i, nil
	}
}

func start(
	ctx context.Context, source *artifact, o *Options, launch func(context.Context, *artifact) (*host.Plugin, error),
) (*Supervisor, error) {
	starts := few(o.Starts, launch)
	s := &Supervisor{
		opts: o, launch: starts, source: source, upgrading: make(chan struct{}, 1), dedicated: map[*keeper]bool{},
		static: newLane(o.Connection), shared: newKeeper(o, "", starts, source),
	}
	s.list(s.shared)
	s.upgrading <- struct{}{}
	if err := s.shared.start(ctx); err != nil {
		return nil, errors.Join(err, source.drop())
	}
	return s, nil
}

// State returns the state of the process that the connections share.
func (s *Supervisor) State() State { return s.shared.current.Load().state }

// Manifest returns what the catalog shows.
func (s *Supervisor) Manifest(ctx context.Context) (m connector.Manifest, err error) {
	err = s.unbound(ctx, "reading the manifest", host.Operation{Method: "manifest"}, func(ctx context.Context, p *host.Plugin) (err error) {
		m, err = p.Manifest(ctx)
		return err
	})
	return m, err
}

// Describe returns the static schemas of an action, those that need no tenant.
func (s *Supervisor) Describe(ctx context.Context, req connector.DescribeRequest) (d connector.Description, err error) {
	of := host.Operation{Method: "describe", Action: req.Action}
	err = s.unbound(ctx, fmt.Sprintf("describing action %q", req.Action), of, func(ctx context.Context, p *host.Plugin) (err error) {
		d, err = p.Describe(ctx, req)
		return err
	})
	return d, err
}

func (s *Supervisor) unbound(ctx context.Context, what string, op host.Operation, f func(context.Context, *host.Plugin) error) error {
	c := call{keeper: s.shared, lane: s.static, what: what, op: op, effect: reads}
	return c.run(ctx, func(ctx context.Context, i *instance) (bool, error) { return true, f(ctx, i.plugin) })
}

// Upgrade goes over to the binary at path, which must have this digest unless
// it is nil. Each process is replaced by one that is up already: new calls go
// there at once, and no call fails for it. Calls that run in the old process may
// end until [Options.DrainTimeout]; a download that takes longer is stopped
// between two chunks with [connector.ReasonDraining]. Upgrade returns when the
// old processes are gone, or early when ctx ends, which stops none of that.
//
// If a new process does not start, the old one stays and the error is a
// [host.LaunchError]. With dedicated processes, those that were replaced before
// stay with the new binary; the shared one is the first.
func (s *Supervisor) Upgrade(ctx context.Context, path string, digest []byte) error {
	o := s.opts.Host
	o.Digest = digest
	b, err := host.Load(path, &o)
	if err != nil {
		return err
	}
	next := newArtifact(b)
	gone, err := s.replaceAll(ctx, next)
	for _, retired := range gone {
		select {
		case <-retired:
		case <-ctx.Done():
			err = errors.Join(err, interrupted(ctx.Err(), "the upgrade is done, but the old process still ends its calls"))
			return errors.Join(err, next.drop())
		}
	}
	return errors.Join(err, next.drop())
}

// replaceAll puts a process of next in the place of every one, and returns what
// is closed when the old ones are gone.
func (s *Supervisor) replaceAll(ctx context.Context, next *artifact) (gone []<-chan struct{}, err error) {
	unlock, err := s.lock(ctx, "the upgrade")
	if err != nil {
		return nil, err
	}
	defer unlock()
	keepers := []*keeper{s.shared}
	for k := range s.dedicated {
		keepers = append(keepers, k)
	}
	for _, k := range keepers {
		retired, err := k.upgrade(ctx, next)
		if err != nil {
			return gone, err
		}
		gone = append(gone, retired)
		if k == s.shared {
			old := s.source
			s.source = next.hold()
			k.note(old.drop())
		}
	}
	return gone, nil
}

// upgrade starts a process of next and has run go on with it.
func (k *keeper) upgrade(ctx context.Context, next *artifact) (<-chan struct{}, error) {
	i, err := k.launch(ctx, next)
	if err != nil {
		return nil, err
	}
	retired := make(chan struct{})
	select {
	case k.swaps <- swap{instance: i, retired: retired}:
		return retired, nil
	case <-ctx.Done():
		err = interrupted(ctx.Err(), "the upgrade was given up before it took over")
	case <-k.life.Done(): // its connection was closed, and needs no process any more
		close(retired)
		return retired, i.retire(0, 0) //nolint:contextcheck // it is ended whatever becomes of ctx
	}
	return nil, errors.Join(err, i.retire(0, 0)) //nolint:contextcheck // it is ended whatever becomes of ctx
}

// lock keeps others from changing which processes there are.
func (s *Supervisor) lock(ctx context.Context, what string) (unlock func(), err error) {
	select {
	case <-s.upgrading:
	case <-ctx.Done():
		return nil, interrupted(ctx.Err(), what+" was given up while another change was made")
	}
	unlock = func() { s.upgrading <- struct{}{} }
	if s.closed {
		defer unlock()
		return nil, connector.Errorf(connector.ReasonPluginExited, "%s was not started: the host has closed the connector", what)
	}
	return unlock, nil
}

// Close takes no new calls, waits for the running ones until
// [Options.DrainTimeout] and ends all processes. It returns what went wrong
// when processes ended; nothing of them is left either way. Closing twice does
// no harm.
func (s *Supervisor) Close() error {
	<-s.upgrading
	defer func() { s.upgrading <- struct{}{} }()
	if s.closed {
		return nil
	}
	s.closed = true
	keepers := []*keeper{s.shared}
	for k := range s.dedicated {
		keepers = append(keepers, k)
	}
	ends := make([]error, len(keepers))
	var all sync.WaitGroup
	for n, k := range keepers {
		all.Go(func() { ends[n] = k.close() })
	}
	all.Wait()
	return errors.Join(errors.Join(ends...), s.source.drop())
}

// tell hands an event to the owner of the host, one at a time.
func (s *Supervisor) tell(c *Connection, e connector.Event) {
	s.telling.Lock()
	defer s.telling.Unlock()
	s.opts.Events(c, e)
}

package supervise

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
)

// Connection is one tenant, whatever process serves it. Its methods may be
// called from many goroutines at once. Every error is, or wraps, a
// [connector.Error].
type Connection struct {
	supervisor *Supervisor
	keeper     *keeper
	lane       *lane
	dedicated  bool

	opening chan struct{} // has a token while nobody opens

	mu       sync.Mutex
	settings connector.Settings
	// epoch counts the settings that the owner of the host gave, version also
	// the secrets that the connector rotated.
	epoch, version int
	session        *session
	closed         bool
}

// session is a connection opened in one process.
type session struct {
	instance       *instance
	conn           *host.Connection
	epoch, version int // of the settings that it knows
}

// Open gives the connector one tenant's settings and secrets. The connection
// keeps them, to open itself again after a restart; rotated secrets take their
// place. Nil opts mean [Options.Connection].
func (s *Supervisor) Open(ctx context.Context, settings connector.Settings, opts *ConnectionOptions) (*Connection, error) {
	var own ConnectionOptions
	if opts != nil {
		own = *opts
	}
	own = own.resolved(s.opts.Connection)
	c := &Connection{
		supervisor: s, keeper: s.shared, lane: newLane(own), dedicated: own.Dedicated, settings: settings, opening: make(chan struct{}, 1),
	}
	c.opening <- struct{}{}
	if own.Dedicated {
		var err error
		if c.keeper, err = s.dedicate(ctx, settings.Tenant); err != nil {
			return nil, err
		}
	}
	of := call{what: c.opens(), op: host.Operation{Method: "open"}, effect: reads}
	err := c.do(ctx, of, func(context.Context, *host.Connection) error { return nil })
	if err != nil {
		return nil, errors.Join(err, s.undedicate(ctx, c))
	}
	return c, nil
}

// dedicate starts a process for one tenant.
func (s *Supervisor) dedicate(ctx context.Context, tenant string) (*keeper, error) {
	what := fmt.Sprintf("starting the process of tenant %q", tenant)
	unlock, err := s.lock(ctx, what)
	if err != nil {
		return nil, err
	}
	defer unlock()
	k := newKeeper(s.opts, tenant, s.launch, s.source)
	if err := k.start(ctx); err != nil {
		e := connector.Errorf(connector.ReasonPluginExited, "%s failed: %w", what, err)
		if ctx.Err() != nil {
			e = interrupted(ctx.Err(), what+" was given up")
		}
		return nil, e
	}
	maps.DeleteFunc(s.dedicated, func(k *keeper, _ bool) bool { return k.isStopped() })
	s.dedicated[k] = true
	s.list(k)
	return k, nil
}

// undedicate ends the process of a connection, if it has one of its own. It
// goes on to end when ctx has ended.
func (s *Supervisor) undedicate(ctx context.Context, c *Connection) error {
	if !c.dedicated {
		return nil
	}
	c.keeper.stop()
	select {
	case <-c.keeper.stopped:
		return nil
	case <-ctx.Done():
		return interrupted(ctx.Err(), fmt.Sprintf("the process of tenant %q still ends its calls", c.Tenant()))
	}
}

// Tenant returns the name that the connection was opened with.
func (c *Connection) Tenant() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.settings.Tenant
}

// State returns the state of the process that serves the connection.
func (c *Connection) State() State { return c.keeper.current.Load().state }

// Update replaces the settings. The next call opens the connection with them;
// calls that run keep those that they began with, and so does what they still
// use in the connector.
func (c *Connection) Update(settings connector.Settings) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.settings = settings
	c.epoch++
	c.version++
}

// Close tells the connector to forget the connection once its calls have
// ended, and takes no new ones. A process of its own is ended. Closing twice
// does no harm.
func (c *Connection) Close(ctx context.Context) error {
	c.mu.Lock()
	c.closed = true
	last := c.session
	c.session = nil
	c.mu.Unlock()
	if err := c.supervisor.undedicate(ctx, c); err != nil {
		return err
	}
	if last == nil || c.dedicated || !last.instance.retain() {
		return nil // it ends with its process
	}
	defer last.instance.release()
	return last.conn.Close(ctx)
}

// do runs f on the connection, in whatever process there is.
func (c *Connection) do(ctx context.Context, call call, f func(context.Context, *host.Connection) error) error {
	call.keeper, call.lane, call.op.Tenant = c.keeper, c.lane, c.Tenant()
	return call.run(ctx, func(ctx context.Context, i *instance) (bool, error) {
		s, err := c.in(ctx, i)
		if err != nil {
			return false, err
		}
		err = f(ctx, s.conn)
		if err != nil && connector.AsError(err).Reason == connector.ReasonHandleUnknown {
			c.forget(s)
		}
		return true, err
	})
}

// in returns the connection as opened in a process, with the newest settings.
// One caller opens it, the others wait.
func (c *Connection) in(ctx context.Context, i *instance) (*session, error) {
	if s, err := c.known(i); s != nil || err != nil {
		return s, err
	}
	select {
	case <-c.opening:
	case <-ctx.Done():
		return nil, interrupted(ctx.Err(), c.opens()+" was waited for in vain")
	}
	defer func() { c.opening <- struct{}{} }()
	if s, err := c.known(i); s != nil || err != nil {
		return s, err
	}
	return c.open(ctx, i)
}

// known returns the session in a process, if there is one that is up to date.
func (c *Connection) known(i *instance) (*session, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return nil, connector.Errorf(connector.ReasonUnsupported, "the connection of tenant %q was closed", c.settings.Tenant)
	}
	if s := c.session; s != nil && s.instance == i && s.version == c.version {
		return s, nil
	}
	return nil, nil //nolint:nilnil // none is known, and that is no error
}

func (c *Connection) open(ctx context.Context, i *instance) (*session, error) {
	c.mu.Lock()
	s := &session{instance: i, epoch: c.epoch, version: c.version}
	settings := c.settings
	c.mu.Unlock()
	conn, err := i.plugin.OpenWithEvents(ctx, settings, func(e connector.Event) { c.heard(s, e) })
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	s.conn = conn
	before := c.session
	if c.closed {
		before = s // by Close, meanwhile
	} else {
		c.session = s
	}
	c.mu.Unlock()
	c.drop(before) //nolint:contextcheck // calls of others may still use it
	return s, nil
}

// drop has the connector forget a session that another one has replaced. Its
// calls may go on: the connector waits for them. One in a process that is on its
// way out ends with that.
func (c *Connection) drop(s *session) {
	if s == nil || !s.instance.retain() {
		return
	}
	go func() {
		defer s.instance.release()
		ctx, cancel := context.WithTimeout(context.Background(), c.supervisor.opts.DrainTimeout)
		defer cancel()
		if err := s.conn.Close(ctx); err != nil {
			c.supervisor.opts.Host.Logger.WarnContext(ctx, "replaced connection not closed", "tenant", c.Tenant(), "error", err)
		}
	}()
}

// forget gives up a session that its process does not know.
func (c *Connection) forget(s *session) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.session == s {
		c.session = nil
	}
}

// heard takes what a session has to tell. New secrets are in force for the
// next open; any session that does not know them is out of date. Those of a
// session from before an Update belong to settings that are gone.
func (c *Connection) heard(s *session, e connector.Event) {
	if rotated, ok := e.(connector.SecretRotated); ok {
		c.mu.Lock()
		if s.epoch != c.epoch {
			c.mu.Unlock()
			return
		}
		secrets := maps.Clone(c.settings.Secrets)
		if secrets == nil {
			secrets = map[string]connector.Secret{}
		}
		maps.Copy(secrets, rotated.Secrets)
		c.settings.Secrets = secrets
		upToDate := s.version == c.version
		c.version++
		if upToDate || s == c.session {
			s.version = c.version
		}
		c.mu.Unlock()
	}
	c.supervisor.tell(c, e)
}

func (c *Connection) opens() string {
	return fmt.Sprintf("opening the connection of tenant %q", c.Tenant())
}

package host

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

// Plugin is a running connector. Its methods may be called from many
// goroutines at once. Every error of a call is, or wraps, a [connector.Error].
type Plugin struct {
	client   connectorv1.ConnectorServiceClient
	terms    terms
	launch   *launch // nil: the process is not ours
	digest   string
	catalog  atomic.Pointer[catalog]
	logger   *slog.Logger
	observer Observer
	stopTime time.Duration

	registry   registry
	eventsDone sync.WaitGroup
	stopEvents context.CancelFunc

	done      chan struct{} // closed once the process has ended
	closed    atomic.Bool
	closeOnce sync.Once
	closeErr  error
}

// catalog is the manifest and what calls look up in it.
type catalog struct {
	manifest connector.Manifest
	effects  map[string]connector.Effect
}

// Attach speaks to a connector that is reachable over conn already, as in
// tests or inside one process. Nobody's process is owned: [Plugin.Close] closes
// the connections that were opened and leaves conn as it is.
func Attach(ctx context.Context, conn grpc.ClientConnInterface, opts *Options) (*Plugin, error) {
	o := opts.resolved()
	startCtx, cancel := context.WithTimeout(ctx, o.StartTimeout)
	defer cancel()
	p, err := newPlugin(startCtx, conn, &o)
	if err != nil {
		return nil, err
	}
	p.done = make(chan struct{})
	return p, nil
}

// newPlugin agrees on terms over conn.
func newPlugin(ctx context.Context, conn grpc.ClientConnInterface, o *Options) (*Plugin, error) {
	p := &Plugin{logger: o.Logger, observer: o.Observe, stopTime: o.StopTimeout, registry: newRegistry()}
	terms, err := agree(ctx, conn, o)
	if err != nil {
		return nil, p.failure(ctx, attempt{what: "the handshake"}, err)
	}
	p.terms = terms
	p.client = connectorv1.NewConnectorServiceClient(newBounded(conn, terms.limits.MessageBytes))
	var eventsCtx context.Context
	eventsCtx, p.stopEvents = context.WithCancel(context.WithoutCancel(ctx))
	if slices.Contains(terms.features, wire.FeatureEvents) {
		p.eventsDone.Go(func() { p.watch(eventsCtx, o.Events) })
	}
	return p, nil
}

// Limits returns the limits in force.
func (p *Plugin) Limits() connector.Limits { return p.terms.limits }

// Features returns the optional abilities that both sides have.
func (p *Plugin) Features() []string { return slices.Clone(p.terms.features) }

// InstanceID returns the connector's random id of its process.
func (p *Plugin) InstanceID() string { return p.terms.instance }

// Digest returns the SHA-256 of the binary in hexadecimal; empty after
// [Attach].
func (p *Plugin) Digest() string { return p.digest }

// PID returns the process id; 0 after [Attach].
func (p *Plugin) PID() int {
	if p.launch == nil {
		return 0
	}
	return p.launch.proc.pid()
}

// Done is closed once the process has ended, however it ended; after [Attach]
// by [Plugin.Close].
func (p *Plugin) Done() <-chan struct{} { return p.done }

// Err says how the process has ended: a [connector.ReasonPluginExited] error
// with its exit status and last words. It is nil while the process runs and
// after [Attach].
func (p *Plugin) Err() error {
	if p.launch == nil || !p.launch.proc.gone() {
		return nil
	}
	return connector.Errorf(connector.ReasonPluginExited, "%s", p.obituary())
}

// Kill ends a process that hangs, and with it what it started. On unix it is
// made to print its stacks to stderr first, and has a second for that. Kill
// does not wait: [Plugin.Done] tells. [Plugin.Close] is due all the same. After
// [Attach] it does nothing.
func (p *Plugin) Kill() {
	if p.launch != nil {
		p.launch.proc.abort(abortGrace)
	}
}

// Manifest returns what the catalog shows. It is asked for once; the copies
// share their slices, so do not change them.
func (p *Plugin) Manifest(ctx context.Context) (connector.Manifest, error) {
	c, err := p.loadCatalog(ctx)
	if err != nil {
		return connector.Manifest{}, err
	}
	return c.manifest, nil
}

func (p *Plugin) loadCatalog(ctx context.Context) (*catalog, error) {
	if c := p.catalog.Load(); c != nil {
		return c, nil
	}
	a := attempt{what: "reading the manifest"}
	if err := p.admit(ctx, a); err != nil {
		return nil, err
	}
	resp, err := p.client.GetManifest(ctx, &connectorv1.GetManifestRequest{})
	if err != nil {
		return nil, p.failure(ctx, a, err)
	}
	if resp.GetManifest() == nil {
		return nil, connector.Errorf(connector.ReasonInternal, "the connector answered without a manifest")
	}
	c := &catalog{manifest: wire.ManifestFrom(resp.GetManifest()), effects: map[string]connector.Effect{}}
	for _, action := range c.manifest.Actions {
		c.effects[action.ID] = action.Effect
	}
	p.catalog.Store(c)
	return c, nil
}

// name is the connector's, as far as the manifest has been read.
func (p *Plugin) name() string {
	c := p.catalog.Load()
	if c == nil {
		return ""
	}
	return c.manifest.Name
}

// knows reports whether the manifest, as far as it has been read, has the action.
func (p *Plugin) knows(action string) bool {
	c := p.catalog.Load()
	if c == nil {
		return false
	}
	_, known := c.effects[action]
	return known
}

// writes reports whether the action may change the tenant. One that is not in
// the manifest may.
func (p *Plugin) writes(action string) bool {
	c := p.catalog.Load()
	return c == nil || c.effects[action].Writes()
}

// Describe returns the static schemas of an action, those that need no tenant.
func (p *Plugin) Describe(ctx context.Context, req connector.DescribeRequest) (connector.Description, error) {
	return p.describe(ctx, &Connection{}, req)
}

// describe asks for the schemas of an action on a connection; those of one
// without a handle are static.
func (p *Plugin) describe(ctx context.Context, on *Connection, req connector.DescribeRequest) (d connector.Description, err error) {
	id := wire.NewID()
	ctx, o := p.observe(ctx, Operation{Tenant: on.tenant, Method: "describe", Action: req.Action, RequestID: id})
	defer func() { o.end(connector.Stats{}, nil, err) }()
	a := attempt{what: fmt.Sprintf("describing action %q", req.Action), requestID: id}
	if err := p.admit(ctx, a); err != nil {
		return connector.Description{}, err
	}
	resp, err := p.client.DescribeAction(ctx, &connectorv1.DescribeActionRequest{
		Call: on.call(id), Action: req.Action, Selectors: req.Selectors, IfNoneMatch: req.IfNoneMatch,
		Refresh: req.Refresh, Fingerprint: req.Fingerprint, UsedBy: req.UsedBy,
	})
	if err != nil {
		return connector.Description{}, p.failure(ctx, a, err)
	}
	return wire.DescriptionFrom(resp), nil
}

// Probe is a connector's sign of life.
type Probe struct {
	// InstanceID is the id of the process that answered.
	InstanceID string `json:"instanceId"`
	// InFlight counts the calls running, this one not included.
	InFlight int `json:"inFlight"`
	// Connections counts the connections open.
	Connections int `json:"connections"`
}

// Probe asks for a sign of life. Give ctx a deadline: a connector that hangs
// does not answer.
func (p *Plugin) Probe(ctx context.Context) (Probe, error) {
	a := attempt{what: "the probe"}
	if err := p.admit(ctx, a); err != nil {
		return Probe{}, err
	}
	nonce := wire.NewID()
	resp, err := p.client.Probe(ctx, &connectorv1.ProbeRequest{Nonce: nonce})
	if err != nil {
		return Probe{}, p.failure(ctx, a, err)
	}
	if resp.GetNonce() != nonce {
		return Probe{}, connector.Errorf(connector.ReasonInternal, "the connector's answer to the probe belongs to another probe")
	}
	return Probe{InstanceID: resp.GetInstanceId(), InFlight: int(resp.GetInFlight()), Connections: int(resp.GetConnections())}, nil
}

// Close admits no new call, waits for the running ones until
// [Options.StopTimeout] and ends the process; after that nothing of it is left.
// A download that still runs then is stopped between two chunks, with
// [connector.ReasonDraining]; other calls fail with
// [connector.ReasonPluginExited].
// Every call of Close waits for the first and returns what it did.
func (p *Plugin) Close() error {
	p.closeOnce.Do(func() {
		p.closed.Store(true)
		ctx, cancel := context.WithTimeout(context.Background(), p.stopTime)
		defer cancel()
		if !p.settle(ctx) {
			p.stopEvents()
		}
		defer context.AfterFunc(ctx, p.stopEvents)()
		p.eventsDone.Wait()
		if p.launch != nil {
			p.closeErr = p.launch.stop()
		} else {
			close(p.done)
		}
	})
	return p.closeErr
}

func (p *Plugin) isClosed() bool { return p.closed.Load() }

// settle lets running calls end: of a whole process that is ours, else of the
// connections opened here. It reports whether the stream of events ends by
// itself now, with the last event.
func (p *Plugin) settle(ctx context.Context) bool {
	if p.launch == nil {
		for _, c := range p.registry.all() {
			if err := c.release(ctx); err != nil {
				p.logger.WarnContext(ctx, "connection not closed", "tenant", c.tenant, "error", err)
			}
		}
		return false
	}
	if p.launch.proc.gone() {
		return false
	}
	resp, err := p.client.Drain(ctx, &connectorv1.DrainRequest{})
	switch {
	case err != nil:
		p.logger.WarnContext(ctx, "connector not drained", "error", wire.FromStatus(err))
	case resp.GetInFlight() > 0:
		p.logger.WarnContext(ctx, "connector ended with calls running", "calls", resp.GetInFlight())
	}
	return err == nil && resp.GetInFlight() == 0
}

package host

import (
	"context"
	"errors"
	"fmt"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

// Connection is one tenant in a running connector. Its methods may be called
// from many goroutines at once. Every error is, or wraps, a [connector.Error];
// [connector.ReasonHandleUnknown] means that the connection must be opened
// anew.
type Connection struct {
	plugin *Plugin
	handle string
	tenant string
	events func(connector.Event) // nil: [Options.Events] gets them
}

// Open gives the connector one tenant's settings and secrets. It makes no
// network call; [Connection.Check] does.
func (p *Plugin) Open(ctx context.Context, settings connector.Settings) (*Connection, error) {
	return p.OpenWithEvents(ctx, settings, nil)
}

// OpenWithEvents is [Plugin.Open] with a function of its own that gets the
// connection's events, as [Options.Events] otherwise would and under the same
// rules. It gets none unless Options.Events is set: that decides whether the
// connector is asked for events. The first event may come before OpenWithEvents
// has returned.
func (p *Plugin) OpenWithEvents(
	ctx context.Context, settings connector.Settings, events func(connector.Event),
) (c *Connection, err error) {
	// The manifest says which calls must not be repeated. It has to be known
	// before the first call, for after a crash it can no longer be asked for.
	if _, err := p.loadCatalog(ctx); err != nil {
		return nil, err
	}
	ctx, o := p.observe(ctx, Operation{Tenant: settings.Tenant, Method: "open"})
	defer func() { o.end(connector.Stats{}, nil, err) }()
	a := attempt{what: fmt.Sprintf("opening the connection of tenant %q", settings.Tenant)}
	if err := p.admit(ctx, a); err != nil {
		return nil, err
	}
	if n := len(settings.Config); n > p.terms.limits.InlineBytes {
		return nil, tooLarge("the settings", n, p.terms.limits.InlineBytes)
	}
	p.learn(settings.Secrets)
	p.registry.begin()
	defer func() { p.registry.finish(c) }()
	resp, err := p.client.OpenConnection(ctx, wire.SettingsTo(settings))
	if err != nil {
		return nil, p.failure(ctx, a, err)
	}
	if resp.GetHandle() == "" {
		return nil, connector.Errorf(connector.ReasonInternal, "the connector opened a connection without a handle")
	}
	c = &Connection{
		plugin: p, handle: resp.GetHandle(), tenant: settings.Tenant, events: events,
	}
	return c, nil
}

// Tenant returns the name that the connection was opened with.
func (c *Connection) Tenant() string { return c.tenant }

// Check tries the tenant's address and credentials for real.
func (c *Connection) Check(ctx context.Context) (connector.Check, error) {
	return c.check(ctx, nil)
}

// CheckThoroughly tests what the connector assumes about the tenant. The report
// is a [connector.Findings]. A connector without such a check is a
// [connector.ReasonUnsupported] error.
func (c *Connection) CheckThoroughly(ctx context.Context, req connector.ThoroughCheck) (connector.Check, error) {
	return c.check(ctx, wire.ThoroughTo(req))
}

func (c *Connection) check(ctx context.Context, thorough *connectorv1.ThoroughCheck) (found connector.Check, err error) {
	a := attempt{
		what: fmt.Sprintf("checking the connection of tenant %q", c.tenant), requestID: wire.NewID(), writes: thorough.GetWrites(),
	}
	ctx, o := c.plugin.observe(ctx, Operation{Tenant: c.tenant, Method: "check", RequestID: a.requestID})
	defer func() { o.end(found.Stats, nil, err) }()
	if err := c.plugin.admit(ctx, a); err != nil {
		return connector.Check{}, err
	}
	resp, err := c.plugin.client.CheckConnection(ctx, &connectorv1.CheckConnectionRequest{Call: c.call(a.requestID), Thorough: thorough})
	if err != nil {
		return connector.Check{}, c.plugin.failure(ctx, a, err)
	}
	if thorough != nil && !resp.GetThorough() { // it is older than the field
		return connector.Check{}, a.named(connector.Errorf(connector.ReasonUnsupported, "this connector has no thorough check of a connection"))
	}
	return connector.Check{
		Report: resp.GetReport(), Diagnostics: wire.DiagnosticsFrom(resp.GetDiagnostics()), Stats: wire.StatsFrom(resp.GetStats()),
	}, nil
}

// Describe returns the schemas of an action for this tenant.
func (c *Connection) Describe(ctx context.Context, req connector.DescribeRequest) (connector.Description, error) {
	return c.plugin.describe(ctx, c, req)
}

// Options returns one page of the values that a field can take.
func (c *Connection) Options(ctx context.Context, req connector.OptionsRequest) (page connector.OptionPage, err error) {
	a := attempt{what: fmt.Sprintf("listing the options of %s in action %q", req.Pointer, req.Action), requestID: wire.NewID()}
	ctx, o := c.plugin.observe(ctx, Operation{Tenant: c.tenant, Method: "options", Action: req.Action, RequestID: a.requestID})
	defer func() { o.end(connector.Stats{}, nil, err) }()
	if err := c.plugin.admit(ctx, a); err != nil {
		return connector.OptionPage{}, err
	}
	resp, err := c.plugin.client.ListOptions(ctx, &connectorv1.ListOptionsRequest{
		Call: c.call(a.requestID), Action: req.Action, Pointer: req.Pointer, Selectors: req.Selectors, Query: req.Query,
		PageSize:  uint32(min(max(req.PageSize, 0), connector.MaxPageSize)),
		PageToken: req.PageToken,
	})
	if err != nil {
		return connector.OptionPage{}, c.plugin.failure(ctx, a, err)
	}
	return wire.OptionsFrom(resp), nil
}

// Execute runs an action, or dry-runs one of any mode.
func (c *Connection) Execute(ctx context.Context, call connector.Call) (result connector.Result, err error) {
	ctx, o := c.observe(ctx, "execute", &call)
	defer func() { o.end(result.Stats, result.Records, err) }()
	a := c.attempt(call)
	a.writes = a.writes && !call.DryRun
	if err := c.admit(ctx, a, call); err != nil {
		return connector.Result{}, err
	}
	resp, err := c.plugin.client.Execute(ctx, &connectorv1.ExecuteRequest{
		Call: c.head(call), Action: call.Action, Input: call.Input, DryRun: call.DryRun,
		BuiltWith: call.BuiltWith, Drift: wire.DriftTo(call.Drift),
	})
	if err != nil {
		return connector.Result{}, c.plugin.failure(ctx, a, err)
	}
	return connector.Result{
		Output: resp.GetOutput(), Diagnostics: wire.DiagnosticsFrom(resp.GetDiagnostics()),
		Stats: wire.StatsFrom(resp.GetStats()), Records: wire.RecordsFrom(resp.GetRecords()),
	}, nil
}

// Close tells the connector to forget the connection once its calls have
// ended. Closing twice does no harm.
func (c *Connection) Close(ctx context.Context) error {
	a := attempt{what: fmt.Sprintf("closing the connection of tenant %q", c.tenant)}
	err := c.plugin.admit(ctx, a)
	if err == nil {
		if err = c.release(ctx); err != nil {
			err = c.plugin.failure(ctx, a, err)
		}
	}
	if errors.Is(err, connector.ReasonPluginExited) {
		return nil // nothing is left to close
	}
	return err
}

func (c *Connection) release(ctx context.Context) error {
	_, err := c.plugin.client.CloseConnection(ctx, &connectorv1.CloseConnectionRequest{Handle: c.handle})
	if err == nil {
		c.plugin.registry.remove(c)
	}
	return err
}

// call is the head of every request on the connection.
func (c *Connection) call(requestID string) *connectorv1.CallContext {
	return &connectorv1.CallContext{Handle: c.handle, RequestId: requestID}
}

// head is the head of a request that runs an action.
func (c *Connection) head(call connector.Call) *connectorv1.CallContext {
	return &connectorv1.CallContext{Handle: c.handle, RequestId: call.RequestID, Repeat: call.Repeated}
}

// observe tells the observer of a call of an action, which has an id from then
// on.
func (c *Connection) observe(ctx context.Context, method string, call *connector.Call) (context.Context, observation) {
	if call.RequestID == "" {
		call.RequestID = wire.NewID()
	}
	return c.plugin.observe(ctx, Operation{
		Tenant: c.tenant, Method: method, Action: call.Action, RequestID: call.RequestID, DryRun: call.DryRun,
	})
}

func (c *Connection) attempt(call connector.Call) attempt {
	return attempt{what: fmt.Sprintf("action %q", call.Action), requestID: call.RequestID, writes: c.plugin.writes(call.Action)}
}

// admit refuses a call that cannot reach the connector or is too large for it.
func (c *Connection) admit(ctx context.Context, a attempt, call connector.Call) error {
	if err := c.plugin.admit(ctx, a); err != nil {
		return err
	}
	if n, limit := len(call.Input), c.plugin.terms.limits.InlineBytes; n > limit {
		return a.named(tooLarge("the input of "+a.what, n, limit))
	}
	if err := c.plugin.knowsDrift(call); err != nil {
		return a.named(err)
	}
	return nil
}

// admitStream is admit for calls that cannot be dry-run on the wire.
func (c *Connection) admitStream(ctx context.Context, a attempt, call connector.Call) error {
	if call.DryRun {
		return a.named(connector.Errorf(connector.ReasonUnsupported, "a stream cannot be dry-run").
			WithHint("dry-run %s with Execute", a.what))
	}
	return c.admit(ctx, a, call)
}

package actions

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
	"github.com/gainsight-connector/gainsight-connector/internal/nearest"
	"github.com/gainsight-connector/gainsight-connector/plugin"
	"github.com/gainsight-connector/gainsight-connector/schema"
)

// connectionDocument is the JSON Schema of a connection's settings.
//
//go:embed connection.json
var connectionDocument []byte

// sharedDocument holds the definitions that several actions use.
//
//go:embed shared.json
var sharedDocument []byte

// Options are what a connector can do without. The zero value is good.
type Options struct {
	// Transport carries the requests of all tenants. Nil: one of its own.
	Transport http.RoundTripper
	// Clock tells the time. Nil: time.Now.
	Clock func() time.Time
	// Sleep waits: before a read is repeated, between questions about a job,
	// for a call budget.
	// It returns early, with the error of ctx, if that ends. Nil: a timer.
	Sleep func(ctx context.Context, d time.Duration) error
	// Logger gets a debug line for each request to a tenant. Nil: the log of the
	// call that makes the request, see [plugin.ContextLogger].
	Logger *slog.Logger
	// Schemas keeps the compiled schemas of all tenants. Nil: 16 MiB of its own.
	Schemas *schema.Cache
	// Thorough is the thorough check of a tenant. Nil: there is none.
	Thorough Thorough
}

// Thorough tests what the actions assume about a tenant.
type Thorough func(ctx context.Context, client *gainsight.Client, req connector.ThoroughCheck) (connector.Check, error)

// New makes a connector of actions, in the order of the catalog. It panics on
// a list that no test would let pass: two actions of one id, or an action that
// does not say how it runs.
func New(manifest connector.Manifest, all []Action, opts Options) plugin.Connector {
	if opts.Transport == nil {
		opts.Transport = gainsight.NewTransport()
	}
	if opts.Schemas == nil {
		opts.Schemas = schema.NewCache(compiledBytes)
	}
	if opts.Logger == nil {
		opts.Logger = plugin.ContextLogger()
	}
	c := &gainsightConnector{
		manifest: manifest, entries: make(map[string]*entry, len(all)), opts: opts,
		pipeline: &pipeline{compiled: opts.Schemas}, memory: newMemory(opts.Schemas),
		settings: sync.OnceValues(func() (*schema.Schema, error) { return schema.Compile(connectionDocument) }),
		ledgers:  gainsight.NewLedgers(opts.Clock),
	}
	c.manifest.ConnectionSchema = connectionDocument
	rates, endpoints := gainsight.Rates(), gainsight.EndpointsByAction()
	for _, a := range all {
		e := newEntry(a, rates)
		for _, name := range endpoints[e.Info.ID] {
			e.Info.Settings = append(e.Info.Settings, "/endpoints/"+name)
		}
		if err := c.add(e); err != nil {
			panic(err) //nolint:forbidigo // a defect of the list that is compiled in
		}
		c.manifest.Actions = append(c.manifest.Actions, e.Info)
	}
	return c
}

// gainsightConnector is the plugin.Connector.
type gainsightConnector struct {
	manifest connector.Manifest
	entries  map[string]*entry
	pipeline *pipeline
	memory   *memory
	opts     Options
	settings func() (*schema.Schema, error)
	ledgers  *gainsight.Ledgers
}

var _ plugin.Connector = (*gainsightConnector)(nil)

func (c *gainsightConnector) add(e *entry) error {
	ways := 0
	for _, set := range []bool{e.Upload != nil, e.Write != nil && e.Upload == nil, e.List != nil, e.Run != nil, e.Stream != nil} {
		if set {
			ways++
		}
	}
	if _, twice := c.entries[e.Info.ID]; twice || e.Info.ID == "" || ways != 1 {
		return fmt.Errorf("action %q: the id is empty or repeated, or it has not exactly one way to run", e.Info.ID)
	}
	c.entries[e.Info.ID] = e
	return nil
}

// Manifest returns what the catalog shows.
func (c *gainsightConnector) Manifest() connector.Manifest { return c.manifest }

// entry returns an action by id.
func (c *gainsightConnector) entry(id string) (*entry, error) {
	if e, ok := c.entries[id]; ok {
		return e, nil
	}
	ids := make([]string, 0, len(c.manifest.Actions))
	for _, a := range c.manifest.Actions {
		ids = append(ids, a.ID)
	}
	return nil, connector.Errorf(connector.ReasonNotFound, "there is no action %q", id).WithHint("%s", nearest.Hint(id, ids))
}

// Describe returns the static schemas of an action.
func (c *gainsightConnector) Describe(_ context.Context, req connector.DescribeRequest) (connector.Description, error) {
	e, err := c.entry(req.Action)
	if err != nil {
		return connector.Description{}, err
	}
	if err := e.checkSelectors(req.Selectors); err != nil {
		return connector.Description{}, in(e, err)
	}
	document, err := e.document()
	if err != nil {
		return connector.Description{}, err
	}
	return connector.Description{Input: document.Input(), Output: document.Output(), MaxAge: staticAge}, nil
}

// staticAge is how long a schema that depends on no tenant may be kept.
const staticAge = 24 * time.Hour

// Open checks the settings and makes a connection.
func (c *gainsightConnector) Open(_ context.Context, settings connector.Settings, emit func(connector.Event)) (plugin.Connection, error) {
	if err := c.check(settings); err != nil {
		return nil, err
	}
	settings, saved, err := takeSnapshot(settings)
	if err != nil {
		return nil, err
	}
	config, err := gainsight.ParseConfig(settings)
	if err != nil {
		return nil, err
	}
	if err := c.checkOverrides(config); err != nil {
		return nil, err
	}
	ledger, release := c.ledgers.Acquire(config.Base)
	client := gainsight.New(config, gainsight.Options{
		Transport: c.opts.Transport, Clock: c.opts.Clock, Sleep: c.opts.Sleep, Logger: c.opts.Logger, Ledger: ledger, Emit: emit,
	})
	conn := &connection{connector: c, tenant: newTenant(client, c.memory, emit), release: release}
	if saved != nil {
		if err := conn.tenant.warm(saved, c.entries); err != nil {
			return nil, errors.Join(unusable(err), conn.Close())
		}
	}
	return conn, nil
}

// check holds the settings to the connection schema, with the secrets back in
// their places as far as their type goes.
func (c *gainsightConnector) check(settings connector.Settings) error {
	compiled, err := c.settings()
	if err != nil {
		return err
	}
	config := settings.Config
	if len(config) == 0 {
		config = json.RawMessage("{}")
	}
	value, err := schema.Decode(config)
	if err != nil {
		e := connector.AsError(err)
		e.Reason = connector.ReasonInvalidConnection
		return e
	}
	if violations := compiled.Validate(restore(value, settings.Secrets)); len(violations) > 0 {
		return invalidConnection("the settings of the connection cannot be used", violations)
	}
	return nil
}

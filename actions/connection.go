package actions

import (
	"context"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/memo"
	"github.com/gainsight-connector/gainsight-connector/plugin"
)

// connection is one tenant in use.
type connection struct {
	connector *gainsightConnector
	tenant    *Tenant
	release   func() // the tenant's call budgets, which other connections may share
}

var (
	_ plugin.Connection = (*connection)(nil)
	_ plugin.Checker    = (*connection)(nil)

	_ plugin.ThoroughChecker = (*connection)(nil)

	_ plugin.Describer    = (*connection)(nil)
	_ plugin.OptionLister = (*connection)(nil)
	_ plugin.Downloader   = (*connection)(nil)
	_ plugin.Uploader     = (*connection)(nil)
	_ plugin.DriftPolicer = (*connection)(nil)
)

// Execute runs an action, or dry-runs one.
func (c *connection) Execute(ctx context.Context, call connector.Call) (connector.Result, error) {
	e, err := c.connector.entry(call.Action)
	if err != nil {
		return connector.Result{}, err
	}
	return c.connector.pipeline.execute(ctx, c.tenant, e, call)
}

// Download runs an action with a large output.
func (c *connection) Download(ctx context.Context, call connector.Call, out *plugin.Output) (connector.StreamSummary, error) {
	e, err := c.connector.entry(call.Action)
	if err != nil {
		return connector.StreamSummary{}, err
	}
	return c.connector.pipeline.download(ctx, c.tenant, e, call, out)
}

// Upload runs an action with a large input.
func (c *connection) Upload(ctx context.Context, call connector.Call, in *plugin.Input) (connector.Result, error) {
	e, err := c.connector.entry(call.Action)
	if err != nil {
		return connector.Result{}, err
	}
	return c.connector.pipeline.upload(ctx, c.tenant, e, call, in)
}

// Describe returns the schemas of an action for this tenant.
func (c *connection) Describe(ctx context.Context, req connector.DescribeRequest) (connector.Description, error) {
	e, err := c.connector.entry(req.Action)
	if err != nil {
		return connector.Description{}, err
	}
	if err := e.checkSelectors(req.Selectors); err != nil {
		return connector.Description{}, in(e, err)
	}
	if req.Refresh {
		c.tenant.expire(refreshAge)
	}
	var s *tenantSchema
	switch {
	case e.Doctype != nil:
		s, err = c.tenant.describe(ctx, e, req.Selectors)
	case e.rows() != "":
		s, err = c.tenant.describeRows(ctx, e)
	default:
		return c.connector.Describe(ctx, req)
	}
	if err != nil {
		return connector.Description{}, in(e, err)
	}
	return connector.Description{
		Input: s.input, Output: s.output, ETag: s.etag,
		MaxAge: memo.DefaultMaxAge, FetchedAt: s.fetchedAt, Diagnostics: s.diagnostics,
	}, nil
}

// DriftPolicy is that of the connection's settings.
func (c *connection) DriftPolicy() connector.DriftPolicy { return c.tenant.client.Config().Drift }

// Options lists the values of a field.
func (c *connection) Options(ctx context.Context, req connector.OptionsRequest) (connector.OptionPage, error) {
	e, err := c.connector.entry(req.Action)
	if err != nil {
		return connector.OptionPage{}, err
	}
	if err := e.checkSelectors(req.Selectors); err != nil {
		return connector.OptionPage{}, in(e, err)
	}
	return c.tenant.options(ctx, e, req)
}

// Check lists the tenant's objects: the cheapest call that needs a credential
// (common.md 2.6).
func (c *connection) Check(ctx context.Context) (connector.Check, error) {
	return c.tenant.check(ctx)
}

// CheckThoroughly tests what the actions assume about the tenant.
func (c *connection) CheckThoroughly(ctx context.Context, req connector.ThoroughCheck) (connector.Check, error) {
	if c.connector.opts.Thorough == nil {
		return connector.Check{}, connector.Errorf(connector.ReasonUnsupported, "this connector has no thorough check of a connection")
	}
	return c.connector.opts.Thorough(ctx, c.tenant.client, req)
}

// Close forgets what is known of the tenant, once no new secret is under way.
// The transport is shared and stays.
func (c *connection) Close() error {
	c.tenant.close()
	c.tenant.client.Close()
	c.release()
	return nil
}

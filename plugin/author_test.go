package plugin_test

import (
	"context"
	"encoding/json"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/plugin"
)

// author is a connector made of functions; a nil one does the obvious.
type author struct {
	manifest func() connector.Manifest
	describe func(context.Context, connector.DescribeRequest) (connector.Description, error)
	open     func(context.Context, connector.Settings, func(connector.Event)) (plugin.Connection, error)
}

func (a author) Manifest() connector.Manifest {
	if a.manifest != nil {
		return a.manifest()
	}
	return connector.Manifest{
		Name: "echo", Title: "Echo", ConnectionSchema: json.RawMessage(`{"type":"object"}`),
		Actions: []connector.Action{
			{ID: "echo.get", Mode: connector.ModeExecute, Effect: connector.EffectRead},
			{ID: "echo.put", Mode: connector.ModeExecute, Effect: connector.EffectUnsafeWrite},
			{ID: "echo.export", Mode: connector.ModeDownload, Effect: connector.EffectRead},
			{ID: "echo.import", Mode: connector.ModeUpload, Effect: connector.EffectUnsafeWrite},
			{ID: "echo.modeless"},
		},
	}
}

func (a author) Describe(ctx context.Context, req connector.DescribeRequest) (connector.Description, error) {
	if a.describe != nil {
		return a.describe(ctx, req)
	}
	return connector.Description{Input: json.RawMessage(`{"static":true}`), Output: json.RawMessage(`{}`)}, nil
}

func (a author) Open(ctx context.Context, s connector.Settings, emit func(connector.Event)) (plugin.Connection, error) {
	if a.open != nil {
		return a.open(ctx, s, emit)
	}
	return &conn{}, nil
}

// opens returns an author whose every connection is c.
func opens(c plugin.Connection) author {
	return author{open: func(context.Context, connector.Settings, func(connector.Event)) (plugin.Connection, error) {
		return c, nil
	}}
}

// echo returns a connector whose actions give back what they get.
func echo() author { return author{} }

// bare can do nothing but what it must.
type bare struct{}

func (bare) Execute(context.Context, connector.Call) (connector.Result, error) {
	return connector.Result{}, nil
}
func (bare) Close() error { return nil }

// conn is a connection made of functions that can do everything.
type conn struct {
	execute  func(context.Context, connector.Call) (connector.Result, error)
	close    func() error
	check    func(context.Context) (connector.Check, error)
	thorough func(context.Context, connector.ThoroughCheck) (connector.Check, error)
	describe func(context.Context, connector.DescribeRequest) (connector.Description, error)
	options  func(context.Context, connector.OptionsRequest) (connector.OptionPage, error)
	download func(context.Context, connector.Call, *plugin.Output) (connector.StreamSummary, error)
	upload   func(context.Context, connector.Call, *plugin.Input) (connector.Result, error)
}

var (
	_ plugin.Checker   = (*conn)(nil)
	_ plugin.Describer = (*conn)(nil)

	_ plugin.ThoroughChecker = (*conn)(nil)
	_ plugin.OptionLister    = (*conn)(nil)
	_ plugin.Downloader      = (*conn)(nil)
	_ plugin.Uploader        = (*conn)(nil)
)

func (c *conn) Execute(ctx context.Context, call connector.Call) (connector.Result, error) {
	if c.execute != nil {
		return c.execute(ctx, call)
	}
	return connector.Result{Output: call.Input}, nil
}

func (c *conn) Close() error {
	if c.close != nil {
		return c.close()
	}
	return nil
}

func (c *conn) Check(ctx context.Context) (connector.Check, error) {
	if c.check != nil {
		return c.check(ctx)
	}
	return connector.Check{Report: json.RawMessage(`{"host":"acme"}`)}, nil
}

func (c *conn) CheckThoroughly(ctx context.Context, req connector.ThoroughCheck) (connector.Check, error) {
	return c.thorough(ctx, req)
}

func (c *conn) Describe(ctx context.Context, req connector.DescribeRequest) (connector.Description, error) {
	if c.describe != nil {
		return c.describe(ctx, req)
	}
	return connector.Description{Input: json.RawMessage(`{"tenant":true}`), ETag: "t1"}, nil
}

func (c *conn) Options(ctx context.Context, req connector.OptionsRequest) (connector.OptionPage, error) {
	return c.options(ctx, req)
}

func (c *conn) Download(ctx context.Context, call connector.Call, out *plugin.Output) (connector.StreamSummary, error) {
	if c.download != nil {
		return c.download(ctx, call, out)
	}
	_, err := out.Write(call.Input)
	return connector.StreamSummary{Records: 1}, err
}

func (c *conn) Upload(ctx context.Context, call connector.Call, in *plugin.Input) (connector.Result, error) {
	return c.upload(ctx, call, in)
}

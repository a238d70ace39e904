package hosttest_test

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"sync/atomic"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/examples/notes"
	"github.com/gainsight-connector/gainsight-connector/plugin"
)

// warp is what an author does wrong. A nil function leaves the example
// connector as it is.
type warp struct {
	manifest func(*connector.Manifest)
	describe func(*connector.Description)
	settings func(connector.Settings) connector.Settings
	opened   func(connector.Settings)
	context  func(context.Context) context.Context
	execute  func(context.Context, connector.Call, *warpedConn) (connector.Result, error)
	failure  func(error, *warpedConn) error
	download func(context.Context, connector.Call, *plugin.Output, *warpedConn) (connector.StreamSummary, error)
	upload   func(context.Context, error)
	options  func() connector.OptionPage
	thorough string
	close    func(*warpedConn)
	made     func(*warpedConn)
	// alias is another id of note.list.
	alias string
}

// example is the connector that all others are made of. It keeps nothing.
var example = sync.OnceValues(notes.New)

// build returns the example connector with its flaws.
func (w warp) build() (plugin.Connector, error) {
	c, err := example()
	return warped{c, w}, err
}

type warped struct {
	plugin.Connector

	warp
}

func (w warped) Manifest() connector.Manifest {
	m := w.Connector.Manifest()
	if w.manifest != nil {
		m.Actions = append([]connector.Action(nil), m.Actions...)
		w.manifest(&m)
	}
	return m
}

func (w warped) Describe(ctx context.Context, req connector.DescribeRequest) (connector.Description, error) {
	if w.alias != "" && req.Action == w.alias {
		req.Action = "note.list"
	}
	d, err := w.Connector.Describe(ctx, req)
	if w.describe != nil {
		w.describe(&d)
	}
	return d, err
}

func (w warped) Open(ctx context.Context, s connector.Settings, emit func(connector.Event)) (plugin.Connection, error) {
	if w.settings != nil {
		s = w.settings(s)
	}
	conn, err := w.Connector.Open(ctx, s, emit)
	c := &warpedConn{Connection: conn, warp: w.warp, settings: s}
	if err != nil {
		return nil, c.told(err)
	}
	if w.opened != nil {
		w.opened(s)
	}
	if w.made != nil {
		w.made(c)
	}
	return c, nil
}

// warpedConn is one connection with flaws.
type warpedConn struct {
	plugin.Connection

	warp     warp
	settings connector.Settings
	first    atomic.Pointer[error]
	running  atomic.Int64
}

// get sends a request besides, with another's key if there is one.
func (c *warpedConn) get(ctx context.Context, path, key string) {
	var settings map[string]string
	_ = json.Unmarshal(c.settings.Config, &settings)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, settings["address"]+path, http.NoBody)
	if err != nil {
		return
	}
	req.Header.Set("X-Old-Key", key)
	if resp, err := http.DefaultClient.Do(req); err == nil {
		_ = resp.Body.Close()
	}
}

func (c *warpedConn) in(ctx context.Context) context.Context {
	if c.warp.context != nil {
		return c.warp.context(ctx)
	}
	return ctx
}

func (c *warpedConn) told(err error) error {
	if err != nil && c.warp.failure != nil {
		return c.warp.failure(err, c)
	}
	return err
}

// next is Execute without the flaw of execute.
func (c *warpedConn) next(ctx context.Context, call connector.Call) (connector.Result, error) {
	if c.warp.alias == call.Action {
		call.Action = "note.list"
	}
	r, err := c.Connection.Execute(c.in(ctx), call)
	return r, c.told(err)
}

func (c *warpedConn) Execute(ctx context.Context, call connector.Call) (connector.Result, error) {
	if c.warp.execute != nil {
		return c.warp.execute(ctx, call, c)
	}
	return c.next(ctx, call)
}

func (c *warpedConn) Check(ctx context.Context) (connector.Check, error) {
	found, err := c.Connection.(plugin.Checker).Check(c.in(ctx))
	return found, c.told(err)
}

func (c *warpedConn) CheckThoroughly(context.Context, connector.ThoroughCheck) (connector.Check, error) {
	if c.warp.thorough == "" {
		return connector.Check{}, connector.Errorf(connector.ReasonUnsupported, "the example assumes nothing")
	}
	return connector.Check{Report: json.RawMessage(c.warp.thorough)}, nil
}

func (c *warpedConn) Options(context.Context, connector.OptionsRequest) (connector.OptionPage, error) {
	if c.warp.options == nil {
		return connector.OptionPage{}, connector.Errorf(connector.ReasonUnsupported, "the example lists no options")
	}
	return c.warp.options(), nil
}

func (c *warpedConn) Download(ctx context.Context, call connector.Call, out *plugin.Output) (connector.StreamSummary, error) {
	if c.warp.download != nil {
		s, err := c.warp.download(c.in(ctx), call, out, c)
		return s, c.told(err)
	}
	s, err := c.Connection.(plugin.Downloader).Download(c.in(ctx), call, out)
	return s, c.told(err)
}

func (c *warpedConn) Upload(ctx context.Context, call connector.Call, in *plugin.Input) (connector.Result, error) {
	r, err := c.Connection.(plugin.Uploader).Upload(c.in(ctx), call, in)
	if c.warp.upload != nil {
		c.warp.upload(ctx, err)
	}
	return r, c.told(err)
}

func (c *warpedConn) Close() error {
	if c.warp.close != nil {
		c.warp.close(c)
	}
	return c.Connection.Close()
}

package supervise_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"sync/atomic"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/plugin"
)

// order is the input of every action of echo: what it is to do besides.
type order struct {
	Do    string `json:"do,omitempty"`
	Bytes int    `json:"bytes,omitempty"`
	// Every is how many bytes of a download lie between two checkpoints.
	Every int `json:"every,omitempty"`
}

// echo is a connector that does as it is told. It writes the ids of the writes
// that it has done to a ledger, which outlives its process.
type echo struct {
	version string
	// started, if set, gets a token when a call blocks, and leave lets it go.
	started chan struct{}
	leave   chan struct{}
	opened  atomic.Int32
	closed  atomic.Int32
	// emit is the function of the connection that was opened last.
	emit atomic.Pointer[func(connector.Event)]
	// stderr, if set, is told of the end of each connection.
	stderr io.Writer
}

func newEcho(version string) *echo {
	return &echo{version: version, started: make(chan struct{}, 100), leave: make(chan struct{})}
}

func (e *echo) Manifest() connector.Manifest {
	action := func(id string, mode connector.Mode, effect connector.Effect) connector.Action {
		return connector.Action{
			ID: id, Title: id, Group: "Echo", Mode: mode, Effect: effect, DoctypeLookup: connector.DoctypeNo,
			Evidence: connector.EvidenceDocumented, SchemaScope: connector.ScopeStatic,
		}
	}
	return connector.Manifest{
		Name: "echo", Version: e.version, Title: "Echo", ConnectionSchema: json.RawMessage(`{"type":"object"}`),
		Actions: []connector.Action{
			action("echo.get", connector.ModeExecute, connector.EffectRead),
			action("echo.put", connector.ModeExecute, connector.EffectUnsafeWrite),
			action("echo.set", connector.ModeExecute, connector.EffectIdempotentWrite),
			action("echo.export", connector.ModeDownload, connector.EffectRead),
			action("echo.import", connector.ModeUpload, connector.EffectUnsafeWrite),
			action("echo.merge", connector.ModeUpload, connector.EffectIdempotentWrite),
		},
	}
}

func (*echo) Describe(context.Context, connector.DescribeRequest) (connector.Description, error) {
	return connector.Description{Input: json.RawMessage(`{"static":true}`), Output: json.RawMessage(`{}`)}, nil
}

func (e *echo) Open(_ context.Context, s connector.Settings, emit func(connector.Event)) (plugin.Connection, error) {
	e.opened.Add(1)
	e.emit.Store(&emit)
	var config struct {
		Ledger string `json:"ledger"`
		Do     string `json:"do"`
	}
	if err := json.Unmarshal(s.Config, &config); err != nil || config.Do == "refuse" {
		return nil, connector.Errorf(connector.ReasonInvalidConnection, "the settings are no good")
	}
	return &echoConn{echo: e, ledger: config.Ledger, secret: s.Secrets["/token"].Reveal()}, nil
}

type echoConn struct {
	*echo

	ledger, secret string
}

func (c *echoConn) Close() error {
	c.closed.Add(1)
	if c.stderr != nil {
		_, _ = fmt.Fprintln(c.stderr, "a connection was closed") // it may be that nobody reads it any more
	}
	return nil
}

func (c *echoConn) Check(context.Context) (connector.Check, error) {
	return connector.Check{Report: json.RawMessage(`{}`)}, nil
}

func (c *echoConn) CheckThoroughly(_ context.Context, req connector.ThoroughCheck) (connector.Check, error) {
	report, err := json.Marshal(req.Groups)
	return connector.Check{Report: report}, err
}

func (c *echoConn) Options(context.Context, connector.OptionsRequest) (connector.OptionPage, error) {
	return connector.OptionPage{Options: []connector.Option{{Value: "1"}}}, nil
}

func (c *echoConn) Execute(ctx context.Context, call connector.Call) (connector.Result, error) {
	var o order
	if err := json.Unmarshal(call.Input, &o); err != nil {
		return connector.Result{}, connector.Errorf(connector.ReasonInvalidInput, "the input is not JSON")
	}
	switch o.Do {
	case "block":
		c.started <- struct{}{}
		select {
		case <-c.leave:
		case <-ctx.Done():
			return connector.Result{}, ctx.Err()
		}
	case "secret":
		return text(c.secret), nil
	case "repeated":
		return text(strconv.FormatBool(call.Repeated)), nil
	case "version":
		return text(c.version), nil
	case "exit":
		os.Exit(7)
	}
	if call.Action != "echo.get" {
		if err := c.write(call.RequestID); err != nil {
			return connector.Result{}, err
		}
	}
	return connector.Result{Output: call.Input}, nil
}

// write does a write, as far as a ledger can tell.
func (c *echoConn) write(id string) error {
	if c.ledger == "" {
		return nil
	}
	f, err := os.OpenFile(c.ledger, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	if _, err := f.WriteString(id + "\n"); err != nil { // one write is whole or not at all
		return err
	}
	return f.Close()
}

func (c *echoConn) Download(_ context.Context, call connector.Call, out *plugin.Output) (connector.StreamSummary, error) {
	var o order
	if err := json.Unmarshal(call.Input, &o); err != nil {
		return connector.StreamSummary{}, connector.Errorf(connector.ReasonInvalidInput, "the input is not JSON")
	}
	at := 0
	if call.Resume != nil {
		at = int(call.Resume.Offset) //nolint:gosec // a test's own
		if err := out.Start(connector.StreamHeader{Offset: call.Resume.Offset}); err != nil {
			return connector.StreamSummary{}, err
		}
	}
	piece := bytes.Repeat([]byte("0123456789abcdef"), 4<<10)
	for at < o.Bytes {
		n, err := out.Write(piece[:min(len(piece), o.Bytes-at)])
		if err != nil {
			return connector.StreamSummary{}, err
		}
		at += n
		if o.Every == 0 || at%o.Every != 0 {
			continue
		}
		progress := connector.Progress{Done: uint64(at)} //nolint:gosec // as above
		if err := errors.Join(out.Checkpoint([]byte("here")), out.Progress(progress)); err != nil {
			return connector.StreamSummary{}, err
		}
	}
	switch {
	case call.Resume != nil:
	case o.Do == "exit":
		os.Exit(7)
	case o.Do == "fail":
		return connector.StreamSummary{}, connector.Errorf(connector.ReasonDownstreamUnavailable, "the tenant hung up")
	}
	return connector.StreamSummary{}, nil
}

func (c *echoConn) Upload(_ context.Context, call connector.Call, in *plugin.Input) (connector.Result, error) {
	n, err := io.Copy(io.Discard, in)
	if err != nil {
		return connector.Result{}, err
	}
	if err := c.write(call.RequestID); err != nil {
		return connector.Result{}, err
	}
	out, _ := json.Marshal(n)
	return connector.Result{Output: out}, nil
}

func text(s string) connector.Result {
	out, _ := json.Marshal(s)
	return connector.Result{Output: out}
}

package host_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/plugin"
)

// confide hands a secret on as all that an argument can be.
//
//go:noinline
func confide(text string, secrets map[string]connector.Secret, to func(string, []byte, connector.Secret, any)) {
	to(text, []byte(text), secrets["/token"], struct{ a, b any }{text, secrets})
	runtime.KeepAlive(secrets)
}

//go:noinline
func panicking(text string, raw []byte, secret connector.Secret, all any) {
	debug.SetTraceback("system") // the most that a runtime says and still only ends
	defer runtime.KeepAlive(raw)
	panic(fmt.Errorf("refused with %d bytes: %v %v", len(text), secret, all.(struct{ a, b any }).b)) //nolint:forbidigo // the point of it
}

// order is the input of every action of echo: what it is to do besides.
type order struct {
	Do    string `json:"do,omitempty"`
	Bytes int    `json:"bytes,omitempty"`
	// Every sets a checkpoint in a download after so many bytes.
	Every int `json:"every,omitempty"`
}

// echo is a well-behaved connector that misbehaves on order.
type echo struct {
	stdout, stderr io.Writer // the process's own, before go-plugin replaces them
	// started, if set, gets a token when a call blocks.
	started chan struct{}
	// written counts the bytes that downloads have handed over.
	written func(n int)
	// fails, if set, ends a download at a byte.
	fails func(at int) error
}

func newEcho(stdout, stderr io.Writer) *echo {
	return &echo{
		stdout: stdout, stderr: stderr, started: make(chan struct{}, 8), written: func(int) {}, fails: func(int) error { return nil },
	}
}

func (*echo) Manifest() connector.Manifest {
	action := func(id string, mode connector.Mode, effect connector.Effect) connector.Action {
		return connector.Action{
			ID: id, Title: id, Group: "Echo", Mode: mode, Effect: effect, DoctypeLookup: connector.DoctypeNo,
			Evidence: connector.EvidenceDocumented, SchemaScope: connector.ScopeStatic,
		}
	}
	return connector.Manifest{
		Name: "echo", Version: "1", Title: "Echo", ConnectionSchema: json.RawMessage(`{"type":"object"}`),
		Actions: []connector.Action{
			action("echo.get", connector.ModeExecute, connector.EffectRead),
			action("echo.put", connector.ModeExecute, connector.EffectUnsafeWrite),
			action("echo.set", connector.ModeExecute, connector.EffectIdempotentWrite),
			action("echo.submit", connector.ModeDownload, connector.EffectUnsafeWrite),
			action("echo.export", connector.ModeDownload, connector.EffectRead),
			action("echo.import", connector.ModeUpload, connector.EffectUnsafeWrite),
		},
	}
}

func (*echo) Describe(context.Context, connector.DescribeRequest) (connector.Description, error) {
	return connector.Description{Input: json.RawMessage(`{"static":true}`), Output: json.RawMessage(`{}`)}, nil
}

func (e *echo) Open(_ context.Context, s connector.Settings, emit func(connector.Event)) (plugin.Connection, error) {
	emit(connector.SecretRotated{Secrets: map[string]connector.Secret{"/token": connector.NewSecret("next-" + s.Tenant)}})
	return &echoConn{echo: e, tenant: s.Tenant, secrets: s.Secrets}, nil
}

type echoConn struct {
	*echo

	tenant  string
	secrets map[string]connector.Secret
}

func (c *echoConn) Close() error { return nil }

func (c *echoConn) Check(context.Context) (connector.Check, error) {
	return connector.Check{Report: json.RawMessage(fmt.Sprintf(`{"tenant":%q}`, c.tenant))}, nil
}

func (c *echoConn) CheckThoroughly(_ context.Context, req connector.ThoroughCheck) (connector.Check, error) {
	report := fmt.Sprintf(`{"groups":%d,"object":%q,"writes":%t}`, len(req.Groups), req.Object, req.Writes)
	return connector.Check{Report: json.RawMessage(report)}, nil
}

func (c *echoConn) Options(context.Context, connector.OptionsRequest) (connector.OptionPage, error) {
	return connector.OptionPage{Options: []connector.Option{{Value: "1", Label: c.tenant}}}, nil
}

func (c *echoConn) Execute(ctx context.Context, call connector.Call) (connector.Result, error) {
	var o order
	if err := json.Unmarshal(call.Input, &o); err != nil {
		return connector.Result{}, connector.Errorf(connector.ReasonInvalidInput, "the input is not JSON")
	}
	switch o.Do {
	case "panic":
		go panic("boom") //nolint:forbidigo // the point of it
		<-ctx.Done()
	case "panic with secrets":
		go confide(c.secrets["/token"].Reveal(), c.secrets, panicking)
		<-ctx.Done()
	case "tell secrets":
		said := c.secrets["/token"].Reveal() + " next-" + c.tenant
		_, _ = fmt.Fprintln(c.stdout, "out "+said)
		_, _ = fmt.Fprintln(c.stderr, "err "+said)
		plugin.Logger(ctx).WarnContext(ctx, "it is told", "attribute", said)
		go panic("refused " + said) //nolint:forbidigo // the point of it
		<-ctx.Done()
	case "wait with secrets":
		confide(c.secrets["/token"].Reveal(), c.secrets, func(string, []byte, connector.Secret, any) {
			_, _ = fmt.Fprintln(c.stderr, "holding")
			<-ctx.Done()
		})
	case "exit":
		os.Exit(7)
	case "env":
		return result(environment()), nil
	case "guarded":
		noCore, closed := guarded()
		return result([]bool{noCore, closed}), nil
	case "socket":
		return result(os.Getenv("PLUGIN_UNIX_SOCKET_DIR")), nil
	case "noise":
		return connector.Result{Output: json.RawMessage(`"still here"`)}, c.noise()
	case "block":
		c.started <- struct{}{}
		<-ctx.Done()
		return connector.Result{}, ctx.Err()
	}
	return connector.Result{Output: call.Input}, nil
}

// noise prints what has killed or hung hosts.
func (c *echoConn) noise() error {
	for range 4 {
		if _, err := fmt.Fprintln(c.stdout, strings.Repeat("x", 70<<10)); err != nil {
			return err
		}
	}
	for _, line := range []string{
		`{"@message":7,"@level":"info","@timestamp":"2026-01-02T15:04:05.000000Z"}`,
		`{"@message":"m","@level":[],"@timestamp":"2026-01-02T15:04:05.000000Z"}`,
		`{"@message":"m","@level":"info","@timestamp":{}}`,
		`{"@message":"m"`, `null`, "a\x00b\x1b[2J", strings.Repeat("y", 10<<20),
		`{"@message":"well formed","@level":"warn","@timestamp":"2026-01-02T15:04:05.000000Z","time":"mine","n":1}`,
	} {
		if _, err := fmt.Fprintln(c.stderr, line); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintln(os.Stdout, "a stray print") // on the pipe that go-plugin put in place
	return err
}

func (c *echoConn) Download(_ context.Context, call connector.Call, out *plugin.Output) (connector.StreamSummary, error) {
	var o order
	if err := json.Unmarshal(call.Input, &o); err != nil {
		return connector.StreamSummary{}, connector.Errorf(connector.ReasonInvalidInput, "the input is not JSON")
	}
	header := connector.StreamHeader{ContentType: "text/plain", TotalBytes: uint64(o.Bytes)} //nolint:gosec // a test's count
	if call.Resume != nil && string(call.Resume.Token) != "forget" {
		header.Offset = call.Resume.Offset
	}
	if err := out.Start(header); err != nil {
		return connector.StreamSummary{}, err
	}
	if err := out.Progress(connector.Progress{Message: "on it", Done: 1, Total: 2}); err != nil {
		return connector.StreamSummary{}, err
	}
	piece := bytes.Repeat([]byte("0123456789abcdef"), 16<<10)
	for at := int(header.Offset); at < o.Bytes; { //nolint:gosec // as above
		if err := c.fails(at); err != nil {
			return connector.StreamSummary{}, err
		}
		if o.Every > 0 && at > 0 && at%o.Every == 0 {
			err := out.Checkpoint(fmt.Append(nil, "at ", at))
			if err := errors.Join(err, out.Progress(connector.Progress{Message: "checkpoint", Done: uint64(at)})); err != nil {
				return connector.StreamSummary{}, err
			}
		}
		n, err := out.Write(piece[:min(len(piece), o.Bytes-at)])
		if err != nil {
			return connector.StreamSummary{}, err
		}
		c.written(n)
		at += n
		if o.Do == "exit" && at >= o.Bytes/2 && header.Offset == 0 {
			os.Exit(7)
		}
	}
	return connector.StreamSummary{Records: 3}, nil
}

func (c *echoConn) Upload(_ context.Context, call connector.Call, in *plugin.Input) (connector.Result, error) {
	if bytes.Contains(call.Input, []byte("refuse")) {
		return connector.Result{}, connector.Errorf(connector.ReasonConflict, "there is one already")
	}
	n, err := io.Copy(io.Discard, in)
	if err != nil {
		return connector.Result{}, err
	}
	return result(fmt.Sprintf("%s %d", in.ContentType(), n)), nil
}

func result(v any) connector.Result {
	out, _ := json.Marshal(v)
	return connector.Result{Output: out}
}

// environment returns the names of the variables that the process has.
func environment() []string {
	var names []string
	for _, kv := range os.Environ() {
		name, _, _ := strings.Cut(kv, "=")
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

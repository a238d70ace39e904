package host_test

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
)

func itoa(n int) string { return strconv.Itoa(n) }

func TestConnection(t *testing.T) {
	t.Parallel()
	p := attached(t, newEcho(nil, nil), nil)
	c := open(t, p, "acme")
	if c.Tenant() != "acme" {
		t.Errorf("connection = %q", c.Tenant())
	}
	check, err := c.Check(t.Context())
	if err != nil || string(check.Report) != `{"tenant":"acme"}` {
		t.Errorf("Check: %s, %v", check.Report, err)
	}
	thorough, err := c.CheckThoroughly(t.Context(), connector.ThoroughCheck{Groups: []string{"a", "b"}, Object: "company", Writes: true})
	if err != nil || string(thorough.Report) != `{"groups":2,"object":"company","writes":true}` {
		t.Errorf("CheckThoroughly: %s, %v", thorough.Report, err)
	}
	page, err := c.Options(t.Context(), connector.OptionsRequest{Action: "echo.get", Pointer: "/do"})
	if err != nil {
		t.Fatalf("Options: %v", err)
	}
	if diff := cmp.Diff(connector.OptionPage{Options: []connector.Option{{Value: "1", Label: "acme"}}}, page); diff != "" {
		t.Errorf("options (-want +got):\n%s", diff)
	}
	static, err := p.Describe(t.Context(), connector.DescribeRequest{Action: "echo.get"})
	if err != nil || string(static.Input) != `{"static":true}` || static.ETag == "" {
		t.Fatalf("Describe: %+v, %v", static, err)
	}
	again, err := c.Describe(t.Context(), connector.DescribeRequest{Action: "echo.get", IfNoneMatch: static.ETag})
	if err != nil || !again.NotModified {
		t.Errorf("Describe with its ETag: %+v, %v", again, err)
	}
	_, err = c.Execute(t.Context(), call(t, "echo.nothing", order{}))
	wantReason(t, err, connector.ReasonNotFound)

	probe, err := p.Probe(t.Context())
	if err != nil || probe.Connections != 1 {
		t.Errorf("probe = %+v, %v", probe, err)
	}
	for range 2 {
		if err := c.Close(t.Context()); err != nil {
			t.Fatalf("Close: %v", err)
		}
	}
	_, err = c.Execute(t.Context(), call(t, "echo.get", order{}))
	if e := failed(t, err, connector.ReasonHandleUnknown); e.Retry != connector.RetryReopen {
		t.Errorf("retry = %q, want reopen", e.Retry)
	}
}

func TestContextEnds(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		end    func(context.Context) (context.Context, context.CancelFunc)
		reason connector.Reason
		is     error
	}{
		"cancelled": {end: context.WithCancel, reason: connector.ReasonCanceled, is: context.Canceled},
		"deadline": {end: func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, 20*time.Millisecond)
		}, reason: connector.ReasonDeadlineExceeded, is: context.DeadlineExceeded},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEcho(nil, nil)
			c := open(t, attached(t, e, nil), "acme")
			ctx, cancel := tc.end(t.Context())
			defer cancel()
			go func() {
				<-e.started
				if tc.is == context.Canceled { //nolint:errorlint // the table's own value
					cancel()
				}
			}()
			_, err := c.Execute(ctx, call(t, "echo.put", order{Do: "block"}))
			if f := failed(t, err, tc.reason); !errors.Is(err, tc.is) || !f.OutcomeUnknown || f.RequestID != "req-1" {
				t.Errorf("error = %+v, want %v with an unknown outcome", f, tc.is)
			}
			<-ctx.Done() // the connector's clock may be ahead
			_, err = c.Execute(ctx, call(t, "echo.put", order{}))
			if f := failed(t, err, tc.reason); !errors.Is(err, tc.is) || f.OutcomeUnknown {
				t.Errorf("error = %+v, want %v of a call that was not sent", f, tc.is)
			}
		})
	}
}

func TestEvents(t *testing.T) {
	t.Parallel()
	type told struct {
		tenant string
		event  connector.Event
	}
	events := make(chan told, 100)
	p := attached(t, newEcho(nil, nil), &host.Options{Events: func(c *host.Connection, e connector.Event) {
		events <- told{tenant: c.Tenant(), event: e}
	}})
	// Each connection emits while it is being opened: the event races with the
	// answer that names the connection.
	want := map[string]string{}
	for i := range 50 {
		tenant := "tenant-" + itoa(i)
		open(t, p, tenant)
		want[tenant] = "next-" + tenant
	}
	got := map[string]string{}
	for range want {
		e := <-events
		rotated, ok := e.event.(connector.SecretRotated)
		if !ok {
			t.Fatalf("event = %T", e.event)
		}
		got[e.tenant] = rotated.Secrets["/token"].Reveal()
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("secrets (-want +got):\n%s", diff)
	}
}

// A secret must not be lost because its connection, or the connector, was
// closed right after the call that rotated it.
func TestEventsOutliveTheirConnection(t *testing.T) {
	t.Parallel()
	const tenants = 50
	told := map[string]bool{}
	goOn := make(chan struct{})
	p, err := launch(t, "serve", &host.Options{StopTimeout: time.Hour, Events: func(c *host.Connection, _ connector.Event) {
		<-goOn
		told[c.Tenant()] = true
	}})
	if err != nil {
		t.Fatalf("Launch: %v", err)
	}
	for i := range tenants {
		if err := open(t, p, "tenant-"+itoa(i)).Close(t.Context()); err != nil {
			t.Fatalf("closing connection %d: %v", i, err)
		}
	}
	closed := make(chan error, 1)
	go func() { closed <- p.Close() }()
	for {
		if _, err := p.Probe(t.Context()); err != nil {
			break // closing has begun
		}
	}
	close(goOn)
	if err := <-closed; err != nil {
		t.Errorf("Close: %v", err)
	}
	if len(told) != tenants {
		t.Errorf("%d of %d secrets were told", len(told), tenants)
	}
}

func TestCloseEndsRunningCalls(t *testing.T) {
	t.Parallel()
	p, err := launch(t, "serve", &host.Options{StopTimeout: 100 * time.Millisecond})
	if err != nil {
		t.Fatalf("Launch: %v", err)
	}
	c := open(t, p, "acme")
	done := make(chan error, 1)
	go func() {
		_, err := c.Execute(t.Context(), connector.Call{Action: "echo.put", Input: json.RawMessage(`{"do":"block"}`)})
		done <- err
	}()
	for {
		probe, err := p.Probe(t.Context())
		if err != nil {
			t.Fatalf("Probe: %v", err)
		}
		if probe.InFlight > 0 {
			break
		}
	}
	if err := p.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
	if err := <-done; err == nil {
		t.Error("a call outlived its connector")
	}
	if _, err := c.Execute(t.Context(), connector.Call{Action: "echo.put"}); !errors.Is(err, connector.ReasonPluginExited) {
		t.Errorf("a call after Close: %v", err)
	}
}

package telemetry_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
	"github.com/gainsight-connector/gainsight-connector/host/supervise"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/attribute"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"github.com/gainsight-connector/gainsight-connector/telemetry"
)

// rig is a supervised connector in a process of its own, observed, and a
// simulated tenant.
type rig struct {
	*supervise.Supervisor

	telemetry *telemetry.Telemetry
	spans     *tracetest.InMemoryExporter
	tracer    trace.Tracer
	log       *bytes.Buffer // to be read once it is closed
	conn      *supervise.Connection
}

const accessKey = "canary-key-4711"

func start(t *testing.T, opts telemetry.Options, args ...string) *rig {
	t.Helper()
	r := &rig{spans: tracetest.NewInMemoryExporter(), log: &bytes.Buffer{}}
	provider := sdk.NewTracerProvider(sdk.WithSyncer(r.spans))
	opts.Traces, r.tracer = provider, provider.Tracer("test")
	var err error
	if r.telemetry, err = telemetry.New(&opts); err != nil {
		t.Fatal(err)
	}
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	o := &supervise.Options{Probe: supervise.Probe{Every: -1}} // a busy machine has a healthy process miss its probes
	o.Host.Args, o.Host.StartTimeout = args, time.Minute
	o.Host.Logger = slog.New(slog.NewJSONHandler(r.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	r.telemetry.Supervise(o)
	if r.Supervisor, err = supervise.Start(t.Context(), path, o); err != nil {
		t.Fatal(err)
	}
	stop := r.telemetry.Processes(r.Supervisor)
	t.Cleanup(func() {
		stop()
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

// open opens a connection to a tenant that knows the access key key.
func (r *rig) open(t *testing.T, key string) {
	t.Helper()
	seed := sandbox.Acme()
	seed.AccessKey = key
	server := httptest.NewServer(sandbox.New(seed, &sandbox.Options{Limits: &sandbox.Limits{}}))
	t.Cleanup(server.Close)
	config, err := json.Marshal(map[string]any{"base_url": server.URL, "auth": map[string]any{"type": "access_key"}})
	if err != nil {
		t.Fatal(err)
	}
	r.conn, err = r.Open(t.Context(), connector.Settings{
		Tenant: "acme", Config: config, Secrets: map[string]connector.Secret{"/auth/access_key": connector.NewSecret(accessKey)},
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
}

func (r *rig) run(ctx context.Context, action, input string) error {
	_, err := r.conn.Execute(ctx, connector.Call{Action: action, Input: json.RawMessage(input), RequestID: "req-1"})
	return err
}

// metrics scrapes.
func (r *rig) metrics(t *testing.T) string {
	t.Helper()
	w := httptest.NewRecorder()
	r.telemetry.Handler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", nil))
	if w.Code != http.StatusOK {
		t.Fatalf("the scrape answered %d: %s", w.Code, w.Body.String())
	}
	return w.Body.String()
}

// wantMetrics checks that a scrape has lines.
func wantMetrics(t *testing.T, scraped string, lines ...string) {
	t.Helper()
	for _, line := range lines {
		if !strings.Contains(scraped, line+"\n") {
			t.Errorf("the scrape lacks %s", line)
		}
	}
}

// span returns the one with a name.
func (r *rig) span(t *testing.T, name string) tracetest.SpanStub {
	t.Helper()
	for _, s := range r.spans.GetSpans() {
		if s.Name == name {
			return s
		}
	}
	t.Fatalf("there is no span %q among %v", name, names(r.spans.GetSpans()))
	return tracetest.SpanStub{}
}

func names(spans tracetest.SpanStubs) []string {
	var all []string
	for _, s := range spans {
		all = append(all, s.Name)
	}
	return all
}

func attributes(s tracetest.SpanStub) map[string]any {
	all := map[string]any{}
	for _, a := range s.Attributes {
		all[string(a.Key)] = a.Value.AsInterface()
	}
	return all
}

// One trace leads from the host's own span over the call and the process to the
// request that the tenant got, and the process's log names it.
func TestTraceAcrossProcesses(t *testing.T) {
	t.Parallel()
	r := start(t, telemetry.Options{})
	r.open(t, accessKey)
	ctx, root := r.tracer.Start(t.Context(), "job")
	if err := r.run(ctx, "cta.list", `{"select":["Name"],"limit":1}`); err != nil {
		t.Fatal(err)
	}
	root.End()
	parent := root.SpanContext()
	for _, name := range []string{"cta.list", "connector.v1.ConnectorService/Execute", "POST /v2/cockpit/cta/list"} {
		s := r.span(t, name)
		if s.Parent.SpanID() != parent.SpanID() || s.SpanContext.TraceID() != parent.TraceID() {
			t.Errorf("%s is not the child of the span above", name)
		}
		parent = s.SpanContext
	}
	call, request := r.span(t, "cta.list"), r.span(t, "POST /v2/cockpit/cta/list")
	got := attributes(request)
	if got["connector.vendor_request_id"] == "" {
		t.Error("the span of the request lacks the vendor's id")
	}
	delete(got, "connector.vendor_request_id")
	want := map[string]any{
		"http.request.method": "POST", "url.template": "/v2/cockpit/cta/list", "http.response.status_code": int64(200),
		"http.request.resend_count": int64(0), "connector.operation": "cta.list",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("attributes of the request (-want +got):\n%s", diff)
	}
	if request.StartTime.Before(call.StartTime) || request.EndTime.After(call.EndTime) {
		t.Errorf("the request, from %s to %s, is not within the call, from %s to %s",
			request.StartTime, request.EndTime, call.StartTime, call.EndTime)
	}
	if err := r.Close(); err != nil { // all lines have come by then
		t.Fatal(err)
	}
	for line := range strings.Lines(r.log.String()) {
		if strings.Contains(line, `"request to the tenant"`) && strings.Contains(line, `"action":"cta.list"`) {
			if !strings.Contains(line, `"trace_id":"`+parent.TraceID().String()+`"`) || !strings.Contains(line, `"request_id":"req-1"`) {
				t.Errorf("the line does not name the call: %s", line)
			}
			return
		}
	}
	t.Errorf("the log lacks the request:\n%s", r.log.String())
}

// A call that fails shows its requests, and nothing of its message.
func TestTraceOfFailure(t *testing.T) {
	t.Parallel()
	r := start(t, telemetry.Options{})
	r.open(t, "another")
	if err := r.run(t.Context(), "cta.list", `{"select":["Name"],"limit":1}`); !errors.Is(err, connector.ReasonAuthFailed) {
		t.Fatalf("error = %v", err)
	}
	s := r.span(t, "cta.list")
	if got := attributes(s); got["error.type"] != "AUTH_FAILED" || s.Status.Description != "AUTH_FAILED" {
		t.Errorf("attributes = %v, status = %+v", got, s.Status)
	}
	request := r.span(t, "POST /v2/cockpit/cta/list")
	if got := attributes(request)["http.response.status_code"]; got != int64(401) {
		t.Errorf("status of the request = %v", got)
	}
}

// A connector with OpenTelemetry of its own goes on with the host's trace, and
// the host makes no spans for it.
func TestConnectorTracesItself(t *testing.T) {
	t.Parallel()
	r := start(t, telemetry.Options{OwnSpans: true}, "tracing")
	conn, err := r.Open(t.Context(), connector.Settings{Tenant: "acme", Config: json.RawMessage(`{}`)}, nil)
	if err != nil {
		t.Fatal(err)
	}
	result, err := conn.Execute(t.Context(), connector.Call{Action: "place.get"})
	if err != nil {
		t.Fatal(err)
	}
	var got place
	if err := json.Unmarshal(result.Output, &got); err != nil {
		t.Fatal(err)
	}
	rpc := r.span(t, "connector.v1.ConnectorService/Execute").SpanContext
	if want := (place{rpc.TraceID().String(), rpc.SpanID().String()}); got != want {
		t.Errorf("the process has %+v above it, want %+v", got, want)
	}
}

// What a scrape shows of calls, records, budgets and processes.
func TestMetrics(t *testing.T) {
	t.Parallel()
	r := start(t, telemetry.Options{})
	r.open(t, accessKey)
	if err := r.run(t.Context(), "cta.list", `{"select":["Name"],"limit":1}`); err != nil {
		t.Fatal(err)
	}
	if err := r.run(t.Context(), "cta.list", `{"nonsense":true}`); !errors.Is(err, connector.ReasonInvalidInput) {
		t.Fatalf("error = %v", err)
	}
	if err := r.run(t.Context(), "what.ever", `{}`); !errors.Is(err, connector.ReasonNotFound) {
		t.Fatalf("error = %v", err)
	}
	scraped := r.metrics(t)
	wantMetrics(t, scraped,
		`connector_calls_total{action="",connector="gainsight",method="open",outcome="success",reason=""} 1`,
		`connector_calls_total{action="cta.list",connector="gainsight",method="execute",outcome="success",reason=""} 1`,
		`connector_calls_total{action="cta.list",connector="gainsight",method="execute",outcome="failure",reason="INVALID_INPUT"} 1`,
		`connector_calls_total{action="",connector="gainsight",method="execute",outcome="failure",reason="NOT_FOUND"} 1`,
		`connector_call_duration_seconds_count{action="cta.list",connector="gainsight",method="execute",outcome="success"} 1`,
		`connector_call_queue_seconds_count{connector="gainsight",method="execute"} 3`,
		`connector_call_repeats_total{action="cta.list",connector="gainsight",method="execute"} 0`,
		`connector_vendor_requests_total{action="cta.list",connector="gainsight"} 1`,
		`connector_vendor_retries_total{action="cta.list",connector="gainsight"} 0`,
		`connector_processes{connector="gainsight",process="shared",state="ready"} 1`,
		`connector_running_calls{class="interactive",connector="gainsight",process="shared"} 0`,
		`connector_queued_calls{class="bulk",connector="gainsight",process="shared"} 0`,
		`connector_process_changes_total{change="started",connector="gainsight",process="shared"} 1`,
	)
	const budget = `connector_budget_remaining_calls{budget="synchronous",connector="gainsight",window="24h0m0s"} 4999` // of 50,000
	if !strings.Contains(scraped, budget) {
		t.Errorf("the scrape lacks %s", budget)
	}
	if t.Failed() || strings.Contains(scraped, "acme") || strings.Contains(scraped, "what.ever") {
		t.Errorf("the scrape:\n%s", regexp.MustCompile(`(?m)^#.*\n`).ReplaceAllString(scraped, ""))
	}
}

// Connections are labels if somebody wants them to be.
func TestMetricsByConnection(t *testing.T) {
	t.Parallel()
	r := start(t, telemetry.Options{Connections: true})
	r.open(t, accessKey)
	if err := r.run(t.Context(), "cta.list", `{"select":["Name"],"limit":1}`); err != nil {
		t.Fatal(err)
	}
	wantMetrics(t, r.metrics(t),
		`connector_vendor_requests_total{action="cta.list",connection="acme",connector="gainsight"} 1`,
		`connector_processes{connection="",connector="gainsight",process="shared",state="ready"} 1`,
	)
}

// Changes of a process are counted, whoever else watches.
func TestProcessChanges(t *testing.T) {
	t.Parallel()
	tel, err := telemetry.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	o := &supervise.Options{Watch: func(supervise.Transition) { seen++ }}
	tel.Supervise(o)
	for _, change := range []supervise.Transition{
		{From: supervise.Starting, To: supervise.Ready},
		{From: supervise.Ready, To: supervise.Ready},
		{From: supervise.Ready, To: supervise.Backoff},
		{From: supervise.Backoff, To: supervise.Starting},
		{From: supervise.Starting, To: supervise.Quarantined, Tenant: "acme"},
	} {
		change.Connector = "echo"
		o.Watch(change)
	}
	wantMetrics(t, (&rig{telemetry: tel}).metrics(t),
		`connector_process_changes_total{change="started",connector="echo",process="shared"} 1`,
		`connector_process_changes_total{change="upgraded",connector="echo",process="shared"} 1`,
		`connector_process_changes_total{change="crashed",connector="echo",process="shared"} 1`,
		`connector_process_changes_total{change="crashed",connector="echo",process="dedicated"} 1`,
		`connector_process_changes_total{change="quarantined",connector="echo",process="dedicated"} 1`,
	)
	if seen != 5 {
		t.Errorf("the other watcher saw %d changes", seen)
	}
}

// An observer that was there before still gets its calls.
func TestObserversAddUp(t *testing.T) {
	t.Parallel()
	tel, err := telemetry.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	told := 0
	o := &host.Options{Observe: func(ctx context.Context, _ host.Operation) (context.Context, func(host.Outcome)) {
		return ctx, func(host.Outcome) { told++ }
	}}
	tel.Host(o)
	_, end := o.Observe(t.Context(), host.Operation{Connector: "echo", Method: "execute", Action: "echo.put"})
	end(host.Outcome{
		Attempts: 3, Records: &connector.RecordSummary{Total: 3, Succeeded: 1, Unknown: 2},
		Stats: connector.Stats{Calls: 5, Retries: 2, Waited: time.Second, Queued: 2 * time.Second},
	})
	wantMetrics(t, (&rig{telemetry: tel}).metrics(t),
		`connector_calls_total{action="echo.put",connector="echo",method="execute",outcome="partial",reason=""} 1`,
		`connector_call_repeats_total{action="echo.put",connector="echo",method="execute"} 2`,
		`connector_records_total{action="echo.put",connector="echo",result="unknown"} 2`,
		`connector_vendor_retries_total{action="echo.put",connector="echo"} 2`,
		`connector_vendor_wait_seconds_total{action="echo.put",connector="echo",for="budget"} 2`,
	)
	if told != 1 || len(o.Dial) != 0 || o.Requests {
		t.Errorf("told %d times; without traces the connection has %d options", told, len(o.Dial))
	}
	if _, err := telemetry.New(&telemetry.Options{}); err != nil {
		t.Errorf("a second one with a registry of its own: %v", err)
	}
}

// Nothing that a tenant keeps to itself is in a span, a metric or a line of the
// log, although all is shown that can be.
func TestNothingLeaks(t *testing.T) {
	t.Parallel()
	const value = "canary-value-4711"
	record := `{"Name":"` + value + `","CompanyName":"Aurora Labs","OwnerEmail":"ada.berg@example.com","DueDate":"2026-12-15",` +
		`"type":"Risk","reason":"Bugs Risk","status":"New","priority":"High"}`
	inputs := map[string]string{
		"cta.create":  `{"records":[` + record + `,` + strings.Replace(record, "ada.berg", value, 1) + `]}`,
		"cta.list":    `{"select":["Name"],"where":{"conditions":[{"name":"Name","operator":"EQ","value":["` + value + `"]}],"expression":"A"}}`,
		"api.request": `{"method":"GET","path":"/v1/meta/services/objects/` + value + `/describe","query":{"q":"` + value + `"}}`,
	}
	for name, key := range map[string]string{"accepted": accessKey, "refused": "another"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := start(t, telemetry.Options{Connections: true})
			r.open(t, key)
			for action, input := range inputs {
				_ = r.run(t.Context(), action, input) // what comes of it is of no interest here
			}
			scraped := r.metrics(t)
			if err := r.Close(); err != nil {
				t.Fatal(err)
			}
			spans := r.spans.GetSpans()
			if len(spans) < 8 || !strings.Contains(r.log.String(), "request to the tenant") {
				t.Fatalf("too little is shown to prove anything: %v\n%s", names(spans), r.log.String())
			}
			shown := []string{scraped, r.log.String()}
			for _, s := range spans {
				shown = append(shown, fmt.Sprint(s.Name, s.Status, attribute.NewSet(s.Attributes...).MarshalLog(), s.Events))
			}
			for _, text := range shown {
				for _, canary := range []string{value, accessKey} {
					if at := strings.Index(text, canary); at >= 0 {
						t.Errorf("%s is shown: %s", canary, text[max(0, at-300):min(len(text), at+100)])
					}
				}
			}
		})
	}
}

// BenchmarkExecute is a dry run in a process without an observer, with metrics, and
// with traces that nobody samples or everybody.
func BenchmarkExecute(b *testing.B) {
	path, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	for name, opts := range map[string]*telemetry.Options{
		"off":         nil,
		"metrics":     {},
		"not_sampled": {Traces: sdk.NewTracerProvider(sdk.WithSampler(sdk.NeverSample()))},
		"sampled":     {Traces: sdk.NewTracerProvider(sdk.WithSyncer(discard{}))},
	} {
		b.Run(name, func(b *testing.B) {
			o := &host.Options{}
			if opts != nil {
				tel, err := telemetry.New(opts)
				if err != nil {
					b.Fatal(err)
				}
				tel.Host(o)
			}
			p, err := host.Launch(b.Context(), path, o)
			if err != nil {
				b.Fatal(err)
			}
			defer func() { _ = p.Close() }()
			conn, err := p.Open(b.Context(), connector.Settings{
				Tenant: "acme", Config: json.RawMessage(`{"base_url":"http://localhost:1","auth":{"type":"access_key"}}`),
				Secrets: map[string]connector.Secret{"/auth/access_key": connector.NewSecret(accessKey)},
			})
			if err != nil {
				b.Fatal(err)
			}
			dry := connector.Call{
				Action: "api.request", Input: json.RawMessage(`{"method":"GET","path":"/v1/x"}`), DryRun: true, RequestID: "r",
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := conn.Execute(b.Context(), dry); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// discard is an exporter that exports nothing.
type discard struct{}

func (discard) ExportSpans(context.Context, []sdk.ReadOnlySpan) error { return nil }
func (discard) Shutdown(context.Context) error                        { return nil }

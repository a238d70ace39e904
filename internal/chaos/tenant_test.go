//go:build unix

package chaos_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gainsight-connector/gainsight-connector/actions/actionstest"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host/supervise"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

// ill is a tenant that may be unwell.
type ill struct {
	*sandbox.Tenant

	// serve, if set, answers in its place.
	serve atomic.Pointer[http.HandlerFunc]
	// heal ends what is wrong.
	heal func()
}

// ServeHTTP answers, well or ill.
func (i *ill) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if serve := i.serve.Load(); serve != nil {
		(*serve)(w, r)
		return
	}
	i.Tenant.ServeHTTP(w, r)
}

// hang answers nothing. It reads the request, for only then is it told that the
// caller has left.
func (*ill) hang(_ http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	<-r.Context().Done()
}

// trickle sends a byte now and then, and never all of them.
func (*ill) trickle(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	head := `{"result":`
	if strings.Contains(r.URL.Path, "chunk") {
		head = "Gsid,Name\r\n"
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, head)
	ticker := time.NewTicker(10 * time.Millisecond)
	defer ticker.Stop()
	for {
		if _, err := io.WriteString(w, " "); err != nil || http.NewResponseController(w).Flush() != nil {
			return
		}
		select {
		case <-ticker.C:
		case <-r.Context().Done():
			return
		}
	}
}

// cutZip answers with compressed content that ends early.
func (i *ill) cutZip(w http.ResponseWriter, r *http.Request) {
	whole := httptest.NewRecorder()
	i.Tenant.ServeHTTP(whole, r)
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	_, _ = zip.Write(whole.Body.Bytes())
	_ = zip.Close()
	cut := packed.Bytes()[:packed.Len()*2/3]
	w.Header().Set("Content-Type", whole.Header().Get("Content-Type"))
	w.Header().Set("Content-Encoding", "gzip")
	w.Header().Set("Content-Length", strconv.Itoa(len(cut)))
	_, _ = w.Write(cut)
}

const (
	listed  = "cta.list"
	created = "cta.create"
	chunked = "bulk.chunk"
)

// illnesses are what can be wrong with a tenant, and what its callers are told.
func illnesses() map[string]illness {
	fault := func(kind sandbox.FaultKind) func(*ill) {
		return func(i *ill) { i.heal = i.Inject(sandbox.Fault{Kind: kind}) }
	}
	answers := func(serve func(*ill, http.ResponseWriter, *http.Request)) func(*ill) {
		return func(i *ill) {
			h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { serve(i, w, r) })
			i.serve.Store(&h)
			i.heal = func() { i.serve.Store(nil) }
		}
	}
	const (
		down   = connector.ReasonDownstreamUnavailable
		slow   = connector.ReasonDownstreamTimeout
		broken = connector.ReasonDownstreamContract
		late   = connector.ReasonDeadlineExceeded
	)
	const soon = 500 * time.Millisecond
	return map[string]illness{
		"resets, read":               {listed, 0, fault(sandbox.FaultDropped), down},
		"resets, write":              {created, 0, fault(sandbox.FaultDropped), down},
		"resets, download":           {chunked, 0, fault(sandbox.FaultDropped), down},
		"answers nothing, read":      {listed, 0, answers((*ill).hang), slow},
		"answers nothing, write":     {created, 0, answers((*ill).hang), slow},
		"answers nothing, download":  {chunked, 0, answers((*ill).hang), slow},
		"slower than the call":       {listed, soon, answers((*ill).hang), late},
		"slower than the write":      {created, soon, answers((*ill).hang), late},
		"trickles, read":             {listed, 0, answers((*ill).trickle), slow},
		"trickles, write":            {created, 0, answers((*ill).trickle), slow},
		"trickles, download":         {chunked, soon, answers((*ill).trickle), late},
		"cuts the answer to a read":  {listed, 0, fault(sandbox.FaultTruncated), down},
		"cuts the answer to a write": {created, 0, fault(sandbox.FaultTruncated), down},
		"cuts a chunk":               {chunked, 0, fault(sandbox.FaultTruncated), down},
		"cuts JSON, read":            {listed, 0, fault(sandbox.FaultMalformed), broken},
		"cuts JSON, write":           {created, 0, fault(sandbox.FaultMalformed), broken},
		"cuts CSV within a row":      {chunked, 0, fault(sandbox.FaultMalformed), broken},
		"cuts gzip, read":            {listed, 0, answers((*ill).cutZip), down},
		"cuts gzip, download":        {chunked, 0, answers((*ill).cutZip), down},
	}
}

type illness struct {
	action  string
	timeout time.Duration // of the call; 0: it has the time that it needs
	begin   func(*ill)
	want    connector.Reason
}

// inputs are those of the actions of illnesses.
func inputs(tenant *sandbox.Tenant) map[string]json.RawMessage {
	return map[string]json.RawMessage{
		listed: json.RawMessage(`{"select":["Name"]}`),
		created: json.RawMessage(`{"records":[{"Name":"n","CompanyId":"1P02ACME0000000000000000000000000001",` +
			`"OwnerId":"1P01ACME0000000000000000000000000001","DueDate":"2026-12-15","type":"Risk","reason":"Bugs Risk","status":"New","priority":"High"}]}`),
		chunked: downloads(tenant)[2].Input,
	}
}

// attempt makes the call of an illness, and returns its error, that of its
// record included.
func attempt(ctx context.Context, c *supervise.Connection, call connector.Call) error {
	if call.Action == chunked {
		_, err := c.Download(ctx, call, io.Discard, nil)
		return err
	}
	got, err := c.Execute(ctx, call)
	if err != nil || call.Action != created {
		return err
	}
	var output struct {
		Results []struct {
			Error *connector.Error `json:"error"`
		} `json:"results"`
	}
	if err := json.Unmarshal(got.Output, &output); err != nil || len(output.Results) != 1 {
		return errors.Join(errors.New("there is not one result"), err)
	}
	if e := output.Results[0].Error; e != nil {
		return e
	}
	return nil
}

// TestIllTenant: what is wrong with a tenant is told as that, is over when it is
// well again, and costs no connector its process.
func TestIllTenant(t *testing.T) {
	t.Parallel()
	var lost atomic.Int32
	h := started(t, &supervise.Options{
		Watch: func(tr supervise.Transition) {
			if tr.To == supervise.Backoff {
				lost.Add(1)
			}
		},
	})
	t.Cleanup(func() {
		if n := lost.Load(); n > 0 {
			t.Errorf("%d processes were given up, though the tenant was at fault", n)
		}
	})
	for name, tt := range illnesses() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant := &ill{Tenant: sandbox.New(sandbox.Acme(), &sandbox.Options{Limits: &sandbox.Limits{}})}
			server := httptest.NewServer(tenant)
			t.Cleanup(server.Close)
			settings := actionstest.Unlimited()
			settings["timeout_seconds"] = 30
			if tt.want == connector.ReasonDownstreamTimeout {
				settings["timeout_seconds"] = 0.5
			}
			c := opened(t, h, tenant.Tenant, server.URL, settings)
			call := connector.Call{Action: tt.action, Input: inputs(tenant.Tenant)[tt.action], RequestID: "r-" + name}
			if err := attempt(t.Context(), c, call); err != nil {
				t.Fatalf("before: %v", err)
			}
			tt.begin(tenant)
			ctx := t.Context()
			if tt.timeout > 0 {
				var cancel context.CancelFunc
				ctx, cancel = context.WithTimeout(ctx, tt.timeout)
				defer cancel()
			}
			told(t, attempt(ctx, c, call), tt)

			tenant.heal()
			if err := attempt(t.Context(), c, call); err != nil {
				t.Errorf("after: %v", err)
			}
		})
	}
}

// told holds an error to what a caller needs to know.
func told(t *testing.T, err error, tt illness) {
	t.Helper()
	e := connector.AsError(err)
	if e == nil || e.Reason != tt.want {
		t.Fatalf("error = %v, want %s", err, tt.want)
	}
	origin, retry := connector.OriginDownstream, connector.RetryLater
	switch tt.want {
	case connector.ReasonDownstreamContract:
		retry = connector.RetryNever
	case connector.ReasonDeadlineExceeded:
		origin, retry = connector.OriginCaller, connector.RetryNever
	default:
	}
	if e.Origin != origin || e.Retry != retry || e.OutcomeUnknown != (tt.action == created) {
		t.Errorf("error = %+v, want origin %s, retry %s, unknown %v", e, origin, retry, tt.action == created)
	}
}

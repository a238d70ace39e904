package bulk_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/actions/actionstest"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

const (
	exportPath = "/v3/exports/data/bulk/"
	statusPath = exportPath + "status/"
	chunkPath  = exportPath + "chunk/"

	usage     = `{"objectName":"usage__gc","select":["Gsid","Row_Number__gc","Note__gc"]}`
	companies = `{"objectName":"company","select":["Name"]}`
)

// rig is a connection to a tenant, and the tenant itself.
type rig struct {
	*host.Connection
	tenant *sandbox.Tenant
	server *httptest.Server
}

// connect connects to a tenant without limits, unless opts say otherwise.
func connect(tb testing.TB, opts sandbox.Options, settings actionstest.Settings, own actions.Options) *rig {
	tb.Helper()
	if opts.Limits == nil {
		opts.Limits = &sandbox.Limits{}
	}
	if opts.ExportRows == 0 {
		opts.ExportRows = 45_000
	}
	tenant := sandbox.New(sandbox.Acme(), &opts)
	return connectTo(tb, tenant, tenant, settings, own)
}

// connectTo connects to a tenant whose requests a handler answers.
func connectTo(tb testing.TB, tenant *sandbox.Tenant, handler http.Handler, settings actionstest.Settings, own actions.Options) *rig {
	tb.Helper()
	server := httptest.NewServer(handler)
	tb.Cleanup(server.Close)
	return &rig{actionstest.Open(tb, actionstest.HostWith(tb, own, nil), tenant, server.URL, settings), tenant, server}
}

// again connects to the same tenant as another process would.
func (r *rig) again(tb testing.TB) *rig {
	tb.Helper()
	conn := actionstest.Open(tb, actionstest.HostWith(tb, actions.Options{}, nil), r.tenant, r.server.URL, nil)
	return &rig{conn, r.tenant, r.server}
}

// written is a tenant whose export job has chunks that a test wrote.
type written struct {
	*sandbox.Tenant

	chunks []string
	total  string // JSON
}

func (w *written) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	var index int
	switch path := r.URL.Path; {
	case strings.HasPrefix(path, chunkPath):
		if _, err := fmt.Sscanf(strings.TrimPrefix(path, chunkPath), "%d", &index); err != nil {
			panic(http.ErrAbortHandler)
		}
		_, _ = io.WriteString(rw, w.chunks[index])
	case strings.HasPrefix(path, statusPath):
		var list []string
		for i := range w.chunks {
			list = append(list, fmt.Sprintf(`{"chunkURL":"%s%d"}`, chunkPath, i))
		}
		_, _ = fmt.Fprintf(rw, `{"result":true,"data":{"jobStatus":"COMPLETED","totalRecords":%s,"chunkDetails":[%s]}}`,
			w.total, strings.Join(list, ","))
	case strings.HasPrefix(path, exportPath):
		_, _ = fmt.Fprintf(rw, `{"result":true,"data":{"statusURL":"%s1"}}`, statusPath)
	default:
		w.Tenant.ServeHTTP(rw, r)
	}
}

// writes connects to a tenant whose export job has these chunks.
func writes(tb testing.TB, settings actionstest.Settings, chunks ...string) *rig {
	tb.Helper()
	tenant := sandbox.New(sandbox.Acme(), &sandbox.Options{Limits: &sandbox.Limits{}})
	return connectTo(tb, tenant, &written{tenant, chunks, "null"}, settings, actions.Options{})
}

// export runs bulk.export.
func (r *rig) export(ctx context.Context, input string) (string, connector.StreamSummary, error) {
	var out bytes.Buffer
	summary, err := r.Download(ctx, connector.Call{Action: "bulk.export", Input: json.RawMessage(input)}, &out, nil)
	return out.String(), summary, err
}

// wantError checks the reason of an error and what it says.
func wantError(t *testing.T, err error, reason connector.Reason, text string) {
	t.Helper()
	if e := connector.AsError(err); !errors.Is(err, reason) || !strings.Contains(e.Message, text) {
		t.Errorf("error = %+v, want %s: %s", e, reason, text)
	}
}

// count is how many requests to a path arrived.
func (r *rig) count(path string) int {
	n := 0
	for _, request := range r.tenant.Requests() {
		if strings.HasPrefix(request.Path, path) {
			n++
		}
	}
	return n
}

// get asks the tenant past the connector.
func (r *rig) get(t *testing.T, url string) string {
	t.Helper()
	if !strings.Contains(url, "://") {
		url = r.server.URL + "/" + strings.TrimPrefix(url, "/")
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("accesskey", r.tenant.AccessKey())
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close() //nolint:errcheck // it was read
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s, %v", url, resp.Status, err)
	}
	return string(body)
}

// job submits a job through the connector and returns its state once it is
// final.
func (r *rig) job(t *testing.T, input string) map[string]any {
	t.Helper()
	_, submitted := actionstest.Run(t, r.Connection, "bulk.submit", input)
	for {
		_, state := actionstest.Run(t, r.Connection, "bulk.status", fmt.Sprintf(`{"statusUrl":%q}`, submitted["statusUrl"]))
		if state["done"] == true {
			return state
		}
	}
}

package sandbox_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A client talks to one tenant over a real server, with the key of the tenant
// unless a test changes it.
type client struct {
	t      *testing.T
	tenant *sandbox.Tenant
	server *httptest.Server
	header http.Header
}

// A reply is one answer, body and all.
type reply struct {
	status int
	header http.Header
	text   string
	body   map[string]any // nil when the body is not a JSON object
}

// clockTime is a moment in the middle of a minute, an hour and a day.
var clockTime = time.Date(2026, time.November, 24, 10, 30, 30, 0, time.UTC)

func fixedClock() time.Time { return clockTime }

// newClient serves a tenant. Its clock stands still unless opts have one.
func newClient(t *testing.T, seed sandbox.Seed, opts *sandbox.Options) *client {
	t.Helper()
	if opts == nil {
		opts = &sandbox.Options{}
	}
	if opts.Clock == nil {
		opts.Clock = fixedClock
	}
	tenant := sandbox.New(seed, opts)
	server := httptest.NewServer(tenant)
	t.Cleanup(server.Close)
	return &client{t: t, tenant: tenant, server: server, header: http.Header{
		"accesskey":    {tenant.AccessKey()}, // as documented: the transport sends it so
		"Content-Type": {"application/json"},
	}}
}

func acme(t *testing.T, forms sandbox.Forms) *client {
	t.Helper()
	return newClient(t, sandbox.Acme(), &sandbox.Options{Forms: forms})
}

// try makes a call that may fail on the way.
func (c *client) try(method, path, body string) (reply, error) {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), method, c.server.URL+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header = c.header.Clone()
	resp, err := c.server.Client().Do(r)
	if err != nil {
		return reply{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	out := reply{status: resp.StatusCode, header: resp.Header, text: string(text)}
	if json.Valid(text) {
		d := json.NewDecoder(bytes.NewReader(text))
		d.UseNumber()
		_ = d.Decode(&out.body)
	}
	return out, err
}

func (c *client) do(method, path, body string) reply {
	c.t.Helper()
	out, err := c.try(method, path, body)
	if err != nil {
		c.t.Fatalf("%s %s: %v", method, path, err)
	}
	return out
}

// ok makes a call that must succeed.
func (c *client) ok(method, path, body string) reply {
	c.t.Helper()
	out := c.do(method, path, body)
	if out.status != http.StatusOK || out.body["result"] != true {
		c.t.Fatalf("%s %s: %d %s", method, path, out.status, out.text)
	}
	return out
}

// at follows keys and list indexes into a decoded body.
func at(t *testing.T, v any, path ...any) any {
	t.Helper()
	for _, p := range path {
		switch p := p.(type) {
		case string:
			m, ok := v.(map[string]any)
			if !ok {
				t.Fatalf("no object at %q in %v", p, v)
			}
			v = m[p]
		case int:
			l, ok := v.([]any)
			if !ok || p >= len(l) {
				t.Fatalf("no element %d in %v", p, v)
			}
			v = l[p]
		}
	}
	return v
}

// checkRefusal holds an answer to a status, a code and, in part, a text.
func checkRefusal(t *testing.T, got reply, status int, code, text string) {
	t.Helper()
	desc, _ := got.body["errorDesc"].(string)
	if got.status != status || got.body["result"] != false || got.body["errorCode"] != code || !strings.Contains(desc, text) {
		t.Errorf("got %d %s; want %d, %s, ... %s ...", got.status, got.text, status, code, text)
	}
}

var uuidPattern = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// checkShape holds an answer to the structure of a documented sample: the same
// keys, present and absent, and the same types, all the way down. Of a list the
// first element counts.
func checkShape(t *testing.T, got any, sample string) {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(sample))
	d.UseNumber()
	var want any
	if err := d.Decode(&want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(shape(want), shape(got)); diff != "" {
		t.Errorf("structure differs from the sample (-sample +got):\n%s", diff)
	}
}

func shape(v any) any {
	switch x := v.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case string:
		return "string"
	case json.Number:
		return "number"
	case []any:
		if len(x) == 0 {
			return []any{}
		}
		return []any{shape(x[0])}
	case map[string]any:
		m := make(map[string]any, len(x))
		for k, e := range x {
			m[k] = shape(e)
		}
		return m
	default:
		return fmt.Sprintf("%T", v)
	}
}

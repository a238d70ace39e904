package sandbox_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

const listPath = "/v1/meta/services/objects/list?po=company&em=false"

// envelopeE is the sample of common.md 4.
const envelopeE = `{"result": false, "errorCode": "GS_APIG_2401", "errorDesc": "Unauthorized",
	"requestId": "00000000-0000-0000-0000-000000000000", "message": "Unauthorized"}`

func TestAccessKey(t *testing.T) {
	t.Parallel()
	key := sandbox.Acme().AccessKey
	tests := map[string]struct {
		header http.Header
		want   int
	}{
		"as documented":   {http.Header{"accesskey": {key}}, 200},
		"canonical case":  {http.Header{"Accesskey": {key}}, 200},
		"page case":       {http.Header{"AccessKey": {key}}, 200},
		"missing":         {http.Header{}, 401},
		"empty":           {http.Header{"accesskey": {""}}, 401},
		"wrong":           {http.Header{"accesskey": {"sandbox-globex-access-key"}}, 401},
		"another header":  {http.Header{"authentication": {key}}, 401},
		"as bearer token": {http.Header{"Authorization": {"Bearer " + key}}, 401},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := acme(t, sandbox.Forms{})
			c.header = tt.header
			got := c.do("GET", listPath, "")
			if got.status != tt.want {
				t.Errorf("got %d %s", got.status, got.text)
			}
			if tt.want == 401 {
				checkRefusal(t, got, 401, "GS_APIG_2401", "Unauthorized")
				checkShape(t, got.body, envelopeE)
			}
		})
	}
}

func TestBulkHeader(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		form                      sandbox.BulkHeader
		accessKey, authentication int
	}{
		"access key":     {sandbox.BulkHeaderAccessKey, 200, 401},
		"authentication": {sandbox.BulkHeaderAuthentication, 401, 200},
		"either":         {sandbox.BulkHeaderEither, 200, 200},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := acme(t, sandbox.Forms{BulkHeader: tt.form})
			for header, want := range map[string]int{"accesskey": tt.accessKey, "authentication": tt.authentication} {
				c.header = http.Header{header: {c.tenant.AccessKey()}, "Content-Type": {"application/json"}}
				if got := c.do("POST", "/v3/exports/data/bulk/company", `{"select":["Name"]}`); got.status != want {
					t.Errorf("%s: got %d, want %d", header, got.status, want)
				}
			}
			c.header = http.Header{"accesskey": {c.tenant.AccessKey()}}
			if got := c.do("GET", listPath, ""); got.status != 200 {
				t.Errorf("outside /v3: got %d", got.status)
			}
		})
	}
}

func TestNoRoute(t *testing.T) {
	t.Parallel()
	c := acme(t, sandbox.Forms{})
	for name, rq := range map[string][2]string{
		"unknown path":          {"GET", "/v1/ctas"},
		"root":                  {"GET", "/"},
		"wrong method":          {"DELETE", "/v2/cockpit/cta/"},
		"get on a post":         {"GET", "/v2/cockpit/cta/list"},
		"slash too many":        {"POST", "/v2/cockpit/cta/list/"},
		"doubled slash":         {"GET", "//v1/meta/services/objects/list"},
		"empty parameter":       {"GET", "/v1/meta/services/objects//describe"},
		"known wrong bulk path": {"GET", "/v3/exports/data/bulk/some-job/status"},
	} {
		got := c.do(rq[0], rq[1], "{}")
		if got.status != 404 || got.body["errorCode"] != "GS_APIG_1000" {
			t.Errorf("%s: got %d %s", name, got.status, got.text)
		}
		checkShape(t, got.body, envelopeE)
	}
}

func TestSlash(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		slash         sandbox.Slash
		without, with bool
	}{
		"either":   {sandbox.SlashEither, true, true},
		"required": {sandbox.SlashRequired, false, true},
		"refused":  {sandbox.SlashRefused, true, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := acme(t, sandbox.Forms{ObjectListSlash: tt.slash, CTASlash: tt.slash})
			for _, path := range []string{"/v1/meta/services/objects", "/v2/cockpit/cta"} {
				for suffix, want := range map[string]bool{"": tt.without, "/": tt.with} {
					got := c.do("POST", path+suffix, `{}`)
					if routed := got.status != 404; routed != want {
						t.Errorf("%s%s: got %d", path, suffix, got.status)
					}
				}
			}
		})
	}
}

func TestBodies(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ contentType, body string }{
		"no content type":  {"", `{"select":["Name"]}`},
		"form":             {"application/x-www-form-urlencoded", `{"select":["Name"]}`},
		"empty":            {"application/json", ""},
		"cut off":          {"application/json", `{"select":["Name"`},
		"comments":         {"application/json", "{\"select\":[\"Name\"] // more\n}"},
		"trailing":         {"application/json", `{"select":["Name"]} {}`},
		"list":             {"application/json", `[]`},
		"wrong type":       {"application/json", `{"select":"Name"}`},
		"page as a string": {"application/json", `{"select":["Name"],"pageSize":"10"}`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := acme(t, sandbox.Forms{})
			c.header.Set("Content-Type", tt.contentType)
			got := c.do("POST", "/v2/cockpit/cta/list", tt.body)
			checkRefusal(t, got, 400, "COCKPIT_5101", "")
			checkShape(t, got.body, `{"result": false, "errorCode": "", "errorDesc": "", "requestId": "", "data": {}, "message": null}`)
		})
	}
	t.Run("with charset", func(t *testing.T) {
		t.Parallel()
		c := acme(t, sandbox.Forms{})
		c.header.Set("Content-Type", "application/json; charset=utf-8")
		c.ok("POST", "/v2/cockpit/cta/list", `{"select":["Name"]}`)
	})
	t.Run("too large", func(t *testing.T) {
		t.Parallel()
		c := acme(t, sandbox.Forms{})
		got := c.do("POST", "/v2/cockpit/cta/list", `{"select":["`+strings.Repeat("x", 11<<20)+`"]}`)
		checkRefusal(t, got, 413, "COCKPIT_5101", "too large")
	})
}

func TestRequestID(t *testing.T) {
	t.Parallel()
	c := acme(t, sandbox.Forms{})
	seen := map[any]bool{}
	for _, rq := range [][3]string{
		{"GET", listPath, ""},
		{"GET", "/nowhere", ""},
		{"GET", "/v1/meta/services/objects/nothing/describe", ""},
		{"POST", "/v2/cockpit/cta/list", "{"},
		{"POST", "/v2/cockpit/cta/list", `{"select":["Name"]}`},
	} {
		id, _ := c.do(rq[0], rq[1], rq[2]).body["requestId"].(string)
		if !uuidPattern.MatchString(id) || seen[id] {
			t.Errorf("%v: requestId %q", rq, id)
		}
		seen[id] = true
	}
}

func TestLedger(t *testing.T) {
	t.Parallel()
	c := newClient(t, sandbox.Acme(), &sandbox.Options{Limits: &sandbox.Limits{}})
	first := c.ok("GET", listPath, "")
	c.do("GET", "/nowhere", "")
	got := c.tenant.Requests()
	if len(got) != 2 {
		t.Fatalf("got %v", got)
	}
	want := sandbox.Request{
		Time: clockTime, Method: "GET", Path: "/v1/meta/services/objects/list", Query: "po=company&em=false",
		Status: 200, RequestID: first.body["requestId"].(string),
	}
	if got[0] != want {
		t.Errorf("got %+v, want %+v", got[0], want)
	}
	if got[1].Status != 404 || got[1].Path != "/nowhere" {
		t.Errorf("got %+v", got[1])
	}
}

func TestLedgerIsBounded(t *testing.T) {
	t.Parallel()
	tenant := sandbox.New(sandbox.Acme(), nil)
	for range 5000 {
		r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, "/nowhere", http.NoBody)
		tenant.ServeHTTP(&discard{header: http.Header{}}, r)
	}
	r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, "/last", http.NoBody)
	tenant.ServeHTTP(&discard{header: http.Header{}}, r)
	got := tenant.Requests()
	if len(got) != 4096 || got[4095].Path != "/last" || got[0].Path != "/nowhere" {
		t.Errorf("got %d requests, last %v", len(got), got[len(got)-1])
	}
}

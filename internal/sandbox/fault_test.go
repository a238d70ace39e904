package sandbox_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

func TestFaultAnswers(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		fault  sandbox.Fault
		status int
		text   string // part of the body
		sample string // structure, when JSON
	}{
		"throttled":      {sandbox.Fault{Kind: sandbox.FaultThrottled}, 429, "GS_APIG_2404", envelopeE},
		"throttled 200":  {sandbox.Fault{Kind: sandbox.FaultThrottled, Throttle: sandbox.ThrottleGateway200}, 200, "GS_APIG_2404", envelopeE},
		"throttled user": {sandbox.Fault{Kind: sandbox.FaultThrottled, Throttle: sandbox.ThrottleUser429}, 429, "GU_2400", ""},
		"server error": {sandbox.Fault{Kind: sandbox.FaultServerError}, 500, "Internal Server Error",
			`{"result": false, "errorCode": null, "errorDesc": "", "requestId": "", "data": null, "message": null}`},
		"server error, bare": {sandbox.Fault{Kind: sandbox.FaultServerErrorBare}, 500, "", ""},
		"bad gateway":        {sandbox.Fault{Kind: sandbox.FaultBadGateway}, 502, "<h1>502 Bad Gateway</h1>", ""},
		"unavailable":        {sandbox.Fault{Kind: sandbox.FaultUnavailable}, 503, "<h1>503 Service Unavailable</h1>", ""},
		"expired":            {sandbox.Fault{Kind: sandbox.FaultUnauthorized}, 401, "GS_APIG_2401", envelopeE},
		"address":            {sandbox.Fault{Kind: sandbox.FaultAddress}, 403, "GS_APIG_2402", envelopeE},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := acme(t, sandbox.Forms{})
			before := len(c.tenant.CTAs())
			c.tenant.Inject(tt.fault)
			got := c.do("POST", "/v2/cockpit/cta/", writeBody(goodCTA(nil)))
			if got.status != tt.status || !strings.Contains(got.text, tt.text) {
				t.Errorf("got %d %s", got.status, got.text)
			}
			if tt.sample != "" {
				checkShape(t, got.body, tt.sample)
			}
			if n := len(c.tenant.CTAs()); n != before {
				t.Errorf("the write was applied")
			}
			if rs := c.tenant.Requests(); len(rs) != 1 || rs[0].Status != tt.status {
				t.Errorf("ledger: %+v", rs)
			}
		})
	}
}

func TestFaultRetryAfter(t *testing.T) {
	t.Parallel()
	c := acme(t, sandbox.Forms{})
	c.tenant.Inject(sandbox.Fault{Kind: sandbox.FaultThrottled, RetryAfter: 7 * time.Second})
	if got := c.list().header.Get("Retry-After"); got != "7" {
		t.Errorf("got %q", got)
	}
}

func TestFaultConnections(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		fault   sandbox.Fault
		applied int
	}{
		"dropped":     {sandbox.Fault{Kind: sandbox.FaultDropped}, 0},
		"lost answer": {sandbox.Fault{Kind: sandbox.FaultLostAnswer}, 1},
		"truncated":   {sandbox.Fault{Kind: sandbox.FaultTruncated}, 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := acme(t, sandbox.Forms{})
			before := len(c.tenant.CTAs())
			c.tenant.Inject(tt.fault)
			got, err := c.try("POST", "/v2/cockpit/cta/", writeBody(goodCTA(nil)))
			if err == nil || got.body != nil {
				t.Errorf("got %d %q, %v; want a broken connection", got.status, got.text, err)
			}
			if n := len(c.tenant.CTAs()) - before; n != tt.applied {
				t.Errorf("%d writes applied, want %d", n, tt.applied)
			}
			if rs := c.tenant.Requests(); len(rs) == 0 || rs[0].Status != 0 {
				t.Errorf("ledger: %+v", rs)
			}
		})
	}
}

func TestFaultTruncatedBytes(t *testing.T) {
	t.Parallel()
	c := acme(t, sandbox.Forms{})
	c.tenant.Inject(sandbox.Fault{Kind: sandbox.FaultTruncated, Bytes: 10})
	got, err := c.try("GET", listPath, "")
	if !errors.Is(err, io.ErrUnexpectedEOF) || len(got.text) != 10 || got.header.Get("Content-Length") == "10" {
		t.Errorf("got %q, %v", got.text, err)
	}
}

func TestFaultMalformed(t *testing.T) {
	t.Parallel()
	c := acme(t, sandbox.Forms{})
	c.tenant.Inject(sandbox.Fault{Kind: sandbox.FaultMalformed})
	got := c.list()
	if got.status != 200 || got.body != nil || !strings.HasPrefix(got.text, "{") || got.header.Get("Content-Type") != "application/json" {
		t.Errorf("got %d %q", got.status, got.text)
	}
}

func TestFaultMatching(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		fault sandbox.Fault
		want  []int // statuses of four GETs of the object list
	}{
		"all":          {sandbox.Fault{}, []int{500, 500, 500, 500}},
		"after":        {sandbox.Fault{After: 2}, []int{200, 200, 500, 500}},
		"times":        {sandbox.Fault{Times: 1}, []int{500, 200, 200, 200}},
		"after, times": {sandbox.Fault{After: 1, Times: 2}, []int{200, 500, 500, 200}},
		"path":         {sandbox.Fault{Path: "/v1/meta"}, []int{500, 500, 500, 500}},
		"other path":   {sandbox.Fault{Path: "/v2"}, []int{200, 200, 200, 200}},
		"method":       {sandbox.Fault{Method: "GET"}, []int{500, 500, 500, 500}},
		"other method": {sandbox.Fault{Method: "POST"}, []int{200, 200, 200, 200}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := acme(t, sandbox.Forms{})
			tt.fault.Kind = sandbox.FaultServerError
			remove := c.tenant.Inject(tt.fault)
			for i, want := range tt.want {
				if got := c.list(); got.status != want {
					t.Errorf("call %d: got %d, want %d", i, got.status, want)
				}
			}
			remove()
			remove()
			if got := c.list(); got.status != 200 {
				t.Errorf("after removal: got %d", got.status)
			}
		})
	}
}

func TestFaultLatency(t *testing.T) {
	t.Parallel()
	request := func(ctx context.Context, tenant *sandbox.Tenant) *http.Request {
		r := httptest.NewRequestWithContext(ctx, "GET", listPath, nil)
		r.Header.Set("accesskey", tenant.AccessKey())
		return r
	}
	t.Run("waits, then goes on", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			tenant := sandbox.New(sandbox.Acme(), nil)
			tenant.Inject(sandbox.Fault{Delay: 2 * time.Second})
			tenant.Inject(sandbox.Fault{Delay: time.Second})
			start := time.Now()
			w := httptest.NewRecorder()
			tenant.ServeHTTP(w, request(t.Context(), tenant))
			if d := time.Since(start); d != 3*time.Second || w.Code != 200 {
				t.Errorf("got %d after %s", w.Code, d)
			}
		})
	})
	t.Run("ends with the caller", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			tenant := sandbox.New(sandbox.Acme(), nil)
			tenant.Inject(sandbox.Fault{Delay: time.Hour})
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			start := time.Now()
			defer func() {
				if err, _ := recover().(error); !errors.Is(err, http.ErrAbortHandler) {
					t.Errorf("got %v", err)
				}
				if d := time.Since(start); d != time.Second {
					t.Errorf("ended after %s", d)
				}
			}()
			tenant.ServeHTTP(httptest.NewRecorder(), request(ctx, tenant))
		})
	})
}

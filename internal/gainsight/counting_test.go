package gainsight_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

const throttledBody = `{"result":false,"errorCode":"GU_2400","requestId":"r-t"}`

// counting is a tenant in memory that notes when a request arrives: the time in
// a bubble of synctest stands still while one is under way.
type counting struct {
	mu       sync.Mutex
	arrivals []time.Time
	// refuse, if set, says which requests, from 1, are throttled, and with
	// which Retry-After.
	refuse func(n int) (retryAfter string, refused bool)
	// status is that of the refused ones, without a body. 0: throttled.
	status int
	// unreachable is set if no request leaves.
	unreachable bool
}

func (c *counting) RoundTrip(req *http.Request) (*http.Response, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.unreachable {
		return nil, errors.New("nobody listens")
	}
	httptrace.ContextClientTrace(req.Context()).WroteHeaders()
	c.arrivals = append(c.arrivals, time.Now())
	resp := &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(goodBody))}
	if c.refuse != nil {
		if after, refused := c.refuse(len(c.arrivals)); refused {
			resp.StatusCode, resp.Body = http.StatusTooManyRequests, io.NopCloser(strings.NewReader(throttledBody))
			resp.Header.Set("Retry-After", after)
			if c.status != 0 {
				resp.StatusCode, resp.Body = c.status, http.NoBody
			}
		}
	}
	return resp, nil
}

// perWindow counts the arrivals by window since the first one's.
func (c *counting) perWindow(length time.Duration) map[int]int {
	c.mu.Lock()
	defer c.mu.Unlock()
	got := map[int]int{}
	for _, at := range c.arrivals {
		got[int(at.Truncate(length).Sub(c.arrivals[0].Truncate(length))/length)]++
	}
	return got
}

// client returns a client of the tenant, in whose bubble time passes.
func (c *counting) client(t *testing.T, s settings, opts gainsight.Options) *gainsight.Client {
	t.Helper()
	config, err := s.parse("acme")
	if err != nil {
		t.Fatal(err)
	}
	opts.Transport = c
	return gainsight.New(config, opts)
}

// to is a read of an endpoint.
func to(endpoint string) gainsight.Request {
	return gainsight.Request{Endpoint: endpoint, Effect: connector.EffectRead}
}

func mustDo(t *testing.T, s *gainsight.Session, endpoint string) {
	t.Helper()
	if _, err := s.Do(t.Context(), to(endpoint)); err != nil {
		t.Error(err)
	}
}

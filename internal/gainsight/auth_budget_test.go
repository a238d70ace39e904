package gainsight_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptrace"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

// shortLived is a tenant in memory whose tokens live for half a minute. It notes
// the token and the second of each request to its API.
type shortLived struct {
	issued int
	most   int // 0: it gives any number of tokens
	busy   int // status of its first answer, with a Retry-After of 7 seconds; 0: it is not
	got    []string
}

func (s *shortLived) RoundTrip(req *http.Request) (*http.Response, error) {
	if trace := httptrace.ContextClientTrace(req.Context()); trace != nil && trace.WroteHeaders != nil {
		trace.WroteHeaders()
	}
	status, body := http.StatusOK, goodBody
	header := http.Header{"Content-Type": {jsonType}}
	switch {
	case !strings.HasPrefix(req.URL.Path, "/v1/users/m2m"):
		s.got = append(s.got, req.Header.Get("Authorization")+time.Now().UTC().Format(" 04:05"))
	case s.most > 0 && s.issued == s.most:
		status, body = http.StatusUnauthorized, `{"error":"invalid_client"}`
	case s.busy != 0:
		status, body, s.busy = s.busy, "", 0
		header.Set("Retry-After", "7")
	default:
		s.issued++
		body = fmt.Sprintf(`{"access_token":"token-%d","token_type":"Bearer","expires_in":30}`, s.issued)
	}
	return &http.Response{
		StatusCode: status, Header: header, Body: io.NopCloser(strings.NewReader(body)), Request: req,
	}, nil
}

func (s *shortLived) client(t *testing.T) *gainsight.Client {
	t.Helper()
	config, err := oneAMinute(machine(nil), nil).parse("acme")
	if err != nil {
		t.Fatal(err)
	}
	return gainsight.New(config, gainsight.Options{Transport: s})
}

// oneAMinute adds a limit and more of them to settings.
func oneAMinute(s, more settings) settings {
	limits := map[string]any{"synchronous": map[string]any{"per_minute": 1}}
	maps.Copy(limits, more)
	s["limits"] = limits
	return s
}

// TestTokenEndsDuringTheWait: a request is signed with what is in force when
// its place in the budget has come, not when it began to wait.
func TestTokenEndsDuringTheWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tenant := &shortLived{}
		client := tenant.client(t)
		for range 2 {
			mustDo(t, client.Session(false), gainsight.CTAConfig)
		}
		if diff := cmp.Diff([]string{"Bearer token-1 00:00", "Bearer token-2 01:01"}, tenant.got); diff != "" {
			t.Errorf("requests (-want +got):\n%s", diff)
		}
	})
}

// TestNoTokenAfterTheWait: the place in the budget is given back.
func TestNoTokenAfterTheWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tenant := &shortLived{most: 1}
		client := tenant.client(t)
		mustDo(t, client.Session(false), gainsight.CTAConfig)
		session := client.Session(false)
		_, err := session.Do(t.Context(), request(connector.EffectUnsafeWrite))
		if e := connector.AsError(err); !errors.Is(err, connector.ReasonAuthFailed) || e.OutcomeUnknown || session.Stats().Calls != 0 {
			t.Errorf("got %+v, stats %+v", e, session.Stats())
		}
		if state := client.BudgetStates(gainsight.BudgetSynchronous)[0]; state.Left != 1 || len(tenant.got) != 1 {
			t.Errorf("state %+v after %v", state, tenant.got)
		}
	})
}

// TestRefusedTokenSpends: the request that the tenant refused and the one in its
// place both count.
func TestRefusedTokenSpends(t *testing.T) {
	t.Parallel()
	handler, _ := issuing(accepting(2, goodBody))
	client := connect(t, serve(t, handler).URL, machine(nil), gainsight.Options{})
	mustDo(t, client.Session(false), gainsight.CTAConfig)
	if state := client.BudgetStates(gainsight.BudgetSynchronous)[0]; state.Spent != 2 {
		t.Errorf("state %+v", state)
	}
}

// TestNoRoomAfterRefusedToken: that a token was refused says nothing of the
// credential as long as the next one has not been tried.
func TestNoRoomAfterRefusedToken(t *testing.T) {
	t.Parallel()
	handler, issued := issuing(accepting(2, goodBody))
	now := noon
	client := connect(t, serve(t, handler).URL, oneAMinute(machine(nil), settings{"longest_wait_seconds": 0}), gainsight.Options{
		Clock: func() time.Time { return now },
	})
	_, err := client.Session(false).Do(t.Context(), request(connector.EffectUnsafeWrite))
	e := connector.AsError(err)
	if !errors.Is(err, connector.ReasonRateLimited) || !strings.Contains(e.Message, "not sent") ||
		e.RetryAfter != 19*time.Second || e.OutcomeUnknown {
		t.Errorf("got %+v", e)
	}
	now = now.Add(e.RetryAfter)
	mustDo(t, client.Session(false), gainsight.CTAConfig)
	if n := issued.Load(); n != 2 {
		t.Errorf("%d tokens", n)
	}
}

// TestThrottledTokenRequest: the wait is that of any other request.
func TestThrottledTokenRequest(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		retryAfter string
		limits     map[string]any
		want       time.Duration
	}{
		"next minute": {"", nil, 18 * time.Second},
		"as it says":  {"7", nil, 7 * time.Second},
		"a day":       {"1000000000", nil, 24 * time.Hour},
		"as is set":   {"", map[string]any{"throttled_wait_seconds": 30}, 30 * time.Second},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := machine(nil)
			s["limits"] = tt.limits
			srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Retry-After", tt.retryAfter)
				answering(429, jsonType, throttledBody)(w, r)
			})
			_, err := connect(t, srv.URL, s, gainsight.Options{}).Session(false).Do(t.Context(), to(gainsight.CTAConfig))
			if e := connector.AsError(err); !errors.Is(err, connector.ReasonRateLimited) || e.RetryAfter != tt.want {
				t.Errorf("got %+v", e)
			}
		})
	}
}

// TestSignInWaits: for as long as the authorization server says, if the caller
// has that time, whatever the request does.
func TestSignInWaits(t *testing.T) {
	t.Parallel()
	for name, status := range map[string]int{"throttled": 429, "down": 503} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				tenant := &shortLived{busy: status}
				client := tenant.client(t)
				short, cancel := context.WithTimeout(t.Context(), 5*time.Second)
				defer cancel()
				_, err := client.Session(false).Do(short, request(connector.EffectUnsafeWrite))
				e := connector.AsError(err)
				if e == nil || e.RetryAfter != 7*time.Second || e.Downstream.Status != status || e.OutcomeUnknown {
					t.Errorf("got %+v", e)
				}
				began := time.Now()
				_, err = client.Session(false).Do(t.Context(), request(connector.EffectUnsafeWrite))
				if d := time.Since(began); err != nil || d < 7*time.Second || d > 8*time.Second {
					t.Errorf("got %v after %s", err, d)
				}
			})
		})
	}
}

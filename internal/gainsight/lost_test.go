package gainsight_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

const goodBody = `{"result":true,"requestId":"r-1","data":{"n":1}}`

func drop(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

// truncate announces a whole answer and sends a part of it.
func truncate(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", strconv.Itoa(len(goodBody)))
	_, _ = io.WriteString(w, goodBody[:20])
	_ = http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}

// garble answers something that is not HTTP, in which the credential and a
// value appear.
func garble(w http.ResponseWriter, r *http.Request) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	_, _ = io.WriteString(conn, "HTTP/1.1 "+r.Header.Get("accesskey")+" Quarterly review\r\n\r\n")
	_ = conn.Close()
}

// stall answers when the caller has gone.
func stall(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

// stallWithin begins an answer and goes on when the caller has gone.
func stallWithin(w http.ResponseWriter, r *http.Request) {
	_, _ = io.WriteString(w, goodBody[:20])
	_ = http.NewResponseController(w).Flush()
	<-r.Context().Done()
}

// TestAnswerIsLost: the request arrived and no whole answer came.
func TestAnswerIsLost(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		handler http.HandlerFunc
		timeout float64
		reason  connector.Reason
		message string
	}{
		"dropped":             {drop, 60, connector.ReasonDownstreamUnavailable, "broke before the whole answer came"},
		"truncated":           {truncate, 60, connector.ReasonDownstreamUnavailable, "broke before the whole answer came"},
		"garbled":             {garble, 60, connector.ReasonDownstreamUnavailable, "[value]"},
		"too slow":            {stall, 0.2, connector.ReasonDownstreamTimeout, "did not answer within 200ms"},
		"too slow in between": {stallWithin, 0.2, connector.ReasonDownstreamTimeout, "did not answer within 200ms"},
	}
	for name, tt := range tests {
		for _, effect := range effects {
			t.Run(name+"/"+string(effect), func(t *testing.T) {
				t.Parallel()
				s := serve(t, tt.handler)
				session := connect(t, s.URL, settings{"timeout_seconds": tt.timeout}, gainsight.Options{}).Session(false)
				_, err := session.Do(t.Context(), request(effect))
				e := connector.AsError(err)
				if e == nil || e.Reason != tt.reason || !strings.Contains(e.Message, tt.message) {
					t.Fatalf("got %v", err)
				}
				tries := 3
				if effect == connector.EffectUnsafeWrite {
					tries = 1
				}
				if stats := session.Stats(); stats.Calls != tries || stats.Retries != tries-1 {
					t.Errorf("%d calls, %d retries; want %d", stats.Calls, stats.Retries, tries)
				}
				// A slow machine may not see what it dropped within the time limit.
				if n := len(s.got()); n > tries || n < tries && tt.timeout == 60 {
					t.Errorf("%d requests, want %d", n, tries)
				}
				if want := effect != connector.EffectRead; e.OutcomeUnknown != want || e.Retry != connector.RetryLater ||
					e.Downstream.Status != 0 {
					t.Errorf("got %+v", e)
				}
			})
		}
	}
}

// TestNeverLeft: what certainly did not reach the tenant had no effect there.
func TestNeverLeft(t *testing.T) {
	t.Parallel()
	secure := httptest.NewUnstartedServer(http.NotFoundHandler())
	secure.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError) // it would log that nobody trusts it
	secure.StartTLS()
	t.Cleanup(secure.Close)
	plain := serve(t, answering(200, jsonType, goodBody))
	for name, tt := range map[string]struct{ address, message string }{
		"nobody listens":          {"http://127.0.0.1:1", "refused"},
		"certificate not trusted": {secure.URL, "certificate"},
		"TLS to a plain server":   {strings.Replace(plain.URL, "http:", "https:", 1), "TLS"},
	} {
		for _, effect := range effects {
			t.Run(name+"/"+string(effect), func(t *testing.T) {
				t.Parallel()
				session := connect(t, tt.address, nil, gainsight.Options{}).Session(false)
				_, err := session.Do(t.Context(), request(effect))
				e := connector.AsError(err)
				if e == nil || e.Reason != connector.ReasonDownstreamUnavailable || e.OutcomeUnknown {
					t.Fatalf("got %+v", e)
				}
				if !strings.Contains(e.Message, "cannot be reached") || !strings.Contains(e.Message, tt.message) || !strings.Contains(e.Hint, "base_url") {
					t.Errorf("got %q, hint %q", e.Message, e.Hint)
				}
			})
		}
	}
	if n := len(plain.got()); n > 0 {
		t.Errorf("%d requests arrived", n)
	}
}

// TestRepeats: a failure that passes costs a read nothing but time.
func TestRepeats(t *testing.T) {
	t.Parallel()
	var tries atomic.Int32
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch tries.Add(1) {
		case 1:
			drop(w, r)
		case 2:
			answering(503, "text/html", "<html>")(w, r)
		default:
			answering(200, jsonType, goodBody)(w, r)
		}
	})
	var pauses []time.Duration
	client := connect(t, s.URL, nil, gainsight.Options{Sleep: func(_ context.Context, d time.Duration) error {
		pauses = append(pauses, d)
		return nil
	}})
	session := client.Session(false)
	answer, err := session.Do(t.Context(), request(connector.EffectRead))
	if err != nil || answer.RequestID != "r-1" {
		t.Fatalf("got %v, %v", answer, err)
	}
	if stats := session.Stats(); stats.Calls != 3 || stats.Retries != 2 {
		t.Errorf("got %+v", stats)
	}
	if len(pauses) != 2 || pauses[0] > 200*time.Millisecond || pauses[1] > 400*time.Millisecond {
		t.Errorf("paused %v", pauses)
	}
	if got := s.got(); len(got) != 3 || got[0].Body == "" || got[2].Body != got[0].Body {
		t.Errorf("the repeats differ: %+v", got)
	}
}

// TestFullJitter: a pause may be anything from nothing to the interval, which
// doubles, so that callers who failed at once do not come back at once.
func TestFullJitter(t *testing.T) {
	t.Parallel()
	var pauses []time.Duration
	client := (&counting{status: 503, refuse: func(int) (string, bool) { return "", true }}).client(t, unlimited(), gainsight.Options{
		Sleep: func(_ context.Context, d time.Duration) error {
			pauses = append(pauses, d)
			return nil
		},
	})
	for range 200 {
		_, err := client.Session(false).Do(t.Context(), request(connector.EffectRead))
		if !errors.Is(err, connector.ReasonDownstreamUnavailable) {
			t.Fatal(err)
		}
	}
	for try, interval := range []time.Duration{200 * time.Millisecond, 400 * time.Millisecond} {
		var short, long int
		for i := try; i < len(pauses); i += 2 {
			switch {
			case pauses[i] > interval:
				t.Errorf("the pause before try %d was %s, of %s at most", try+2, pauses[i], interval)
			case pauses[i] < interval/5:
				short++
			case pauses[i] > interval*4/5:
				long++
			}
		}
		if short == 0 || long == 0 {
			t.Errorf("of 200 pauses before try %d, %d were short and %d long", try+2, short, long)
		}
	}
}

// TestOutcomeStaysUnknown: if the first try may have been applied, a later and
// clear refusal does not say that it was not.
func TestOutcomeStaysUnknown(t *testing.T) {
	t.Parallel()
	var tries atomic.Int32
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if tries.Add(1) == 1 {
			drop(w, r)
		}
		answering(401, jsonType, `{"result":false,"errorCode":"GS_APIG_2401"}`)(w, r)
	})
	_, err := connect(t, s.URL, nil, gainsight.Options{}).Session(false).Do(t.Context(), request(connector.EffectIdempotentWrite))
	if e := connector.AsError(err); e == nil || e.Reason != connector.ReasonAuthFailed || !e.OutcomeUnknown {
		t.Errorf("got %+v", e)
	}
}

// TestCallerGivesUp: the request ends at once, and the error says who ended it.
func TestCallerGivesUp(t *testing.T) {
	t.Parallel()
	for name, handler := range map[string]http.HandlerFunc{"before the answer": stall, "within the answer": stallWithin} {
		for _, effect := range effects {
			t.Run("cancelled "+name+"/"+string(effect), func(t *testing.T) {
				t.Parallel()
				ctx, cancel := context.WithCancel(t.Context())
				ended := make(chan struct{})
				s := serve(t, func(w http.ResponseWriter, r *http.Request) {
					cancel()
					handler(w, r)
					close(ended)
				})
				session := connect(t, s.URL, nil, gainsight.Options{}).Session(false)
				_, err := session.Do(ctx, request(effect))
				<-ended // the server saw it too
				e := connector.AsError(err)
				if !errors.Is(err, connector.ReasonCanceled) || !errors.Is(err, context.Canceled) ||
					e.OutcomeUnknown != (effect != connector.EffectRead) {
					t.Errorf("got %+v", e)
				}
				if n := len(s.got()); n != 1 {
					t.Errorf("%d requests", n)
				}
			})
		}
		t.Run("deadline "+name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
			defer cancel()
			ended := make(chan struct{})
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				handler(w, r)
				close(ended)
			})
			_, err := connect(t, s.URL, nil, gainsight.Options{}).Session(false).Do(ctx, request(connector.EffectRead))
			if !errors.Is(err, connector.ReasonDeadlineExceeded) || !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got %v", err)
			}
			if len(s.got()) > 0 { // a slow machine may not have sent it in time
				<-ended
			}
		})
	}
	t.Run("before the request", func(t *testing.T) {
		t.Parallel()
		s := serve(t, answering(200, jsonType, goodBody))
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := connect(t, s.URL, nil, gainsight.Options{}).Session(false).Do(ctx, request(connector.EffectUnsafeWrite))
		if e := connector.AsError(err); !errors.Is(err, context.Canceled) || e.OutcomeUnknown || len(s.got()) > 0 {
			t.Errorf("got %v", err)
		}
	})
	t.Run("in the pause", func(t *testing.T) {
		t.Parallel()
		s := serve(t, drop)
		ctx, cancel := context.WithCancel(t.Context())
		client := connect(t, s.URL, nil, gainsight.Options{Sleep: func(ctx context.Context, _ time.Duration) error {
			cancel()
			return ctx.Err()
		}})
		_, err := client.Session(false).Do(ctx, request(connector.EffectIdempotentWrite))
		e := connector.AsError(err)
		if !errors.Is(err, connector.ReasonCanceled) || !errors.Is(err, context.Canceled) || !e.OutcomeUnknown || len(s.got()) != 1 {
			t.Errorf("got %+v", e)
		}
	})
}

// TestSleep: the default pause is a real one and ends with the caller.
func TestSleep(t *testing.T) {
	t.Parallel()
	config, err := settings{}.parse("acme")
	if err != nil {
		t.Fatal(err)
	}
	client := gainsight.New(config, gainsight.Options{})
	if err := client.Sleep(t.Context(), time.Nanosecond); err != nil {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := client.Sleep(ctx, time.Hour); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// TestRedirects: none is followed, wherever it leads, so the credential stays
// with the tenant.
func TestRedirects(t *testing.T) {
	t.Parallel()
	other := serve(t, answering(200, jsonType, goodBody))
	for name, status := range map[string]int{"301": 301, "302": 302, "303": 303, "307": 307, "308": 308} {
		for where, location := range map[string]string{
			"to another host": other.URL + "/x", "to itself": "/elsewhere", "to nowhere": "", "to nonsense": "http://%zz/" + accessKey,
		} {
			t.Run(name+" "+where, func(t *testing.T) {
				t.Parallel()
				s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
					if location != "" {
						w.Header().Set("Location", location)
					}
					w.WriteHeader(status)
				})
				session := connect(t, s.URL, nil, gainsight.Options{}).Session(false)
				_, err := session.Do(t.Context(), request(connector.EffectRead))
				if e := connector.AsError(err); e == nil || e.Reason != connector.ReasonDownstreamContract ||
					!strings.Contains(e.Message, "redirects") {
					t.Errorf("got %v", err)
				}
				if body, err := session.Open(t.Context(), request(connector.EffectRead)); err == nil {
					t.Error("a stream was opened")
					_ = body.Close()
				}
				if got := s.got(); len(got) != 2 || strings.Contains(err.Error(), accessKey) {
					t.Errorf("%d requests, %v", len(got), err)
				}
			})
		}
	}
	t.Cleanup(func() {
		if got := other.got(); len(got) > 0 {
			t.Errorf("the other server was called: %+v", got)
		}
	})
}

// TestNewTransport: the default transport works, and many clients share it.
func TestNewTransport(t *testing.T) {
	t.Parallel()
	var conns atomic.Int32
	s := httptest.NewUnstartedServer(answering(200, jsonType, goodBody))
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			conns.Add(1)
		}
	}
	s.Start()
	t.Cleanup(s.Close)
	transport := gainsight.NewTransport()
	t.Cleanup(transport.CloseIdleConnections)
	for range 5 {
		session := connect(t, s.URL, nil, gainsight.Options{Transport: transport}).Session(false)
		if _, err := session.Do(t.Context(), request(connector.EffectUnsafeWrite)); err != nil {
			t.Fatal(err)
		}
	}
	// A connection is back in the pool a moment after its answer was read.
	if n := conns.Load(); n >= 5 {
		t.Errorf("%d connections for five calls in a row", n)
	}
}

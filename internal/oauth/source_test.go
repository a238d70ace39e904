package oauth_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/oauth"
)

// numbered answers with a token, and a refresh token, of its own each time.
func numbered() http.HandlerFunc {
	var n atomic.Int64
	return func(w http.ResponseWriter, r *http.Request) {
		i := n.Add(1)
		answering(200, fmt.Sprintf(`{"access_token":"access-%d","token_type":"bearer","expires_in":3600,"refresh_token":"refresh-%d"}`, i, i))(w, r)
	}
}

func token(t *testing.T, s *oauth.Source) oauth.Token {
	t.Helper()
	got, err := s.Token(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// TestSingleFlight: all callers at once share one request.
func TestSingleFlight(t *testing.T) {
	t.Parallel()
	const callers = 100
	release := make(chan struct{})
	s := serve(t, map[string]http.HandlerFunc{"POST " + tokenPath: func(w http.ResponseWriter, r *http.Request) {
		<-release
		answering(200, goodToken)(w, r)
	}})
	source := oauth.New(configured(t, s.URL, nil), options(t, newClock()))
	var group, waiting sync.WaitGroup
	waiting.Add(callers)
	for range callers {
		group.Go(func() {
			waiting.Done()
			got, err := source.Token(t.Context())
			if err != nil || got.Access.Reveal() != accessToken {
				t.Errorf("got %q, %v", got.Access.Reveal(), err)
			}
		})
	}
	waiting.Wait()
	close(release)
	group.Wait()
	if n := len(s.got("POST " + tokenPath)); n != 1 {
		t.Errorf("%d token requests", n)
	}
}

// TestCallerLeaves: who is cancelled gets no token, and the others do. If all
// leave, the request goes on, and Close waits for it.
func TestCallerLeaves(t *testing.T) {
	t.Parallel()
	for name, others := range map[string]int{"others stay": 3, "nobody stays": 0} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			arrived, release := make(chan struct{}), make(chan struct{})
			next := numbered()
			s := serve(t, map[string]http.HandlerFunc{"POST " + tokenPath: func(w http.ResponseWriter, r *http.Request) {
				close(arrived)
				<-release
				next(w, r)
			}})
			opts := options(t, newClock())
			var rotated []string
			opts.Rotated = func(refresh connector.Secret) { rotated = append(rotated, refresh.Reveal()) }
			source := oauth.New(configured(t, s.URL, person), opts)

			ctx, cancel := context.WithCancel(t.Context())
			left := make(chan error, 1)
			go func() {
				_, err := source.Token(ctx)
				left <- err
			}()
			<-arrived
			var group sync.WaitGroup
			for range others {
				group.Go(func() {
					if got, err := source.Token(t.Context()); err != nil || got.Access.Reveal() != "access-1" {
						t.Errorf("got %q, %v", got.Access.Reveal(), err)
					}
				})
			}
			cancel()
			if err := <-left; !errors.Is(err, connector.ReasonCanceled) || !errors.Is(err, context.Canceled) {
				t.Errorf("got %v", err)
			}
			close(release)
			group.Wait()
			source.Close()
			if !slices.Equal(rotated, []string{"refresh-1"}) {
				t.Errorf("told %v", rotated)
			}
			if n := len(s.got("POST " + tokenPath)); n != 1 {
				t.Errorf("%d token requests", n)
			}
		})
	}
}

func TestExpiry(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		seconds int // expires_in
		after   time.Duration
		renewed bool
	}{
		"young":                      {3600, time.Minute, false},
		"just before the margin":     {3600, 59*time.Minute - time.Second, false},
		"in the margin of a minute":  {3600, 59 * time.Minute, true},
		"short, before its margin":   {60, 53 * time.Second, false},
		"short, in its margin":       {60, 54 * time.Second, true},
		"expired":                    {3600, 2 * time.Hour, true},
		"without a known end":        {0, 1000 * time.Hour, false},
		"with an end that is no end": {-5, 1000 * time.Hour, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, map[string]http.HandlerFunc{"POST " + tokenPath: answering(200,
				fmt.Sprintf(`{"access_token":"x","token_type":"Bearer","expires_in":%d}`, tt.seconds))})
			c := newClock()
			source := oauth.New(configured(t, s.URL, nil), options(t, c))
			token(t, source)
			c.pass(tt.after)
			token(t, source)
			if n := len(s.got("POST " + tokenPath)); n != 1 && !tt.renewed || n != 2 && tt.renewed {
				t.Errorf("%d token requests", n)
			}
		})
	}
}

// TestReject: a refused token is replaced once for all who had it; one that came
// in its place and is refused at once is not, until some time has passed.
func TestReject(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string]http.HandlerFunc{"POST " + tokenPath: numbered()})
	c := newClock()
	source := oauth.New(configured(t, s.URL, nil), options(t, c))
	first := token(t, source)
	for range 3 {
		if !source.Reject(first) {
			t.Error("there is no token in the place of the first")
		}
		if got := token(t, source); got.Access.Reveal() != "access-2" {
			t.Errorf("got %q", got.Access.Reveal())
		}
	}
	second := token(t, source)
	if source.Reject(second) {
		t.Error("a token is replaced that has just replaced another")
	}
	c.pass(31 * time.Second)
	if !source.Reject(second) || token(t, source).Access.Reveal() != "access-3" {
		t.Error("the token is not replaced later")
	}
	if n := len(s.got("POST " + tokenPath)); n != 3 {
		t.Errorf("%d token requests", n)
	}
}

// TestRotation: each refresh uses the newest refresh token, which is told before
// the access token is handed out.
func TestRotation(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string]http.HandlerFunc{"POST " + tokenPath: numbered()})
	c := newClock()
	opts := options(t, c)
	var told atomic.Value
	opts.Rotated = func(refresh connector.Secret) { told.Store(refresh.Reveal()) }
	source := oauth.New(configured(t, s.URL, person), opts)
	for i, sent := range []string{refreshToken, "refresh-1", "refresh-2"} {
		if got, want := token(t, source).Access.Reveal(), fmt.Sprintf("access-%d", i+1); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		if want := fmt.Sprintf("refresh-%d", i+1); told.Load() != want {
			t.Errorf("told %v, want %q", told.Load(), want)
		}
		form, err := url.ParseQuery(s.got("POST " + tokenPath)[i].body)
		if err != nil || form.Get("grant_type") != "refresh_token" || form.Get("refresh_token") != sent {
			t.Errorf("sent %v, %v", form, err)
		}
		c.pass(time.Hour)
	}
}

func TestRefreshTokenStays(t *testing.T) {
	t.Parallel()
	for name, reply := range map[string]string{"not repeated": "", "repeated": `,"refresh_token":"` + refreshToken + `"`} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, map[string]http.HandlerFunc{
				"POST " + tokenPath: answering(200, `{"access_token":"x","token_type":"Bearer"`+reply+`}`),
			})
			opts := options(t, newClock())
			opts.Rotated = func(connector.Secret) { t.Error("a token that stays was told") }
			source := oauth.New(configured(t, s.URL, person), opts)
			first := token(t, source)
			source.Reject(first)
			token(t, source)
		})
	}
}

// TestRefusalIsRemembered: a wrong credential costs one request, however many
// ask, and each gets an error of its own.
func TestRefusalIsRemembered(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string]http.HandlerFunc{"POST " + tokenPath: answering(401, `{"error":"invalid_client"}`)})
	c := newClock()
	source := oauth.New(configured(t, s.URL, nil), options(t, c))
	seen := map[*connector.Error]bool{}
	for range 1000 {
		_, err := source.Token(t.Context())
		if !errors.Is(err, connector.ReasonAuthFailed) {
			t.Fatalf("got %v", err)
		}
		seen[connector.AsError(err)] = true
	}
	if n := len(s.got("POST " + tokenPath)); n != 1 || len(seen) != 1000 {
		t.Errorf("%d token requests, %d errors", n, len(seen))
	}
	c.pass(31 * time.Second)
	if _, err := source.Token(t.Context()); !errors.Is(err, connector.ReasonAuthFailed) {
		t.Errorf("got %v", err)
	}
	if n := len(s.got("POST " + tokenPath)); n != 2 {
		t.Errorf("%d token requests after a while", n)
	}
}

// TestOldTokenServes: while the server is down, a token goes on to its end, and
// not every call asks anew.
func TestOldTokenServes(t *testing.T) {
	t.Parallel()
	var down atomic.Bool
	s := serve(t, map[string]http.HandlerFunc{"POST " + tokenPath: func(w http.ResponseWriter, r *http.Request) {
		if down.Load() {
			answering(503, "")(w, r)
			return
		}
		answering(200, goodToken)(w, r)
	}})
	c := newClock()
	source := oauth.New(configured(t, s.URL, nil), options(t, c))
	token(t, source)
	down.Store(true)
	c.pass(59*time.Minute + time.Second)
	for range 3 {
		token(t, source)
	}
	if n := len(s.got("POST " + tokenPath)); n != 2 {
		t.Errorf("%d token requests", n)
	}
	c.pass(time.Minute)
	if _, err := source.Token(t.Context()); !errors.Is(err, connector.ReasonDownstreamUnavailable) {
		t.Errorf("got %v", err)
	}
	down.Store(false)
	token(t, source)
}

func TestThrottledIsRemembered(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string]http.HandlerFunc{"POST " + tokenPath: answering(200, `{"result":false,"errorCode":"BUSY"}`)})
	c := newClock()
	source := oauth.New(configured(t, s.URL, nil), options(t, c))
	for _, left := range []time.Duration{7 * time.Second, 4 * time.Second, time.Second} {
		_, err := source.Token(t.Context())
		e := connector.AsError(err)
		if !errors.Is(err, connector.ReasonRateLimited) || e.RetryAfter != left || e.Downstream.Code != "BUSY" {
			t.Errorf("got %+v, want to be told %s", e, left)
		}
		c.pass(3 * time.Second)
	}
	_, _ = source.Token(t.Context())
	if n := len(s.got("POST " + tokenPath)); n != 2 {
		t.Errorf("%d token requests", n)
	}
}

// TestPanic: a defect fails the calls and not the process.
func TestPanic(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string]http.HandlerFunc{"POST " + tokenPath: numbered()})
	opts := options(t, newClock())
	opts.Rotated = func(connector.Secret) { panic("defect") } //nolint:forbidigo // a defect is what is tested
	source := oauth.New(configured(t, s.URL, person), opts)
	if _, err := source.Token(t.Context()); !errors.Is(err, connector.ReasonPluginPanic) {
		t.Errorf("got %v", err)
	}
}

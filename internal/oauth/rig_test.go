package oauth_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/oauth"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// Secrets that are fake and easy to find where they must not be.
const (
	clientSecret = "canary-client-secret-4d1e"
	refreshToken = "canary-refresh-token-8b2f"
	accessToken  = "canary-access-token-c07a"
)

// Paths of the servers.
const (
	tokenPath = "/token"
	otherPath = "/other/token"
	metaPath  = "/.well-known/oauth-authorization-server"
)

const goodToken = `{"access_token":"` + accessToken + `","token_type":"Bearer","expires_in":3600}`

// clock is a time that tests move.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, time.November, 24, 12, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// server is an authorization server that answers as a test says.
type server struct {
	*httptest.Server
	mu       sync.Mutex
	arrivals []arrival
}

// arrival is a request as it arrived.
type arrival struct {
	at     string // method and path
	header http.Header
	body   string
}

func serve(tb testing.TB, handlers map[string]http.HandlerFunc) *server {
	tb.Helper()
	s := &server{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body) // half a body is an arrival too
		at := r.Method + " " + r.URL.Path
		s.mu.Lock()
		s.arrivals = append(s.arrivals, arrival{at, r.Header.Clone(), string(body)})
		s.mu.Unlock()
		if h := handlers[at]; h != nil {
			h(w, r)
			return
		}
		http.NotFound(w, r)
	}))
	tb.Cleanup(s.Close)
	return s
}

// got are the requests that arrived at a method and path.
func (s *server) got(at string) []arrival {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []arrival
	for _, a := range s.arrivals {
		if a.at == at {
			found = append(found, a)
		}
	}
	return found
}

func answering(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body) //nolint:gosec,nolintlint // no browser reads it; the check sees this only at times
	}
}

// at is an address on a host.
func at(tb testing.TB, base, path string) *url.URL {
	tb.Helper()
	u, err := url.Parse(base + path)
	if err != nil {
		tb.Fatal(err)
	}
	return u
}

// configured returns the settings of a connection to the server at base.
func configured(tb testing.TB, base string, changes func(*oauth.Config)) oauth.Config {
	tb.Helper()
	issuer := at(tb, base, "")
	c := oauth.Config{
		Tenant: "acme", ClientID: "client", ClientSecret: connector.NewSecret(clientSecret), Timeout: 10 * time.Second, Issuer: issuer,
		Token:    oauth.Endpoint{Defaults: []*url.URL{at(tb, base, tokenPath)}},
		OnTenant: func(u *url.URL) bool { return u.Scheme == issuer.Scheme && u.Host == issuer.Host },
		ReasonOf: func(status int, code string) connector.Reason {
			switch {
			case code == "BUSY", status == http.StatusTooManyRequests:
				return connector.ReasonRateLimited
			case code == "ADDRESS", status == http.StatusForbidden:
				return connector.ReasonPermissionDenied
			case status == http.StatusNotFound:
				return connector.ReasonNotFound
			case status >= http.StatusInternalServerError:
				return connector.ReasonDownstreamUnavailable
			}
			return connector.ReasonInvalidInput
		},
		RetryAfter: func(http.Header) time.Duration { return 7 * time.Second },
	}
	if changes != nil {
		changes(&c)
	}
	return c
}

// person makes the settings those of a person who has signed in.
func person(c *oauth.Config) {
	c.Grant, c.RefreshToken = oauth.AuthorizationCode, connector.NewSecret(refreshToken)
}

// options returns options with a transport of the test's own.
func options(tb testing.TB, c *clock) oauth.Options {
	tb.Helper()
	transport := &http.Transport{}
	tb.Cleanup(transport.CloseIdleConnections)
	return oauth.Options{Transport: transport, Clock: c.Now, Logger: slog.New(slog.DiscardHandler)}
}

package gainsight_test

import (
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// accessKey is fake and easy to find where it must not be.
const accessKey = "canary-access-key-7f3a"

// noon is a moment with 18 seconds left in its minute.
var noon = time.Date(2026, time.November, 24, 12, 0, 42, 0, time.UTC)

// settings are a connection's settings beside the address and the key.
type settings map[string]any

// unlimited are settings of a tenant that takes any number of calls.
func unlimited() settings {
	limits := map[string]any{}
	for _, b := range gainsight.Budgets() {
		limits[b.Name] = nil
	}
	return settings{"limits": limits}
}

// parse reads settings for an address.
func (s settings) parse(address string) (gainsight.Config, error) {
	all := map[string]any{"base_url": address, "auth": map[string]any{"type": "access_key"}}
	maps.Copy(all, s)
	config, err := json.Marshal(all)
	if err != nil {
		return gainsight.Config{}, err
	}
	return gainsight.ParseConfig(connector.Settings{
		Tenant: "acme", Config: config,
		Secrets: map[string]connector.Secret{
			gainsight.AccessKeyPointer: connector.NewSecret(accessKey), gainsight.ClientSecretPointer: connector.NewSecret(clientSecret),
			gainsight.RefreshTokenPointer: connector.NewSecret(refreshToken),
		},
	})
}

// connect returns a client of the tenant at an address. Unless opts say
// otherwise its clock stands at noon and it does not wait.
func connect(tb testing.TB, address string, s settings, opts gainsight.Options) *gainsight.Client {
	tb.Helper()
	config, err := s.parse(address)
	if err != nil {
		tb.Fatal(err)
	}
	if opts.Transport == nil {
		transport := gainsight.NewTransport()
		tb.Cleanup(transport.CloseIdleConnections)
		opts.Transport = transport
	}
	if opts.Clock == nil {
		opts.Clock = func() time.Time { return noon }
	}
	if opts.Sleep == nil {
		opts.Sleep = func(ctx context.Context, _ time.Duration) error { return ctx.Err() }
	}
	return gainsight.New(config, opts)
}

// arrival is a request as a server got it.
type arrival struct {
	Method, Path, Query, Body string
	Header                    http.Header
}

// server answers with a handler and keeps what arrived.
type server struct {
	*httptest.Server
	mu       sync.Mutex
	arrivals []arrival
}

func serve(tb testing.TB, handler http.HandlerFunc) *server {
	tb.Helper()
	s := &server{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body) // half a body is an arrival too
		s.mu.Lock()
		s.arrivals = append(s.arrivals, arrival{r.Method, r.URL.EscapedPath(), r.URL.RawQuery, string(body), r.Header.Clone()})
		s.mu.Unlock()
		handler(w, r)
	}))
	tb.Cleanup(s.Close)
	return s
}

func (s *server) got() []arrival {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.arrivals)
}

// answering answers every request in the same way.
func answering(status int, contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body) //nolint:gosec,nolintlint // no browser reads it; the check sees this only at times
	}
}

// request is a small request with an effect; what it carries is private.
func request(effect connector.Effect) gainsight.Request {
	return gainsight.Request{
		Endpoint: gainsight.CTACreate, Effect: effect,
		Body:    map[string]any{"requests": []any{map[string]any{"record": map[string]any{"Name": "Quarterly review"}}}},
		Private: []any{"Quarterly review"},
	}
}

var effects = []connector.Effect{connector.EffectRead, connector.EffectIdempotentWrite, connector.EffectUnsafeWrite}

package oauth_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/oauth"
)

// described answers with metadata. HOST is the server's own address.
func described(document string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		answering(200, strings.ReplaceAll(document, "HOST", "http://"+r.Host))(w, r)
	}
}

// TestTokenEndpoint: where a token is asked for, by what the tenant says of
// itself and what the connection sets.
func TestTokenEndpoint(t *testing.T) {
	t.Parallel()
	const found = "/found/token"
	ok := answering(200, goodToken)
	missing := answering(404, `{"result":false}`)
	gateway := answering(401, `{"result":false,"errorCode":"KEY"}`)
	tests := map[string]struct {
		metadata http.HandlerFunc // nil: there is none
		set      string           // by the connection
		handlers map[string]http.HandlerFunc
		want     []string // token requests, in order
	}{
		"discovered": {
			described(`{"issuer":"HOST","token_endpoint":"HOST/found/token"}`), "", map[string]http.HandlerFunc{found: ok}, []string{found},
		},
		"issuer with a slash": {
			described(`{"issuer":"HOST/","token_endpoint":"HOST/found/token"}`), "", map[string]http.HandlerFunc{found: ok}, []string{found},
		},
		"no metadata": {nil, "", map[string]http.HandlerFunc{tokenPath: ok}, []string{tokenPath}},
		"metadata without it": {
			described(`{"issuer":"HOST"}`), "", map[string]http.HandlerFunc{tokenPath: ok}, []string{tokenPath},
		},
		"metadata of another issuer": {
			described(`{"issuer":"https://other.example.com","token_endpoint":"HOST/found/token"}`), "",
			map[string]http.HandlerFunc{tokenPath: ok, found: ok}, []string{tokenPath},
		},
		"metadata without an issuer": {
			described(`{"token_endpoint":"HOST/found/token"}`), "",
			map[string]http.HandlerFunc{tokenPath: ok, found: ok}, []string{tokenPath},
		},
		"metadata that redirect": {
			http.RedirectHandler("https://other.example.com/", http.StatusFound).ServeHTTP, "",
			map[string]http.HandlerFunc{tokenPath: ok}, []string{tokenPath},
		},
		"metadata that fail":       {answering(500, ""), "", map[string]http.HandlerFunc{tokenPath: ok}, []string{tokenPath}},
		"metadata dropped":         {drop, "", map[string]http.HandlerFunc{tokenPath: ok}, []string{tokenPath}},
		"metadata that are a page": {answering(200, "<html>"), "", map[string]http.HandlerFunc{tokenPath: ok}, []string{tokenPath}},
		"the other default": {
			nil, "", map[string]http.HandlerFunc{tokenPath: missing, otherPath: ok}, []string{tokenPath, otherPath},
		},
		"behind a gateway": {
			nil, "", map[string]http.HandlerFunc{tokenPath: gateway, otherPath: ok}, []string{tokenPath, otherPath},
		},
		"behind another gateway": {
			nil, "", map[string]http.HandlerFunc{tokenPath: answering(401, `{"status":401,"error":"Unauthorized"}`), otherPath: ok},
			[]string{tokenPath, otherPath},
		},
		"set": {
			described(`{"issuer":"HOST","token_endpoint":"HOST/found/token"}`), "/set", map[string]http.HandlerFunc{"/set": ok, found: ok}, []string{"/set"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			handlers := map[string]http.HandlerFunc{"GET " + metaPath: tt.metadata}
			for path, h := range tt.handlers {
				handlers["POST "+path] = h
			}
			s := serve(t, handlers)
			source := oauth.New(discovering(t, s.URL, tt.set), options(t, newClock()))
			source.Reject(token(t, source))
			token(t, source) // where the first came from is remembered
			last := tt.want[len(tt.want)-1]
			if diff := cmp.Diff(append(tt.want, last), s.posts()); diff != "" {
				t.Errorf("token requests (-want +got):\n%s", diff)
			}
			if want := s.URL + last; source.TokenURL() != want {
				t.Errorf("in use is %s, want %s", source.TokenURL(), want)
			}
			if n := len(s.got("GET " + metaPath)); tt.set != "" && n != 0 || n > 1 {
				t.Errorf("the metadata were read %d times", n)
			}
		})
	}
}

// posts are the paths of all token requests.
func (s *server) posts() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var paths []string
	for _, a := range s.arrivals {
		if path, ok := strings.CutPrefix(a.at, "POST "); ok {
			paths = append(paths, path)
		}
	}
	return paths
}

// discovering returns settings with two defaults and discovery.
func discovering(tb testing.TB, base, set string) oauth.Config {
	tb.Helper()
	return configured(tb, base, func(c *oauth.Config) {
		person(c)
		c.Discovery = at(tb, base, metaPath)
		c.Token.Defaults = append(c.Token.Defaults, at(tb, base, otherPath))
		c.Authorize.Defaults = []*url.URL{at(tb, base, "/authorize")}
		if set != "" {
			c.Token.Set = at(tb, base, set)
		}
	})
}

// TestPinned: an address of the metadata that leaves the tenant's host gets
// nothing, unless the connection sets it.
func TestPinned(t *testing.T) {
	t.Parallel()
	other := serve(t, map[string]http.HandlerFunc{"POST /token": answering(200, goodToken)})
	for name, address := range map[string]string{
		"another port": other.URL + "/token", "another scheme": "https://127.0.0.1/token", "no host": "/token",
		"malformed": "http://%zz", "with a fragment": "HOST/token#x",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, map[string]http.HandlerFunc{
				"GET " + metaPath: described(fmt.Sprintf(`{"issuer":"HOST","token_endpoint":%q,"authorization_endpoint":%q}`, address, address)),
			})
			config := discovering(t, s.URL, "")
			_, err := oauth.New(config, options(t, newClock())).Token(t.Context())
			wantSetting(t, err, "auth.token_url")
			_, err = oauth.Authorize(t.Context(), config, options(t, newClock()), "http://127.0.0.1/callback")
			wantSetting(t, err, "auth.authorize_url")
			if n := len(s.posts()) + len(other.posts()); n != 0 {
				t.Errorf("%d token requests", n)
			}
		})
	}
}

// wantSetting holds an error to one that a setting mends.
func wantSetting(t *testing.T, err error, setting string) {
	t.Helper()
	if !errors.Is(err, connector.ReasonInvalidConnection) || !strings.Contains(connector.AsError(err).Hint, setting) {
		t.Errorf("got %v, want a hint at %s", err, setting)
	}
}

func TestSetAddressIsTrusted(t *testing.T) {
	t.Parallel()
	other := serve(t, map[string]http.HandlerFunc{"POST /token": answering(200, goodToken)})
	config := discovering(t, serve(t, nil).URL, "")
	config.Token.Set = at(t, other.URL, "/token")
	token(t, oauth.New(config, options(t, newClock())))
}

// TestNoTokenEndpoint: the error says which path is missing, how to mend it, and
// why the metadata were no help.
func TestNoTokenEndpoint(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		metadata, first, second http.HandlerFunc
		reason                  connector.Reason
		parts                   []string
	}{
		"none": {nil, nil, nil, connector.ReasonInvalidConnection, []string{tokenPath, "no token endpoint", "not used: the answer was HTTP 404"}},
		"gateway": {
			described(`{"issuer":"HOST/other"}`), nil, answering(401, `{}`), connector.ReasonAuthFailed, []string{otherPath, "HTTP 401", "its issuer is not"},
		},
		"refusal":  {nil, answering(400, `{"error":"invalid_grant"}`), nil, connector.ReasonAuthFailed, []string{tokenPath, "invalid_grant"}},
		"garbage":  {answering(200, "{}"), nil, nil, connector.ReasonInvalidConnection, []string{"it names no issuer"}},
		"no JSON":  {answering(200, "<html>"), nil, nil, connector.ReasonInvalidConnection, []string{"it is not a metadata document"}},
		"its drop": {drop, nil, nil, connector.ReasonInvalidConnection, []string{"it could not be read"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, map[string]http.HandlerFunc{
				"GET " + metaPath: tt.metadata, "POST " + tokenPath: tt.first, "POST " + otherPath: tt.second,
			})
			_, err := oauth.New(discovering(t, s.URL, ""), options(t, newClock())).Token(t.Context())
			if !errors.Is(err, tt.reason) {
				t.Fatalf("got %v", err)
			}
			for _, part := range tt.parts {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("%q lacks %q", err, part)
				}
			}
		})
	}
}

package main_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

// echo answers a request with the credential that it was signed with.
type echo func(w http.ResponseWriter, credential string)

// echoes are the places of an answer where a tenant, or a gateway before it,
// may repeat what it was sent.
func echoes() map[string]echo {
	all := map[string]echo{
		"redirect": func(w http.ResponseWriter, c string) {
			w.Header().Set("Location", "/"+c)
			w.WriteHeader(http.StatusFound)
		},
		"redirect elsewhere": func(w http.ResponseWriter, c string) {
			w.Header().Set("Location", "http://%zz.invalid/"+c)
			w.WriteHeader(http.StatusTemporaryRedirect)
		},
		"truncated": func(w http.ResponseWriter, c string) {
			w.Header().Set("Content-Length", "9999")
			_, _ = fmt.Fprint(w, `{"result":false,"errorDesc":"`, c) //nolint:gosec // what is asked of it
		},
		"status line":  func(w http.ResponseWriter, c string) { hijack(w, "HTTP/1.1 400 "+c+"\r\nContent-Length: 0\r\n\r\n") },
		"not a status": func(w http.ResponseWriter, c string) { hijack(w, "HTTP/1.1 "+c+"\r\n\r\n") },
		"bad header":   func(w http.ResponseWriter, c string) { hijack(w, "HTTP/1.1 200 OK\r\n"+c+"\r\n\r\n") },
		"success":      body(http.StatusOK, `{"result":true,"requestId":"%[1]s","data":{"records":[{"Name":"%[1]s"}]}}`),
		"records": body(http.StatusOK, `{"result":true,"requestId":"%[1]s","data":{"failures":[{"index":0,"code":"%[1]s","message":"%[1]s",`+
			`"errors":[{"errorCode":"%[1]s","errorMessage":"%[1]s"}],"record":{"Name":"%[1]s"}}]}}`),
	}
	for _, status := range []int{200, 400, 401, 403, 404, 429, 500, 503} {
		all[fmt.Sprint("envelope ", status)] = body(status,
			`{"result":false,"errorCode":"%[1]s","errorDesc":"no %[1]s","title":"%[1]s","detail":"%[1]s","message":"%[1]s","requestId":"%[1]s","data":"%[1]s"}`)
		all[fmt.Sprint("page ", status)] = body(status, "<html><title>%[1]s</title>%[1]s")
		all[fmt.Sprint("oauth ", status)] = body(status, `{"error":"%[1]s","error_description":"%[1]s","error_uri":"http://%[1]s"}`)
	}
	return all
}

// body is an echo in every header that a client may read and in a body.
func body(status int, format string) echo {
	return func(w http.ResponseWriter, c string) {
		h := w.Header()
		for _, name := range []string{"X-Request-Id", "Www-Authenticate", "Retry-After", "Set-Cookie", "Server", "Date"} {
			h.Set(name, c)
		}
		h.Set("Content-Type", "application/json")
		if strings.HasPrefix(format, "<") {
			h.Set("Content-Type", "text/html")
		}
		w.WriteHeader(status)
		_, _ = fmt.Fprintf(w, format, c) //nolint:gosec // what is asked of it
	}
}

// hijack answers past the rules of HTTP.
func hijack(w http.ResponseWriter, answer string) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	_, _ = fmt.Fprint(conn, answer)
	_ = conn.Close()
}

// vendor is a tenant whose secrets are canaries. It notes all the tokens that
// it gives.
type vendor struct {
	tenant *sandbox.Tenant

	mu     sync.Mutex
	tokens []string
}

func newVendor() *vendor {
	seed := sandbox.Acme()
	seed.AccessKey = keyCanary
	seed.Machine.Secret, seed.Application.Secret = clientCanary, clientCanary
	return &vendor{tenant: sandbox.New(seed, &sandbox.Options{Limits: &sandbox.Limits{}, JobPolls: -1, ExportRows: 20_000})}
}

// ServeHTTP answers as a tenant does.
func (v *vendor) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if signsIn(r) {
		v.note(w, r)
		return
	}
	v.tenant.ServeHTTP(w, r)
}

// repeating serves the tenant at an address where sign-ins, or else all other
// requests, are repeated. repeated counts them.
func (v *vendor) repeating(t *testing.T, e echo, signIns bool) (address string, repeated *atomic.Int64) {
	t.Helper()
	repeated = new(atomic.Int64)
	return served(t, func(w http.ResponseWriter, r *http.Request) {
		if signsIn(r) != signIns {
			v.ServeHTTP(w, r)
			return
		}
		repeated.Add(1)
		e(w, credential(r))
	}), repeated
}

func served(t *testing.T, h http.HandlerFunc) (address string) {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return server.URL
}

func signsIn(r *http.Request) bool {
	return strings.Contains(r.URL.Path, "/oauth/") || strings.HasPrefix(r.URL.Path, "/.well-known/")
}

// note answers a token request and keeps the tokens.
func (v *vendor) note(w http.ResponseWriter, r *http.Request) {
	rec := httptest.NewRecorder()
	v.tenant.ServeHTTP(rec, r)
	var given struct {
		Access  string `json:"access_token"`
		Refresh string `json:"refresh_token"`
	}
	_ = json.Unmarshal(rec.Body.Bytes(), &given) // a refusal has none
	v.mu.Lock()
	for _, token := range []string{given.Access, given.Refresh} {
		if token != "" {
			v.tokens = append(v.tokens, token)
		}
	}
	v.mu.Unlock()
	maps.Copy(w.Header(), rec.Header())
	w.WriteHeader(rec.Code)
	_, _ = w.Write(rec.Body.Bytes())
}

// signIn signs a user in and returns the refresh token.
func (v *vendor) signIn() string {
	token := v.tenant.SignIn()
	v.mu.Lock()
	defer v.mu.Unlock()
	v.tokens = append(v.tokens, token)
	return token
}

// canaries are all secrets of the tenant so far.
func (v *vendor) canaries() []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return append([]string{keyCanary, clientCanary}, v.tokens...)
}

// credential is what a request is signed with, the best hidden first.
func credential(r *http.Request) string {
	if key := r.Header.Get("accesskey"); key != "" {
		return key
	}
	if _, secret, ok := r.BasicAuth(); ok {
		return secret + " " + r.FormValue("refresh_token") + r.FormValue("client_secret")
	}
	if token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		return token
	}
	return r.FormValue("refresh_token") + " " + r.FormValue("client_secret")
}

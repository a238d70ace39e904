//go:build unix

package chaos_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

// TestCompareSees: a tenant that doubles, loses or denies records is found out,
// record by record, by what finds nothing wrong with a storm.
func TestCompareSees(t *testing.T) {
	t.Parallel()
	const activities, ctas = "/v1/ant/es/activity", "/v2/cockpit/cta/"
	tests := map[string]struct {
		path    string
		tamper  func(tenant http.Handler, r *http.Request, body []byte) *httptest.ResponseRecorder
		verdict string
	}{
		"doubled": {ctas, func(tenant http.Handler, r *http.Request, body []byte) *httptest.ResponseRecorder {
			first := answer(tenant, r, body)
			other := bytes.ReplaceAll(body, []byte(`"referenceId":"`), []byte(`"referenceId":"2`))
			_ = answer(tenant, r, other)
			return first
		}, "doubled"},
		"lost": {activities, func(_ http.Handler, r *http.Request, body []byte) *httptest.ResponseRecorder {
			return answer(sandbox.New(sandbox.Acme(), nil), r, body)
		}, "lost"},
		"denied": {activities, func(tenant http.Handler, r *http.Request, body []byte) *httptest.ResponseRecorder {
			first := answer(tenant, r, body)
			first.Body = answer(tenant, r, body).Body
			return first
		}, "denied: Activity with ExternalId already exists"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var seen, tampered atomic.Int32
			front := func(tenant http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if r.Method != http.MethodPost || r.URL.Path != tt.path || seen.Add(1)%5 > 0 {
						tenant.ServeHTTP(w, r)
						return
					}
					body, err := io.ReadAll(r.Body)
					if err != nil {
						t.Error(err)
					}
					got := tt.tamper(tenant, r, body)
					if !bytes.Contains(body, []byte("nobody@example.com")) {
						tampered.Add(1)
					}
					w.Header().Set("Content-Type", "application/json")
					w.WriteHeader(got.Code)
					_, _ = w.Write(got.Body.Bytes())
				})
			}
			s := newStorm(t, weather{calls: 150, front: front})
			s.rage("w", 150)
			wrong := s.end()
			if n := int(tampered.Load()); len(wrong) != n || n == 0 {
				t.Errorf("%d records were tampered with, and %d are found: %v", n, len(wrong), wrong)
			}
			for _, record := range wrong {
				if !strings.HasSuffix(record, " "+tt.verdict) {
					t.Errorf("%s, want %s", record, tt.verdict)
				}
			}
		})
	}
}

// answer is a tenant's to a request with another body.
func answer(tenant http.Handler, r *http.Request, body []byte) *httptest.ResponseRecorder {
	again := r.Clone(r.Context())
	again.Body, again.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	w := httptest.NewRecorder()
	tenant.ServeHTTP(w, again)
	return w
}

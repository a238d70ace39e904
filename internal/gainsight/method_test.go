package gainsight_test

import (
	"errors"
	"io"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

// TestOtherMethod: a method that is not known to be right gives way to another
// where the tenant knows no such path, and only there (goals.md).
func TestOtherMethod(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		status int // of the answer to a PUT
		own    map[string]any
		want   []string
	}{
		"not found":            {http.StatusNotFound, nil, []string{"PUT", "POST"}},
		"not allowed":          {http.StatusMethodNotAllowed, nil, []string{"PUT", "POST"}},
		"refused":              {http.StatusBadRequest, nil, []string{"PUT"}},
		"the connection's own": {http.StatusNotFound, map[string]any{"method": "PATCH"}, []string{"PATCH"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodPost {
					_, _ = io.WriteString(w, `{"result":true}`)
					return
				}
				w.WriteHeader(tt.status)
				_, _ = io.WriteString(w, `{"result":false}`)
			})
			own := settings{}
			if tt.own != nil {
				own["endpoints"] = map[string]any{gainsight.GoalUpdate: tt.own}
			}
			session := connect(t, s.URL, own, gainsight.Options{}).Session(false)
			_, err := session.Do(t.Context(), gainsight.Request{Endpoint: gainsight.GoalUpdate, Effect: connector.EffectUnsafeWrite})
			if (err == nil) != (len(tt.want) == 2) {
				t.Errorf("error %v", err)
			}
			var methods []string
			for _, a := range s.got() {
				methods = append(methods, a.Method)
			}
			if diff := cmp.Diff(tt.want, methods); diff != "" {
				t.Errorf("methods (-want +got):\n%s", diff)
			}
		})
	}
}

// TestRefusalKeepsItsData: a refusal may tell of single records (common.md,
// section 6).
func TestRefusalKeepsItsData(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusOK, http.StatusBadRequest} {
		s := serve(t, answering(status, "application/json", `{"result":false,"errorCode":"X","requestId":"r","data":{"failure":[{"1":"no"}]}}`))
		answer, err := connect(t, s.URL, nil, gainsight.Options{}).Session(false).Do(t.Context(), request(connector.EffectUnsafeWrite))
		told := answer != nil && string(answer.Data) == `{"failure":[{"1":"no"}]}` && answer.RequestID == "r"
		if !errors.Is(err, connector.ReasonInvalidInput) || !told {
			t.Errorf("status %d: answer %+v, error %v", status, answer, err)
		}
	}
}

package actions_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/actions/actionstest"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

// TestEmptiedFieldTeachesNothing: a tenant that does not let a field be emptied
// may well take a record without it.
func TestEmptiedFieldTeachesNothing(t *testing.T) {
	t.Parallel()
	const answer = `{"result":false,"errorCode":"COCKPIT_9700","requestId":"r-1","data":null,
		"errorDesc":"Missing mandatory fields for update - Short_Text__gc"}`
	tests := map[string]struct {
		field string // of the record
		learn bool
	}{
		"not given": {`"Name":"A"`, true},
		"emptied":   {`"Short_Text__gc":null`, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant := sandbox.New(sandbox.Acme(), nil)
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method != http.MethodPut {
					tenant.ServeHTTP(w, r)
					return
				}
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(http.StatusBadRequest)
				_, _ = io.WriteString(w, answer)
			}))
			t.Cleanup(server.Close)
			conn := actionstest.Open(t, actionstest.Host(t), tenant, server.URL, nil)
			result, _ := actionstest.Run(t, conn, "cta.update",
				`{"records":[{"Gsid":"1S01ACME0000000000000000000000000001",`+tt.field+`}]}`)
			if result.Records.Failed != 1 {
				t.Fatalf("the record was not refused: %s", result.Output)
			}
			if _, learnt := observedBy(t, conn)["cta.update"]["Short_Text__gc"]; learnt != tt.learn {
				t.Errorf("learnt is %v, want %v", learnt, tt.learn)
			}
		})
	}
}

package actions_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/actions/catalog"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

// slow is a transport without a network to a tenant that takes a while for each
// write.
type slow struct {
	tenant http.Handler
	takes  []time.Duration // by write; the last for all that follow
}

func (s *slow) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.HasSuffix(r.URL.Path, "/v2/cockpit/cta/") {
		httptrace.ContextClientTrace(r.Context()).WroteHeaders()
		select {
		case <-time.After(s.takes[0]):
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
		if len(s.takes) > 1 {
			s.takes = s.takes[1:]
		}
	}
	w := httptest.NewRecorder()
	s.tenant.ServeHTTP(w, r)
	return w.Result(), nil
}

// TestDeadlineKeepsResults: a write that runs out of time tells what became of
// every record, and does not send what could not be answered in time.
func TestDeadlineKeepsResults(t *testing.T) {
	t.Parallel()
	const second = time.Second
	tests := map[string]struct {
		takes   []time.Duration
		want    []actions.Status
		written int
	}{
		"time for all":           {[]time.Duration{second}, []actions.Status{"succeeded", "succeeded", "succeeded", "succeeded"}, 4},
		"time for two":           {[]time.Duration{4 * second}, []actions.Status{"succeeded", "succeeded", "failed", "failed"}, 2},
		"the second takes long":  {[]time.Duration{second, time.Hour}, []actions.Status{"succeeded", "unknown", "failed", "failed"}, 1},
		"the first takes long":   {[]time.Duration{time.Hour}, []actions.Status{"unknown", "failed", "failed", "failed"}, 0},
		"the third just fits in": {[]time.Duration{3 * second}, []actions.Status{"succeeded", "succeeded", "succeeded", "failed"}, 3},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				tenant := sandbox.New(sandbox.Acme(), nil)
				conn, err := catalog.Connector(actions.Options{Transport: &slow{tenant: tenant, takes: tt.takes}}).
					Open(t.Context(), connector.Settings{
						Tenant: "acme", Config: json.RawMessage(`{"base_url":"acme","auth":{"type":"access_key"}}`),
						Secrets: map[string]connector.Secret{"/auth/access_key": connector.NewSecret(tenant.AccessKey())},
					}, func(connector.Event) {})
				if err != nil {
					t.Fatal(err)
				}
				const record = `{"Name":"a","CompanyName":"Aurora Labs","OwnerEmail":"ada.berg@example.com","DueDate":"2026-12-15",` +
					`"type":"Risk","reason":"Bugs Risk","status":"New","priority":"High"}`
				input := `{"records":[` + strings.Join([]string{record, record, record, record}, ",") + `]}`
				before := len(tenant.CTAs())
				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second+500*time.Millisecond)
				defer cancel()
				result, err := conn.Execute(ctx, connector.Call{Action: "cta.create", Input: json.RawMessage(input)})
				if err != nil || ctx.Err() != nil {
					t.Fatalf("error %v, at the deadline: %v", err, ctx.Err())
				}
				var output struct{ Results []actions.RecordResult }
				if err := json.Unmarshal(result.Output, &output); err != nil {
					t.Fatal(err)
				}
				var got []actions.Status
				for _, r := range output.Results {
					got = append(got, r.Status)
					if r.Error != nil && !errors.Is(r.Error, connector.ReasonDeadlineExceeded) {
						t.Errorf("record %d: error %v, want %s", r.Index, r.Error, connector.ReasonDeadlineExceeded)
					}
				}
				if diff := cmp.Diff(tt.want, got); diff != "" {
					t.Errorf("results (-want +got):\n%s", diff)
				}
				if n := len(tenant.CTAs()) - before; n != tt.written {
					t.Errorf("%d were written, want %d", n, tt.written)
				}
			})
		})
	}
}

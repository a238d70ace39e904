package actions_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/actions/actionstest"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

// TestOldMetadata: what is somewhat old serves while the tenant is asked, so
// that no caller waits; what is older does not.
func TestOldMetadata(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		age    time.Duration
		serves bool
	}{
		"6 minutes":  {6 * time.Minute, true},
		"14 minutes": {14 * time.Minute, true},
		"16 minutes": {16 * time.Minute, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant := sandbox.New(sandbox.Acme(), nil)
			var held atomic.Bool // the tenant takes its time
			asked := make(chan struct{})
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if held.Load() && strings.HasSuffix(r.URL.Path, "/describe") {
					close(asked)
					<-r.Context().Done()
					return
				}
				tenant.ServeHTTP(w, r)
			}))
			t.Cleanup(server.Close)
			var now atomic.Pointer[time.Time]
			begun := time.Date(2026, 12, 15, 10, 0, 0, 0, time.UTC)
			now.Store(&begun)
			p := actionstest.HostWith(t, actions.Options{Clock: func() time.Time { return *now.Load() }}, nil)
			conn := actionstest.Open(t, p, tenant, server.URL, nil)
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // for the failure only
			defer cancel()
			describe := func() connector.Description {
				t.Helper()
				d, err := conn.Describe(ctx, connector.DescribeRequest{Action: "cta.create"})
				if err != nil {
					t.Fatal(err)
				}
				return d
			}
			describe()
			later := begun.Add(tt.age)
			now.Store(&later)
			held.Store(tt.serves)
			want := later
			if tt.serves {
				want = begun
			}
			if d := describe(); !d.FetchedAt.Equal(want) {
				t.Errorf("the metadata are from %v, want %v", d.FetchedAt, want)
			}
			if tt.serves {
				<-asked
			}
		})
	}
}

package gainsight_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

// A session that was asked to keeps each request, repeats included, and names
// routes, not paths.
func TestRequestsAreKept(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tenant := &counting{refuse: func(n int) (string, bool) { return "0", n == 1 }, status: 503}
		var log bytes.Buffer
		client := tenant.client(t, nil, gainsight.Options{
			Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})),
			Sleep:  func(context.Context, time.Duration) error { return nil },
		})
		begin := time.Now()
		session := client.Session(false)
		session.Detail()
		mustDo(t, session, gainsight.CTAList)
		path := map[string]string{"url": "/v2/cockpit/cta/list/SecretName"}
		_, err := session.Do(t.Context(), gainsight.Request{
			Endpoint: gainsight.APIRequest, Method: "POST", Path: path, Effect: connector.EffectRead,
		})
		if err != nil {
			t.Fatal(err)
		}
		want := []connector.DownstreamRequest{
			{Operation: "cta.list", Method: "POST", Route: "/v2/cockpit/cta/list", Status: 503, Attempt: 1, Began: begin},
			{Operation: "cta.list", Method: "POST", Route: "/v2/cockpit/cta/list", Status: 200, Attempt: 2, Began: begin, RequestID: "r-1"},
			{Operation: "cta.list", Method: "POST", Route: "/v2/cockpit/cta/list", Status: 200, Attempt: 1, Began: begin, RequestID: "r-1"},
		}
		if diff := cmp.Diff(want, session.Stats().Requests); diff != "" {
			t.Errorf("requests (-want +got):\n%s", diff)
		}
		if strings.Contains(log.String(), "SecretName") || !strings.Contains(log.String(), "attempt=2") {
			t.Errorf("log:\n%s", log.String())
		}
	})
}

// What is kept is bounded, and nothing is kept unless somebody asks.
func TestRequestsAreBounded(t *testing.T) {
	t.Parallel()
	for name, detailed := range map[string]bool{"asked": true, "not asked": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := (&counting{}).client(t, unlimited(), gainsight.Options{})
			session := client.Session(false)
			want := 0
			if detailed {
				session.Detail()
				want = connector.MaxRequests
			}
			for range connector.MaxRequests + 3 {
				mustDo(t, session, gainsight.BulkStatus)
			}
			if got := len(session.Stats().Requests); got != want {
				t.Errorf("%d requests are kept, want %d", got, want)
			}
		})
	}
}

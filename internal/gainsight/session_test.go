package gainsight_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

// TestDryRun: nothing arrives, and what is planned is what a real call sends.
func TestDryRun(t *testing.T) {
	t.Parallel()
	requests := []gainsight.Request{
		request(connector.EffectUnsafeWrite),
		{
			Endpoint: gainsight.CTAConfig, Effect: connector.EffectRead,
			Query: url.Values{"et": {"COMPANY"}, "category": {"CTA_TYPE,CTA_REASON"}},
		},
		{Endpoint: gainsight.ObjectDescribe, Path: map[string]string{"objectName": "a b/c"}, Effect: connector.EffectRead},
		{Endpoint: gainsight.BulkStatus, Path: map[string]string{"url": "/v3/status?x=%2F"}, Effect: connector.EffectRead},
	}
	s := serve(t, answering(200, jsonType, `{"result":true}`))
	client := connect(t, s.URL+"/gs", nil, gainsight.Options{})

	dry := client.Session(true)
	for _, r := range requests {
		if answer, err := dry.Do(t.Context(), r); !errors.Is(err, gainsight.ErrPlanned) || answer != nil {
			t.Errorf("got %v, %v", answer, err)
		}
	}
	if stream, err := dry.Open(t.Context(), download()); !errors.Is(err, gainsight.ErrPlanned) || stream != nil {
		t.Errorf("got %v, %v", stream, err)
	}
	if n := len(s.got()); n > 0 || dry.Stats().Calls > 0 || !dry.DryRun() {
		t.Errorf("%d requests arrived, stats %+v", n, dry.Stats())
	}

	live := client.Session(false)
	for _, r := range requests {
		if _, err := live.Do(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := live.Open(t.Context(), download()); err == nil {
		t.Fatal("a JSON answer became a stream")
	}
	if n := len(live.Planned()); n > 0 || live.DryRun() || live.Client() != client {
		t.Errorf("a real session planned %d requests", n)
	}
	want := s.got()
	var got []arrival
	for i, p := range dry.Planned() {
		u, err := url.ParseRequestURI(p.Path)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, arrival{p.Method, u.EscapedPath(), u.RawQuery, string(p.Body), want[i].Header})
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("planned requests (-sent +planned):\n%s", diff)
	}
	shown, err := json.Marshal(dry.Planned()[1])
	if err != nil || string(shown) != `{"method":"GET","path":"/gs/v2/cockpit/admin/picklist/lite?category=CTA_TYPE,CTA_REASON\u0026et=COMPANY"}` {
		t.Errorf("shown as %s, %v", shown, err)
	}
}

func TestRefusedBeforeSending(t *testing.T) {
	t.Parallel()
	s := serve(t, answering(200, jsonType, goodBody))
	client := connect(t, s.URL, nil, gainsight.Options{})
	for name, tt := range map[string]struct {
		request gainsight.Request
		reason  connector.Reason
	}{
		"another host": {
			gainsight.Request{Endpoint: gainsight.BulkStatus,
				Path: map[string]string{"url": "https://evil.example.com/"}, Effect: connector.EffectRead},
			connector.ReasonPermissionDenied,
		},
		"a body that is no JSON": {
			gainsight.Request{Endpoint: gainsight.CTACreate, Body: func() {}, Effect: connector.EffectUnsafeWrite},
			connector.ReasonInternal,
		},
	} {
		for _, dry := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, dry run %t", name, dry), func(t *testing.T) {
				t.Parallel()
				session := client.Session(dry)
				if _, err := session.Do(t.Context(), tt.request); !errors.Is(err, tt.reason) {
					t.Errorf("got %v", err)
				}
			})
		}
	}
	t.Cleanup(func() {
		if n := len(s.got()); n > 0 {
			t.Errorf("%d requests arrived", n)
		}
	})
}

// TestStats: calls are counted whoever makes them, and ids are bounded.
func TestStats(t *testing.T) {
	t.Parallel()
	const calls = 40
	var ids atomic.Int64
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		answering(200, jsonType, fmt.Sprintf(`{"result":true,"requestId":"r-%d"}`, ids.Add(1)))(w, r)
	})
	var ticks atomic.Int64
	client := connect(t, s.URL, nil,
		gainsight.Options{Clock: func() time.Time { return noon.Add(time.Duration(ticks.Add(1)) * time.Second) }})
	session := client.Session(false)
	if _, err := session.Do(t.Context(), request(connector.EffectUnsafeWrite)); err != nil {
		t.Fatal(err)
	}
	if stats := session.Stats(); stats.Waited != time.Second {
		t.Errorf("waited %s for one call between two ticks", stats.Waited)
	}
	before := session.Stats()
	var group sync.WaitGroup
	for range calls - 1 {
		group.Go(func() {
			if _, err := session.Do(t.Context(), request(connector.EffectUnsafeWrite)); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	stats := session.Stats()
	if stats.Calls != calls || stats.Retries != 0 || len(stats.RequestIDs) != min(calls, connector.MaxRequestIDs) {
		t.Errorf("got %+v", stats)
	}
	if len(before.RequestIDs) != 1 || before.RequestIDs[0] != "r-1" {
		t.Errorf("an earlier copy changed: %+v", before)
	}
}

package gainsight_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

// BenchmarkDo compares a call of 1 KiB with the same request and answer over
// plain net/http.
func BenchmarkDo(b *testing.B) {
	body := `{"result":true,"errorCode":null,"errorDesc":null,"requestId":"00000000-0000-0000-0000-000000000000","data":["` +
		strings.Repeat("x", 900) + `"],"message":null}`
	s := serveQuietly(b, body)
	r := request(connector.EffectUnsafeWrite)
	b.Run("client", func(b *testing.B) {
		b.ReportAllocs()
		client := connect(b, s, unlimited(), gainsight.Options{})
		for b.Loop() {
			if _, err := client.Session(false).Do(b.Context(), r); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("plain", func(b *testing.B) {
		b.ReportAllocs()
		transport := gainsight.NewTransport()
		defer transport.CloseIdleConnections()
		client := &http.Client{Transport: transport}
		for b.Loop() {
			sent, err := json.Marshal(r.Body)
			if err != nil {
				b.Fatal(err)
			}
			req, err := http.NewRequestWithContext(b.Context(), http.MethodPost, s+"/v2/cockpit/cta/", bytes.NewReader(sent))
			if err != nil {
				b.Fatal(err)
			}
			req.Header.Set("accesskey", accessKey)
			req.Header.Set("Content-Type", jsonType)
			resp, err := client.Do(req)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := io.ReadAll(resp.Body); err != nil {
				b.Fatal(err)
			}
			_ = resp.Body.Close()
		}
	})
}

// serveQuietly answers every request and keeps nothing of it.
func serveQuietly(tb testing.TB, body string) string {
	tb.Helper()
	s := httptest.NewServer(answering(200, jsonType, body))
	tb.Cleanup(s.Close)
	return s.URL
}

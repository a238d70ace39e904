package gainsight_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

// secretValue is a record value that no error may repeat.
const secretValue = "canary-value-91c2" //nolint:gosec // no credential

// TestCanary: neither the access key nor a value shows in what a client says,
// whatever the tenant answers, even if it repeats them.
func TestCanary(t *testing.T) {
	t.Parallel()
	echo := func(status int, contentType, format string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", "https://%zz/"+accessKey)
			answering(status, contentType, strings.ReplaceAll(strings.ReplaceAll(format, "KEY",
				r.Header.Get("accesskey")), "VALUE", secretValue))(w, r)
		}
	}
	envelope := `{"result":false,"errorCode":"%s","errorDesc":"bad KEY for VALUE","title":"KEY VALUE","detail":"KEY","message":"VALUE","requestId":"KEY"}`
	handlers := map[string]http.HandlerFunc{
		"success":   echo(200, jsonType, `{"result":true,"data":null,"requestId":"KEY"}`),
		"bare code": echo(400, jsonType, `{"result":false,"errorCode":"KEY","requestId":"KEY","data":{"KEY":["KEY"]}}`),
		"dropped":   drop, "truncated": truncate, "stalled": stall, "stalled within": stallWithin,
		"garbled": func(w http.ResponseWriter, r *http.Request) {
			conn, _, err := http.NewResponseController(w).Hijack()
			if err == nil {
				_, _ = fmt.Fprintf(conn, "HTTP/1.1 %s %s\r\n\r\n", r.Header.Get("accesskey"), secretValue)
				_ = conn.Close()
			}
		},
		"page": echo(200, "text/html", "<html>KEY VALUE"), "redirect": echo(302, "text/html", "KEY"),
		"words for a title": echo(400, jsonType, `{"result":false,"title":"KEY VALUE"}`),
		"code":              echo(400, jsonType, `{"result":false,"errorCode":"KEY"}`),
	}
	for _, status := range []int{200, 400, 401, 403, 404, 409, 429, 500, 503} {
		for _, code := range []string{"", "GSOBJ_1001", "GSOBJ_1011", "GS_APIG_2401", "GS_APIG_2402", "GS_APIG_2404", "OBJECT_NOT_FOUND"} {
			handlers[fmt.Sprintf("%d %s", status, code)] = echo(status, jsonType, fmt.Sprintf(envelope, code))
		}
		handlers[fmt.Sprintf("%d page", status)] = echo(status, "text/html", "<html>KEY VALUE")
	}
	for name, handler := range handlers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, handler)
			var log bytes.Buffer
			client := connect(t, s.URL, settings{"timeout_seconds": 0.05}, gainsight.Options{
				Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})),
			})
			r := gainsight.Request{
				Endpoint: gainsight.CTACreate, Effect: connector.EffectRead, Query: map[string][]string{"q": {secretValue}},
				Body: map[string]any{"Name": secretValue}, Private: []any{secretValue},
			}
			said := []any{client, client.Config(), client.Session(false)}
			for _, dry := range []bool{false, true} {
				session := client.Session(dry)
				_, err := session.Do(t.Context(), r)
				said = append(said, err, session.Stats(), session)
				stream, err := session.Open(t.Context(), r)
				if stream != nil {
					t.Error("a stream was opened")
					_ = stream.Close()
				}
				said = append(said, err)
				for _, p := range session.Planned() {
					p.Body, p.Path = nil, strings.ReplaceAll(p.Path, secretValue, "") // they are the caller's own
					said = append(said, p)
				}
			}
			if !strings.Contains(log.String(), "route=/v2/cockpit/cta/") {
				t.Errorf("the log lacks the request: %s", log.String())
			}
			said = append(said, log.String())
			for _, what := range said {
				for _, text := range shown(what) {
					if strings.Contains(text, accessKey) {
						t.Errorf("%T shows the access key: %.300s", what, text)
					}
					if _, ok := what.(error); ok && strings.Contains(text, secretValue) {
						t.Errorf("the error shows a value: %s", text)
					}
				}
			}
			if strings.Contains(log.String(), secretValue) {
				t.Errorf("the log shows a value: %s", log.String())
			}
		})
	}
}

// shown are the ways in which a thing can be looked at.
func shown(what any) []string {
	b, _ := json.Marshal(what) // not everything can be written as JSON
	texts := []string{string(b), fmt.Sprint(what), fmt.Sprintf("%+v", what), fmt.Sprintf("%d", what)}
	if e, ok := what.(*connector.Error); ok {
		return append(texts[:2], e.Hint, fmt.Sprint(e.Violations), fmt.Sprintf("%+v", e.Downstream))
	}
	return append(texts, fmt.Sprintf("%#v", what))
}

// TestLog: one line a request, answered or not.
func TestLog(t *testing.T) {
	t.Parallel()
	s := serve(t, answering(200, jsonType, goodBody))
	var log bytes.Buffer
	client := connect(t, s.URL, nil, gainsight.Options{Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{
		Level: slog.LevelDebug,
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey || a.Key == "took" {
				return slog.Attr{}
			}
			return a
		},
	}))})
	if _, err := client.Session(false).Do(t.Context(), request(connector.EffectUnsafeWrite)); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := client.Session(false).Do(ctx, request(connector.EffectUnsafeWrite)); err == nil {
		t.Fatal("a cancelled call succeeded")
	}
	const want = `level=DEBUG msg="request to the tenant" operation=cta.create method=POST route=/v2/cockpit/cta/ status=200 ` +
		`attempt=1 vendor_request_id=r-1` + "\n" +
		`level=DEBUG msg="request to the tenant" operation=cta.create method=POST route=/v2/cockpit/cta/ status=0 ` +
		`attempt=1 vendor_request_id=""` + "\n"
	if log.String() != want {
		t.Errorf("got %s", log.String())
	}
}

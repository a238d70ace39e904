package gainsight_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

// roundTrip is a transport without a network, fast enough for fuzzing.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// FuzzAnswer: whatever a tenant answers, it is a success only if it says so,
// an error is a good one, and the request id is kept.
func FuzzAnswer(f *testing.F) {
	for _, body := range []string{
		goodBody, `{"result":false,"errorCode":"GS_APIG_2404","requestId":"r"}`, `{"result":"TRUE"}`, `{"result":null}`, `{"result":{}}`,
		`{"title":"OBJECT_NOT_FOUND","result":false,"requestId":7}`, `[]`, `null`, ``, `<html>`, "{\"result\":true,\"requestId\":\"\xff\"}", `{"result":true}}`,
	} {
		for _, status := range []int{200, 204, 302, 400, 401, 404, 429, 500} {
			f.Add(status, []byte(body))
		}
	}
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		client := connect(t, "acme", nil, gainsight.Options{Transport: roundTrip(func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: status, Header: http.Header{},
				Body: io.NopCloser(bytes.NewReader(body)), ContentLength: -1}, nil
		})})
		session := client.Session(false)
		answer, err := session.Do(t.Context(), request(connector.EffectUnsafeWrite))
		var said struct {
			Result    any `json:"result"`
			RequestID any `json:"requestId"`
		}
		valid := json.Unmarshal(body, &said) == nil
		id, _ := said.RequestID.(string)
		if err != nil {
			e := connector.AsError(err)
			if e.Reason == "" || e.Reason == connector.ReasonInternal || e.Downstream.Status != status && status != 0 || e.Message == "" {
				t.Fatalf("got %+v", e)
			}
			if valid && e.Downstream.Code != "" && e.Downstream.RequestID != id && id != "" {
				t.Fatalf("the request id %q became %q", id, e.Downstream.RequestID)
			}
			return
		}
		text, _ := said.Result.(string)
		if !valid || status/100 != 2 || said.Result != true && !strings.EqualFold(text, "true") || answer.RequestID != id && id != "" {
			t.Fatalf("%d %q is a success: %+v", status, body, answer)
		}
		if len(answer.Data) > 0 && !json.Valid(answer.Data) {
			t.Fatalf("data %q", answer.Data)
		}
		answer.Find([]string{"data.a.b", "data", "result.x"})
	})
}

package gainsight_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

const csvType = "text/csv; charset=utf-8"

// download is a request whose answer is a stream.
func download() gainsight.Request {
	return gainsight.Request{
		Endpoint: gainsight.BulkChunk, Path: map[string]string{"url": "v3/chunk"}, Effect: connector.EffectRead,
	}
}

func TestOpen(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a,b\r\n", 100_000)
	for name, body := range map[string]string{
		"rows": "a,b\r\n1,2\r\n", "nothing": "", "spaces": " \r\n ", "spaces first": strings.Repeat(" ", 600) + "{",
		"a list": "[1]", "long": long,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, answering(200, csvType, body))
			session := connect(t, s.URL, nil, gainsight.Options{}).Session(false)
			stream, err := session.Open(t.Context(), download())
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(stream)
			if err != nil || string(got) != body || session.Stats().Calls != 1 {
				t.Errorf("got %d bytes, %v, %+v", len(got), err, session.Stats())
			}
			if err := stream.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestOpenRefuses: what is not a file never becomes one.
func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	refusal := `{"result":false,"errorCode":"GSOBJ_1023","errorDesc":"Invalid API path","requestId":"r-1"}`
	for name, tt := range map[string]struct {
		status            int
		contentType, body string
		reason            connector.Reason
		tries             int
	}{
		"a refusal with 200":        {200, csvType, "\r\n " + refusal, connector.ReasonNotFound, 1},
		"a refusal with 400":        {400, jsonType, refusal, connector.ReasonNotFound, 1},
		"a success":                 {200, jsonType, `{"result":true,"requestId":"r-1","data":{}}`, connector.ReasonDownstreamContract, 1},
		"JSON that stops too early": {200, jsonType, `{"result":tr`, connector.ReasonDownstreamContract, 1},
		"a page with 200":           {200, "text/html; charset=utf-8", "<html>", connector.ReasonDownstreamContract, 1},
		"rows with 500":             {500, csvType, "a,b\n", connector.ReasonDownstreamUnavailable, 3},
		"throttled":                 {429, csvType, "", connector.ReasonRateLimited, 6},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, answering(tt.status, tt.contentType, tt.body))
			session := connect(t, s.URL, nil, gainsight.Options{}).Session(false)
			_, err := session.Open(t.Context(), download())
			if !errors.Is(err, tt.reason) || connector.AsError(err).OutcomeUnknown || len(s.got()) != tt.tries {
				t.Errorf("got %+v after %d requests", connector.AsError(err), len(s.got()))
			}
			want := 0
			if strings.Contains(tt.body, "r-1") {
				want = 1
			}
			if ids := session.Stats().RequestIDs; len(ids) != want {
				t.Errorf("request ids %v", ids)
			}
		})
	}
}

// TestOpenRepeats: until the first byte a stream can be asked for again.
func TestOpenRepeats(t *testing.T) {
	t.Parallel()
	var tries atomic.Int32
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch tries.Add(1) {
		case 1:
			drop(w, r)
		case 2: // a header and no body
			w.Header().Set("Content-Length", "100")
			_ = http.NewResponseController(w).Flush()
			drop(w, r)
		}
		answering(200, csvType, "a\n1\n")(w, r)
	})
	session := connect(t, s.URL, nil, gainsight.Options{}).Session(false)
	stream, err := session.Open(t.Context(), download())
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(stream)
	if err != nil || string(got) != "a\n1\n" || session.Stats().Retries != 2 {
		t.Errorf("got %q, %v, %+v", got, err, session.Stats())
	}
	_ = stream.Close()
}

// TestOpenBreaks: a stream that ends early is an error of the reader, however
// it is read.
func TestOpenBreaks(t *testing.T) {
	t.Parallel()
	rows := strings.Repeat("a,b\r\n", 50_000)
	partly := func(then http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "1000000")
			_, _ = io.WriteString(w, rows)
			_ = http.NewResponseController(w).Flush()
			then(w, r)
		}
	}
	for name, tt := range map[string]struct {
		handler http.HandlerFunc
		timeout float64
		reason  connector.Reason
	}{
		"dropped": {partly(drop), 60, connector.ReasonDownstreamUnavailable},
		"stalled": {partly(stall), 0.5, connector.ReasonDownstreamTimeout},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, tt.handler)
			session := connect(t, s.URL, settings{"timeout_seconds": tt.timeout}, gainsight.Options{}).Session(false)
			stream, err := session.Open(t.Context(), download())
			if err != nil {
				t.Fatal(err)
			}
			n, err := io.Copy(io.Discard, stream)
			if !errors.Is(err, tt.reason) || n != int64(len(rows)) {
				t.Errorf("got %d bytes, %v", n, err)
			}
			_ = stream.Close()
			if len(s.got()) != 1 {
				t.Errorf("%d requests", len(s.got()))
			}
		})
	}
	t.Run("cancelled", func(t *testing.T) {
		t.Parallel()
		ended := make(chan struct{})
		s := serve(t, partly(func(w http.ResponseWriter, r *http.Request) {
			stall(w, r)
			close(ended)
		}))
		ctx, cancel := context.WithCancel(t.Context())
		stream, err := connect(t, s.URL, nil, gainsight.Options{}).Session(false).Open(ctx, download())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(stream, make([]byte, len(rows))); err != nil {
			t.Error(err)
		}
		cancel()
		<-ended
		if _, err := stream.Read(make([]byte, 1)); !errors.Is(err, connector.ReasonCanceled) || !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		_ = stream.Close()
	})
	t.Run("closed early", func(t *testing.T) {
		t.Parallel()
		ended := make(chan struct{})
		s := serve(t, partly(func(w http.ResponseWriter, r *http.Request) {
			stall(w, r)
			close(ended)
		}))
		stream, err := connect(t, s.URL, nil, gainsight.Options{}).Session(false).Open(t.Context(), download())
		if err != nil {
			t.Fatal(err)
		}
		if err := stream.Close(); err != nil {
			t.Error(err)
		}
		<-ended // the tenant learns of it
	})
}

package gainsight_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

func section(text string) *io.SectionReader {
	return io.NewSectionReader(strings.NewReader(text), 0, int64(len(text)))
}

func contentRequest(effect connector.Effect, text string) gainsight.Request {
	return gainsight.Request{Endpoint: gainsight.ActivitySaveBulk, Effect: effect, Content: section(text)}
}

// TestContentIsSentWhole: with its size announced, and again from its start
// where the effect allows it.
func TestContentIsSentWhole(t *testing.T) {
	t.Parallel()
	text := `{"records":[` + strings.Repeat(" ", 1<<20) + `]}`
	for _, effect := range effects {
		t.Run(string(effect), func(t *testing.T) {
			t.Parallel()
			s := serve(t, answering(http.StatusBadGateway, "text/html", ""))
			_, err := connect(t, s.URL, nil, gainsight.Options{}).Session(false).Do(t.Context(), contentRequest(effect, text))
			if !errors.Is(err, connector.ReasonDownstreamUnavailable) {
				t.Fatalf("got %v", err)
			}
			tries := 3
			if effect == connector.EffectUnsafeWrite {
				tries = 1
			}
			arrivals := s.got()
			if len(arrivals) != tries {
				t.Errorf("%d requests, want %d", len(arrivals), tries)
			}
			for _, a := range arrivals {
				if a.Body != text || a.Header.Get("Content-Type") != "application/json" {
					t.Errorf("%d bytes of %s came, want %d", len(a.Body), a.Header.Get("Content-Type"), len(text))
				}
			}
		})
	}
}

func TestContentInADryRun(t *testing.T) {
	t.Parallel()
	for text, shown := range map[string]bool{`{"records":[]}`: true, strings.Repeat(" ", 1<<20+1): false} {
		session := connect(t, "acme", nil, gainsight.Options{}).Session(true)
		if _, err := session.Do(t.Context(), contentRequest(connector.EffectUnsafeWrite, text)); !errors.Is(err, gainsight.ErrPlanned) {
			t.Fatalf("got %v", err)
		}
		if body := session.Planned()[0].Body; (string(body) == text) != shown {
			t.Errorf("a content of %d bytes is shown as %d", len(text), len(body))
		}
	}
}

// slow is a tenant that takes a byte every so often.
type slow time.Duration

func (s slow) RoundTrip(r *http.Request) (*http.Response, error) {
	for b := make([]byte, 1); ; {
		if n, _ := r.Body.Read(b); n == 0 {
			break
		}
		select {
		case <-time.After(time.Duration(s)):
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
	}
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(`{"result":true}`)), ContentLength: -1}, nil
}

// TestTimeLimitIsForEachPiece: what is large may take long, what stalls may
// not.
func TestTimeLimitIsForEachPiece(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		pause time.Duration
		want  connector.Reason
	}{"slow but steady": {50 * time.Second, ""}, "stalled": {70 * time.Second, connector.ReasonDownstreamTimeout}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client := connect(t, "acme", settings{"timeout_seconds": 60}, gainsight.Options{Transport: slow(tt.pause)})
				_, err := client.Session(false).Do(t.Context(), contentRequest(connector.EffectUnsafeWrite, "12345"))
				if tt.want == "" && err != nil || tt.want != "" && !errors.Is(err, tt.want) {
					t.Errorf("got %v, want %q", err, tt.want)
				}
			})
		})
	}
}

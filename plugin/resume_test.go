package plugin_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
	"github.com/gainsight-connector/gainsight-connector/plugin"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

func TestCheckpoint(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		features []string
		kinds    string
	}{
		"agreed":     {[]string{wire.FeatureResume}, "hckct"},
		"not agreed": {nil, "hct"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := dial(t, downloads(func(_ context.Context, out *plugin.Output) (connector.StreamSummary, error) {
				_, first := out.Write([]byte("one "))
				checkpoint := out.Checkpoint([]byte("after one"))
				_, second := out.Write([]byte("two"))
				return connector.StreamSummary{}, errors.Join(first, checkpoint, second)
			}), nil)
			if _, err := r.Handshake(t.Context(), &connectorv1.HandshakeRequest{Features: tt.features}); err != nil {
				t.Fatal(err)
			}
			if got := fetch(t, r, r.tenant(t), nil); got.kinds != tt.kinds || string(got.data) != "one two" || got.err != nil {
				t.Errorf("events = %s with %q, error = %v, want %s", got.kinds, got.data, got.err, tt.kinds)
			}
		})
	}
}

// resumes returns a connector whose download starts at an offset, and the call
// that it got.
func resumes(offset uint64) (author, *connector.Call) {
	got := &connector.Call{}
	return opens(&conn{download: func(_ context.Context, call connector.Call, out *plugin.Output) (connector.StreamSummary, error) {
		*got = call
		if err := out.Start(connector.StreamHeader{Offset: offset, TotalBytes: offset + 4}); err != nil {
			return connector.StreamSummary{}, err
		}
		_, err := out.Write([]byte("rest"))
		return connector.StreamSummary{}, err
	}}), got
}

func TestResume(t *testing.T) {
	t.Parallel()
	for name, offset := range map[string]uint64{"where it was asked for": 100, "at the beginning": 0} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, call := resumes(offset)
			r := start(t, c, connector.Limits{})
			got := fetchFrom(t, r, &connectorv1.DownloadRequest{
				Call: r.tenant(t), Action: "echo.export", Resume: &connectorv1.DownloadResume{Offset: 100, Token: []byte("t")},
			})
			if got.err != nil || got.header.GetOffset() != offset || string(got.data) != "rest" || got.trailer.GetTotalBytes() != 4 {
				t.Errorf("got %+v", got)
			}
			if diff := cmp.Diff(&connector.Checkpoint{Offset: 100, Token: []byte("t")}, call.Resume); diff != "" {
				t.Errorf("the author was asked for (-want +got):\n%s", diff)
			}
		})
	}
}

func TestResumeFails(t *testing.T) {
	t.Parallel()
	resume := &connectorv1.DownloadResume{Offset: 100}
	t.Run("elsewhere", func(t *testing.T) {
		t.Parallel()
		c, _ := resumes(50)
		r := start(t, c, connector.Limits{})
		got := fetchFrom(t, r, &connectorv1.DownloadRequest{Call: r.tenant(t), Action: "echo.export", Resume: resume})
		if e := failure(t, got.err, connector.ReasonInternal); !strings.Contains(e.Message, "byte 50") {
			t.Errorf("error = %v", e)
		}
	})
	t.Run("not agreed", func(t *testing.T) {
		t.Parallel()
		c, _ := resumes(100)
		r := dial(t, c, nil)
		if _, err := r.Handshake(t.Context(), &connectorv1.HandshakeRequest{}); err != nil {
			t.Fatal(err)
		}
		got := fetchFrom(t, r, &connectorv1.DownloadRequest{Call: r.tenant(t), Action: "echo.export", Resume: resume})
		if e := failure(t, got.err, connector.ReasonInternal); e.Origin != connector.OriginRuntime {
			t.Errorf("error = %+v, want the host's fault", e)
		}
	})
	t.Run("a token too large", func(t *testing.T) {
		t.Parallel()
		r := start(t, downloads(func(_ context.Context, out *plugin.Output) (connector.StreamSummary, error) {
			return connector.StreamSummary{}, out.Checkpoint(make([]byte, wire.MaxToken+1))
		}), connector.Limits{})
		if e := failure(t, fetch(t, r, r.tenant(t), nil).err, connector.ReasonInternal); !strings.Contains(e.Message, "65537") {
			t.Errorf("error = %v", e)
		}
	})
}

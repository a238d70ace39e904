package plugin_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/testing/protocmp"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

func TestManifest(t *testing.T) {
	t.Parallel()
	calls := 0
	r := start(t, author{manifest: func() connector.Manifest { calls++; return echo().Manifest() }}, connector.Limits{})
	for range 2 {
		resp, err := r.GetManifest(t.Context(), &connectorv1.GetManifestRequest{})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(wire.ManifestTo(echo().Manifest()), resp.GetManifest(), protocmp.Transform()); diff != "" {
			t.Errorf("manifest (-want +got):\n%s", diff)
		}
	}
	if calls != 1 {
		t.Errorf("Manifest was called %d times, want once", calls)
	}
}

func TestDescribe(t *testing.T) {
	t.Parallel()
	r := start(t, echo(), connector.Limits{})
	static, err := r.DescribeAction(t.Context(), &connectorv1.DescribeActionRequest{Action: "echo.get"})
	if err != nil || string(static.GetInputSchema()) != `{"static":true}` {
		t.Fatalf("static schema = %v, %v", static, err)
	}
	if len(static.GetEtag()) != 64 {
		t.Errorf("etag = %q, want a SHA-256", static.GetEtag())
	}
	tenant, err := r.DescribeAction(t.Context(), &connectorv1.DescribeActionRequest{Call: r.tenant(t), Action: "echo.get"})
	if err != nil || string(tenant.GetInputSchema()) != `{"tenant":true}` || tenant.GetEtag() != "t1" {
		t.Errorf("tenant schema = %v, %v", tenant, err)
	}
}

func TestDescribeWithoutDescriber(t *testing.T) {
	t.Parallel()
	r := start(t, opens(bare{}), connector.Limits{})
	resp, err := r.DescribeAction(t.Context(), &connectorv1.DescribeActionRequest{Call: r.tenant(t), Action: "echo.get"})
	if err != nil || string(resp.GetInputSchema()) != `{"static":true}` {
		t.Errorf("schema = %v, %v, want the static one", resp, err)
	}
}

func TestDescribeConditionally(t *testing.T) {
	t.Parallel()
	schema := connector.Description{Input: json.RawMessage(`{"a":1}`), Output: json.RawMessage(`{}`), MaxAge: time.Minute}
	tagged := schema
	tagged.ETag = "v1"
	made := start(t, author{describe: func(context.Context, connector.DescribeRequest) (connector.Description, error) {
		return schema, nil
	}}, connector.Limits{})
	first, err := made.DescribeAction(t.Context(), &connectorv1.DescribeActionRequest{Action: "echo.get"})
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		answer      connector.Description
		ifNoneMatch string
		modified    bool
		etag        string
	}{
		"the host has none":                {answer: tagged, modified: true, etag: "v1"},
		"the host has another":             {answer: tagged, ifNoneMatch: "v0", modified: true, etag: "v1"},
		"equal tags, schemas sent anyway":  {answer: tagged, ifNoneMatch: "v1", etag: "v1"},
		"equal tags made here":             {answer: schema, ifNoneMatch: first.GetEtag(), etag: first.GetEtag()},
		"the author compared":              {answer: connector.Description{NotModified: true}, ifNoneMatch: "v1", etag: "v1"},
		"the author compared, kept schema": {answer: connector.Description{NotModified: true, ETag: "v1", Input: schema.Input}, ifNoneMatch: "v1", etag: "v1"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := start(t, author{describe: func(_ context.Context, req connector.DescribeRequest) (connector.Description, error) {
				if req.IfNoneMatch != tt.ifNoneMatch {
					t.Errorf("IfNoneMatch = %q", req.IfNoneMatch)
				}
				return tt.answer, nil
			}}, connector.Limits{})
			got, err := r.DescribeAction(t.Context(), &connectorv1.DescribeActionRequest{Action: "echo.get", IfNoneMatch: tt.ifNoneMatch})
			if err != nil {
				t.Fatal(err)
			}
			if got.GetNotModified() == tt.modified || (len(got.GetInputSchema())+len(got.GetOutputSchema()) > 0) != tt.modified {
				t.Errorf("not modified = %v with a schema of %d bytes", got.GetNotModified(), len(got.GetInputSchema()))
			}
			if got.GetEtag() != tt.etag {
				t.Errorf("etag = %q, want %q", got.GetEtag(), tt.etag)
			}
		})
	}
}

func TestDescribeFails(t *testing.T) {
	t.Parallel()
	big := json.RawMessage(strings.Repeat(" ", 100<<10))
	tests := map[string]struct {
		answer connector.Description
		reason connector.Reason
		text   string
	}{
		"not modified for a host that has nothing": {connector.Description{NotModified: true}, connector.ReasonInternal, "a host that has none"},
		"input schema too large":                   {connector.Description{Input: append(big, ' ')}, connector.ReasonTooLarge, "the input schema has 102401 bytes; the limit in force, max_inline_bytes, is 102400"},
		"output schema too large":                  {connector.Description{Output: append(big, ' ')}, connector.ReasonTooLarge, "the output schema has 102401 bytes"},
		"both too large for one message":           {connector.Description{Input: big, Output: big}, connector.ReasonTooLarge, "max_message_bytes"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := start(t, author{describe: func(context.Context, connector.DescribeRequest) (connector.Description, error) {
				return tt.answer, nil
			}}, connector.Limits{InlineBytes: 100 << 10, ChunkBytes: 1 << 10, MessageBytes: 1})
			_, err := r.DescribeAction(t.Context(), &connectorv1.DescribeActionRequest{Action: "echo.get"})
			if e := failure(t, err, tt.reason); !strings.Contains(e.Message, tt.text) {
				t.Errorf("error = %v, want %q in it", e, tt.text)
			}
		})
	}
}

func TestListOptions(t *testing.T) {
	t.Parallel()
	want := connector.OptionPage{Options: []connector.Option{{Value: "1", Label: "One", Inactive: true}}, NextPageToken: "n"}
	tests := map[string]struct {
		asked uint32
		want  int
	}{
		"the default":      {0, connector.DefaultPageSize},
		"as asked":         {7, 7},
		"no more than max": {5000, connector.MaxPageSize},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got connector.OptionsRequest
			r := start(t, opens(&conn{options: func(_ context.Context, req connector.OptionsRequest) (connector.OptionPage, error) {
				got = req
				return want, nil
			}}), connector.Limits{})
			resp, err := r.ListOptions(t.Context(), &connectorv1.ListOptionsRequest{
				Call: r.tenant(t), Action: "echo.get", Pointer: "/records/*/x", Selectors: map[string]string{"a": "b"}, Query: "on",
				PageSize: tt.asked, PageToken: "p",
			})
			if err != nil {
				t.Fatal(err)
			}
			request := connector.OptionsRequest{
				Action: "echo.get", Pointer: "/records/*/x", Selectors: map[string]string{"a": "b"}, Query: "on",
				PageSize: tt.want, PageToken: "p",
			}
			if diff := cmp.Diff(request, got); diff != "" {
				t.Errorf("request (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(want, wire.OptionsFrom(resp)); diff != "" {
				t.Errorf("page (-want +got):\n%s", diff)
			}
		})
	}
}

func TestListOptionsUnsupported(t *testing.T) {
	t.Parallel()
	r := start(t, opens(bare{}), connector.Limits{})
	_, err := r.ListOptions(t.Context(), &connectorv1.ListOptionsRequest{Call: r.tenant(t), Action: "echo.get"})
	failure(t, err, connector.ReasonUnsupported)
}

package wire_test

import (
	"bytes"
	"errors"
	"testing"

	spb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

// FuzzFromStatus feeds a host what a broken connector may send as a failure.
func FuzzFromStatus(f *testing.F) {
	valid, err := proto.Marshal(&connectorv1.ErrorDetail{
		Reason: connectorv1.ErrorReason_ERROR_REASON_CONFLICT, Violations: []*connectorv1.Violation{{Pointer: "/a"}},
	})
	if err != nil {
		f.Fatal(err)
	}
	const detail = "type.googleapis.com/connector.v1.ErrorDetail"
	f.Add(uint32(codes.AlreadyExists), "exists", detail, valid)
	f.Add(uint32(codes.Internal), "", detail, []byte{0x08, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x10, 99, 0x18, 99})
	f.Add(uint32(99), "?", "type.googleapis.com/unknown", []byte("\xff"))
	f.Add(uint32(codes.Unavailable), "gone", "", []byte(nil))
	f.Fuzz(func(t *testing.T, code uint32, message, url string, value []byte) {
		err := status.FromProto(&spb.Status{
			Code: int32(code), Message: message, Details: []*anypb.Any{{TypeUrl: url, Value: value}}, //nolint:gosec // any number may come
		}).Err()
		got := wire.FromStatus(err)
		if (got == nil) != (err == nil) {
			t.Fatalf("%v reads as %v", err, got)
		}
		if got == nil {
			return
		}
		var e *connector.Error
		if !errors.As(got, &e) || e.Reason == "" {
			t.Fatalf("%v reads as %#v", err, got)
		}
		again := connector.AsError(wire.FromStatus(wire.ToStatus(e, "")))
		if again.Reason != e.Reason || again.Retry != e.Retry || again.Origin != e.Origin || again.OutcomeUnknown != e.OutcomeUnknown {
			t.Errorf("passed on, %+v became %+v", e, again)
		}
	})
}

// FuzzChunkReader changes one stream in many ways; whatever the reader lets
// pass must be what was sent.
func FuzzChunkReader(f *testing.F) {
	f.Add([]byte("some content"), 4, uint64(0), []byte(nil), uint32(0))
	f.Add([]byte("some content"), 5, uint64(1), []byte("x"), uint32(7))
	f.Add([]byte(""), 0, uint64(1<<63), []byte("x"), uint32(1))
	f.Fuzz(func(t *testing.T, content []byte, cut int, offset uint64, data []byte, sum uint32) {
		cut = min(max(cut, 0), len(content))
		w, r := wire.NewChunkWriter(), wire.NewChunkReader()
		var got []byte
		take := func(c *connectorv1.Chunk) bool {
			p, err := r.Data(c)
			if err != nil && !errors.Is(err, connector.ReasonIntegrity) {
				t.Errorf("error = %v, want %s", err, connector.ReasonIntegrity)
			}
			got = append(got, p...)
			return err == nil
		}
		if !take(chunkOf(w, content[:cut])) {
			t.Fatal("the first chunk was refused")
		}
		forged := take(&connectorv1.Chunk{Offset: offset, Data: data, Crc32C: sum}) && len(data) > 0
		if !take(chunkOf(w, content[cut:])) && !forged {
			t.Fatal("the second chunk was refused")
		}
		err := r.Finish(w.Total(), w.Sum())
		if err == nil && !bytes.Equal(got, content) {
			t.Errorf("%q passed for %q", got, content)
		}
		if err != nil && !forged {
			t.Errorf("Finish = %v", err)
		}
	})
}

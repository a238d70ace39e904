package wire

import (
	"fmt"

	"google.golang.org/grpc/encoding"
	_ "google.golang.org/grpc/encoding/proto" // the codec behind this one
	"google.golang.org/grpc/mem"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

// Codec returns the codec of the contract: that of protobuf, but for the chunks
// of downloads, which would otherwise be copied, and their memory cleared,
// twice on either side. It sends a [Frame] and receives into an [Event]; what
// is on the wire is the same.
func Codec() encoding.CodecV2 { return codec{encoding.GetCodecV2("proto")} }

type codec struct{ encoding.CodecV2 }

// Marshal implements [encoding.CodecV2].
func (c codec) Marshal(v any) (mem.BufferSlice, error) {
	if f, ok := v.(*Frame); ok {
		return f.marshal(), nil
	}
	return c.CodecV2.Marshal(v)
}

// Unmarshal implements [encoding.CodecV2].
func (c codec) Unmarshal(data mem.BufferSlice, v any) error {
	if e, ok := v.(*Event); ok {
		return e.unmarshal(data)
	}
	return c.CodecV2.Unmarshal(data, v)
}

// Frame is a chunk of a download on its way out: a DownloadResponse that is
// written without copying its data.
type Frame struct {
	offset uint64
	crc    uint32
	data   mem.Buffer
}

// Numbers of the fields in the contract.
const (
	fieldChunk  = 2 // of DownloadResponse
	fieldOffset = 1 // of Chunk, as are the next two
	fieldData   = 2
	fieldCRC    = 3
)

// marshal writes the fields of a chunk, its data last. The data is the
// transport's from then on.
func (f *Frame) marshal() mem.BufferSlice {
	fields := protowire.SizeTag(fieldOffset) + protowire.SizeVarint(f.offset) +
		protowire.SizeTag(fieldCRC) + protowire.SizeFixed32() +
		protowire.SizeTag(fieldData) + protowire.SizeBytes(f.data.Len())
	b := make([]byte, 0, 40)
	b = protowire.AppendTag(b, fieldChunk, protowire.BytesType)
	b = protowire.AppendVarint(b, uint64(fields)) //nolint:gosec // a size is not negative
	b = protowire.AppendTag(b, fieldOffset, protowire.VarintType)
	b = protowire.AppendVarint(b, f.offset)
	b = protowire.AppendTag(b, fieldCRC, protowire.Fixed32Type)
	b = protowire.AppendFixed32(b, f.crc)
	b = protowire.AppendTag(b, fieldData, protowire.BytesType)
	b = protowire.AppendVarint(b, uint64(f.data.Len())) //nolint:gosec // as above
	return mem.BufferSlice{mem.SliceBuffer(b), f.data}
}

// Event is one event of a download as it comes. The zero value is ready; used
// again, it uses its memory again.
type Event struct {
	// Response is the event. The data of a chunk is good until the next event.
	Response *connectorv1.DownloadResponse

	buffer []byte
}

func (e *Event) unmarshal(data mem.BufferSlice) error {
	n := data.Len()
	if cap(e.buffer) < n {
		e.buffer = make([]byte, n)
	}
	e.buffer = e.buffer[:n]
	data.CopyTo(e.buffer)
	if chunk, ok := soleChunk(e.buffer); ok {
		e.Response = &connectorv1.DownloadResponse{Event: &connectorv1.DownloadResponse_Chunk{Chunk: chunk}}
		return nil
	}
	e.Response = &connectorv1.DownloadResponse{}
	if err := proto.Unmarshal(e.buffer, e.Response); err != nil {
		return fmt.Errorf("an event of a download is malformed: %w", err)
	}
	return nil
}

// soleChunk reads a response that is a chunk and nothing else, with its data
// left where it is.
func soleChunk(b []byte) (*connectorv1.Chunk, bool) {
	number, kind, n := protowire.ConsumeTag(b)
	if n < 0 || number != fieldChunk || kind != protowire.BytesType {
		return nil, false
	}
	fields, m := protowire.ConsumeBytes(b[n:])
	if m < 0 || n+m != len(b) {
		return nil, false
	}
	chunk := &connectorv1.Chunk{}
	for len(fields) > 0 {
		number, kind, n := protowire.ConsumeTag(fields)
		if n < 0 {
			return nil, false
		}
		fields = fields[n:]
		switch {
		case number == fieldOffset && kind == protowire.VarintType:
			chunk.Offset, n = protowire.ConsumeVarint(fields)
		case number == fieldData && kind == protowire.BytesType:
			chunk.Data, n = protowire.ConsumeBytes(fields)
		case number == fieldCRC && kind == protowire.Fixed32Type:
			chunk.Crc32C, n = protowire.ConsumeFixed32(fields)
		default:
			return nil, false
		}
		if n < 0 {
			return nil, false
		}
		fields = fields[n:]
	}
	return chunk, true
}

package wire

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"hash/crc32"
	"sync"

	"google.golang.org/grpc/mem"

	"github.com/gainsight-connector/gainsight-connector/connector"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// ChunkWriter numbers and signs the chunks of one stream.
type ChunkWriter struct {
	start, offset uint64
	digest        hash.Hash
}

// NewChunkWriter starts a stream at offset 0.
func NewChunkWriter() *ChunkWriter { return &ChunkWriter{digest: sha256.New()} }

// StartAt makes the stream a part of an output, from offset on. It comes
// before the first chunk.
func (w *ChunkWriter) StartAt(offset uint64) { w.start, w.offset = offset, offset }

// Send hands the next chunk to send and hashes it meanwhile, as hashing takes
// about as long as encoding and writing. It keeps data until it returns.
func (w *ChunkWriter) Send(data []byte, send func(*connectorv1.Chunk) error) error {
	var hashing sync.WaitGroup
	hashing.Go(func() { _, _ = w.digest.Write(data) })
	defer hashing.Wait()
	c := &connectorv1.Chunk{Offset: w.offset, Data: data, Crc32C: crc32.Checksum(data, castagnoli)}
	w.offset += uint64(len(data))
	return send(c)
}

// SendBuffer is [ChunkWriter.Send] of a buffer, which it gives up: the
// transport frees it once the chunk is out.
func (w *ChunkWriter) SendBuffer(data mem.Buffer, send func(*Frame) error) error {
	text := data.ReadOnlyData()
	data.Ref() // while it is hashed
	defer data.Free()
	var hashing sync.WaitGroup
	hashing.Go(func() { _, _ = w.digest.Write(text) })
	defer hashing.Wait()
	f := &Frame{offset: w.offset, crc: crc32.Checksum(text, castagnoli), data: data}
	w.offset += uint64(len(text))
	return send(f)
}

// Total returns the bytes of all chunks so far.
func (w *ChunkWriter) Total() uint64 { return w.offset - w.start }

// Offset returns the place in the output after all chunks so far.
func (w *ChunkWriter) Offset() uint64 { return w.offset }

// Sum returns the SHA-256 of all chunks so far.
func (w *ChunkWriter) Sum() []byte { return w.digest.Sum(nil) }

// ChunkReader checks the chunks of one stream.
type ChunkReader struct {
	start, offset uint64
	digest        hash.Hash
}

// NewChunkReader expects a stream from offset 0.
func NewChunkReader() *ChunkReader { return &ChunkReader{digest: sha256.New()} }

// StartAt expects the part of an output from offset on. It comes before the
// first chunk.
func (r *ChunkReader) StartAt(offset uint64) { r.start, r.offset = offset, offset }

// Data returns the bytes of the next chunk, or a [connector.ReasonIntegrity]
// error if it is not the one that must follow or was changed on its way.
func (r *ChunkReader) Data(c *connectorv1.Chunk) ([]byte, error) {
	if c.GetOffset() != r.offset {
		return nil, connector.Errorf(connector.ReasonIntegrity, "a chunk at byte %d came where byte %d was due", c.GetOffset(), r.offset)
	}
	data := c.GetData()
	if crc32.Checksum(data, castagnoli) != c.GetCrc32C() {
		return nil, connector.Errorf(connector.ReasonIntegrity, "the chunk at byte %d fails its checksum", r.offset)
	}
	r.offset += uint64(len(data))
	_, _ = r.digest.Write(data)
	return data, nil
}

// Finish compares what came with the totals that the sender gives at the end.
func (r *ChunkReader) Finish(total uint64, sum []byte) error {
	if total != r.Total() {
		return connector.Errorf(connector.ReasonIntegrity, "the stream has %d bytes where its sender counted %d", r.Total(), total)
	}
	if !bytes.Equal(r.digest.Sum(nil), sum) {
		return connector.Errorf(connector.ReasonIntegrity, "the stream's SHA-256 is not the one that its sender gives")
	}
	return nil
}

// Sum returns the SHA-256 of all chunks so far, in hexadecimal.
func (r *ChunkReader) Sum() string { return hex.EncodeToString(r.digest.Sum(nil)) }

// Total returns the bytes of all chunks so far.
func (r *ChunkReader) Total() uint64 { return r.offset - r.start }

// Offset returns the place in the output after all chunks so far.
func (r *ChunkReader) Offset() uint64 { return r.offset }

// Checkpoint returns a checkpoint of the stream, which is due here if anywhere.
func (r *ChunkReader) Checkpoint(c *connectorv1.Checkpoint) (connector.Checkpoint, error) {
	if c.GetOffset() != r.offset {
		return connector.Checkpoint{}, connector.Errorf(connector.ReasonIntegrity,
			"a checkpoint for byte %d came at byte %d", c.GetOffset(), r.offset)
	}
	if n := len(c.GetToken()); n > MaxToken {
		return connector.Checkpoint{}, connector.Errorf(connector.ReasonTooLarge,
			"the token of a checkpoint has %d bytes; the limit is %d", n, MaxToken)
	}
	return connector.Checkpoint{Offset: c.GetOffset(), Token: c.GetToken()}, nil
}

// ResumeTo returns the wire form of where a download goes on; nil for nil.
func ResumeTo(c *connector.Checkpoint) *connectorv1.DownloadResume {
	if c == nil {
		return nil
	}
	return &connectorv1.DownloadResume{Offset: c.Offset, Token: c.Token}
}

// ResumeFrom is the reverse of [ResumeTo].
func ResumeFrom(r *connectorv1.DownloadResume) *connector.Checkpoint {
	if r == nil {
		return nil
	}
	return &connector.Checkpoint{Offset: r.GetOffset(), Token: r.GetToken()}
}

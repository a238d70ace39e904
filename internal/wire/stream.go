package wire

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"hash/crc32"
	"sync"

	"github.com/gainsight-connector/gainsight-connector/connector"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// ChunkWriter numbers and signs the chunks of one stream.
type ChunkWriter struct {
	offset uint64
	digest hash.Hash
}

// NewChunkWriter starts a stream at offset 0.
func NewChunkWriter() *ChunkWriter { return &ChunkWriter{digest: sha256.New()} }

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

// Total returns the bytes of all chunks so far.
func (w *ChunkWriter) Total() uint64 { return w.offset }

// Sum returns the SHA-256 of all chunks so far.
func (w *ChunkWriter) Sum() []byte { return w.digest.Sum(nil) }

// ChunkReader checks the chunks of one stream.
type ChunkReader struct {
	offset uint64
	digest hash.Hash
}

// NewChunkReader expects a stream from offset 0.
func NewChunkReader() *ChunkReader { return &ChunkReader{digest: sha256.New()} }

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
	if total != r.offset {
		return connector.Errorf(connector.ReasonIntegrity, "the stream has %d bytes where its sender counted %d", r.offset, total)
	}
	if !bytes.Equal(r.digest.Sum(nil), sum) {
		return connector.Errorf(connector.ReasonIntegrity, "the stream's SHA-256 is not the one that its sender gives")
	}
	return nil
}

// Sum returns the SHA-256 of all chunks so far, in hexadecimal.
func (r *ChunkReader) Sum() string { return hex.EncodeToString(r.digest.Sum(nil)) }

// Total returns the bytes of all chunks so far.
func (r *ChunkReader) Total() uint64 { return r.offset }

package plugin

import (
	"context"
	"errors"
	"io"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

// Input is the content of an upload. Each byte that Read returns has passed
// its chunk's checksum. One goroutine reads it, and not after the author's
// Upload has returned.
type Input struct {
	ctx         context.Context //nolint:containedctx // of the one call that the Input lives for; io.Reader has no room for it
	contentType string
	limit       int
	recv        func() (*connectorv1.UploadRequest, error)
	chunks      *wire.ChunkReader
	rest        []byte
	err         error // how it ended
}

var _ io.Reader = (*Input)(nil)

func newInput(ctx context.Context, recv func() (*connectorv1.UploadRequest, error), contentType string, limit int) *Input {
	return &Input{ctx: ctx, recv: recv, contentType: contentType, limit: limit, chunks: wire.NewChunkReader()}
}

// ContentType returns the media type of the content as the host gave it.
func (in *Input) ContentType() string { return in.contentType }

// Read implements [io.Reader]. It returns io.EOF only if the host finished the
// upload and its totals and checksum are right; a stream cut short ends with a
// [connector.ReasonIntegrity] error.
func (in *Input) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for len(in.rest) == 0 {
		if in.err != nil {
			return 0, in.err
		}
		in.rest, in.err = in.next()
	}
	n := copy(p, in.rest)
	in.rest = in.rest[n:]
	return n, nil
}

// next returns the bytes of the next event, or how the stream ended.
func (in *Input) next() ([]byte, error) {
	event, err := in.recv()
	switch {
	case errors.Is(err, io.EOF):
		return nil, connector.Errorf(connector.ReasonIntegrity, "the upload ended at byte %d without its finish event", in.chunks.Total())
	case err != nil:
		return nil, received(in.ctx, err)
	case event.GetChunk() != nil:
		if n := len(event.GetChunk().GetData()); n > in.limit {
			return nil, tooLarge("a chunk of the upload", n, "max_chunk_bytes", in.limit)
		}
		return in.chunks.Data(event.GetChunk())
	case event.GetFinish() != nil:
		if err := in.chunks.Finish(event.GetFinish().GetTotalBytes(), event.GetFinish().GetSha256()); err != nil {
			return nil, err
		}
		return nil, io.EOF
	}
	return nil, misuse("an upload has an event that is neither a chunk nor its finish")
}

// drain reads what the author left, so that no upload succeeds unless it came
// whole: a decoder often stops at the last value and never sees the end.
func (in *Input) drain() error {
	_, err := io.Copy(io.Discard, in)
	return err
}

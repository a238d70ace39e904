package bulk

import (
	"context"
	"errors"
	"io"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

// maxResumes is how often a chunk that breaks off is fetched again.
const maxResumes = 3

// chunkReader reads a chunk of the tenant. If the connection breaks within it,
// the chunk is fetched again and what was read already is passed over: the
// rows before have been delivered, and the job is one of ten an hour.
type chunkReader struct {
	ctx  context.Context //nolint:containedctx // that of the call, for the requests behind Read
	call *actions.Call
	url  string

	body    io.ReadCloser
	read    int64
	resumes int
}

func openChunk(ctx context.Context, c *actions.Call, url string) (*chunkReader, error) {
	r := &chunkReader{ctx: ctx, call: c, url: url}
	var err error
	r.body, err = r.open()
	return r, err
}

func (r *chunkReader) open() (io.ReadCloser, error) {
	return r.call.Open(r.ctx, gainsight.Request{
		Endpoint: gainsight.BulkChunk, Path: map[string]string{"url": r.url}, Effect: connector.EffectRead,
	})
}

// Read implements [io.Reader].
func (r *chunkReader) Read(p []byte) (int, error) {
	n, err := r.body.Read(p)
	r.read += int64(n)
	for err != nil && !errors.Is(err, io.EOF) && r.resumes < maxResumes && r.resumable(err) {
		r.resumes++
		if err = r.resume(); err == nil {
			return n, nil
		}
	}
	return n, err
}

// resumable reports whether the connection broke, as opposed to the call.
func (r *chunkReader) resumable(err error) bool {
	return r.ctx.Err() == nil &&
		(errors.Is(err, connector.ReasonDownstreamUnavailable) || errors.Is(err, connector.ReasonDownstreamTimeout))
}

// resume fetches the chunk again up to where it broke off.
func (r *chunkReader) resume() error {
	_ = r.body.Close() // it is broken
	body, err := r.open()
	if err != nil {
		return err
	}
	r.body = body
	if _, err := io.CopyN(io.Discard, body, r.read); err != nil {
		if errors.Is(err, io.EOF) {
			return connector.Errorf(connector.ReasonIntegrity, "a chunk that was fetched again is shorter than it was before")
		}
		return err
	}
	return nil
}

// Close ends the request.
func (r *chunkReader) Close() error { return r.body.Close() }

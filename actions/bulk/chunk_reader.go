package bulk

import (
	"context"
	"errors"
	"hash/crc32"
	"io"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

const (
	// maxResumes is how often a chunk that breaks off is fetched again.
	maxResumes = 3
	// maxRenewals is how often a new address is asked for, for one chunk.
	maxRenewals = 3
)

// chunkReader reads a chunk of the tenant. If the connection breaks within it,
// the rest is fetched, or, where the tenant knows no ranges, all of it, and
// what was read already is compared and passed over: the rows before have been
// delivered, and the job is one of ten an hour.
type chunkReader struct {
	ctx   context.Context //nolint:containedctx // that of the call, for the requests behind Read
	call  *actions.Call
	book  *addressBook
	index int

	file     *gainsight.File
	etag     string // of the file that began; empty: no range of it can be had
	read     int64
	sum      uint32 // CRC-32C of what was read
	resumes  int
	renewals int
}

// openChunk opens a chunk by its place in the job.
func openChunk(ctx context.Context, c *actions.Call, book *addressBook, index int) (*chunkReader, error) {
	r := &chunkReader{ctx: ctx, call: c, book: book, index: index}
	var err error
	if r.file, err = r.open(nil); err != nil {
		return nil, err
	}
	r.etag = r.file.ETag()
	return r, nil
}

// open asks for the chunk, or a range of it, at a new address if the known one
// is refused.
func (r *chunkReader) open(rest *gainsight.Range) (*gainsight.File, error) {
	for {
		url := r.book.url(r.index)
		file, err := r.call.Open(r.ctx, gainsight.Request{
			Endpoint: gainsight.BulkChunk, Path: map[string]string{"url": url}, Effect: connector.EffectRead, Range: rest,
		})
		if !expired(err) || r.renewals == maxRenewals {
			return file, err
		}
		r.renewals++
		if _, err := r.book.renew(r.ctx, r.index, url, err); err != nil {
			return nil, err
		}
	}
}

// isEnd reports whether a reader has come to its end. That is io.EOF itself: a
// connection that broke may wrap one.
func isEnd(err error) bool { return err == io.EOF } //nolint:errorlint // see above

// Read implements [io.Reader].
func (r *chunkReader) Read(p []byte) (int, error) {
	n, err := r.file.Read(p)
	r.read += int64(n)
	r.sum = crc32.Update(r.sum, castagnoli, p[:n])
	for err != nil && !isEnd(err) && r.resumes < maxResumes && r.resumable(err) {
		r.resumes++
		if err = r.resume(); err == nil {
			return n, nil
		}
	}
	return n, err
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// resumable reports whether the connection broke, as opposed to the call.
func (r *chunkReader) resumable(err error) bool {
	return r.ctx.Err() == nil &&
		(errors.Is(err, connector.ReasonDownstreamUnavailable) || errors.Is(err, connector.ReasonDownstreamTimeout))
}

// resume fetches what comes after the place where the chunk broke off.
func (r *chunkReader) resume() error {
	_ = r.file.Close() // it is broken
	var rest *gainsight.Range
	if r.etag != "" && r.read > 0 {
		rest = &gainsight.Range{From: r.read, ETag: r.etag}
	}
	file, err := r.open(rest)
	if err != nil {
		return err
	}
	r.file = file
	switch file.Offset() {
	case r.read:
		return nil
	case 0:
		return r.passOver()
	default:
		return connector.Errorf(connector.ReasonDownstreamContract,
			"the rest of a chunk from byte %d was asked for and it came from byte %d", r.read, file.Offset())
	}
}

// passOver reads what was read before, which must be the same.
func (r *chunkReader) passOver() error {
	sum := crc32.New(castagnoli)
	n, err := io.CopyN(sum, r.file, r.read)
	switch {
	case isEnd(err):
		return connector.Errorf(connector.ReasonIntegrity, "a chunk that was fetched again is shorter than it was before: %d bytes", n)
	case err != nil:
		return err
	case sum.Sum32() != r.sum:
		return connector.Errorf(connector.ReasonIntegrity, "a chunk that was fetched again begins with other bytes than before")
	}
	return nil
}

// Close ends the request.
func (r *chunkReader) Close() error { return r.file.Close() }

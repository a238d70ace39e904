package plugin

import (
	"context"
	"io"
	"sync"

	"google.golang.org/grpc/mem"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

// Output takes the output of a download and sends it to the host in chunks.
// It holds at most one chunk, and the transport a few; a host that reads slowly slows Write down. Its
// methods may be called from several goroutines, whose writes are then whole
// but in no order. It is of no use after the author's Download has returned.
type Output struct {
	ctx    context.Context //nolint:containedctx // of the one call that the Output lives for; io.Writer has no room for it
	limit  int
	agreed *agreement
	resume *connector.Checkpoint

	mu      sync.Mutex
	stream  sender
	chunks  *wire.ChunkWriter
	free    chunkPool
	buf     *[]byte // of the chunk that is being filled; nil: none
	header  connector.StreamHeader
	started bool
	err     error // the first failure; it stays
}

var _ io.Writer = (*Output)(nil)

// sender is the stream of a download, as far as an Output needs it.
type sender interface {
	SendMsg(m any) error
}

// newOutput returns the output of a call that may be to go on at resume.
func newOutput(ctx context.Context, stream sender, limit int, agreed *agreement, resume *connector.Checkpoint) *Output {
	return &Output{
		ctx: ctx, stream: stream, limit: limit, agreed: agreed, resume: resume,
		chunks: wire.NewChunkWriter(), free: make(chunkPool, spareChunks),
	}
}

// Start says what follows. It is optional and comes before everything else;
// without it the content is "application/octet-stream" of unknown size, from
// the beginning. If it names a size, the download fails unless that much was
// written.
func (o *Output) Start(h connector.StreamHeader) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.err == nil && o.started {
		return connector.Errorf(connector.ReasonInternal, "the connector called Start after the output had begun")
	}
	if h.Offset > 0 && (o.resume == nil || h.Offset != o.resume.Offset) {
		return connector.Errorf(connector.ReasonInternal, "the connector began the output at byte %d, where nobody asked it to", h.Offset)
	}
	return o.start(h)
}

// Write sends p, or keeps it until a chunk is full. It does not keep p itself.
// An error is final: the download has failed, most often because the host
// cancelled it.
func (o *Output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if err := o.start(connector.StreamHeader{}); err != nil {
		return 0, err
	}
	written := 0
	for written < len(p) {
		n, err := o.take(p[written:])
		if err != nil {
			return written, err
		}
		written += n
	}
	return written, nil
}

// Progress gives a sign of life. It does nothing if the host takes none.
func (o *Output) Progress(p connector.Progress) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if err := o.start(connector.StreamHeader{}); err != nil || !o.agreed.has(wire.FeatureProgress) {
		return err
	}
	return o.event(&connectorv1.DownloadResponse{Event: &connectorv1.DownloadResponse_Progress{
		Progress: &connectorv1.Progress{Message: wire.Text(p.Message), Done: p.Done, Total: p.Total},
	}})
}

// Checkpoint says that all that was written so far ends with a whole record,
// and that the same action goes on from here if it is given token in
// [connector.Call.Resume], by then perhaps in another process. A token is at
// most 64 KiB and holds no secret. One checkpoint every few megabytes is
// enough, and one at the very beginning if what was done by then should not be
// done twice. An empty token takes all checkpoints back. It does nothing if the
// host takes none.
func (o *Output) Checkpoint(token []byte) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if n := len(token); n > wire.MaxToken {
		return connector.Errorf(connector.ReasonInternal, "the connector made a checkpoint of %d bytes; the limit is %d", n, wire.MaxToken)
	}
	if err := o.start(connector.StreamHeader{}); err != nil || !o.agreed.has(wire.FeatureResume) {
		return err
	}
	if err := o.flush(); err != nil {
		return err
	}
	return o.event(&connectorv1.DownloadResponse{Event: &connectorv1.DownloadResponse_Checkpoint{
		Checkpoint: &connectorv1.Checkpoint{Offset: o.chunks.Offset(), Token: token},
	}})
}

// start sends the header if nothing was sent yet.
func (o *Output) start(h connector.StreamHeader) error {
	if o.err != nil || o.started {
		return o.err
	}
	o.started, o.header = true, h
	o.chunks.StartAt(h.Offset)
	header := &connectorv1.StreamHeader{ContentType: wire.Text(h.ContentType), Offset: h.Offset}
	if header.GetContentType() == "" {
		header.ContentType = "application/octet-stream"
	}
	if h.TotalBytes > 0 {
		header.TotalBytes = &h.TotalBytes
	}
	return o.event(&connectorv1.DownloadResponse{Event: &connectorv1.DownloadResponse_Header{Header: header}})
}

// take consumes a part of p, at most a chunk.
func (o *Output) take(p []byte) (int, error) {
	if o.buf == nil {
		o.buf = o.free.Get(o.limit)
		*o.buf = (*o.buf)[:0]
	}
	n := min(len(p), o.limit-len(*o.buf))
	*o.buf = append(*o.buf, p[:n]...)
	if len(*o.buf) < o.limit {
		return n, nil
	}
	return n, o.flush()
}

// flush sends what is kept. The buffer is the transport's from then on, which
// puts it back when it is done.
func (o *Output) flush() error {
	if o.buf == nil {
		return nil
	}
	data := mem.NewBuffer(o.buf, o.free)
	o.buf = nil
	return o.chunks.SendBuffer(data, func(f *wire.Frame) error { return o.message(f) })
}

func (o *Output) event(e *connectorv1.DownloadResponse) error { return o.message(e) }

// message sends an event or a chunk.
func (o *Output) message(m any) error {
	if o.err == nil {
		o.err = o.stream.SendMsg(m)
		if o.err != nil && o.ctx.Err() != nil {
			o.err = o.ctx.Err() // says more than the transport's "stream closed"
		}
	}
	return o.err
}

// finish sends the rest and the trailer.
func (o *Output) finish(s connector.StreamSummary) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if err := o.start(connector.StreamHeader{}); err != nil {
		return err
	}
	if err := o.flush(); err != nil {
		return err
	}
	if due := o.header.TotalBytes; due > 0 && due != o.chunks.Offset() {
		return connector.Errorf(connector.ReasonIntegrity, "the download has %d bytes where %d were announced", o.chunks.Offset(), due)
	}
	return o.event(&connectorv1.DownloadResponse{Event: &connectorv1.DownloadResponse_Trailer{Trailer: &connectorv1.StreamTrailer{
		TotalBytes: o.chunks.Total(), TotalRecords: s.Records, Sha256: o.chunks.Sum(),
		Diagnostics: wire.DiagnosticsTo(s.Diagnostics), Stats: statsTo(o.ctx, s.Stats),
	}}})
}

// retire fails whoever still writes once the call is over: the stream must not
// be touched any more.
func (o *Output) retire() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.err == nil {
		o.err = connector.Errorf(connector.ReasonInternal, "the connector wrote to the output of a download that had ended")
	}
}

package plugin

import (
	"context"
	"io"
	"sync"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

// Output takes the output of a download and sends it to the host in chunks.
// It holds at most one chunk; a host that reads slowly slows Write down. Its
// methods may be called from several goroutines, whose writes are then whole
// but in no order. It is of no use after the author's Download has returned.
type Output struct {
	ctx      context.Context //nolint:containedctx // of the one call that the Output lives for; io.Writer has no room for it
	limit    int
	progress bool

	mu      sync.Mutex
	send    func(*connectorv1.DownloadResponse) error
	chunks  *wire.ChunkWriter
	buf     []byte
	header  connector.StreamHeader
	started bool
	err     error // the first failure; it stays
}

var _ io.Writer = (*Output)(nil)

func newOutput(ctx context.Context, send func(*connectorv1.DownloadResponse) error, limit int, progress bool) *Output {
	return &Output{ctx: ctx, send: send, limit: limit, progress: progress, chunks: wire.NewChunkWriter()}
}

// Start says what follows. It is optional and comes before everything else;
// without it the content is "application/octet-stream" of unknown size. If it
// names a size, the download fails unless that much was written.
func (o *Output) Start(h connector.StreamHeader) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.err == nil && o.started {
		return connector.Errorf(connector.ReasonInternal, "the connector called Start after the output had begun")
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
	if err := o.start(connector.StreamHeader{}); err != nil || !o.progress {
		return err
	}
	return o.event(&connectorv1.DownloadResponse{Event: &connectorv1.DownloadResponse_Progress{
		Progress: &connectorv1.Progress{Message: wire.Text(p.Message), Done: p.Done, Total: p.Total},
	}})
}

// start sends the header if nothing was sent yet.
func (o *Output) start(h connector.StreamHeader) error {
	if o.err != nil || o.started {
		return o.err
	}
	o.started, o.header = true, h
	header := &connectorv1.StreamHeader{ContentType: wire.Text(h.ContentType)}
	if header.GetContentType() == "" {
		header.ContentType = "application/octet-stream"
	}
	if h.TotalBytes > 0 {
		header.TotalBytes = &h.TotalBytes
	}
	return o.event(&connectorv1.DownloadResponse{Event: &connectorv1.DownloadResponse_Header{Header: header}})
}

// take consumes a part of p, at most a chunk. A whole chunk goes out as it is,
// without a copy in between.
func (o *Output) take(p []byte) (int, error) {
	if len(o.buf) == 0 && len(p) >= o.limit {
		return o.limit, o.chunk(p[:o.limit])
	}
	if o.buf == nil {
		o.buf = make([]byte, 0, o.limit)
	}
	n := min(len(p), o.limit-len(o.buf))
	o.buf = append(o.buf, p[:n]...)
	if len(o.buf) < o.limit {
		return n, nil
	}
	return n, o.flush()
}

// flush sends what is kept.
func (o *Output) flush() error {
	if len(o.buf) == 0 {
		return nil
	}
	err := o.chunk(o.buf)
	o.buf = o.buf[:0]
	return err
}

// chunk sends data. The caller may reuse data afterwards: SendMsg of gRPC
// encodes the message before it returns.
func (o *Output) chunk(data []byte) error {
	return o.chunks.Send(data, func(c *connectorv1.Chunk) error {
		return o.event(&connectorv1.DownloadResponse{Event: &connectorv1.DownloadResponse_Chunk{Chunk: c}})
	})
}

func (o *Output) event(e *connectorv1.DownloadResponse) error {
	if o.err == nil {
		o.err = o.send(e)
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
	if due := o.header.TotalBytes; due > 0 && due != o.chunks.Total() {
		return connector.Errorf(connector.ReasonIntegrity, "the download has %d bytes where %d were announced", o.chunks.Total(), due)
	}
	return o.event(&connectorv1.DownloadResponse{Event: &connectorv1.DownloadResponse_Trailer{Trailer: &connectorv1.StreamTrailer{
		TotalBytes: o.chunks.Total(), TotalRecords: s.Records, Sha256: o.chunks.Sum(),
		Diagnostics: wire.DiagnosticsTo(s.Diagnostics), Stats: wire.StatsTo(s.Stats),
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

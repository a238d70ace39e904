package host

import (
	"context"
	"errors"
	"io"
	"slices"

	"google.golang.org/grpc"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

// defaultContentType is what a download is that does not say.
const defaultContentType = "application/octet-stream"

// Download runs an action with a large output and writes the output to w as it
// comes, in pieces of at most the agreed chunk size. A slow w slows the
// connector down; nothing piles up. A Write that blocks is waited for even if
// ctx ends. progress may be nil; it is called between writes.
//
// Every chunk's place and checksum, the totals and the SHA-256 of the whole
// are checked; only a nil error means that w has it all. An error of w ends the
// download and is wrapped by the error returned. A download that outlasts
// [Plugin.Close] ends between two chunks with [connector.ReasonDraining].
//
// A download that broke off can go on. If w is a [Checkpointer], it is told the
// places where; the last of them, in call.Resume of another call of the same
// action with the same input and tenant, makes the output begin there. A
// connector that cannot go on is a [connector.ReasonUnsupported] error, and w
// has got nothing. [Connection.ResumeFile] does all of that for a file.
func (c *Connection) Download(
	ctx context.Context, call connector.Call, w io.Writer, progress func(connector.Progress),
) (summary connector.StreamSummary, err error) {
	ctx, o := c.observe(ctx, "download", &call)
	defer func() { o.end(summary.Stats, nil, err) }()
	a := c.attempt(call)
	if err := c.admitStream(ctx, a, call); err != nil {
		return connector.StreamSummary{}, err
	}
	if call.Resume != nil && !c.plugin.resumes() {
		return connector.StreamSummary{}, a.named(cannotResume(call.Resume.Offset))
	}
	streamCtx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := c.plugin.client.Download(streamCtx, &connectorv1.DownloadRequest{
		Call: c.head(call), Action: call.Action, Input: call.Input, Resume: wire.ResumeTo(call.Resume),
		BuiltWith: call.BuiltWith, Drift: wire.DriftTo(call.Drift),
	})
	if err != nil {
		return connector.StreamSummary{}, c.plugin.failure(ctx, a, err)
	}
	d := download{w: w, progress: progress, maxChunk: c.plugin.terms.limits.ChunkBytes, chunks: wire.NewChunkReader(), resume: call.Resume}
	if err := d.receive(stream); err != nil {
		if own := (*connector.Error)(nil); errors.As(err, &own) {
			own.OutcomeUnknown = a.writes // given up on this side, with the connector at work
		}
		a.stream, a.bytes = true, d.chunks.Total()
		return connector.StreamSummary{}, c.plugin.failure(ctx, a, err)
	}
	return d.summary, nil
}

// Checkpointer is a writer for [Connection.Download] that can go on after a
// failure.
type Checkpointer interface {
	io.Writer
	// Checkpoint is called between writes, once all bytes before c.Offset have
	// been written. An error ends the download.
	Checkpoint(c connector.Checkpoint) error
}

// resumes reports whether the connector may be able to resume downloads.
func (p *Plugin) resumes() bool { return slices.Contains(p.terms.features, wire.FeatureResume) }

func cannotResume(offset uint64) *connector.Error {
	return connector.Errorf(connector.ReasonUnsupported, "the connector cannot go on with the download at byte %d", offset).
		WithHint("begin the download anew")
}

// download is the state of one stream.
type download struct {
	resume   *connector.Checkpoint
	w        io.Writer
	progress func(connector.Progress)
	maxChunk int
	chunks   *wire.ChunkReader
	header   *connectorv1.StreamHeader
	ended    bool
	summary  connector.StreamSummary
}

func (d *download) receive(stream grpc.ServerStreamingClient[connectorv1.DownloadResponse]) error {
	var event wire.Event
	for {
		err := stream.RecvMsg(&event)
		switch {
		case errors.Is(err, io.EOF) && d.ended:
			return nil
		case errors.Is(err, io.EOF):
			return connector.Errorf(connector.ReasonIntegrity, "the stream ended without its trailer after %d bytes", d.chunks.Total())
		case err != nil:
			return err
		case d.ended:
			return connector.Errorf(connector.ReasonIntegrity, "the stream went on after its trailer")
		}
		if err := d.take(event.Response); err != nil {
			return err
		}
	}
}

// take handles one event. Kinds that this side does not know are skipped.
func (d *download) take(event *connectorv1.DownloadResponse) error {
	if header := event.GetHeader(); header != nil {
		if d.header != nil {
			return connector.Errorf(connector.ReasonIntegrity, "the stream has a second header")
		}
		d.header = header
		return d.begin(header.GetOffset())
	}
	if d.header == nil {
		return connector.Errorf(connector.ReasonIntegrity, "the stream does not begin with its header")
	}
	switch e := event.GetEvent().(type) {
	case *connectorv1.DownloadResponse_Chunk:
		return d.write(e.Chunk)
	case *connectorv1.DownloadResponse_Progress:
		if d.progress != nil {
			d.progress(connector.Progress{Message: e.Progress.GetMessage(), Done: e.Progress.GetDone(), Total: e.Progress.GetTotal()})
		}
	case *connectorv1.DownloadResponse_Checkpoint:
		return d.keep(e.Checkpoint)
	case *connectorv1.DownloadResponse_Trailer:
		return d.finish(e.Trailer)
	}
	return nil
}

// begin takes the place at which the stream begins: the one asked for, or the
// beginning.
func (d *download) begin(offset uint64) error {
	var asked uint64
	if d.resume != nil {
		asked = d.resume.Offset
	}
	if offset != 0 && offset != asked {
		return connector.Errorf(connector.ReasonIntegrity, "the stream begins at byte %d where byte %d was asked for", offset, asked)
	}
	d.chunks.StartAt(offset)
	if part, ok := d.w.(*partFile); ok {
		return part.begin(offset, d.chunks)
	}
	if offset != asked {
		return cannotResume(asked)
	}
	return nil
}

// keep passes a checkpoint on.
func (d *download) keep(c *connectorv1.Checkpoint) error {
	checkpoint, err := d.chunks.Checkpoint(c)
	if err != nil {
		return err
	}
	if w, ok := d.w.(Checkpointer); ok {
		if err := w.Checkpoint(checkpoint); err != nil {
			return ownFault("keeping the checkpoint at byte %d failed: %w", checkpoint.Offset, err)
		}
	}
	return nil
}

func (d *download) write(chunk *connectorv1.Chunk) error {
	if n := len(chunk.GetData()); n > d.maxChunk {
		e := connector.Errorf(connector.ReasonTooLarge, "the connector sent a chunk of %d bytes where %d were agreed", n, d.maxChunk)
		e.Origin = connector.OriginPlugin
		return e
	}
	data, err := d.chunks.Data(chunk)
	if err != nil {
		return err
	}
	if n, err := d.w.Write(data); err != nil || n < len(data) {
		if err == nil {
			err = io.ErrShortWrite
		}
		return ownFault("writing the download failed at byte %d: %w", chunk.GetOffset()+uint64(n), err) //nolint:gosec // a writer's count is not negative
	}
	return nil
}

func (d *download) finish(trailer *connectorv1.StreamTrailer) error {
	if want := d.header.TotalBytes; want != nil && *want != d.chunks.Offset() {
		return connector.Errorf(connector.ReasonIntegrity, "the stream has %d bytes where its header promised %d", d.chunks.Offset(), *want)
	}
	if err := d.chunks.Finish(trailer.GetTotalBytes(), trailer.GetSha256()); err != nil {
		return err
	}
	d.ended = true
	d.summary = connector.StreamSummary{
		ContentType: d.header.GetContentType(), Offset: d.header.GetOffset(), Bytes: d.chunks.Total(),
		Records: trailer.GetTotalRecords(), SHA256: d.chunks.Sum(),
		Diagnostics: wire.DiagnosticsFrom(trailer.GetDiagnostics()), Stats: wire.StatsFrom(trailer.GetStats()),
	}
	if d.summary.ContentType == "" {
		d.summary.ContentType = defaultContentType
	}
	return nil
}

// ownFault is about what the caller gave to a stream to read from or write to.
// Where there is no room, there may be some later.
func ownFault(format string, args ...any) *connector.Error {
	e := connector.Errorf(connector.ReasonInternal, format, args...)
	e.Origin = connector.OriginCaller
	if noRoom(e) {
		e.Retry = connector.RetryLater
		e.Hint = "make room on the disk, or write to another one"
	}
	return e
}

package host

import (
	"context"
	"errors"
	"io"

	"google.golang.org/grpc"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

// Upload runs an action on the content read from r up to io.EOF. Two chunks
// are in memory at most. It returns as soon as the connector refuses the
// content or ctx ends, even if r blocks: a Read that is running then is
// abandoned, and r must not be used before it returns. An error of r fails the
// action and is wrapped by the error returned.
func (c *Connection) Upload(
	ctx context.Context, call connector.Call, contentType string, r io.Reader,
) (result connector.Result, err error) {
	ctx, o := c.observe(ctx, "upload", &call)
	defer func() { o.end(result.Stats, result.Records, err) }()
	a := c.attempt(call)
	if err := c.admitStream(ctx, a, call); err != nil {
		return connector.Result{}, err
	}
	streamCtx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := c.plugin.client.Upload(streamCtx)
	if err != nil {
		return connector.Result{}, c.plugin.failure(ctx, a, err)
	}
	u := newUpload(stream, a.writes)
	defer func() { cancel(); <-u.answered }()
	err = u.send(streamCtx, &connectorv1.UploadStart{
		Call: c.head(call), Action: call.Action, Input: call.Input, ContentType: contentType,
		BuiltWith: call.BuiltWith, Drift: wire.DriftTo(call.Drift),
	}, readPieces(streamCtx, r, c.plugin.terms.limits.ChunkBytes))
	if err != nil {
		return connector.Result{}, c.plugin.failure(ctx, a, err)
	}
	return connector.Result{
		Output: u.answer.GetOutput(), Diagnostics: wire.DiagnosticsFrom(u.answer.GetDiagnostics()),
		Stats: wire.StatsFrom(u.answer.GetStats()), Records: wire.RecordsFrom(u.answer.GetRecords()),
	}, nil
}

// upload is one stream and the answer that may come at any time.
type upload struct {
	stream   grpc.ClientStreamingClient[connectorv1.UploadRequest, connectorv1.UploadResponse]
	writes   bool
	answered chan struct{}
	answer   connectorv1.UploadResponse
	err      error
}

func newUpload(stream grpc.ClientStreamingClient[connectorv1.UploadRequest, connectorv1.UploadResponse], writes bool) *upload {
	u := &upload{stream: stream, writes: writes, answered: make(chan struct{})}
	go func() {
		defer close(u.answered)
		u.err = stream.RecvMsg(&u.answer)
	}()
	return u
}

// send sends it all and waits for the answer.
func (u *upload) send(ctx context.Context, start *connectorv1.UploadStart, pieces *pieces) error {
	chunks := wire.NewChunkWriter()
	err := u.stream.Send(&connectorv1.UploadRequest{Event: &connectorv1.UploadRequest_Start{Start: start}})
	for err == nil {
		var data []byte
		select {
		case <-u.answered:
			return u.early()
		case <-ctx.Done():
			return u.early()
		case data = <-pieces.next:
		}
		if data == nil {
			break
		}
		err = chunks.Send(data, func(c *connectorv1.Chunk) error {
			return u.stream.Send(&connectorv1.UploadRequest{Event: &connectorv1.UploadRequest_Chunk{Chunk: c}})
		})
		pieces.reuse(data)
	}
	switch {
	case err != nil, ctx.Err() != nil: // io.EOF: the answer says why
		return u.early()
	case pieces.err != nil:
		e := ownFault("reading the content failed after %d bytes: %w", chunks.Total(), pieces.err)
		e.OutcomeUnknown = u.writes && chunks.Total() > 0
		return e
	}
	finish := &connectorv1.UploadFinish{TotalBytes: chunks.Total(), Sha256: chunks.Sum()}
	if err := u.stream.Send(&connectorv1.UploadRequest{Event: &connectorv1.UploadRequest_Finish{Finish: finish}}); err != nil {
		return u.early()
	}
	_ = u.stream.CloseSend() // never fails; what is wrong comes with the answer
	<-u.answered
	return u.err
}

// early waits for an answer that comes before the content is complete: a
// refusal, the end of the context, or a success that cannot be one.
func (u *upload) early() error {
	<-u.answered
	if u.err != nil {
		return u.err
	}
	e := connector.Errorf(connector.ReasonIntegrity, "the connector reported success before it had all of the content")
	e.OutcomeUnknown = u.writes
	return e
}

// pieces are the content of an upload, cut to the size of a chunk.
type pieces struct {
	// next delivers pieces; it is closed at the end of the content.
	next chan []byte
	// err is why the content ended early, valid once next is closed.
	err  error
	free chan []byte
}

// readPieces reads r from a goroutine of its own, so that an r that blocks
// does not hold up the call. It reads one piece ahead.
func readPieces(ctx context.Context, r io.Reader, size int) *pieces {
	p := &pieces{next: make(chan []byte), free: make(chan []byte, 2)}
	p.free <- make([]byte, size)
	p.free <- make([]byte, size)
	go func() {
		defer close(p.next)
		for {
			select {
			case <-ctx.Done():
				p.err = ctx.Err()
				return
			case buf := <-p.free:
				if !p.read(ctx, r, buf) {
					return
				}
			}
		}
	}()
	return p
}

// read delivers one piece and reports whether there may be more.
func (p *pieces) read(ctx context.Context, r io.Reader, buf []byte) bool {
	n, err := io.ReadFull(r, buf)
	if n > 0 {
		select {
		case <-ctx.Done():
			p.err = ctx.Err()
			return false
		case p.next <- buf[:n]:
		}
	}
	if err == nil {
		return true
	}
	if !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		p.err = err
	}
	return false
}

// reuse takes back a piece that was sent.
func (p *pieces) reuse(data []byte) { p.free <- data[:cap(data)] }

package plugin

import (
	"context"
	"errors"
	"io"

	"google.golang.org/grpc"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

func (s *service) upload(ctx context.Context, stream grpc.ClientStreamingServer[connectorv1.UploadRequest, connectorv1.UploadResponse]) error {
	start, err := receiveStart(ctx, stream)
	if err != nil {
		return err
	}
	t, call, err := s.begin(ctx, start.GetCall(), connector.Call{
		Action: start.GetAction(), Input: start.GetInput(),
		BuiltWith: start.GetBuiltWith(), Drift: wire.DriftFrom(start.GetDrift()),
	}, connector.ModeUpload)
	if err != nil {
		return err
	}
	defer t.release()
	uploader, ok := t.conn.(Uploader)
	if !ok {
		return connector.Errorf(connector.ReasonUnsupported, "this connector cannot upload")
	}
	drifted, err := s.drift(ctx, t, call, true)
	if err != nil {
		return err
	}
	in := newInput(ctx, stream.Recv, start.GetContentType(), s.limits().ChunkBytes)
	result, err := uploader.Upload(ctx, call, in)
	if err != nil {
		return drifted.explain(err)
	}
	if err := in.drain(); err != nil {
		e := *connector.AsError(err)
		e.OutcomeUnknown = scopeFrom(ctx).writes // the action has run on what came before
		return &e
	}
	if err := s.outputFits(ctx, result); err != nil {
		return err
	}
	resp := &connectorv1.UploadResponse{
		Output: result.Output, Diagnostics: wire.DiagnosticsTo(drifted.tell(result.Diagnostics)),
		Stats: statsTo(ctx, result.Stats), Records: wire.RecordsTo(result.Records),
	}
	if err := s.fits(ctx, resp); err != nil {
		return err
	}
	return stream.SendAndClose(resp)
}

// receiveStart reads the first event and takes the call's name from it.
func receiveStart(ctx context.Context, stream grpc.ClientStreamingServer[connectorv1.UploadRequest, connectorv1.UploadResponse]) (*connectorv1.UploadStart, error) {
	first, err := stream.Recv()
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		return nil, received(ctx, err)
	case first.GetStart() == nil:
		return nil, misuse("an upload must begin with its start event")
	}
	start := first.GetStart()
	c := scopeFrom(ctx)
	c.action = start.GetAction()
	if id := start.GetCall().GetRequestId(); id != "" {
		c.id = id
	}
	return start, nil
}

// received says what an error of Recv means.
func received(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return wire.FromStatus(err)
}

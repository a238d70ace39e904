package plugin

import (
	"context"

	"google.golang.org/grpc"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

func (s *service) download(
	ctx context.Context, req *connectorv1.DownloadRequest, stream grpc.ServerStreamingServer[connectorv1.DownloadResponse],
) error {
	t, call, err := s.begin(ctx, req.GetCall(), connector.Call{
		Action: req.GetAction(), Input: req.GetInput(), Resume: wire.ResumeFrom(req.GetResume()),
		BuiltWith: req.GetBuiltWith(), Drift: wire.DriftFrom(req.GetDrift()),
	}, connector.ModeDownload)
	if err != nil {
		return err
	}
	defer t.release()
	downloader, ok := t.conn.(Downloader)
	if !ok {
		return connector.Errorf(connector.ReasonUnsupported, "this connector cannot download")
	}
	agreed := s.contract.agreed()
	if call.Resume != nil && !agreed.has(wire.FeatureResume) {
		return misuse("a download is to be resumed, which the handshake did not settle")
	}
	drifted, err := s.drift(ctx, t, call, false)
	if err != nil {
		return err
	}
	out := newOutput(ctx, stream, s.limits().ChunkBytes, agreed, call.Resume)
	defer out.retire()
	summary, err := downloader.Download(ctx, call, out)
	if err != nil {
		return drifted.explain(err)
	}
	summary.Diagnostics = drifted.tell(summary.Diagnostics)
	return out.finish(summary)
}

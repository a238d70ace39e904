package hosttest_test

import (
	"bytes"
	"crypto/sha256"
	"hash/crc32"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"github.com/gainsight-connector/gainsight-connector/internal/wire"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

// badWires are connectors that break the contract message by message.
func badWires() map[string]bad {
	return map[string]bad{
		"sends no trailer": wired(func() tamper {
			return tamper{event: func(e *connectorv1.DownloadResponse) []*connectorv1.DownloadResponse {
				if e.GetTrailer() != nil {
					return nil
				}
				return []*connectorv1.DownloadResponse{e}
			}}
		}, "streams/trailer"),
		"goes on after the trailer": wired(func() tamper {
			return tamper{event: func(e *connectorv1.DownloadResponse) []*connectorv1.DownloadResponse {
				if e.GetTrailer() != nil {
					return []*connectorv1.DownloadResponse{e, {}}
				}
				return []*connectorv1.DownloadResponse{e}
			}}
		}, "streams/trailer"),
		"sends two headers": wired(func() tamper {
			return tamper{event: func(e *connectorv1.DownloadResponse) []*connectorv1.DownloadResponse {
				if e.GetHeader() != nil {
					return []*connectorv1.DownloadResponse{e, e}
				}
				return []*connectorv1.DownloadResponse{e}
			}}
		}, "streams/header-first"),
		"sends progress that nobody asked for": wired(func() tamper {
			return tamper{event: func(e *connectorv1.DownloadResponse) []*connectorv1.DownloadResponse {
				if e.GetHeader() != nil {
					progress := &connectorv1.DownloadResponse_Progress{Progress: &connectorv1.Progress{}}
					return []*connectorv1.DownloadResponse{e, {Event: progress}}
				}
				return []*connectorv1.DownloadResponse{e}
			}}
		}, "streams/quiet"),
		"misplaces its checkpoints": warp{download: lines(lineAfter)}.wired(func() tamper {
			return tamper{event: func(e *connectorv1.DownloadResponse) []*connectorv1.DownloadResponse {
				if e.GetCheckpoint() != nil {
					e.GetCheckpoint().Offset++
				}
				return []*connectorv1.DownloadResponse{e}
			}}
		}, "streams/checkpoints", "streams/resume"),
		"leaves gaps between chunks": streamed(func(e *connectorv1.DownloadResponse) {
			if e.GetChunk() != nil {
				e.GetChunk().Offset += 5
			}
		}, "streams/offsets"),
		"computes another checksum": streamed(func(e *connectorv1.DownloadResponse) {
			if e.GetChunk() != nil {
				e.GetChunk().Crc32C = crc32.ChecksumIEEE(e.GetChunk().GetData())
			}
		}, "streams/checksums"),
		"counts other bytes": streamed(func(e *connectorv1.DownloadResponse) {
			if e.GetTrailer() != nil {
				e.GetTrailer().TotalBytes++
			}
		}, "streams/total"),
		"announces other bytes": streamed(func(e *connectorv1.DownloadResponse) {
			if n := uint64(3); e.GetHeader() != nil {
				e.GetHeader().TotalBytes = &n
			}
		}, "streams/total"),
		"computes another digest": streamed(func(e *connectorv1.DownloadResponse) {
			if e.GetTrailer() != nil {
				e.GetTrailer().Sha256[0] ^= 1
			}
		}, "streams/digest"),
		"takes an upload for whole that is not": wired(func() tamper { return tamper{upload: repair} },
			"streams/upload-checksum", "streams/upload-digest", "streams/upload-gap", "streams/upload-total"),
		"makes up the end of an upload": wired(func() tamper { return tamper{cut: true} }, "streams/upload-cut"),
		"takes large chunks only": wired(func() tamper {
			return tamper{upload: func() func(*connectorv1.UploadRequest) error {
				return func(e *connectorv1.UploadRequest) error {
					if c := e.GetChunk(); c != nil && len(c.GetData()) == 7 {
						return status.Error(codes.InvalidArgument, "too small")
					}
					return nil
				}
			}}
		}, "streams/upload-pieces"),
		"ends downloads that failed as if they had not": wired(func() tamper {
			trailer := &connectorv1.DownloadResponse_Trailer{Trailer: &connectorv1.StreamTrailer{}}
			return tamper{late: &connectorv1.DownloadResponse{Event: trailer}}
		}, "streams/broken-tenant", "streams/refused"),
		"keeps to no limits": wired(func() tamper {
			return tamper{request: func(req any) any {
				if h, ok := req.(*connectorv1.HandshakeRequest); ok {
					h.Limits = nil
				}
				return nil
			}}
		}, "lifecycle/handshake-holds", "limits/input-over", "limits/negotiated", "limits/output-over", "limits/schema-over",
			"streams/chunk-limit", "streams/upload-chunk-limit"),
		"states limits without room": answered(func(_, resp any, err error) error {
			if h, ok := resp.(*connectorv1.HandshakeResponse); ok && err == nil {
				h.Limits.MaxMessageBytes = h.GetLimits().GetMaxInlineBytes()
			}
			return err
		}, "limits/own"),
		"states no limits": answered(func(_, resp any, err error) error {
			if h, ok := resp.(*connectorv1.HandshakeResponse); ok && err == nil {
				h.Limits = nil
			}
			return err
		}, "limits/message-over", "limits/negotiated", "limits/own", "versions/no-limits"),
		"agrees on whatever it hears": answered(func(req, resp any, err error) error {
			if h, ok := resp.(*connectorv1.HandshakeResponse); ok && err == nil {
				h.Features = req.(*connectorv1.HandshakeRequest).GetFeatures()
			}
			return err
		}, "versions/unknown-feature"),
		"agrees on what nobody offered": answered(func(_, resp any, err error) error {
			if h, ok := resp.(*connectorv1.HandshakeResponse); ok && err == nil {
				h.Features = []string{wire.FeatureEvents}
			}
			return err
		}, "versions/events-agreed", "versions/no-features", "versions/unknown-feature"),
		"never lets go of a stream of events": wired(func() tamper { return tamper{hangs: "WatchEvents"} },
			"lifecycle/events-end", "versions/events-agreed", "versions/events-taken-over"),
		"has no manifest": answered(func(_, resp any, err error) error {
			if m, ok := resp.(*connectorv1.GetManifestResponse); ok && err == nil {
				m.Manifest = nil
			}
			return err
		}, "manifest/actions", "manifest/answers", "manifest/named", "manifest/settings-schema"),
		"refuses what it does not know": answered(func(req, _ any, err error) error {
			if m, ok := req.(proto.Message); ok && len(m.ProtoReflect().GetUnknown()) > 0 {
				return status.Error(codes.InvalidArgument, "unknown field")
			}
			return err
		}, "versions/unknown-fields"),
		"has another id with every handshake": answered(func(_, resp any, err error) error {
			if h, ok := resp.(*connectorv1.HandshakeResponse); ok && err == nil {
				h.InstanceId = wire.NewID()
			}
			return err
		}, "lifecycle/handshake-repeats", "lifecycle/probe"),
		"logs at one level for ever": answered(func(req, _ any, err error) error {
			if h, ok := req.(*connectorv1.HandshakeRequest); ok && h.GetLogLevel() != 0 {
				return status.Error(codes.InvalidArgument, "another level")
			}
			return err
		}, "lifecycle/log-level"),
		"reports nothing of a check": answered(func(_, resp any, err error) error {
			if c, ok := resp.(*connectorv1.CheckConnectionResponse); ok && err == nil {
				c.Report = nil
			}
			return err
		}, "lifecycle/check"),
		"keeps connections that are closed": wired(func() tamper {
			return tamper{request: func(req any) any {
				if _, ok := req.(*connectorv1.CloseConnectionRequest); ok {
					return &connectorv1.CloseConnectionResponse{}
				}
				return nil
			}}
		}, "chaos/many-connections", "lifecycle/close-waits", "lifecycle/closed-handle", "lifecycle/connections"),
		"describes for no tenant": answered(func(req, _ any, err error) error {
			if d, ok := req.(*connectorv1.DescribeActionRequest); ok && d.GetCall().GetHandle() != "" && d.GetAction() == "note.export" {
				return status.Error(codes.Internal, "not yet")
			}
			return err
		}, "schemas/etag-tells", "schemas/options", "schemas/options-paged", "schemas/refresh", "schemas/tenant"),
		"demands more of a tenant": answered(func(req, resp any, err error) error {
			d, ok := resp.(*connectorv1.DescribeActionResponse)
			if ok && err == nil && req.(*connectorv1.DescribeActionRequest).GetCall().GetHandle() != "" {
				d.InputSchema = bytes.Replace(d.GetInputSchema(), []byte(`"title":"Import Notes"`), []byte(`"minProperties":1`), 1)
				d.Etag += "+"
			}
			return err
		}, "schemas/refresh", "schemas/samples-fit"),
		"runs an action by any call": answered(func(_, _ any, err error) error {
			if status.Code(err) == codes.Unimplemented {
				return nil
			}
			return err
		}, "errors/wrong-mode"),
		"has one id for all processes": answered(func(_, resp any, err error) error {
			switch resp := resp.(type) {
			case *connectorv1.HandshakeResponse:
				if err == nil {
					resp.InstanceId = "connector"
				}
			case *connectorv1.ProbeResponse:
				resp.InstanceId = "connector"
			}
			return err
		}, "lifecycle/instance-id"),
		"answers a probe with another's nonce": answered(func(_, resp any, err error) error {
			if p, ok := resp.(*connectorv1.ProbeResponse); ok && err == nil {
				p.Nonce = "stale"
			}
			return err
		}, "lifecycle/probe"),
		"never counts its connections": answered(func(_, resp any, err error) error {
			if p, ok := resp.(*connectorv1.ProbeResponse); ok && err == nil {
				p.Connections = 0
			}
			return err
		}, "lifecycle/connections"),
		"drains without looking": wired(func() tamper {
			return tamper{request: func(req any) any {
				if _, ok := req.(*connectorv1.DrainRequest); ok {
					return &connectorv1.DrainResponse{}
				}
				return nil
			}}
		}, "lifecycle/drain-refuses", "lifecycle/drain-waits", "lifecycle/events-end"),
		"hangs when it is drained": wired(func() tamper { return tamper{hangs: "Drain"} },
			"lifecycle/drain-idle", "lifecycle/drain-refuses", "lifecycle/drain-waits", "lifecycle/events-end"),
		"answers before the handshake": wired(func() tamper {
			return tamper{request: func(req any) any {
				if _, ok := req.(*connectorv1.GetManifestRequest); ok {
					return &connectorv1.GetManifestResponse{Manifest: wire.ManifestTo(manifest())}
				}
				return nil
			}}
		}, "lifecycle/drain-refuses", "lifecycle/handshake-first"),
		"has handles that can be guessed":        wired(shortHandles, "lifecycle/handles"),
		"cannot close twice":                     wired(closesOnce, "lifecycle/close-twice"),
		"takes unknown handles for the last one": wired(lastHandle, "lifecycle/unknown-handle"),
		"tells in words alone that there is no action": answered(func(_, _ any, err error) error {
			if status.Code(err) != codes.NotFound {
				return err
			}
			return status.Error(codes.NotFound, status.Convert(err).Message())
		}, "errors/detail", "errors/unknown-action", "schemas/unknown-action"),
		"forgets whose call it was": answered(func(_, _ any, err error) error {
			st := status.Convert(err).Proto()
			if err == nil || len(st.GetDetails()) == 0 {
				return err
			}
			detail := details(err)
			detail.RequestId = "other"
			fresh, _ := status.New(status.Code(err), st.GetMessage()).WithDetails(detail)
			return fresh.Err()
		}, "errors/request-id"),
		"says nothing when it fails": answered(func(_, _ any, err error) error {
			if len(status.Convert(err).Details()) == 0 {
				return err
			}
			fresh, _ := status.New(status.Code(err), "").WithDetails(details(err))
			return fresh.Err()
		}, "errors/text"),
		"has no ETags": answered(func(_, resp any, err error) error {
			if d, ok := resp.(*connectorv1.DescribeActionResponse); ok && err == nil {
				d.Etag = ""
			}
			return err
		}, "schemas/etag"),
		"has one ETag for all schemas of an action": answered(func(req, resp any, err error) error {
			if d, ok := resp.(*connectorv1.DescribeActionResponse); ok && err == nil {
				d.Etag = "1"
				if req.(*connectorv1.DescribeActionRequest).GetCall().GetHandle() != "" {
					d.InputSchema = append(bytes.Clone(d.GetInputSchema()), ' ')
				}
			}
			return err
		}, "schemas/etag-tells", "schemas/not-modified", "schemas/refresh"),
		"describes anew what was not": answered(func(req, resp any, err error) error {
			d, ok := resp.(*connectorv1.DescribeActionResponse)
			if ok && err == nil && req.(*connectorv1.DescribeActionRequest).GetRefresh() {
				d.Etag += "+"
			}
			return err
		}, "schemas/refresh"),
		"always says that nothing was modified": answered(func(req, resp any, err error) error {
			if d, ok := resp.(*connectorv1.DescribeActionResponse); ok && req.(*connectorv1.DescribeActionRequest).GetIfNoneMatch() != "" {
				d.NotModified, d.InputSchema, d.OutputSchema = true, nil, nil
			}
			return err
		}, "schemas/modified"),
	}
}

// repair makes any chunk fit, so that nothing is found to be missing.
func repair() func(*connectorv1.UploadRequest) error {
	var offset uint64
	digest := sha256.New()
	return func(e *connectorv1.UploadRequest) error {
		if c := e.GetChunk(); c != nil {
			c.Offset, c.Crc32C = offset, crc32.Checksum(c.GetData(), crc32.MakeTable(crc32.Castagnoli))
			offset += uint64(len(c.GetData()))
			_, _ = digest.Write(c.GetData())
		}
		if f := e.GetFinish(); f != nil {
			f.TotalBytes, f.Sha256 = offset, digest.Sum(nil)
		}
		return nil
	}
}

func details(err error) *connectorv1.ErrorDetail {
	for _, d := range status.Convert(err).Details() {
		if detail, ok := d.(*connectorv1.ErrorDetail); ok {
			return detail
		}
	}
	return &connectorv1.ErrorDetail{}
}

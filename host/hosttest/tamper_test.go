package hosttest_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"log/slog"
	"strings"
	"sync"

	"google.golang.org/grpc"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"github.com/gainsight-connector/gainsight-connector/host/hosttest"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
	"github.com/gainsight-connector/gainsight-connector/plugin"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

// tamper is what goes wrong on the wire, where package plugin lets no author
// go wrong.
type tamper struct {
	// request changes a request, or answers it.
	request func(req any) (resp any)
	// response changes the answer of a unary call.
	response func(req, resp any, err error) error
	// event changes an event of a download; the result is sent.
	event func(*connectorv1.DownloadResponse) []*connectorv1.DownloadResponse
	// upload changes an event of an upload, or refuses it.
	upload func() func(*connectorv1.UploadRequest) error
	// cut makes up the end of an upload that has none.
	cut bool
	// late sends an event after a download has failed.
	late *connectorv1.DownloadResponse
	// hangs names a method that never answers.
	hangs string
}

func (w tamper) unary(ctx context.Context, req any, info *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
	if w.hangs != "" && strings.HasSuffix(info.FullMethod, "/"+w.hangs) {
		return nil, hang(ctx)
	}
	if w.request != nil {
		if resp := w.request(req); resp != nil {
			return resp, nil
		}
	}
	resp, err := next(ctx, req)
	if w.response != nil {
		err = w.response(req, resp, err)
	}
	return resp, err
}

// hang ends with the call only.
func hang(ctx context.Context) error {
	<-ctx.Done()
	return status.FromContextError(ctx.Err()).Err()
}

func (w tamper) stream(srv any, stream grpc.ServerStream, info *grpc.StreamServerInfo, next grpc.StreamHandler) error {
	if w.hangs != "" && strings.HasSuffix(info.FullMethod, "/"+w.hangs) {
		return hang(stream.Context())
	}
	s := &tampered{ServerStream: stream, event: w.event, request: w.request, cut: w.cut}
	if w.upload != nil {
		s.upload = w.upload()
	}
	err := next(srv, s)
	if err != nil && w.late != nil {
		_ = stream.SendMsg(w.late)
	}
	if w.response != nil {
		return w.response(nil, nil, err)
	}
	return err
}

type tampered struct {
	grpc.ServerStream

	request func(req any) (resp any)
	event   func(*connectorv1.DownloadResponse) []*connectorv1.DownloadResponse
	upload  func(*connectorv1.UploadRequest) error
	cut     bool
	content []byte
}

func (s *tampered) SendMsg(m any) error {
	if s.event == nil {
		return s.ServerStream.SendMsg(m)
	}
	event, ok := m.(*connectorv1.DownloadResponse)
	if frame, isChunk := m.(*wire.Frame); isChunk { // which is sent in a form of its own
		data, err := wire.Codec().Marshal(frame)
		if err != nil {
			return err
		}
		event, ok = &connectorv1.DownloadResponse{}, true
		if err := proto.Unmarshal(data.Materialize(), event); err != nil {
			return err
		}
		data.Free()
	}
	if !ok {
		return s.ServerStream.SendMsg(m)
	}
	for _, e := range s.event(event) {
		if err := s.ServerStream.SendMsg(e); err != nil {
			return err
		}
	}
	return nil
}

func (s *tampered) RecvMsg(m any) error {
	err := s.ServerStream.RecvMsg(m)
	if err == nil && s.request != nil {
		_ = s.request(m)
	}
	event, ok := m.(*connectorv1.UploadRequest)
	switch {
	case !ok:
	case err == nil && s.upload != nil:
		return s.upload(event)
	case err == nil:
		s.content = append(s.content, event.GetChunk().GetData()...)
	case errors.Is(err, io.EOF) && s.cut:
		sum := sha256.Sum256(s.content)
		proto.Reset(event)
		finish := &connectorv1.UploadFinish{TotalBytes: uint64(len(s.content)), Sha256: sum[:]}
		event.Event = &connectorv1.UploadRequest_Finish{Finish: finish}
		s.cut = false
		return nil
	}
	return err
}

// wired returns the example connector behind what build returns.
func wired(build func() tamper, fails ...string) bad { return warp{}.wired(build, fails...) }

// wired is the function wired for a connector with flaws of its own.
func (w warp) wired(build func() tamper, fails ...string) bad {
	var mu sync.Mutex
	made := map[any]tamper{}
	of := func(server any) tamper { // every process has its own
		mu.Lock()
		defer mu.Unlock()
		w, ok := made[server]
		if !ok {
			w = build()
			made[server] = w
		}
		return w
	}
	options := append(plugin.ServerOptions(nil),
		grpc.ChainUnaryInterceptor(func(ctx context.Context, req any, info *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
			return of(info.Server).unary(ctx, req, info, next)
		}),
		grpc.ChainStreamInterceptor(func(srv any, stream grpc.ServerStream, info *grpc.StreamServerInfo, next grpc.StreamHandler) error {
			return of(srv).stream(srv, stream, info, next)
		}))
	return bad{fails: fails, target: hosttest.Server(func(server *grpc.Server, log *slog.Logger) (io.Closer, error) {
		c, err := w.build()
		if err != nil {
			return nil, err
		}
		return plugin.Register(server, c, &plugin.Options{Logger: log}), nil
	}, options...)}
}

// streamed is wired for a change of the events of a download.
func streamed(change func(e *connectorv1.DownloadResponse), fails ...string) bad {
	return wired(func() tamper {
		return tamper{event: func(e *connectorv1.DownloadResponse) []*connectorv1.DownloadResponse {
			change(e)
			return []*connectorv1.DownloadResponse{e}
		}}
	}, fails...)
}

// answered is wired for a change of the answers of unary calls.
func answered(change func(req, resp any, err error) error, fails ...string) bad {
	return wired(func() tamper { return tamper{response: change} }, fails...)
}

// Command bare is the least that a go-plugin can do: it echoes what it is given
// and streams zeroes.
package main

import (
	"context"
	"errors"

	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
	"github.com/hashicorp/go-hclog"
	goplugin "github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"
)

// What a download consists of, in bytes.
const (
	total = 1 << 30
	chunk = 256 << 10
)

type server struct {
	connectorv1.UnimplementedConnectorServiceServer
}

// Execute answers with the input.
func (server) Execute(_ context.Context, req *connectorv1.ExecuteRequest) (*connectorv1.ExecuteResponse, error) {
	return &connectorv1.ExecuteResponse{Output: req.GetInput()}, nil
}

// Download streams, with nothing checked.
func (server) Download(_ *connectorv1.DownloadRequest, stream grpc.ServerStreamingServer[connectorv1.DownloadResponse]) error {
	data := make([]byte, chunk)
	for range total / chunk {
		err := stream.Send(&connectorv1.DownloadResponse{Event: &connectorv1.DownloadResponse_Chunk{Chunk: &connectorv1.Chunk{Data: data}}})
		if err != nil {
			return err
		}
	}
	return nil
}

type plugin struct {
	goplugin.NetRPCUnsupportedPlugin
}

// GRPCServer implements [goplugin.GRPCPlugin].
func (plugin) GRPCServer(_ *goplugin.GRPCBroker, s *grpc.Server) error { //nolint:unparam // the interface has it
	connectorv1.RegisterConnectorServiceServer(s, server{})
	return nil
}

// GRPCClient implements [goplugin.GRPCPlugin].
func (plugin) GRPCClient(context.Context, *goplugin.GRPCBroker, *grpc.ClientConn) (any, error) {
	return nil, errors.New("this is the server's side")
}

func main() {
	goplugin.Serve(&goplugin.ServeConfig{
		HandshakeConfig: goplugin.HandshakeConfig{ProtocolVersion: 1, MagicCookieKey: "BARE", MagicCookieValue: "bare"},
		Plugins:         goplugin.PluginSet{"bare": plugin{}},
		GRPCServer:      goplugin.DefaultGRPCServer,
		Logger:          hclog.NewNullLogger(),
	})
}

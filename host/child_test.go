package host_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"

	goplugin "github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"

	"github.com/gainsight-connector/gainsight-connector/internal/wire"
	"github.com/gainsight-connector/gainsight-connector/plugin"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

// child is a binary that a test launches. It returns its exit code.
func child(mode string) int {
	switch mode {
	case "serve":
		if err := plugin.Serve(newEcho(os.Stdout, os.Stderr), nil); err != nil {
			return 1
		}
		return 0
	case "debuggable":
		if err := plugin.Serve(newEcho(os.Stdout, os.Stderr), &plugin.Options{Debuggable: true}); err != nil {
			return 1
		}
		return 0
	case "tcp":
		if err := serveTCP(); err != nil {
			_, _ = fmt.Fprintln(os.Stderr, err)
			return 1
		}
		return 0
	case "both":
		serveVersions(map[int]func(*grpc.Server){
			wire.ProtocolVersion:     func(s *grpc.Server) { plugin.Register(s, newEcho(os.Stdout, os.Stderr), nil) },
			wire.ProtocolVersion + 1: func(*grpc.Server) {},
		})
		return 0
	case "exit":
		_, _ = fmt.Fprintln(os.Stderr, "no licence found")
		return 3
	case "garbage":
		_, _ = fmt.Fprintln(os.Stdout, "Welcome to \x1b[31mMallory's\x1b[0m shop")
	case "flood":
		for {
			_, _ = fmt.Fprint(os.Stdout, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")
		}
	case "newer":
		_, _ = fmt.Fprintln(os.Stdout, "1|7|unix|/tmp/s|grpc|")
	case "older":
		_, _ = fmt.Fprintln(os.Stdout, "1|0|unix|/tmp/s|grpc|")
	case "netrpc":
		_, _ = fmt.Fprintln(os.Stdout, "1|1|unix|/tmp/s|netrpc|")
	case "plain":
		_, _ = fmt.Fprintln(os.Stdout, "1|1|unix|/tmp/s|grpc|")
	case "hang":
	case "stranger":
		serve(func(*grpc.Server) {})
		return 0
	case "quitter":
		serve(func(s *grpc.Server) { connectorv1.RegisterConnectorServiceServer(s, quitter{}) })
		return 0
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt)
	<-stop
	return 0
}

// serve is a go-plugin process that serves what register says.
func serve(register func(*grpc.Server)) {
	serveVersions(map[int]func(*grpc.Server){wire.ProtocolVersion: register})
}

// serveVersions is serve for several versions of the protocol side by side.
func serveVersions(versions map[int]func(*grpc.Server)) {
	sets := map[int]goplugin.PluginSet{}
	for version, register := range versions {
		sets[version] = goplugin.PluginSet{wire.ServiceName: registrar{register: register}}
	}
	goplugin.Serve(&goplugin.ServeConfig{
		HandshakeConfig:  goplugin.HandshakeConfig{MagicCookieKey: wire.CookieKey, MagicCookieValue: wire.CookieValue},
		VersionedPlugins: sets,
		GRPCServer:       goplugin.DefaultGRPCServer,
	})
}

type registrar struct {
	goplugin.NetRPCUnsupportedPlugin

	register func(*grpc.Server)
}

func (r registrar) GRPCServer(_ *goplugin.GRPCBroker, s *grpc.Server) error {
	r.register(s)
	return nil
}

func (registrar) GRPCClient(context.Context, *goplugin.GRPCBroker, *grpc.ClientConn) (any, error) {
	return nil, errors.New("a server only")
}

// quitter ends its process on the first call.
type quitter struct {
	connectorv1.UnimplementedConnectorServiceServer
}

func (quitter) Handshake(context.Context, *connectorv1.HandshakeRequest) (*connectorv1.HandshakeResponse, error) {
	_, _ = os.Stderr.WriteString("cannot open the cache\n")
	os.Exit(4)
	return nil, errors.New("unreachable")
}

package hosttest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"runtime/pprof"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/test/bufconn"

	"github.com/gainsight-connector/gainsight-connector/internal/wire"
	"github.com/gainsight-connector/gainsight-connector/plugin"
)

// Connector is a target in this process: what build returns, behind real gRPC
// in memory. It is built anew for every case. Nil opts are the defaults; its
// Logger is the kit's in any case.
func Connector(build func() (plugin.Connector, error), opts *plugin.Options) Target {
	var o plugin.Options
	if opts != nil {
		o = *opts
	}
	return Server(func(server *grpc.Server, log *slog.Logger) (io.Closer, error) {
		c, err := build()
		if err != nil {
			return nil, err
		}
		own := o
		own.Logger = log
		return plugin.Register(server, c, &own), nil
	}, plugin.ServerOptions(&o)...)
}

// Server is [Connector] for what does not stand on package plugin: register
// puts a connector on a gRPC server that is made with opts, and gives it a
// logger to use. The closer is closed once the server has stopped.
func Server(register func(*grpc.Server, *slog.Logger) (io.Closer, error), opts ...grpc.ServerOption) Target {
	return &served{register: register, options: opts}
}

// served is a connector in this process.
type served struct {
	register func(*grpc.Server, *slog.Logger) (io.Closer, error)
	options  []grpc.ServerOption
}

func (s *served) load() (source, error) { return s, nil }
func (*served) binary() string          { return "" }
func (*served) close() error            { return nil }

// labelKey is the profiler label of the goroutines of a connector: goroutines
// pass it on to those that they start.
const labelKey = "connector"

func (s *served) start(ctx context.Context, _ time.Duration) (in *instance, err error) {
	label := wire.NewID()
	pprof.Do(context.WithoutCancel(ctx), pprof.Labels(labelKey, label), func(context.Context) {
		in, err = s.serve()
	})
	if err != nil {
		return nil, err
	}
	in.label = label
	return in, nil
}

func (s *served) serve() (*instance, error) {
	listener := bufconn.Listen(1 << 20)
	server := grpc.NewServer(s.options...)
	log := &record{}
	closer, err := s.register(server, slog.New(slog.NewJSONHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	if err != nil {
		return nil, fmt.Errorf("make the connector: %w", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	conn, err := grpc.NewClient("passthrough:///connector",
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return listener.DialContext(ctx) }))
	if err != nil {
		return nil, err
	}
	in := newInstance(conn)
	in.log = log
	in.stop = sync.OnceValue(func() error {
		clientErr := conn.Close()
		closeErr := closer.Close() // while a call that hangs is still counted
		server.Stop()
		return errors.Join(clientErr, closeErr, <-ended)
	})
	return in, nil
}

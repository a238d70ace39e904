package hosttest

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

// Binary is a target that is a process: the binary at path with arguments. Env
// names the variables of this process's environment that it is granted, as in
// [host.Options]. A process serves one case at a time; one that a case has left
// as it was serves further ones, unless they are about the process itself.
func Binary(path string, args, env []string) Target {
	if abs, err := filepath.Abs(path); err == nil { // some cases start it in another folder
		path = abs
	}
	return &launched{path: path, args: args, env: env}
}

// launched is a connector that is a process.
type launched struct {
	path      string
	args, env []string
}

func (l *launched) load() (source, error) {
	b, err := host.Load(l.path, nil)
	if err != nil {
		return nil, err
	}
	return &launcher{launched: l, file: b}, nil
}

// launcher starts processes from one copy of the file.
type launcher struct {
	*launched

	file *host.Binary
}

func (l *launcher) binary() string { return l.path }
func (l *launcher) close() error   { return l.file.Close() }

func (l *launcher) start(ctx context.Context, within time.Duration) (*instance, error) {
	h, log, said := &held{}, &record{}, &outcomes{stray: &record{}}
	p, err := l.file.Launch(ctx, &host.Options{
		Name: "hosttest", StartTimeout: within, Args: l.args, Env: l.env, Stderr: log, Logger: slog.New(said),
		Dial: []grpc.DialOption{grpc.WithChainUnaryInterceptor(h.intercept)},
	})
	if err != nil {
		return nil, err
	}
	in := newInstance(h.conn)
	in.log, in.stray, in.killed, in.pid, in.stop = log, said.stray, said.killed.Load, p.PID(), p.Close
	return in, nil
}

// held keeps the first handshake of package host from the connector, so that
// the cases can make their own. The host believes what it hears.
type held struct {
	once sync.Once
	conn *grpc.ClientConn
}

func (h *held) intercept(
	ctx context.Context, method string, req, reply any, conn *grpc.ClientConn, invoke grpc.UnaryInvoker, opts ...grpc.CallOption,
) error {
	answered := false
	if method == connectorv1.ConnectorService_Handshake_FullMethodName {
		h.once.Do(func() {
			h.conn, answered = conn, true
			if resp, ok := reply.(*connectorv1.HandshakeResponse); ok {
				resp.Limits, resp.InstanceId = wire.LimitsTo(connector.Limits{}.Resolved()), "held"
			}
		})
	}
	if answered {
		return nil
	}
	return invoke(ctx, method, req, reply, conn, opts...)
}

// outcomes is a log handler that keeps what package host says of a process:
// the lines that it printed to stdout, and whether it was killed.
type outcomes struct {
	stray  *record
	killed atomic.Bool
}

func (*outcomes) Enabled(_ context.Context, l slog.Level) bool { return l >= slog.LevelInfo }

// Handle picks the two messages.
func (o *outcomes) Handle(_ context.Context, r slog.Record) error {
	r.Attrs(func(a slog.Attr) bool {
		switch {
		case r.Message == "connector printed to stdout" && a.Key == "line":
			_, _ = o.stray.Write([]byte(a.Value.String() + "\n"))
		case r.Message == "connector ended" && a.Key == "by_host":
			o.killed.Store(a.Value.Bool())
		}
		return true
	})
	return nil
}

func (o *outcomes) WithAttrs([]slog.Attr) slog.Handler { return o }
func (o *outcomes) WithGroup(string) slog.Handler      { return o }

// notRunnable reports whether an error of start says that there is nothing
// that could be tested.
func notRunnable(err error) bool {
	return errors.Is(err, host.ErrNotExecutable) || errors.Is(err, host.ErrSocketDir)
}

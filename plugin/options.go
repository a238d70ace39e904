package plugin

import (
	"log/slog"
	"os"

	"google.golang.org/grpc"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
)

// Options tune a connector. A nil *Options means all defaults.
type Options struct {
	// Logger takes what this package has to say. Nil: JSON lines on stderr, in
	// the form that a host reads, of the level that the host asks for; info
	// until it has.
	Logger *slog.Logger
	// Limits is what this connector can take; the handshake lowers them to
	// what the host can take. Zero fields mean the defaults.
	Limits connector.Limits
	// Debuggable lets a debugger attach to the process, and a crash leave an
	// image of it where the host does not forbid that. False, the default:
	// neither, as far as the system can, for the process holds the secrets of
	// all tenants. On Linux that also closes parts of /proc/self to a process
	// that is not root.
	Debuggable bool
	// Server are further options of the gRPC server, such as the stats handler of
	// a tracer, which finds the host's W3C traceparent in the metadata of a call.
	// Nil: none.
	Server []grpc.ServerOption

	// level is that of Logger if it is this package's own.
	level *slog.LevelVar
}

// resolved returns o with every default filled in.
func (o *Options) resolved() Options {
	var r Options
	if o != nil {
		r = *o
	}
	if r.Logger == nil {
		r.level = &slog.LevelVar{}
		r.Logger = newLogger(os.Stderr, r.level)
	}
	r.Limits = r.Limits.Resolved()
	return r
}

// workers is how many goroutines wait for calls; more calls than that get
// goroutines of their own. One that waits keeps its stack, which validation
// makes deep; growing a new one for every call costs a good part of it.
const workers = 64

// ServerOptions returns what a gRPC server needs before [Register] puts a
// connector on it: message limits of both directions, the codec that does not
// copy what is streamed, goroutines that wait for calls, and interceptors that
// turn a panic anywhere on the server into a failed call. Those of [Options]
// come last.
func ServerOptions(opts *Options) []grpc.ServerOption {
	o := opts.resolved()
	return append([]grpc.ServerOption{
		grpc.ForceServerCodecV2(wire.Codec()),
		grpc.MaxRecvMsgSize(o.Limits.MessageBytes),
		grpc.MaxSendMsgSize(o.Limits.MessageBytes),
		grpc.NumStreamWorkers(workers),
		grpc.ChainUnaryInterceptor(recoverUnary(o.Logger)),
		grpc.ChainStreamInterceptor(recoverStream(o.Logger)),
	}, o.Server...)
}

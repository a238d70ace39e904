package host

import (
	"io"
	"log/slog"
	"os"
	"time"

	"google.golang.org/grpc"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

// Defaults of [Options].
const (
	// DefaultStartTimeout is how long a start may take: 10 s.
	DefaultStartTimeout = 10 * time.Second
	// DefaultStopTimeout is how long running calls may take to end once the
	// plugin is closed: 2 s.
	DefaultStopTimeout = 2 * time.Second
)

// Options are what [Launch] and [Attach] can be told. The zero value works.
type Options struct {
	// Name is the name of the host's product, for the connector's log.
	Name string
	// Version is the version of the host's product.
	Version string

	// Digest is the SHA-256 that the binary must have. Nil: not checked, and
	// the file is hashed while it starts. What is hashed is what is executed,
	// see [Binary].
	Digest []byte
	// Args are the arguments of the binary.
	Args []string
	// Env names the variables of the host's environment that the binary gets;
	// those that are not set are left out. Nil: none, not even PATH. The
	// variables of the start protocol come on top.
	Env []string
	// SocketDir is where a private folder (mode 0700) for the socket is made,
	// and one for a copy of the binary on systems that have no sealed files;
	// both are removed at the end. Empty: [os.TempDir]. A socket's path has a low
	// limit, about 50 bytes of which are left for SocketDir.
	SocketDir string

	// StartTimeout bounds the start up to the agreed handshake.
	// 0: [DefaultStartTimeout].
	StartTimeout time.Duration
	// StopTimeout is how long [Plugin.Close] waits for running calls.
	// 0: [DefaultStopTimeout].
	StopTimeout time.Duration

	// Limits is what the host takes; the smaller of both sides' is in force.
	// Zero fields mean the defaults.
	Limits connector.Limits

	// Dial are further options of the gRPC connection to a binary, such as the
	// interceptors and stats handlers of a tracer. [Attach] leaves them out. Nil:
	// none.
	Dial []grpc.DialOption

	// Logger gets what the connector logs and what happens to its process. The
	// lowest level that it takes when the process starts is the one that the
	// connector is asked for, but for warnings: they are in the error of a crash
	// whoever logs them. Nil: nothing is logged.
	Logger *slog.Logger
	// Stderr gets a copy of what the connector writes to its stderr, raw: secrets
	// that it prints are struck out for Logger and for errors alone. Nil: none. A
	// writer that blocks stops the connector.
	Stderr io.Writer

	// Observe is told of every call. Nil: calls are logged, see [LogCalls].
	Observe Observer
	// Requests asks the connector to list its requests to the vendor in
	// [connector.Stats], for an observer that shows them. The zero value does
	// not.
	Requests bool

	// Events gets what connections tell without being asked, from one
	// goroutine, one event at a time. A secret that the last call of conn
	// rotated may come after conn was closed; keep it all the same. Events must
	// not call [Plugin.Close], which waits for it. Nil: the connector is told
	// that nobody listens.
	Events func(conn *Connection, e connector.Event)
}

// resolved returns a copy of o with its defaults filled in. Nil is allowed.
func (o *Options) resolved() Options {
	var r Options
	if o != nil {
		r = *o
	}
	if r.SocketDir == "" {
		r.SocketDir = os.TempDir()
	}
	if r.StartTimeout <= 0 {
		r.StartTimeout = DefaultStartTimeout
	}
	if r.StopTimeout <= 0 {
		r.StopTimeout = DefaultStopTimeout
	}
	if r.Logger == nil {
		r.Logger = slog.New(slog.DiscardHandler)
	}
	if r.Observe == nil {
		r.Observe = LogCalls(r.Logger, nil)
	}
	r.Limits = r.Limits.Resolved()
	return r
}

package plugin

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"sync/atomic"
	"syscall"

	"github.com/hashicorp/go-hclog"
	goplugin "github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"

	"github.com/gainsight-connector/gainsight-connector/internal/wire"
)

// ErrNotLaunched is what [Serve] returns in a process that no host started.
var ErrNotLaunched = errors.New("this program is a connector plugin: a host starts it and talks to it over gRPC on a private socket; " +
	"it does nothing when started by hand. Give its path to a host, such as the command line of the project that it belongs to")

var errNotServed = errors.New("the connector could not begin to serve; the lines above on stderr say why")

// Launched reports whether a host started this process.
func Launched() bool { return os.Getenv(wire.CookieKey) == wire.CookieValue }

// Serve serves c to the host that started this process and returns when the
// host ends it. In any other process it returns [ErrNotLaunched] at once.
//
// The host reads the first line of stdout as the address of the connector, so
// a program must print nothing before it calls Serve; Serve itself prints that
// line and no other. Logs go to stderr.
func Serve(c Connector, opts *Options) error {
	if !Launched() {
		return ErrNotLaunched
	}
	stderr := os.Stderr // go-plugin replaces it by a pipe
	surviveStderr()
	o := opts.resolved()
	if !o.Debuggable {
		if err := forbidCore(); err != nil {
			o.Logger.Warn("a crash may leave an image of this process behind", slog.String("error", err.Error()))
		}
	}
	newBallast(liveBytes)
	p := &connectorPlugin{author: c, options: o}
	goplugin.Serve(&goplugin.ServeConfig{
		HandshakeConfig: goplugin.HandshakeConfig{
			MagicCookieKey: wire.CookieKey, MagicCookieValue: wire.CookieValue,
		},
		VersionedPlugins: versions(goplugin.PluginSet{wire.ServiceName: p}),
		GRPCServer: func(base []grpc.ServerOption) *grpc.Server {
			return grpc.NewServer(append(base, ServerOptions(&o)...)...)
		},
		Logger: hclog.New(&hclog.LoggerOptions{Name: "go-plugin", Level: hclog.Warn, Output: stderr, JSONFormat: true}),
	})
	if p.service == nil {
		return errNotServed
	}
	if err := p.service.Close(); err != nil {
		o.Logger.Warn("not every connection closed cleanly", slog.String("error", err.Error()))
	}
	if p.orphaned.Load() {
		removeFolder(os.Getenv(goplugin.EnvUnixSocketDir))
	}
	return nil
}

// surviveStderr has a write to stderr fail once nobody reads it any more. It
// would end the process instead: a call that breaks off with its host has
// something to log, and the folder of the socket is still to be removed.
func surviveStderr() { signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE) }

// versions serves a set under every version that this release speaks.
func versions(set goplugin.PluginSet) map[int]goplugin.PluginSet {
	sets := map[int]goplugin.PluginSet{}
	for _, v := range wire.Versions() {
		sets[v] = set
	}
	return sets
}

// removeFolder removes the folder that the host made for the socket of this
// process alone, and the one around it if that leaves it empty: the host can no
// longer do that.
func removeFolder(dir string) {
	if dir != "" && os.Remove(dir) == nil { //nolint:gosec // the host names it
		_ = os.Remove(filepath.Dir(dir)) //nolint:gosec // likewise; one that is not empty is of use to somebody
	}
}

// connectorPlugin is a connector in the shape that go-plugin takes.
type connectorPlugin struct {
	goplugin.NetRPCUnsupportedPlugin

	author  Connector
	options Options
	service io.Closer
	// orphaned is set once the host is gone.
	orphaned atomic.Bool
}

var _ goplugin.GRPCPlugin = (*connectorPlugin)(nil)

// GRPCServer implements [goplugin.GRPCPlugin].
func (p *connectorPlugin) GRPCServer(_ *goplugin.GRPCBroker, server *grpc.Server) error {
	p.service = Register(server, p.author, &p.options)
	if os.Getenv(wire.LeaseKey) == wire.LeaseStdin {
		go func() {
			_, _ = io.Copy(io.Discard, os.Stdin)
			p.orphaned.Store(true)
			server.Stop()
		}()
	}
	return nil
}

// GRPCClient implements [goplugin.GRPCPlugin]; the client is package host.
func (*connectorPlugin) GRPCClient(context.Context, *goplugin.GRPCBroker, *grpc.ClientConn) (any, error) {
	return nil, errors.New("package plugin is the server's side")
}

package host

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/hashicorp/go-hclog"
	goplugin "github.com/hashicorp/go-plugin"
	"github.com/hashicorp/go-plugin/runner"
	"google.golang.org/grpc"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
)

// exitGrace is how long a call that broke waits for the end of the process that
// took it down: the link is seen to break first.
const exitGrace = time.Second

// killAfter is how long a process may take to end once it was asked to. A
// connector takes a second at most to close its connections.
const killAfter = 2 * time.Second

// launch is a process, the go-plugin client that speaks to it and the folder
// of their socket.
type launch struct {
	proc   *process
	client *goplugin.Client
	path   string // of the binary, as it was given
	dir    string
	owned  *Binary // nil: it is somebody else's
}

// Launch starts the binary at path and agrees with it on features and limits.
// Whatever opts says, the connection is secured by certificates made for it
// alone. A start that fails leaves nothing behind and returns a [LaunchError];
// if ctx ends first, a [connector.Error].
func Launch(ctx context.Context, path string, opts *Options) (*Plugin, error) {
	b, err := Load(path, opts)
	if err != nil {
		return nil, err
	}
	p, err := b.Launch(ctx, opts)
	if err != nil {
		return nil, errors.Join(err, b.Close())
	}
	p.launch.owned = b
	return p, nil
}

// Launch is the function Launch for a file that was loaded. Of opts it does not
// heed Digest.
func (b *Binary) Launch(ctx context.Context, opts *Options) (*Plugin, error) {
	return b.launch(ctx, opts, systemMeans())
}

func (b *Binary) launch(ctx context.Context, opts *Options, m means) (*Plugin, error) {
	o := opts.resolved()
	dir, err := socketFolder(o.SocketDir)
	if err != nil {
		return nil, noPlace(b.path, err)
	}
	l := newLaunch(b, dir, &o, m)
	startCtx, cancel := context.WithTimeout(ctx, o.StartTimeout)
	defer cancel()
	p, err := l.start(startCtx, &o)
	if err != nil {
		return nil, l.giveUp(ctx, startCtx.Err() != nil, err)
	}
	p.launch, p.done = l, l.proc.exited
	if p.digest, err = b.Digest(); err != nil {
		return nil, errors.Join(err, p.Close()) //nolint:contextcheck // closing has its own deadline
	}
	return p, nil
}

// giveUp ends what has not started and says why it has not.
func (l *launch) giveUp(ctx context.Context, timedOut bool, err error) error {
	fault := l.explain(timedOut, err) // before the process is ended here
	stopErr := l.stop()
	if ctx.Err() != nil {
		return canceled(ctx.Err(), "starting connector "+fault.Path)
	}
	fault.Stderr, fault.said = l.proc.log.tail.text(), l.proc.log.tail.lastWords()
	if stopErr != nil {
		return errors.Join(fault, stopErr)
	}
	return fault
}

func newLaunch(b *Binary, dir string, o *Options, m means) *launch {
	log := &outputLog{logger: o.Logger.With("connector_path", b.path), tee: o.Stderr}
	proc := newProcess(b.command(o.Args), o.Env, log, m)
	stray, _ := log.stderrWriter()
	return &launch{proc: proc, path: b.path, dir: dir, client: goplugin.NewClient(&goplugin.ClientConfig{
		HandshakeConfig:  goplugin.HandshakeConfig{MagicCookieKey: wire.CookieKey, MagicCookieValue: wire.CookieValue},
		VersionedPlugins: versions(),
		RunnerFunc: func(_ hclog.Logger, spec *exec.Cmd, _ string) (runner.Runner, error) {
			proc.cmd.Env = append(proc.cmd.Env, spec.Env...)
			return proc, nil
		},
		AllowedProtocols: []goplugin.Protocol{goplugin.ProtocolGRPC},
		AutoMTLS:         true,
		SkipHostEnv:      true,
		StartTimeout:     o.StartTimeout + exitGrace, // the context of the start comes first
		UnixSocketConfig: &goplugin.UnixSocketConfig{TempDir: dir},
		Logger:           hclog.NewNullLogger(),
		SyncStdout:       &lineWriter{emit: log.stdout},
		SyncStderr:       stray,
		GRPCDialOptions:  append([]grpc.DialOption{grpc.WithDefaultCallOptions(sizes(handshakeBytes)...)}, o.Dial...),
	})}
}

// versions are what the host offers to a binary.
func versions() map[int]goplugin.PluginSet {
	sets := map[int]goplugin.PluginSet{}
	for _, v := range wire.Versions() {
		sets[v] = goplugin.PluginSet{}
	}
	return sets
}

// start runs the process up to the agreed handshake.
func (l *launch) start(ctx context.Context, o *Options) (*Plugin, error) {
	release := context.AfterFunc(ctx, l.proc.end)
	defer release()
	protocol, err := l.client.Client()
	if err != nil {
		return nil, err
	}
	client, ok := protocol.(*goplugin.GRPCClient)
	if !ok {
		return nil, fmt.Errorf("go-plugin serves %T", protocol)
	}
	p, err := newPlugin(ctx, client.Conn, o)
	if errors.Is(err, connector.ReasonPluginExited) {
		l.proc.await(ctx, exitGrace) // the call fails before the end of the process is seen
	}
	if err != nil {
		return nil, err
	}
	if !release() {
		p.stopEvents()
		return nil, ctx.Err()
	}
	return p, nil
}

// explain says why a start failed by what the process was seen to do.
func (l *launch) explain(timedOut bool, err error) *LaunchError {
	fault := &LaunchError{
		Cause: ErrProtocol, ExitCode: -1, Detail: err.Error(), err: err,
		Hint: "it starts like a connector but does not keep the contract: upgrade or rebuild it",
	}
	switch startErr, verdict := l.proc.startFailure(), l.proc.first.verdict(); {
	case startErr != nil:
		fault = notExecutable(withoutPath(startErr))
	case verdict != nil:
		fault = verdict
	case l.proc.endedByItself():
		fault = exited(l.proc)
	case timedOut:
		fault = &LaunchError{
			Cause: ErrStartTimeout, ExitCode: -1,
			Hint: "it hangs at start or never prints the handshake; raise StartTimeout if it is only slow",
		}
	}
	fault.Path = l.path
	return fault
}

func exited(p *process) *LaunchError {
	state, code := p.exit()
	hint := "run it by hand: a connector then says what it is, any other program is none"
	if code < 0 {
		hint = "something ended it from outside; if it was the kernel, it ran out of memory"
	}
	return &LaunchError{Cause: ErrExited, Detail: state, ExitCode: code, Hint: hint}
}

// stop asks the process to end, makes it end and removes its folder.
func (l *launch) stop() error {
	timer := time.AfterFunc(killAfter, l.proc.end)
	defer timer.Stop()
	if l.proc.first.verdict() != nil || l.proc.startFailure() != nil {
		l.proc.end() // nobody there who could be asked
	}
	l.client.Kill()
	if l.proc.pid() != 0 {
		l.proc.end()
		<-l.proc.exited
	}
	err := os.RemoveAll(l.dir)
	if l.owned != nil {
		err = errors.Join(err, l.owned.Close())
	}
	return err
}

// checkBinary says why the file at path cannot be executed, if that is plain
// to see.
func checkBinary(path string) *LaunchError {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return notExecutable(err)
	case info.IsDir():
		return notExecutable(errors.New("it is a folder"))
	case !info.Mode().IsRegular():
		return notExecutable(errors.New("it is not a regular file"))
	case modeChecked && info.Mode()&0o111 == 0:
		return notExecutable(fs.ErrPermission)
	}
	return nil
}

// withoutPath drops from the error of a start the path of the copy.
func withoutPath(err error) error {
	if at := (*fs.PathError)(nil); errors.As(err, &at) {
		return at.Err
	}
	return err
}

func notExecutable(err error) *LaunchError {
	hint := "give the path of a connector that was built for this machine"
	switch {
	case errors.Is(err, fs.ErrNotExist):
		hint = "check the path; if the file is there, the interpreter or loader that it names is not"
	case errors.Is(err, fs.ErrPermission):
		hint = "make it executable for the host's user: chmod u+x"
	}
	return &LaunchError{Cause: ErrNotExecutable, ExitCode: -1, Detail: err.Error(), Hint: hint, err: err}
}

// socketNames is how long the names are that come on top of the parent folder:
// this package's folder, go-plugin's folder and go-plugin's socket.
const socketNames = len("/conn4294967295") + len("/plugin-dir4294967295") + len("/plugin4294967295")

// socketFolder makes the private folder of one start.
func socketFolder(parent string) (string, error) {
	parent, err := filepath.Abs(parent)
	if err != nil {
		return "", err
	}
	if room := socketPathLimit - 1 - socketNames; len(parent) > room {
		return "", fmt.Errorf("%s is too deep: its path has %d bytes and a socket leaves %d", parent, len(parent), room)
	}
	return os.MkdirTemp(parent, "conn")
}

// canceled returns what the end of a context means for what was being done.
func canceled(cause error, what string) *connector.Error {
	if errors.Is(cause, context.DeadlineExceeded) {
		return connector.Errorf(connector.ReasonDeadlineExceeded, "%s took longer than its deadline: %w", what, cause)
	}
	return connector.Errorf(connector.ReasonCanceled, "%s was cancelled: %w", what, cause)
}

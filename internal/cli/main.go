package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"golang.org/x/term"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/actions/catalog"
	"github.com/gainsight-connector/gainsight-connector/plugin"
)

// The exit codes.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
	exitPartly = 3
)

// Main runs the program with its arguments, the name first, and returns the
// exit code: 0 for success, 1 if the action failed, 2 for a wrong command line
// and 3 if some records of a write failed or may have, a probe found a tenant to
// differ from what is assumed, a diff found a schema to have changed, or some
// cases of a conformance run failed.
//
// Started by a host, it serves the connector and does nothing else; stdin and
// stdout then belong to the protocol.
//
// The first interrupt, SIGTERM or SIGHUP cancels what is running; the second
// ends the process. A reader of stdout who leaves makes a write fail.
func Main(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	if plugin.Launched() {
		return serve(stderr) //nolint:contextcheck // the host ends it
	}
	ctx, stop := signal.NotifyContext(ctx, endings()...)
	defer stop()
	defer survivePipes()()
	context.AfterFunc(ctx, stop) // the second signal has its usual effect
	return run(ctx, env{
		stdin: stdin, stdout: stdout, stderr: stderr,
		isTerminal: isTerminal, executable: os.Executable, now: time.Now, browse: openBrowser,
	}, args[min(1, len(args)):])
}

// endings are the signals that end a command.
func endings() []os.Signal {
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) { // as it is under nohup
		signals = append(signals, syscall.SIGHUP)
	}
	return signals
}

// survivePipes makes a write to a stdout that nobody reads any more an error
// like any other, where it would end the process with no time to clean up.
func survivePipes() (stop func()) {
	ignored := make(chan os.Signal, 1)
	signal.Notify(ignored, syscall.SIGPIPE) // not Ignore, which the connector's process would inherit
	return func() { signal.Stop(ignored) }
}

// env is what the commands have of the world outside.
type env struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	isTerminal     func(stream any) bool
	executable     func() (string, error)
	now            func() time.Time
	browse         func(ctx context.Context, address string) error
}

func serve(stderr io.Writer) int {
	if err := plugin.Serve(catalog.Connector(actions.Options{}), nil); err != nil {
		_, _ = fmt.Fprintln(stderr, err)
		return exitFailed
	}
	return exitOK
}

func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

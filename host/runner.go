package host

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/go-plugin/runner"

	"github.com/gainsight-connector/gainsight-connector/internal/wire"
)

// pipeGrace is how long output may still come once the process has ended; only
// a child that it left behind can make use of it.
const pipeGrace = time.Second

// process is one run of a binary. It is go-plugin's view of it, too, and gives
// go-plugin nothing but a handshake that was checked: its own readers of stdout
// and stderr stop at long lines and can be made to panic.
type process struct {
	cmd   *exec.Cmd
	means means
	log   *outputLog
	first firstLine
	// exited is closed once the process has ended and its output is read.
	exited chan struct{}

	mu      sync.Mutex
	started bool
	killed  bool
	failed  error    // why it could not be started
	lease   *os.File // the end of its stdin that only this process holds
}

var _ runner.Runner = (*process)(nil)

// newProcess prepares a run of cmd. Of the host's environment it gets the
// named variables.
func newProcess(cmd *exec.Cmd, env []string, log *outputLog, m means) *process {
	p := &process{
		cmd:    cmd,
		means:  m,
		log:    log,
		first:  firstLine{ready: make(chan struct{})},
		exited: make(chan struct{}),
	}
	for _, name := range env {
		if value, ok := os.LookupEnv(name); ok {
			p.cmd.Env = append(p.cmd.Env, name+"="+value)
		}
	}
	m.prepare(p.cmd)
	return p
}

// Start starts the process. Its stdin is a pipe that nothing is written to: it
// ends with the host, however the host ends, and a connector leaves with it.
func (p *process) Start(context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.killed {
		return errors.New("stopped before it was started")
	}
	stdout := &lineWriter{emit: p.stdoutLine}
	stderr, stderrLines := p.log.stderrWriter()
	p.cmd.Stdout, p.cmd.Stderr = stdout, stderr
	stdin, lease, err := os.Pipe()
	if err != nil {
		p.failed = err
		return err
	}
	defer func() { _ = stdin.Close() }() // the child has its own
	p.cmd.Stdin = stdin
	p.cmd.Env = append(p.cmd.Env, wire.LeaseKey+"="+wire.LeaseStdin)
	started := make(chan error)
	go p.live(started, stdout, stderrLines)
	if err := <-started; err != nil {
		_ = lease.Close()
		p.failed = err
		return err
	}
	forbidCore(p.cmd.Process.Pid)
	p.started, p.lease = true, lease
	p.log.logger.Debug("connector started", "pid", p.cmd.Process.Pid)
	return nil
}

// live starts the process and waits for its end on one and the same thread: to
// wakeOrphan, the end of the thread is the end of the host.
func (p *process) live(started chan<- error, outputs ...*lineWriter) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := p.cmd.Start()
	started <- err
	if err == nil {
		p.reap(outputs...)
	}
}

func (p *process) reap(outputs ...*lineWriter) {
	_ = p.cmd.Wait() // the state says more than the error
	p.means.kill(p.cmd.Process)
	for _, o := range outputs {
		o.flush()
	}
	p.mu.Lock()
	killed := p.killed
	_ = p.lease.Close()
	p.mu.Unlock()
	p.log.logger.Info("connector ended", "pid", p.cmd.Process.Pid, "state", p.cmd.ProcessState.String(), "by_host", killed)
	close(p.exited)
	p.first.none()
}

func (p *process) stdoutLine(line []byte, cut bool) {
	if !p.first.settle(line, cut) {
		p.log.stdout(line, cut)
	}
}

// end kills the process and its group. It does not wait.
func (p *process) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.gone() {
		return // go-plugin kills what has failed to start, whatever became of it
	}
	p.killed = true
	if p.started {
		p.means.kill(p.cmd.Process)
	}
}

// abortGrace is how long a process that hangs may take to print its stacks.
const abortGrace = time.Second

// abort asks the process for its stacks and ends it after a while. It does not
// wait.
func (p *process) abort(grace time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.started || p.gone() {
		return
	}
	p.means.askForStacks(p.cmd.Process)
	time.AfterFunc(grace, p.end)
}

// gone reports whether the process has ended and its output is read.
func (p *process) gone() bool {
	select {
	case <-p.exited:
		return true
	default:
		return false
	}
}

// await waits until the process has ended, for a while at most, and reports
// whether it has.
func (p *process) await(ctx context.Context, while time.Duration) bool {
	timer := time.NewTimer(while)
	defer timer.Stop()
	select {
	case <-p.exited:
		return true
	case <-timer.C:
	case <-ctx.Done():
	}
	return p.gone()
}

// exit returns how a process that is gone ended, and its code; -1 if a signal
// ended it.
func (p *process) exit() (state string, code int) {
	return p.cmd.ProcessState.String(), p.cmd.ProcessState.ExitCode()
}

// endedByItself reports whether the process is gone and was not killed here.
func (p *process) endedByItself() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.started && !p.killed && p.gone()
}

// startFailure returns why the process could not be started, or nil.
func (p *process) startFailure() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.failed
}

func (p *process) pid() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.started {
		return 0
	}
	return p.cmd.Process.Pid
}

// Wait waits for the end.
func (p *process) Wait(context.Context) error {
	<-p.exited
	return nil
}

// Kill ends the process.
func (p *process) Kill(context.Context) error {
	p.end()
	return nil
}

// ID is the process id, empty before the start.
func (p *process) ID() string {
	if pid := p.pid(); pid != 0 {
		return strconv.Itoa(pid)
	}
	return ""
}

// Name is the path of the binary.
func (p *process) Name() string { return p.cmd.Args[0] }

// Diagnose has nothing to add: a LaunchError says it all.
func (p *process) Diagnose(context.Context) string { return "" }

// Stdout is the checked handshake line and nothing else.
func (p *process) Stdout() io.ReadCloser { return io.NopCloser(&p.first) }

// Stderr is empty: go-plugin's parser is not to see it.
func (p *process) Stderr() io.ReadCloser { return io.NopCloser(strings.NewReader("")) }

// PluginToHost returns the address unchanged.
func (p *process) PluginToHost(network, address string) (hostNet, hostAddr string, err error) {
	return network, address, nil
}

// HostToPlugin returns the address unchanged.
func (p *process) HostToPlugin(network, address string) (pluginNet, pluginAddr string, err error) {
	return network, address, nil
}

// firstLine is a reader that waits for the first line of stdout and delivers
// it if it is a good handshake.
type firstLine struct {
	once   sync.Once
	ready  chan struct{}
	reader bytes.Reader
	fault  *LaunchError
}

// settle takes the first line and reports whether line was it.
func (f *firstLine) settle(line []byte, cut bool) (first bool) {
	f.once.Do(func() {
		first = true
		defer close(f.ready)
		f.fault = checkHandshakeLine(string(line))
		if cut {
			f.fault = garbage()
		}
		if f.fault != nil {
			f.fault.FirstLine = strconv.Quote(strings.ToValidUTF8(string(line[:min(len(line), maxQuoted)]), "�"))
			return
		}
		f.reader.Reset(append(bytes.Clone(line), '\n'))
	})
	return first
}

// none says that there will be no first line, if there was none.
func (f *firstLine) none() { f.once.Do(func() { close(f.ready) }) }

// maxQuoted bounds how much of a strange first line an error shows.
const maxQuoted = 200

// Read blocks until there is a first line or never will be one.
func (f *firstLine) Read(p []byte) (int, error) {
	<-f.ready
	return f.reader.Read(p)
}

// verdict returns what is wrong with the first line; nil if there is none yet.
func (f *firstLine) verdict() *LaunchError {
	select {
	case <-f.ready:
		return f.fault
	default:
		return nil
	}
}

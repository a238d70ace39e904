//go:build unix

package host

import (
	"os"
	"os/exec"
	"syscall"
)

// socketPathLimit is the size of a socket's path with its final zero byte.
const socketPathLimit = len(syscall.RawSockaddrUnix{}.Path)

// modeChecked says that the permission bits of a file mean something.
const modeChecked = true

// groups are means that rest on process groups and signals.
type groups struct{}

func systemMeans() means { return groups{} }

// prepare makes cmd the leader of a process group, so that an interrupt on the
// host's terminal does not reach the connector and what it started ends with it.
func (groups) prepare(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	wakeOrphan(cmd.SysProcAttr)
}

func (groups) kill(p *os.Process) { _ = syscall.Kill(-p.Pid, syscall.SIGKILL) }

// askForStacks wakes a process that is suspended, too, since it would not print
// them otherwise.
func (groups) askForStacks(p *os.Process) {
	_ = p.Signal(syscall.SIGQUIT)
	_ = p.Signal(syscall.SIGCONT)
}

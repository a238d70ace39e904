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

// ownGroup makes cmd the leader of a process group, so that an interrupt on
// the host's terminal does not reach the connector and what it started ends
// with it.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	wakeOrphan(cmd.SysProcAttr)
}

// killGroup ends p and every process of its group. A group that is gone is no
// error.
func killGroup(p *os.Process) { _ = syscall.Kill(-p.Pid, syscall.SIGKILL) }

// askForStacks makes a Go program print all its stacks and end.
func askForStacks(p *os.Process) { _ = p.Signal(syscall.SIGQUIT) }

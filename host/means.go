package host

import (
	"os"
	"os/exec"
)

// means are what a system offers to keep a process in hand.
type means interface {
	// prepare readies a process for its start.
	prepare(cmd *exec.Cmd)
	// kill ends a process, and what it started if the system can tell. One that
	// is gone is no error.
	kill(p *os.Process)
	// askForStacks makes a Go program print all its stacks and end.
	askForStacks(p *os.Process)
}

// portable are the means that every system has. Processes that a connector
// starts may outlive it, an interrupt of the host's terminal reaches it too, and
// one that hangs ends without a word.
type portable struct{}

func (portable) prepare(*exec.Cmd) {}

func (portable) kill(p *os.Process) { _ = p.Kill() }

func (portable) askForStacks(*os.Process) {}

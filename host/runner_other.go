//go:build !unix

package host

import (
	"os"
	"os/exec"
)

// socketPathLimit does not matter where go-plugin uses TCP.
const socketPathLimit = 1 << 15

// modeChecked says that the permission bits of a file mean something.
const modeChecked = false

// ownGroup does nothing: there are no process groups here. Processes that a
// connector starts may outlive it, and an interrupt reaches it too.
func ownGroup(*exec.Cmd) {}

// killGroup ends p alone.
func killGroup(p *os.Process) { _ = p.Kill() }

// askForStacks does nothing: there is no such signal here.
func askForStacks(*os.Process) {}

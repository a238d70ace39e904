//go:build unix

package hosttest

import "syscall"

func signalKill(pid int) error      { return syscall.Kill(pid, syscall.SIGKILL) }
func signalStop(pid int) error      { return syscall.Kill(pid, syscall.SIGSTOP) }
func signalContinue(pid int) error  { return syscall.Kill(pid, syscall.SIGCONT) }
func signalInterrupt(pid int) error { return syscall.Kill(pid, syscall.SIGINT) }

// signalQuit asks a process for its last words.
func signalQuit(pid int) error { return syscall.Kill(pid, syscall.SIGQUIT) }

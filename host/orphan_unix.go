//go:build unix && !linux

package host

import "syscall"

// wakeOrphan does nothing: here a connector that is stopped when its host ends
// leaves as soon as somebody continues it.
func wakeOrphan(*syscall.SysProcAttr) {}

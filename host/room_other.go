//go:build !windows

package host

import (
	"errors"
	"syscall"
)

// noRoom reports whether err says that a file cannot grow: the disk is full, or
// a quota or a limit on the size of files is used up.
func noRoom(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG)
}

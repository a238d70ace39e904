package host

import (
	"errors"

	"golang.org/x/sys/windows"
)

// noRoom reports whether err says that a file cannot grow: the disk is full, or
// a quota is used up.
func noRoom(err error) bool {
	return errors.Is(err, windows.ERROR_DISK_FULL) || errors.Is(err, windows.ERROR_HANDLE_DISK_FULL) ||
		errors.Is(err, windows.ERROR_DISK_QUOTA_EXCEEDED)
}

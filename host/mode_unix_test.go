//go:build unix

package host_test

import (
	"io/fs"
	"os"
	"testing"
)

// removesOpenFiles says whether a file can be removed that a process has open.
const removesOpenFiles = true

// needsModes skips a test where permissions are no bits of a file.
func needsModes(*testing.T) {}

// wantMode checks the permissions of a file.
func wantMode(t *testing.T, path string, want fs.FileMode) {
	t.Helper()
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want {
		t.Errorf("%s: %v, %v, want mode %v", path, info, err, want)
	}
}

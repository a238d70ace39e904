//go:build !unix

package host_test

import (
	"io/fs"
	"os"
	"testing"
)

// removesOpenFiles says whether a file can be removed that a process has open.
const removesOpenFiles = false

// needsModes skips a test where permissions are no bits of a file.
func needsModes(t *testing.T) {
	t.Helper()
	t.Skip("here access lists decide who reads a file; it has no permission bits")
}

// wantMode checks that a file is there. What permissions it has, the folder
// decides.
func wantMode(t *testing.T, path string, _ fs.FileMode) {
	t.Helper()
	if _, err := os.Stat(path); err != nil {
		t.Error(err)
	}
}

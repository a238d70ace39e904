//go:build !linux

package host

import (
	"errors"
	"os"
)

// sealedPath is not used here.
const sealedPath = ""

// seal is for systems that have files which cannot be changed.
func seal(string, *os.File) (*os.File, error) { return nil, errors.ErrUnsupported }

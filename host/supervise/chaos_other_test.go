//go:build !unix

package supervise_test

import (
	"errors"
	"io"
)

// hostProcess and tether are for tests that kill.
func hostProcess(string, string) int { return 2 }

func tether(string) (io.Closer, error) { return nil, errors.ErrUnsupported }

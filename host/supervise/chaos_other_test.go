//go:build !unix

package supervise_test

// hostProcess and tether are for tests that kill.
func hostProcess(string) int { return 2 }

func tether(string) (any, error) { return nil, nil } //nolint:nilnil // nothing is held

package host_test

import (
	"os"
	"testing"

	"go.uber.org/goleak"
)

// grantedEnv and secretEnv are variables of the host's environment; tests pass
// one of them on and not the other.
const (
	grantedEnv = "HOST_TEST_GRANTED"
	secretEnv  = "HOST_TEST_SECRET"
)

// TestMain is also the main function of the binaries that the tests launch.
func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == "child" {
		os.Exit(child(os.Args[2]))
	}
	for _, name := range []string{grantedEnv, secretEnv} {
		if err := os.Setenv(name, "value-of-"+name); err != nil {
			os.Exit(2)
		}
	}
	goleak.VerifyTestMain(m)
}

package hosttest_test

import (
	"flag"
	"fmt"
	"os"
	"testing"

	"go.uber.org/goleak"

	"github.com/gainsight-connector/gainsight-connector/plugin"
)

// raceEnv tunes the race detector of the binaries under test.
const raceEnv = "GORACE"

// TestMain is also the main function of the binaries under test: the first
// argument names what is wrong with them.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "connector" {
		if !plugin.Launched() {
			if len(os.Args) > 2 && os.Args[2] == "eager" {
				_, _ = fmt.Fprintln(os.Stdout, "1|1|unix|/nowhere|grpc|")
			}
			return
		}
		if err := serve(os.Args[2:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	// Under the race detector a process takes a second to end, for nothing.
	if err := os.Setenv(raceEnv, "atexit_sleep_ms=0"); err != nil {
		os.Exit(2)
	}
	// Tests wait for processes more than they compute.
	flag.Parse()
	if err := flag.Set("test.parallel", "4"); err != nil {
		os.Exit(2)
	}
	goleak.VerifyTestMain(m)
}

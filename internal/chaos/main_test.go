//go:build unix

// Package chaos_test kills the connector at random while calls of every kind
// run, and holds what the host reported against what the tenant has, record by
// record.
package chaos_test

import (
	"flag"
	"fmt"
	"os"
	"testing"

	"go.uber.org/goleak"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/actions/catalog"
	"github.com/gainsight-connector/gainsight-connector/plugin"
)

// seed repeats the calls and the kills of a run; where a kill meets a call is
// up to the machine.
var seed = flag.Uint64("seed", 0, "of the storms; 0: another one each time")

// raceEnv is the variable with the options of the race detector.
const raceEnv = "GORACE"

// TestMain is also the main function of the connector that the tests start.
func TestMain(m *testing.M) {
	if plugin.Launched() {
		if err := plugin.Serve(catalog.Connector(actions.Options{}), nil); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	// Under the race detector a process takes a second to end, for nothing.
	if err := os.Setenv(raceEnv, "atexit_sleep_ms=0"); err != nil {
		os.Exit(2)
	}
	goleak.VerifyTestMain(m)
}

package supervise_test

import (
	"os"
	"runtime"
	"testing"

	"go.uber.org/goleak"

	"github.com/gainsight-connector/gainsight-connector/plugin"
)

// raceEnv is the variable with the options of the race detector.
const raceEnv = "GORACE"

// TestMain is also the main function of the connectors that the tests start:
// the first argument is the version that they claim.
func TestMain(m *testing.M) {
	if plugin.Launched() {
		os.Exit(serve())
	}
	if len(os.Args) > 3 && os.Args[1] == "host" {
		os.Exit(hostProcess(os.Args[2], os.Args[3]))
	}
	// Under the race detector a process takes a second to end, for nothing.
	if err := os.Setenv(raceEnv, "atexit_sleep_ms=0"); err != nil {
		os.Exit(2)
	}
	goleak.VerifyTestMain(m)
}

// serve is the connector.
func serve() int {
	e := newEcho(version())
	if len(os.Args) > 2 {
		held, err := tether(os.Args[2])
		if err != nil {
			return 1
		}
		defer runtime.KeepAlive(held)
		e.stderr = os.Stderr
	}
	if err := plugin.Serve(e, nil); err != nil {
		return 1
	}
	return 0
}

func version() string {
	if len(os.Args) > 1 {
		return os.Args[1]
	}
	return "1"
}

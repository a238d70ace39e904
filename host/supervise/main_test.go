package supervise_test

import (
	"os"
	"runtime"
	"testing"

	"go.uber.org/goleak"

	"github.com/gainsight-connector/gainsight-connector/plugin"
)

// TestMain is also the main function of the connectors that the tests start:
// the first argument is the version that they claim.
func TestMain(m *testing.M) {
	if plugin.Launched() {
		var held any
		if len(os.Args) > 2 {
			var err error
			if held, err = tether(os.Args[2]); err != nil {
				os.Exit(1)
			}
		}
		if err := plugin.Serve(newEcho(version()), nil); err != nil {
			os.Exit(1)
		}
		runtime.KeepAlive(held)
		os.Exit(0)
	}
	if len(os.Args) > 2 && os.Args[1] == "host" {
		os.Exit(hostProcess(os.Args[2]))
	}
	goleak.VerifyTestMain(m)
}

func version() string {
	if len(os.Args) > 1 {
		return os.Args[1]
	}
	return "1"
}

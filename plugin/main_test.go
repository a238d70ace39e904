package plugin_test

import (
	"fmt"
	"os"
	"testing"

	"go.uber.org/goleak"

	"github.com/gainsight-connector/gainsight-connector/plugin"
)

// serveKey makes the test binary serve a connector, as a host would start it.
const serveKey = "PLUGIN_TEST_SERVE"

func TestMain(m *testing.M) {
	if os.Getenv(serveKey) != "" {
		if err := plugin.Serve(echo(), nil); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	goleak.VerifyTestMain(m)
}

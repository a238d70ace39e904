package telemetry_test

import (
	"fmt"
	"os"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/actions/catalog"
	"github.com/gainsight-connector/gainsight-connector/plugin"
	"go.uber.org/goleak"
)

// TestMain is also the main function of the connectors that the tests launch:
// one without OpenTelemetry, and one that traces itself.
func TestMain(m *testing.M) {
	if !plugin.Launched() {
		goleak.VerifyTestMain(m)
		return
	}
	serve := func() error { return plugin.Serve(catalog.Connector(actions.Options{}), nil) }
	if len(os.Args) > 1 && os.Args[1] == "tracing" {
		serve = serveTracing
	}
	if err := serve(); err != nil {
		_, _ = fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

package catalog_test

import (
	"fmt"
	"os"
	"testing"

	"go.uber.org/goleak"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/actions/catalog"
	"github.com/gainsight-connector/gainsight-connector/plugin"
)

// TestMain is also the main function of the connector that the benchmarks
// launch.
func TestMain(m *testing.M) {
	if plugin.Launched() {
		if err := plugin.Serve(catalog.Connector(actions.Options{}), nil); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	goleak.VerifyTestMain(m)
}

package cli_test

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"go.uber.org/goleak"

	"github.com/gainsight-connector/gainsight-connector/internal/cli"
	"github.com/gainsight-connector/gainsight-connector/plugin"
)

// asProgram is the variable of the environment that makes the test binary the
// program itself, for tests that need a process of its own.
const asProgram = "CLI_TEST_AS_PROGRAM"

// TestMain is also the main function of every process that the tests start:
// the connector that the command line launches, the stand-ins for it and the
// program.
func TestMain(m *testing.M) {
	switch name := filepath.Base(os.Args[0]); {
	case name == "xdg-open":
		os.Exit(openPage(os.Args[1]))
	case plugin.Launched() && standIn(name) != nil:
		os.Exit(standIn(name)())
	case plugin.Launched(), os.Getenv(asProgram) != "", len(os.Args) == 1: // go test gives arguments, the acceptance kit none
		os.Exit(cli.Main(context.Background(), os.Args, os.Stdin, os.Stdout, os.Stderr))
	}
	// Tests wait for processes, which take a second to end under the race
	// detector, more than they compute.
	flag.Parse()
	if err := flag.Set("test.parallel", "8"); err != nil {
		os.Exit(2)
	}
	// Under the race detector a process takes a second to end, for nothing.
	if err := os.Setenv("GORACE", "atexit_sleep_ms=0"); err != nil {
		os.Exit(2)
	}
	goleak.VerifyTestMain(m)
}

// openPage is a browser that shows nothing.
func openPage(address string) int {
	resp, err := http.Get(address) //nolint:gosec // it does as it is told, until the test ends
	if err != nil {
		return 1
	}
	_ = resp.Body.Close()
	return 0
}

// standIn returns what a binary of this name does in place of the connector;
// nil for the connector itself.
func standIn(name string) func() int {
	switch name {
	case "chatty":
		return func() int {
			_, _ = fmt.Fprintln(os.Stdout, "Welcome!")
			select {}
		}
	case "dying":
		return func() int {
			_, _ = fmt.Fprintln(os.Stderr, "no licence found")
			return 7
		}
	case "outdated":
		return func() int {
			_, _ = fmt.Fprintln(os.Stdout, "1|99|unix|/nowhere|grpc|")
			select {}
		}
	case "uploader":
		return serveUploader
	}
	return nil
}

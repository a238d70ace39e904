// Command gainsight-connector is the Gainsight connector: a plugin if a host
// starts it, a command line if a person does.
package main

import (
	"context"
	"os"

	"github.com/gainsight-connector/gainsight-connector/internal/cli"
)

func main() {
	os.Exit(cli.Main(context.Background(), os.Args, os.Stdin, os.Stdout, os.Stderr))
}

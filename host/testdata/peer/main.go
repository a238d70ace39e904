// Command peer is a host and a connector in one, as any release has them: with
// the path of another peer it launches that one.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/gainsight-connector/gainsight-connector/examples/notes"
	"github.com/gainsight-connector/gainsight-connector/host"
	"github.com/gainsight-connector/gainsight-connector/plugin"
)

func main() {
	if err := run(); err != nil {
		_, _ = fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	if plugin.Launched() {
		c, err := notes.New()
		if err != nil {
			return err
		}
		return plugin.Serve(c, nil)
	}
	p, err := host.Launch(context.Background(), os.Args[1], nil)
	if version := (*host.VersionError)(nil); errors.As(err, &version) {
		return fmt.Errorf("upgrade=%s %w", version.Upgrade, err)
	}
	if err != nil {
		return err
	}
	m, err := p.Manifest(context.Background())
	fmt.Println("launched", m.Name)
	return errors.Join(err, p.Close())
}

package supervise_test //nolint:testableexamples // it needs two releases of a connector

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/gainsight-connector/gainsight-connector/host"
	"github.com/gainsight-connector/gainsight-connector/host/supervise"
)

// An upgrade needs no pause: calls go on while the processes are exchanged.
func ExampleSupervisor_Upgrade() {
	s, err := supervise.Start(context.Background(), "/opt/connectors/gainsight-connector-10.7", nil)
	if err == nil {
		err = errors.Join(upgrade(s), s.Close())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
}

func upgrade(s *supervise.Supervisor) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	err := s.Upgrade(ctx, "/opt/connectors/gainsight-connector-10.8", nil)
	if behind, ok := errors.AsType[*host.VersionError](err); ok {
		return fmt.Errorf("upgrade the %s first: %w", behind.Upgrade, err)
	}
	return err // if the new process did not start, the old one still serves
}

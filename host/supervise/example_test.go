package supervise_test //nolint:testableexamples // it needs an installed connector and a tenant

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
	"github.com/gainsight-connector/gainsight-connector/host/supervise"
)

// A platform supervises the connector and opens a connection for each tenant;
// it need not know whether the process behind them is still the first one.
func Example() {
	if err := serveTenants(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serveTenants(ctx context.Context) (err error) {
	s, err := supervise.Start(ctx, "/opt/connectors/gainsight-connector", &supervise.Options{
		Host: host.Options{Name: "acme-flows", Env: []string{"HTTPS_PROXY", "SSL_CERT_FILE"}, Logger: slog.Default()},
		Events: func(c *supervise.Connection, e connector.Event) {
			if rotated, ok := e.(connector.SecretRotated); ok {
				fmt.Printf("%s has %d new secrets to keep\n", c.Tenant(), len(rotated.Secrets))
			}
		},
		Watch: func(t supervise.Transition) {
			if t.To == supervise.Quarantined {
				fmt.Printf("somebody should look: %v\n", t.Cause)
			}
		},
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()

	manifest, err := s.Manifest(ctx)
	if err != nil {
		return err
	}
	settings, _, err := host.ReadSettings("acme.json", manifest)
	if err != nil {
		return err
	}
	c, err := s.Open(ctx, settings, nil)
	if err != nil {
		return err
	}
	_, err = c.Execute(ctx, connector.Call{Action: "cta.create", Input: json.RawMessage(`{"records":[{"Name":"Call them"}]}`)})
	switch e := connector.AsError(err); {
	case err == nil:
		return nil
	case errors.Is(err, supervise.ErrQueueFull):
		return fmt.Errorf("too much at once: %w", err)
	case e.OutcomeUnknown:
		return fmt.Errorf("look whether it was done before you repeat it: %w", err)
	case e.Retry == connector.RetryLater:
		return fmt.Errorf("try again in %s: %w", max(e.RetryAfter, time.Second), err)
	}
	return err
}

package host_test //nolint:testableexamples // it needs an installed connector and a tenant

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
)

// A platform starts the connector once and opens a connection for each tenant.
func Example() {
	if err := listObjects(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func listObjects() (err error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	p, err := host.Launch(ctx, "/opt/connectors/gainsight-connector", &host.Options{
		Name: "acme-flows",
		Env:  []string{"HTTPS_PROXY", "SSL_CERT_FILE"}, // all that it sees of this environment
		Events: func(c *host.Connection, e connector.Event) {
			if rotated, ok := e.(connector.SecretRotated); ok {
				fmt.Printf("%s has %d new secrets to keep\n", c.Tenant(), len(rotated.Secrets))
			}
		},
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.Close()) }()

	manifest, err := p.Manifest(ctx)
	if err != nil {
		return err
	}
	settings, _, err := host.ReadSettings("acme.json", manifest)
	if err != nil {
		return err
	}
	c, err := p.Open(ctx, settings)
	if err != nil {
		return err
	}
	result, err := c.Execute(ctx, connector.Call{Action: "object.list", Input: json.RawMessage(`{}`)})
	switch {
	case errors.Is(err, connector.ReasonRateLimited):
		return fmt.Errorf("try again in %s: %w", connector.AsError(err).RetryAfter, err)
	case err != nil:
		return err // its text says what failed, whose fault it is and what to do
	}
	fmt.Printf("%s\n", result.Output)
	return nil
}

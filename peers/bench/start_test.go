package bench_test

import (
	"errors"
	"os/exec"
	"testing"
	"time"

	"github.com/gainsight-connector/gainsight-connector/host"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

// BenchmarkStart is from the start of a process to its first answer: an echo of
// the bare plugin, the manifest of the connector. The connector is started from
// its path, which copies and seals the binary first, and as a binary that was
// loaded before, as a supervisor does when it starts one again. The processor
// time is that of the process's whole life.
func BenchmarkStart(b *testing.B) {
	barePath, path := build(b, "bare", "bare"), build(b, "../../cmd/gainsight-connector", "gainsight-connector")
	binary, err := host.Load(path, nil)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = binary.Close() }()
	bare, fresh, loaded := &contestant{name: "bare"}, &contestant{name: "fresh"}, &contestant{name: "loaded"}
	bare.once = func() error { return bare.startBare(b, barePath) }
	fresh.once = func() error {
		return fresh.startConnector(b, func() (*host.Plugin, error) { return host.Launch(b.Context(), path, nil) })
	}
	loaded.once = func() error {
		return loaded.startConnector(b, func() (*host.Plugin, error) { return binary.Launch(b.Context(), nil) })
	}
	for b.Loop() {
		for _, c := range []*contestant{bare, fresh, loaded} {
			c.turn(b, 1, c.once)
		}
	}
	report(b, bare, fresh, loaded)
	b.ReportMetric(fresh.ratio(bare.median()), "fresh/bare")
	b.ReportMetric(loaded.ratio(bare.median()), "loaded/bare")
}

// startBare notes what it takes to the first echo.
func (c *contestant) startBare(b *testing.B, path string) error {
	b.Helper()
	start := time.Now()
	client := newClient(bareConfig(exec.CommandContext(b.Context(), path)))
	defer client.Kill()
	bare := dispense[connectorv1.ConnectorServiceClient](b, client, "bare")
	_, err := bare.Execute(b.Context(), &connectorv1.ExecuteRequest{})
	c.took = append(c.took, time.Since(start))
	return err
}

// startConnector notes what it takes to the manifest.
func (c *contestant) startConnector(b *testing.B, launch func() (*host.Plugin, error)) error {
	b.Helper()
	start := time.Now()
	p, err := launch()
	if err != nil {
		return err
	}
	_, err = p.Manifest(b.Context())
	c.took = append(c.took, time.Since(start))
	return errors.Join(err, p.Close())
}

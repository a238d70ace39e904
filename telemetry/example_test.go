package telemetry_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"

	"github.com/gainsight-connector/gainsight-connector/host/supervise"
	"go.opentelemetry.io/otel"

	"github.com/gainsight-connector/gainsight-connector/telemetry"
)

// A supervised connector with traces, metrics and a log.
func ExampleTelemetry_Supervise() {
	if err := serve(context.Background()); err != nil {
		fmt.Println("there is no connector at this path")
	}
	// Output: there is no connector at this path
}

func serve(ctx context.Context) (err error) {
	watch, err := telemetry.New(&telemetry.Options{Traces: otel.GetTracerProvider()})
	if err != nil {
		return err
	}
	options := &supervise.Options{}
	options.Host.Logger = slog.New(slog.NewJSONHandler(os.Stderr, nil)) // at debug: a line for each call and each request
	watch.Supervise(options)
	connector, err := supervise.Start(ctx, "/opt/connectors/gainsight-connector", options)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, connector.Close()) }()
	defer watch.Processes(connector)()
	http.Handle("GET /metrics", watch.Handler())
	return http.ListenAndServe("localhost:9464", nil) //nolint:gosec // an example; a real server sets its timeouts
}

package telemetry_test

import (
	"context"
	"log/slog"
	"net/http"
	"os"

	"go.opentelemetry.io/otel"

	"github.com/gainsight-connector/gainsight-connector/host/supervise"
	"github.com/gainsight-connector/gainsight-connector/telemetry"
)

// A supervised connector with traces, metrics and a log.
func ExampleTelemetry_Supervise() {
	ctx := context.Background()
	watch, err := telemetry.New(&telemetry.Options{Traces: otel.GetTracerProvider()})
	if err != nil {
		slog.ErrorContext(ctx, "metrics", "error", err)
		return
	}
	options := &supervise.Options{}
	options.Host.Logger = slog.New(slog.NewJSONHandler(os.Stderr, nil)) // at debug: a line for each call and each request
	watch.Supervise(options)
	connector, err := supervise.Start(ctx, "/opt/connectors/gainsight-connector", options)
	if err != nil {
		slog.ErrorContext(ctx, "start", "error", err)
		return
	}
	defer watch.Processes(connector)()
	http.Handle("GET /metrics", watch.Handler())
}

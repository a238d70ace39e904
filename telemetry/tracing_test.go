package telemetry_test

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/plugin"
	"go.opentelemetry.io/contrib/instrumentation/google.golang.org/grpc/otelgrpc"
	"go.opentelemetry.io/otel/propagation"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
	"google.golang.org/grpc"
)

// serveTracing serves a connector that has OpenTelemetry of its own.
func serveTracing() error {
	return plugin.Serve(tracing{}, &plugin.Options{Server: []grpc.ServerOption{
		grpc.StatsHandler(otelgrpc.NewServerHandler(
			otelgrpc.WithTracerProvider(sdk.NewTracerProvider()), otelgrpc.WithPropagators(propagation.TraceContext{}),
		)),
	}})
}

// tracing is a connector whose one action tells which trace it is in.
type tracing struct{}

// place is a place in a trace.
type place struct {
	Trace  string `json:"trace"`
	Parent string `json:"parent"`
}

func (tracing) Manifest() connector.Manifest {
	return connector.Manifest{
		Name: "tracing", Version: "1", ConnectionSchema: json.RawMessage(`{}`),
		Actions: []connector.Action{{ID: "place.get", Title: "Place", Mode: connector.ModeExecute, Effect: connector.EffectRead}},
	}
}

func (tracing) Describe(context.Context, connector.DescribeRequest) (connector.Description, error) {
	return connector.Description{Input: json.RawMessage(`{}`), Output: json.RawMessage(`{}`)}, nil
}

func (tracing) Open(context.Context, connector.Settings, func(connector.Event)) (plugin.Connection, error) {
	return tracing{}, nil
}

func (tracing) Close() error { return nil }

func (tracing) Execute(ctx context.Context, _ connector.Call) (connector.Result, error) {
	span, ok := trace.SpanFromContext(ctx).(sdk.ReadOnlySpan)
	if !ok {
		return connector.Result{}, errors.New("the call is not traced")
	}
	output, err := json.Marshal(place{span.Parent().TraceID().String(), span.Parent().SpanID().String()})
	return connector.Result{Output: output}, err
}

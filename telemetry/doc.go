// Package telemetry shows what a host and its connectors do, as OpenTelemetry
// traces and Prometheus metrics. It is a module of its own, so that a host
// without it carries none of that.
//
// [New] makes a [Telemetry]; [Telemetry.Host] and [Telemetry.Supervise] put it
// into the options of a host or a supervisor, [Telemetry.Processes] has the
// processes of a supervisor counted, and [Telemetry.Handler] is what Prometheus
// scrapes.
//
// # Traces
//
// A call is a span named after its action. Below it is the span of the gRPC call
// to the connector's process, whose W3C traceparent goes along, and below that
// one for each request to the vendor. The connector needs no OpenTelemetry for
// them: it says when its requests were under way, and the host makes the spans.
// One that traces by itself continues the trace from the metadata of the call,
// see [Options.OwnSpans]. The vendor gets no traceparent.
//
// # What is not shown
//
// Neither spans nor metrics hold secrets, values of records, or messages of
// errors, which may repeat what a caller sent. Labels of metrics have few values:
// names from the manifest, and reasons from a closed list. The names of
// connections are among them only if [Options.Connections] says so.
package telemetry

package bulk_test

import (
	"encoding/json"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/actions/actionstest"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

// BenchmarkExport is a whole export over gRPC in memory: 200,000 rows in ten
// chunks, made by the sandbox on the same machine.
func BenchmarkExport(b *testing.B) {
	const rows = 200_000
	r := connect(b, sandbox.Options{ExportRows: rows, JobPolls: -1}, actionstest.Unlimited(), actions.Options{})
	b.ReportAllocs()
	var bytes uint64
	for b.Loop() {
		summary, err := r.Download(b.Context(), connector.Call{Action: "bulk.export", Input: json.RawMessage(usage)}, discard{}, nil)
		if err != nil || summary.Records != rows {
			b.Fatalf("%+v, %v", summary, err)
		}
		bytes += summary.Bytes
	}
	b.ReportMetric(float64(bytes)/1e6/b.Elapsed().Seconds(), "MB/s")
	b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

// discard takes everything and lets nobody read around it.
type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }

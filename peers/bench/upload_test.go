package bench_test

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
)

// BenchmarkUpload tells the peak memory of both processes after an upload just
// below what the tenant takes, 80 MB, of which every record is validated. Run it
// alone: what ran before in this process, the host, counts.
func BenchmarkUpload(b *testing.B) {
	t := startTenant(b)
	p, conn := launchConnector(b, build(b, "../../cmd/gainsight-connector", "gainsight-connector"), t.address)
	path := filepath.Join(b.TempDir(), "activities.ndjson")
	size := writeActivities(b, path, 65_000)
	for b.Loop() {
		upload(b, conn, path)
	}
	b.SetBytes(size)
	b.ReportMetric(peak(p.PID()), "plugin-MiB")
	b.ReportMetric(peak(own), "host-MiB")
}

func upload(b *testing.B, conn *host.Connection, path string) {
	b.Helper()
	content, err := os.Open(path) //nolint:gosec // what was just written
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = content.Close() }() // a read is over, come what may
	if _, err := conn.Upload(b.Context(), connector.Call{Action: "activity.save_bulk"}, "application/x-ndjson", content); err != nil {
		b.Fatal(err)
	}
}

// writeActivities writes n records of some 1.2 KB each, one a line, and returns
// how many bytes they are.
func writeActivities(b *testing.B, path string, n int) int64 {
	b.Helper()
	f, err := os.Create(path) //nolint:gosec // in a benchmark's own folder
	if err != nil {
		b.Fatal(err)
	}
	out, notes := bufio.NewWriter(f), strings.Repeat("Usage fell. ", 83)
	for i := range n {
		_, _ = fmt.Fprintf(out, `{"ExternalId":"bench-%d","ContextName":"Company","TypeName":"Update","Subject":"Review","Notes":%q,`+
			`"ActivityDate":"2026-10-01T09:30:00Z","Author":"ada.berg@example.com","companyName":"Aurora Labs"}`+"\n", i, notes)
	}
	if err := out.Flush(); err != nil {
		b.Fatal(err)
	}
	info, err := f.Stat()
	if err != nil {
		b.Fatal(err)
	}
	if err := f.Close(); err != nil {
		b.Fatal(err)
	}
	return info.Size()
}

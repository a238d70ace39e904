package bench_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/connector"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

// gigabyte is what a download of each contestant has, and a little more.
const gigabyte = 1 << 30

// BenchmarkDownload is a gigabyte of CSV from the tenant through the connector
// and the host into a file, as an export and as one large chunk of it, beside
// the two things that it cannot be faster than: the same bytes downloaded with
// net/http alone, and as many streamed by a plugin that does nothing else.
func BenchmarkDownload(b *testing.B) {
	t := startTenant(b)
	bare, barePID := launchBare(b, build(b, "bare", "bare"))
	p, conn := launchConnector(b, build(b, "../../cmd/gainsight-connector", "gainsight-connector"), t.address)
	ctx, dir := b.Context(), b.TempDir()
	deliver := func(action, input string) func() error {
		return func() error {
			call := connector.Call{Action: action, Input: json.RawMessage(input)}
			_, err := conn.DownloadFile(ctx, call, filepath.Join(dir, action), nil)
			return errors.Join(err, os.Remove(filepath.Join(dir, action)))
		}
	}
	const fields = `["Gsid","Row_Number__gc","Company__gc","Day__gc","Recorded_At__gc","Revenue__gc","Active__gc","Note__gc"]`
	all := []*contestant{
		{name: "http", pids: []int{t.pid}, once: func() error { return fetch(ctx, t.address+"/whole", filepath.Join(dir, "whole")) }},
		{name: "stream", pids: []int{barePID}, once: func() error { return drain(ctx, bare) }},
		{name: "export", pids: []int{t.pid, p.PID()}, once: deliver("bulk.export", `{"objectName":"gigabyte__gc","select":`+fields+`}`)},
		{name: "chunk", pids: []int{t.pid, p.PID()}, once: deliver("bulk.chunk", `{"chunkUrl":"whole"}`)},
		{name: "ndjson", pids: []int{t.pid, p.PID()}, once: deliver("bulk.export", `{"objectName":"gigabyte__gc","format":"ndjson","select":`+fields+`}`)},
	}
	for b.Loop() {
		for _, c := range all {
			c.took = append(c.took, c.turn(b, 1, c.once))
		}
	}
	b.ReportMetric(0, "ns/op") // of a round, which says nothing
	for _, c := range all {
		b.ReportMetric(gigabyte/1e6/c.median().Seconds(), metric(c.name, "MB/s"))
		b.ReportMetric(c.cpu.Seconds()/float64(c.runs), metric(c.name, "cpu-s"))
	}
	slower := max(all[0].median(), all[1].median())
	for _, c := range all[2:] {
		b.ReportMetric(1/c.ratio(slower), c.name+"/slower")
	}
	b.ReportMetric(peak(p.PID()), "plugin-MiB")
	b.ReportMetric(peak(own), "host-MiB")
}

// fetch downloads into a file that is on disk when it returns.
func fetch(ctx context.Context, url, path string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }() // a read is over, come what may
	f, err := os.Create(path)                //nolint:gosec // in a benchmark's own folder
	if err != nil {
		return err
	}
	_, err = io.Copy(f, resp.Body)
	return errors.Join(err, f.Sync(), f.Close(), os.Remove(path))
}

// drain receives what the bare plugin streams.
func drain(ctx context.Context, bare connectorv1.ConnectorServiceClient) error {
	stream, err := bare.Download(ctx, &connectorv1.DownloadRequest{})
	for err == nil {
		_, err = stream.Recv()
	}
	if !errors.Is(err, io.EOF) {
		return fmt.Errorf("the stream broke: %w", err)
	}
	return nil
}

package plugin_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/plugin"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

func BenchmarkExecute1KiB(b *testing.B) {
	r := start(b, echo(), connector.Limits{})
	req := &connectorv1.ExecuteRequest{Call: r.tenant(b), Action: "echo.get", Input: bytes.Repeat([]byte("x"), 1<<10)}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := r.Execute(b.Context(), req); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDownload64MiB(b *testing.B) {
	const size = 64 << 20
	piece := bytes.Repeat([]byte("x"), 32<<10) // as io.Copy writes
	r := start(b, downloads(func(_ context.Context, out *plugin.Output) (connector.StreamSummary, error) {
		for range size / len(piece) {
			if _, err := out.Write(piece); err != nil {
				return connector.StreamSummary{}, err
			}
		}
		return connector.StreamSummary{}, nil
	}), connector.Limits{})
	call := r.tenant(b)
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		stream, err := r.Download(b.Context(), &connectorv1.DownloadRequest{Call: call, Action: "echo.export"})
		if err != nil {
			b.Fatal(err)
		}
		for err == nil {
			_, err = stream.Recv()
		}
		if !errors.Is(err, io.EOF) {
			b.Fatal(err)
		}
	}
}

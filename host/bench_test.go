package host_test

import (
	"io"
	"strings"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

// BenchmarkLaunch is a start up to the first manifest.
func BenchmarkLaunch(b *testing.B) {
	for b.Loop() {
		p, err := launch(b, "serve", nil)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := p.Manifest(b.Context()); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		if err := p.Close(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}

// BenchmarkExecute is a call with 1 KiB in and out through a child process.
func BenchmarkExecute(b *testing.B) {
	c := open(b, running(b, nil), "acme")
	input := connector.Call{Action: "echo.get", Input: []byte(`{"do":"` + strings.Repeat("x", 1015) + `"}`)}
	b.SetBytes(int64(len(input.Input)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Execute(b.Context(), input); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkDownload is 256 MiB through a child process, all checks included.
func BenchmarkDownload(b *testing.B) {
	const size = 256 << 20
	c := open(b, running(b, nil), "acme")
	order := call(b, "echo.export", order{Bytes: size})
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Download(b.Context(), order, io.Discard, nil); err != nil {
			b.Fatal(err)
		}
	}
}

package supervise_test

import (
	"testing"

	"github.com/gainsight-connector/gainsight-connector/host"
)

// BenchmarkExecute compares a call on a supervised connection with one on a
// plain connection, both to a child process.
func BenchmarkExecute(b *testing.B) {
	input := call(b, "echo.get", order{})
	b.Run("supervised", func(b *testing.B) {
		c := open(b, started(b, nil), nil)
		b.ReportAllocs()
		for b.Loop() {
			if _, err := c.Execute(b.Context(), input); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("plain", func(b *testing.B) {
		p, err := host.Launch(b.Context(), self(b), &host.Options{Args: []string{"1"}})
		if err != nil {
			b.Fatal(err)
		}
		defer func() {
			if err := p.Close(); err != nil {
				b.Error(err)
			}
		}()
		c, err := p.Open(b.Context(), settings("x"))
		if err != nil {
			b.Fatal(err)
		}
		b.ReportAllocs()
		for b.Loop() {
			if _, err := c.Execute(b.Context(), input); err != nil {
				b.Fatal(err)
			}
		}
	})
}

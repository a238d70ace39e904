package host_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
)

// TestToldSecretsAreStruck: what a connector tells of its secrets, the rotated
// ones among them, neither the log nor an error says again.
func TestToldSecretsAreStruck(t *testing.T) {
	t.Parallel()
	const canary = "canary-<\"19ac"
	var log, stderr bytes.Buffer
	rotated := make(chan struct{})
	p, err := launch(t, "serve", &host.Options{
		Stderr: &stderr, Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Events: func(*host.Connection, connector.Event) { close(rotated) },
	})
	if err != nil {
		t.Fatal(err)
	}
	c := entrust(t, p, canary)
	<-rotated
	_, err = c.Execute(t.Context(), call(t, "echo.get", order{Do: "tell secrets"}))
	if e := failed(t, err, connector.ReasonPluginExited); !strings.Contains(e.Message, "panic: refused [redacted] [redacted]") {
		t.Errorf("error = %v, want the text of the panic without secrets", e)
	}
	<-p.Done()
	said := fmt.Sprintf("%v %+v %v", err, connector.AsError(err), p.Err())
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	if !strings.Contains(stderr.String(), canary) {
		t.Fatalf("the raw copy lacks the secret: %.2000s", &stderr)
	}
	for _, want := range []string{"out [redacted] [redacted]", "err [redacted] [redacted]", "attribute=\"[redacted] [redacted]\""} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log lacks %q: %.3000s", want, &log)
		}
	}
	for _, form := range []string{canary, strconv.Quote(canary)[1:], "19ac", "next-acme"} {
		if strings.Contains(log.String()+said, form) {
			t.Errorf("the secret shows as %q", form)
		}
	}
}

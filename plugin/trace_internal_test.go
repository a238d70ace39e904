package plugin

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc/metadata"
)

const (
	sampleTrace  = "4bf92f3577b34da6a3ce929d0e0e4736"
	sampleParent = "00-" + sampleTrace + "-00f067aa0ba902b7-01"
)

func TestParseTraceparent(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ text, want string }{
		"sample":             {sampleParent, sampleTrace},
		"later version":      {"cc" + sampleParent[2:] + "-what-the-future-brings", sampleTrace},
		"empty":              {"", ""},
		"trace of zeros":     {"00-00000000000000000000000000000000-00f067aa0ba902b7-01", ""},
		"parent of zeros":    {"00-" + sampleTrace + "-0000000000000000-01", ""},
		"forbidden version":  {"ff" + sampleParent[2:], ""},
		"capitals":           {"00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01", ""},
		"too long":           {sampleParent + "-01", ""},
		"later, without end": {"cc" + sampleParent[2:] + ".01", ""},
		"cut":                {sampleParent[:54], ""},
		"dash in the id":     {"00-4bf92f3577b34da6a3ce929d0e0e473-6-00f067aa0ba902b7-01", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got, ok := parseTraceparent(tt.text); got != tt.want || ok != (tt.want != "") {
				t.Errorf("trace id = %q, %v, want %q", got, ok, tt.want)
			}
		})
	}
}

// FuzzTraceparent: what a host sends gets into the log as a trace id or not at
// all.
func FuzzTraceparent(f *testing.F) {
	f.Add(sampleParent)
	f.Add("cc" + sampleParent[2:] + "-x")
	f.Add("00-\n")
	id := regexp.MustCompile(`^[0-9a-f]{32}$`)
	f.Fuzz(func(t *testing.T, text string) {
		got, ok := parseTraceparent(text)
		if ok != id.MatchString(got) || ok && text[3:35] != got {
			t.Errorf("%q has the trace id %q, %v", text, got, ok)
		}
	})
}

// A logger that was given to code once names the call of each line.
func TestContextLogger(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	level := &slog.LevelVar{}
	c := &scope{method: "Execute", id: "req-1", action: "echo.get", tenant: "acme", log: newLogger(&out, level)}
	ctx := metadata.NewIncomingContext(context.Background(), metadata.Pairs("traceparent", sampleParent))
	ctx = c.in(ctx)
	logger := ContextLogger().With("a", 1).WithGroup("g").With("b", 2)
	logger.DebugContext(ctx, "hidden")
	if out.Len() > 0 {
		t.Fatalf("at level info: %s", out.String())
	}
	level.Set(slog.LevelDebug)
	logger.DebugContext(ctx, "shown", "c", 3)
	var line map[string]any
	if err := json.Unmarshal(out.Bytes(), &line); err != nil {
		t.Fatal(err)
	}
	delete(line, "@timestamp")
	want := map[string]any{
		"@level": "debug", "@message": "shown", "@module": "connector", "method": "Execute", "request_id": "req-1", "action": "echo.get",
		"tenant": "acme", "trace_id": sampleTrace, "a": 1.0, "g": map[string]any{"b": 2.0, "c": 3.0},
	}
	if diff := cmp.Diff(want, line); diff != "" {
		t.Errorf("line (-want +got):\n%s", diff)
	}
	if outside := ContextLogger(); outside.Enabled(t.Context(), slog.LevelDebug) || !outside.Enabled(t.Context(), slog.LevelInfo) {
		t.Error("outside of a call the level is not info")
	}
}

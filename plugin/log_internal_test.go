package plugin

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"testing"
	"time"
)

// go-plugin's parser takes its reserved names for strings without looking, and
// only this form of time.
func TestLoggerSpeaksHclog(t *testing.T) {
	t.Parallel()
	tests := map[slog.Level]string{
		slog.LevelDebug - 4: "trace", slog.LevelDebug: "debug", slog.LevelInfo: "info", slog.LevelInfo + 1: "info",
		slog.LevelWarn: "warn", slog.LevelError: "error", slog.LevelError + 8: "error",
	}
	for level, want := range tests {
		if got := hclogLevel(level); got != want {
			t.Errorf("level %v = %s, want %s", level, got, want)
		}
	}

	var out bytes.Buffer
	newLogger(&out, nil).With(slog.Int("@timestamp", 1)).WarnContext(t.Context(), "two\nlines",
		slog.Int("@message", 2), slog.Any("level", 3), slog.Group("g", slog.Int("@level", 4)), slog.Int("n", 5))
	if bytes.Count(out.Bytes(), []byte("\n")) != 1 {
		t.Fatalf("more than one line: %s", out.Bytes())
	}
	var line map[string]any
	if err := json.Unmarshal(out.Bytes(), &line); err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]any{
		"@level": "warn", "@message": "two\nlines", "@module": "connector", "n": 5.0, "_message": 2.0, "_timestamp": 1.0, "level": 3.0,
	} {
		if line[key] != want {
			t.Errorf("%s = %v, want %v", key, line[key], want)
		}
	}
	stamp, ok := line["@timestamp"].(string)
	if _, err := time.Parse(hclogTime, stamp); !ok || err != nil {
		t.Errorf("@timestamp = %v: %v", line["@timestamp"], err)
	}
}

func TestLoggerNamesTheCall(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	c := &scope{method: "Execute", id: "req-1", action: "echo.get", tenant: "acme", log: newLogger(&out, nil)}
	Logger(c.in(context.Background())).Warn("look")
	var line map[string]any
	if err := json.Unmarshal(out.Bytes(), &line); err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]string{"method": "Execute", "request_id": "req-1", "action": "echo.get", "tenant": "acme"} {
		if line[key] != want {
			t.Errorf("%s = %v, want %s", key, line[key], want)
		}
	}
}

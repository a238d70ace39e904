package plugin

import (
	"context"
	"io"
	"log/slog"
	"os"
	"strings"
	"time"
)

// hclogTime is the one form of time that go-plugin parses on the host's side.
const hclogTime = "2006-01-02T15:04:05.000000Z07:00"

// newLogger returns a logger in the JSON form of hclog, from which a host's
// go-plugin takes level, time and message.
func newLogger(w io.Writer, level slog.Leveler) *slog.Logger {
	handler := slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level, ReplaceAttr: hclogAttr})
	return slog.New(handler).With(slog.String("@module", "connector"))
}

// hclogAttr renames the built-in attributes. go-plugin's parser expects
// strings under its reserved names and panics, in the host, on anything else:
// an author's attribute must not get there.
func hclogAttr(groups []string, a slog.Attr) slog.Attr {
	if len(groups) > 0 {
		return a
	}
	switch v := a.Value.Any().(type) {
	case time.Time:
		if a.Key == slog.TimeKey {
			return slog.String("@timestamp", v.Format(hclogTime))
		}
	case slog.Level:
		if a.Key == slog.LevelKey {
			return slog.String("@level", hclogLevel(v))
		}
	case string:
		if a.Key == slog.MessageKey {
			return slog.String("@message", v)
		}
		if a.Key == "@module" {
			return a
		}
	}
	if reserved, ok := strings.CutPrefix(a.Key, "@"); ok {
		a.Key = "_" + reserved
	}
	return a
}

// hclogLevel rounds a level down to one that hclog knows.
func hclogLevel(l slog.Level) string {
	switch {
	case l < slog.LevelDebug:
		return "trace"
	case l < slog.LevelInfo:
		return "debug"
	case l < slog.LevelWarn:
		return "info"
	case l < slog.LevelError:
		return "warn"
	}
	return "error"
}

// Logger returns the logger of the call that ctx belongs to; its lines carry
// the request id, the action and the tenant, and the trace id if the host
// traces the call. Outside of a call it writes lines of level info and above to
// stderr. Code that is given a logger once can have [ContextLogger] instead.
func Logger(ctx context.Context) *slog.Logger {
	if c, ok := ctx.Value(scopeKey{}).(*scope); ok {
		return c.logger(ctx)
	}
	return newLogger(os.Stderr, nil)
}

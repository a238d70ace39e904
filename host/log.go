package host

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Bounds of one line that goes to the log.
const (
	maxLogText  = 4 << 10
	maxLogAttrs = 32
	// maxLogNumber is how long a number may be that stays one.
	maxLogNumber = 32
)

// levelTrace is hclog's lowest level in terms of slog.
const levelTrace = slog.LevelDebug - 4

// outputLog takes what a connector prints to the host's log, and keeps the last
// of it, without secrets that the connector was given.
type outputLog struct {
	logger  *slog.Logger
	tail    tail
	secrets striker

	mu  sync.Mutex
	tee io.Writer
}

// stdout logs a line that has no business on stdout: only the handshake has.
func (l *outputLog) stdout(line []byte, cut bool) {
	if len(line) > 0 {
		l.logger.Warn("connector printed to stdout", "line", printable(string(l.secrets.strike(line))), "cut", cut)
	}
}

// stderr logs a line of stderr: an hclog entry as what it says, anything else
// as the text it is.
func (l *outputLog) stderr(line []byte, cut bool) {
	line = l.secrets.strike(line)
	if !cut {
		if e, ok := parseEntry(line); ok {
			l.tail.add(line, e.lastWords())
			l.forward(e)
			return
		}
	}
	text := printable(string(line))
	l.tail.add(line, text)
	switch {
	case isCrash(line):
		l.logger.Error("connector crashed", "line", text, "cut", cut)
	case len(line) > 0:
		l.logger.Info("connector printed to stderr", "line", text, "cut", cut)
	}
}

// forward logs an entry at its own time and level. Its fields stay in a group,
// where they cannot pose as the host's.
func (l *outputLog) forward(e entry) {
	ctx := context.Background()
	handler := l.logger.Handler()
	if !handler.Enabled(ctx, e.level) {
		return
	}
	record := slog.NewRecord(e.time, e.level, e.message, 0)
	if len(e.fields) > 0 {
		record.AddAttrs(slog.Attr{Key: "connector", Value: slog.GroupValue(e.fields...)})
	}
	_ = handler.Handle(ctx, record)
}

// stderrWriter returns a writer for one source of stderr. Its bytes go to the
// copy that the host's owner asked for, and by lines to the log.
func (l *outputLog) stderrWriter() (io.Writer, *lineWriter) {
	lines := &lineWriter{emit: l.stderr}
	if l.tee == nil {
		return lines, lines
	}
	return writerFunc(func(p []byte) (int, error) {
		l.mu.Lock()
		_, _ = l.tee.Write(p) // a copy that cannot be written must not stop the connector
		l.mu.Unlock()
		return lines.Write(p)
	}), lines
}

type writerFunc func(p []byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

// entry is one well-formed hclog line.
type entry struct {
	time    time.Time
	level   slog.Level
	message string
	fields  []slog.Attr
}

// lastWords is what an entry says of why the process ended: nothing, if all was
// well.
func (e entry) lastWords() string {
	if e.level < slog.LevelWarn {
		return ""
	}
	return e.message
}

// parseEntry reads a line of hclog's JSON format. A line that only looks like
// one is not an entry: the reserved keys must be strings and mean something.
func parseEntry(line []byte) (entry, bool) {
	if len(line) == 0 || line[0] != '{' {
		return entry{}, false
	}
	var raw map[string]any
	dec := json.NewDecoder(bytes.NewReader(line))
	dec.UseNumber()
	if err := dec.Decode(&raw); err != nil || dec.More() {
		return entry{}, false
	}
	message, ok1 := raw["@message"].(string)
	name, ok2 := raw["@level"].(string)
	stamp, ok3 := raw["@timestamp"].(string)
	level, ok4 := levelOf(name)
	at, err := time.Parse(time.RFC3339Nano, stamp)
	if !ok1 || !ok2 || !ok3 || !ok4 || err != nil {
		return entry{}, false
	}
	for _, key := range []string{"@message", "@level", "@timestamp"} {
		delete(raw, key)
	}
	return entry{time: at, level: level, message: printable(message), fields: fieldsOf(raw)}, true
}

func fieldsOf(raw map[string]any) []slog.Attr {
	keys := slices.Sorted(maps.Keys(raw))
	fields := make([]slog.Attr, 0, min(len(keys), maxLogAttrs))
	for _, key := range keys[:min(len(keys), maxLogAttrs)] {
		fields = append(fields, slog.Any(printable(strings.TrimPrefix(key, "@")), fieldValue(raw[key])))
	}
	return fields
}

func fieldValue(v any) any {
	switch v := v.(type) {
	case string:
		return printable(v)
	case map[string]any, []any:
		text, err := json.Marshal(v)
		if err != nil {
			return ""
		}
		return printable(string(text))
	case json.Number:
		if len(v) > maxLogNumber {
			return printable(v.String())
		}
	}
	return v
}

func levelOf(name string) (slog.Level, bool) {
	switch name {
	case "trace":
		return levelTrace, true
	case "debug":
		return slog.LevelDebug, true
	case "info":
		return slog.LevelInfo, true
	case "warn":
		return slog.LevelWarn, true
	case "error":
		return slog.LevelError, true
	}
	return 0, false
}

// printable makes text from a connector fit for a log and a terminal: bounded,
// on one line, with control bytes shown instead of obeyed.
func printable(s string) string {
	if len(s) > maxLogText {
		s = strings.ToValidUTF8(s[:maxLogText], "") + "…"
	}
	if !strings.ContainsFunc(s, func(r rune) bool { return !strconv.IsPrint(r) || r == '\uFFFD' }) {
		return s
	}
	quoted := strconv.Quote(s)
	return strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`)
}

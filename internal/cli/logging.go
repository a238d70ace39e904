package cli

import (
	"io"
	"log/slog"

	"github.com/spf13/pflag"
)

// logging says what of the log goes to stderr.
type logging struct {
	level   logLevel
	format  logFormat
	verbose bool
}

// flags are those of the commands that start a connector's process.
func (l *logging) flags(flags *pflag.FlagSet) {
	flags.Var(&l.level, "log-level",
		"log to stderr from this `LEVEL` on: debug, with each call and each request to the tenant, info, warn, error or off")
	flags.Var(&l.format, "log-format", "`FORMAT` of the log: text or json (default text, with --json json)")
	flags.BoolVar(&l.verbose, "verbose", false, "short for --log-level debug")
	hideDefault(flags, "log-level")
	hideDefault(flags, "log-format")
}

// least is the level from which on there are lines, if there may be any.
func (l *logging) least() (level slog.Level, shown bool) {
	if l.level.set {
		return l.level.least, !l.level.off
	}
	return slog.LevelDebug, l.verbose
}

// shown reports whether there may be lines.
func (l *logging) shown() bool {
	_, shown := l.least()
	return shown
}

// logger returns the logger of a process.
func (l *logging) logger(w io.Writer, asJSON bool) *slog.Logger {
	level, shown := l.least()
	if !shown {
		return slog.New(slog.DiscardHandler)
	}
	options := &slog.HandlerOptions{Level: level}
	if l.format == "json" || l.format == "" && asJSON {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}

// logLevel is the value of --log-level.
type logLevel struct {
	least    slog.Level
	set, off bool
}

var _ pflag.Value = (*logLevel)(nil)

// Type implements [pflag.Value].
func (*logLevel) Type() string { return "level" }

// String implements [pflag.Value].
func (l *logLevel) String() string { return "" }

// Set implements [pflag.Value].
func (l *logLevel) Set(text string) error {
	levels := map[string]slog.Level{"debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn, "error": slog.LevelError}
	least, known := levels[text]
	if !known && text != "off" {
		return wrongUsage("it is debug, info, warn, error or off")
	}
	*l = logLevel{least: least, set: true, off: !known}
	return nil
}

// logFormat is the value of --log-format.
type logFormat string

var _ pflag.Value = (*logFormat)(nil)

// Type implements [pflag.Value].
func (*logFormat) Type() string { return "format" }

// String implements [pflag.Value].
func (f *logFormat) String() string { return string(*f) }

// Set implements [pflag.Value].
func (f *logFormat) Set(text string) error {
	if text != "text" && text != "json" {
		return wrongUsage("it is text or json")
	}
	*f = logFormat(text)
	return nil
}

package plugin

import (
	"context"
	"log/slog"
)

// ContextLogger returns a logger for code that is given one once and serves many
// calls: each line goes to the [Logger] of the call whose context it is logged
// with, at its level.
func ContextLogger() *slog.Logger { return slog.New(contextHandler{}) }

// contextHandler finds the handler of each record by its context.
type contextHandler struct {
	// dress adds what was added to the logger. Nil: nothing was.
	dress func(slog.Handler) slog.Handler
}

// Enabled implements [slog.Handler]. It costs nothing while nobody listens.
func (contextHandler) Enabled(ctx context.Context, level slog.Level) bool {
	if c, ok := ctx.Value(scopeKey{}).(*scope); ok {
		return c.log.Enabled(ctx, level)
	}
	return level >= slog.LevelInfo
}

// Handle implements [slog.Handler].
func (h contextHandler) Handle(ctx context.Context, r slog.Record) error {
	to := Logger(ctx).Handler()
	if h.dress != nil {
		to = h.dress(to)
	}
	return to.Handle(ctx, r)
}

// WithAttrs implements [slog.Handler].
func (h contextHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return h.then(func(to slog.Handler) slog.Handler { return to.WithAttrs(attrs) })
}

// WithGroup implements [slog.Handler].
func (h contextHandler) WithGroup(name string) slog.Handler {
	return h.then(func(to slog.Handler) slog.Handler { return to.WithGroup(name) })
}

func (h contextHandler) then(next func(slog.Handler) slog.Handler) contextHandler {
	before := h.dress
	if before == nil {
		return contextHandler{next}
	}
	return contextHandler{func(to slog.Handler) slog.Handler { return next(before(to)) }}
}

package plugin

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"log/slog"
	"runtime"
	"runtime/debug"
	"strings"

	"google.golang.org/grpc"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
)

// maxStack bounds the stack in a log line, in bytes: a host reads lines of at
// most 64 KiB.
const maxStack = 32 << 10

// protect runs code of an author. A panic becomes a PLUGIN_PANIC error and its
// stack goes to the log.
func protect(ctx context.Context, f func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = panicked(ctx, v)
		}
	}()
	return f()
}

// panicked logs a panic and returns the error for the host. The value of the
// panic stays here, as it may hold data; equal panics have equal hashes.
// It must run in the deferred function that recovered.
func panicked(ctx context.Context, v any) error {
	hash := stackHash()
	stack := debug.Stack()
	Logger(ctx).ErrorContext(ctx, "the connector's code panicked", slog.String("stack_hash", hash),
		slog.String("panic", panicText(v)), slog.String("stack", string(stack[:min(len(stack), maxStack)])))
	return connector.Errorf(connector.ReasonPluginPanic, "the connector's code failed on this call (stack %s)", hash).
		WithHint("the connector's log has the stack under %s", hash)
}

// panicText is what the log may say of a panic's value: texts that a
// programmer wrote, of anything else the type alone.
func panicText(v any) string {
	switch v := v.(type) {
	case error:
		return v.Error()
	case string:
		return v
	}
	return fmt.Sprintf("a value of type %T", v)
}

// stackHash returns 12 hexadecimal digits that stand for the frames between
// the panic and the call of protect, or all above it if there is none.
func stackHash() string {
	var pcs [64]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(0, pcs[:])])
	digest := sha256.New()
	for panicking := false; ; {
		frame, more := frames.Next()
		switch {
		case strings.HasSuffix(frame.Function, "/plugin.protect") || !more:
			return hex.EncodeToString(digest.Sum(nil)[:6])
		case frame.Function == "runtime.gopanic":
			panicking = true
		case panicking && !strings.HasPrefix(frame.Function, "runtime."):
			_, _ = fmt.Fprintf(digest, "%s:%d\n", frame.Function, frame.Line)
		}
	}
}

// recoverUnary protects the unary calls of a whole server. Those of a
// connector are protected by [service.run] already, so this is for what runs
// beside and around it.
func recoverUnary(log *slog.Logger) grpc.UnaryServerInterceptor {
	return func(ctx context.Context, req any, info *grpc.UnaryServerInfo, next grpc.UnaryHandler) (resp any, err error) {
		defer func() {
			if v := recover(); v != nil {
				resp, err = nil, stray(ctx, log, info.FullMethod, v)
			}
		}()
		return next(ctx, req)
	}
}

// recoverStream is recoverUnary for streams.
func recoverStream(log *slog.Logger) grpc.StreamServerInterceptor {
	return func(srv any, stream grpc.ServerStream, info *grpc.StreamServerInfo, next grpc.StreamHandler) (err error) {
		defer func() {
			if v := recover(); v != nil {
				err = stray(stream.Context(), log, info.FullMethod, v)
			}
		}()
		return next(srv, stream)
	}
}

// stray is panicked for a call that has no scope yet.
func stray(ctx context.Context, log *slog.Logger, method string, v any) error {
	c := &scope{method: method, id: wire.NewID(), log: log}
	return wire.ToStatus(panicked(c.in(ctx), v), c.id)
}

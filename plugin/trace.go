package plugin

import (
	"context"
	"strings"

	"google.golang.org/grpc/metadata"
)

// traceID returns the id of the trace that the host has ctx in, in 32
// hexadecimal digits. Empty: it is in none.
func traceID(ctx context.Context) string {
	values := metadata.ValueFromIncomingContext(ctx, "traceparent")
	if len(values) != 1 {
		return ""
	}
	id, ok := parseTraceparent(values[0])
	if !ok {
		return ""
	}
	return id
}

// parseTraceparent reads the trace id of a W3C traceparent (Trace Context,
// section 3.2): version, trace id, parent id and flags. A version later than 00
// may have more after them.
func parseTraceparent(text string) (id string, ok bool) {
	const length = len("00-") + 32 + len("-") + 16 + len("-00")
	if len(text) < length || len(text) > length && (text[:2] == "00" || text[length] != '-') {
		return "", false
	}
	parts := strings.Split(text[:length], "-")
	if len(parts) != 4 || len(parts[0]) != 2 || len(parts[1]) != 32 || len(parts[2]) != 16 {
		return "", false
	}
	for _, part := range parts {
		if strings.Trim(part, "0123456789abcdef") != "" {
			return "", false
		}
	}
	if parts[0] == "ff" || strings.Trim(parts[1], "0") == "" || strings.Trim(parts[2], "0") == "" {
		return "", false
	}
	return parts[1], true
}

package plugin

import (
	"context"

	"google.golang.org/protobuf/proto"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

// tooLarge is the error for n bytes of what where limit are allowed. The name
// of the limit is the one in the contract.
func tooLarge(what string, n int, name string, limit int) *connector.Error {
	return connector.Errorf(connector.ReasonTooLarge, "%s has %d bytes; the limit in force, %s, is %d", what, n, name, limit)
}

func inline(what string, n, limit int) error {
	if n > limit {
		return tooLarge(what, n, "max_inline_bytes", limit)
	}
	return nil
}

// fits fails a response that would not fit a message. Without it the gRPC
// library fails the call in words of its own.
func (s *service) fits(ctx context.Context, resp proto.Message) error {
	n, limit := proto.Size(resp), s.limits().MessageBytes
	if n <= limit {
		return nil
	}
	e := tooLarge("the encoded answer", n, "max_message_bytes", limit)
	e.Origin = connector.OriginPlugin
	e.OutcomeUnknown = scopeFrom(ctx).writes
	return e
}

// OutputLimit returns the largest output, in bytes, that the host of the call
// that ctx belongs to takes. An action whose output grows with its input should
// ask before it does what cannot be undone. Outside of a call it is
// [connector.DefaultInlineBytes].
func OutputLimit(ctx context.Context) int {
	if c, ok := ctx.Value(scopeKey{}).(*scope); ok && c.output > 0 {
		return c.output
	}
	return connector.DefaultInlineBytes
}

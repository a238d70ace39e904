package gainsight

import (
	"io"
	"time"
)

// content is a body on its way to the tenant. Each piece that the transport
// takes gives the request its whole time limit anew: it is for a tenant that
// stalls, not for a body that is large.
type content struct {
	io.Reader

	reply *reply
	limit time.Duration
}

// Read passes a piece on.
func (c *content) Read(p []byte) (int, error) {
	c.reply.timer.Reset(c.limit)
	return c.Reader.Read(p)
}

package plugin

import (
	"context"
	"time"

	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

func (s *service) drain(ctx context.Context, _ *connectorv1.DrainRequest) (*connectorv1.DrainResponse, error) {
	wait, cancel := early(ctx)
	defer cancel()
	select {
	case <-s.admission.close():
		s.events.close() // no call is left that could have something to tell
	case <-wait.Done():
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
	}
	return &connectorv1.DrainResponse{InFlight: s.admission.inFlight()}, nil
}

// early returns a context that ends a little before the deadline of ctx: an
// answer sent at the deadline would never be read.
func early(ctx context.Context) (context.Context, context.CancelFunc) {
	deadline, ok := ctx.Deadline()
	if !ok {
		return context.WithCancel(ctx)
	}
	return context.WithDeadline(ctx, deadline.Add(-min(time.Until(deadline)/10, 250*time.Millisecond)))
}

package actions

import (
	"context"
	"time"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

// schedule is the time that a write of many requests has. It ends a little
// before that of its call, so that what is known by then still reaches the
// host: at the deadline itself, all results would be lost with the answer.
type schedule struct {
	clock    func() time.Time
	deadline time.Time // zero: there is none
	longest  time.Duration
}

// newSchedule returns the schedule of a call that begins now, and a context
// that ends with it.
func newSchedule(ctx context.Context, clock func() time.Time) (*schedule, context.Context, context.CancelFunc) {
	deadline, bound := ctx.Deadline()
	if !bound {
		return &schedule{clock: clock}, ctx, func() {}
	}
	const most = time.Second
	deadline = deadline.Add(-min(max(0, deadline.Sub(clock()))/10, most))
	ctx, cancel := context.WithDeadline(ctx, deadline)
	return &schedule{clock: clock, deadline: deadline}, ctx, cancel
}

// took notes how long a request has taken.
func (s *schedule) took(d time.Duration) { s.longest = max(s.longest, d) }

// spent reports whether another request could not be answered in time, if it
// takes as long as the longest before. One that is sent and not answered may
// have been carried out, and nobody knows.
func (s *schedule) spent() bool {
	return !s.deadline.IsZero() && !s.clock().Add(s.longest).Before(s.deadline)
}

// outOfTime is the error of the records that a call had no time for.
func outOfTime(sent, total int) error {
	e := connector.Errorf(connector.ReasonDeadlineExceeded, "not sent: the time of the call was up after %d of %d records", sent, total).
		WithHint("Send it again, with fewer records or more time for the call.")
	e.Retry = connector.RetryLater
	return e
}

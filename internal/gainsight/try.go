package gainsight

import (
	"context"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

// try is one sending of a request.
type try struct {
	// number is 1 for the first time that the request is sent.
	number int
	began  time.Time
	// left is set once the request may have reached the tenant.
	left atomic.Bool
	// status is the HTTP status. 0: no answer came.
	status int
}

// newTry is the nth sending of a request; renewed is set if there was one more,
// whose credential the tenant refused.
func newTry(n int, renewed bool, began time.Time) *try {
	if renewed {
		n++
	}
	return &try{number: n, began: began}
}

// ended counts a try and tells those who watch of it.
func (s *Session) ended(ctx context.Context, p prepared, id string, err error) {
	took := s.client.Clock().Sub(p.try.began)
	if e := connector.AsError(err); e != nil && id == "" {
		id = e.Downstream.RequestID
	}
	s.count(p.try.number > 1, took, id)
	logger := s.client.opts.Logger
	if !s.detailed && !logger.Enabled(ctx, slog.LevelDebug) {
		return
	}
	of := s.client.config.operated(p)
	r := connector.DownstreamRequest{
		Operation: of.Name, Method: p.endpoint.Method, Route: of.Path, Status: p.try.status, Attempt: p.try.number,
		Began: p.try.began, Took: took, RequestID: id,
	}
	if s.detailed {
		s.keep(r)
	}
	logger.LogAttrs(ctx, slog.LevelDebug, "request to the tenant",
		slog.String("operation", r.Operation), slog.String("method", r.Method), slog.String("route", r.Route), slog.Int("status", r.Status),
		slog.Int("attempt", r.Attempt), slog.Duration("took", r.Took), slog.String("vendor_request_id", r.RequestID))
}

// operated returns the endpoint of a request: of one whose path comes with the
// call, the one that the path belongs to. What it says of the path names no
// record.
func (c Config) operated(p prepared) Endpoint {
	if p.endpoint.Name != APIRequest {
		return p.endpoint
	}
	return c.operation(p.endpoint, strings.TrimPrefix(p.url.Path, c.Base.Path))
}

// Detail makes the session keep each request for [connector.Stats.Requests].
func (s *Session) Detail() { s.detailed = true }

func (s *Session) keep(r connector.DownstreamRequest) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stats.Requests = append(s.stats.Requests, r)
	s.stats.Requests = s.stats.Requests[max(0, len(s.stats.Requests)-connector.MaxRequests):]
}

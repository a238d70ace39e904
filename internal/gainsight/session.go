package gainsight

import (
	"encoding/json"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

// Session is one call's view of a [Client]: it counts what the call costs and,
// for a dry run, records requests instead of sending them. Safe for concurrent
// use.
type Session struct {
	client *Client
	dryRun bool
	// detailed is set before the first request.
	detailed bool

	onWait func(budget string, wait time.Duration)

	mu       sync.Mutex
	stats    connector.Stats
	planned  []Planned
	remarks  []connector.Diagnostic
	yields   bool
	admitted int      // requests that asked for room
	spent    []string // the budgets that they asked for
}

// Planned is a request that a dry run would have sent. It holds no credential.
type Planned struct {
	// Method is the HTTP method.
	Method string `json:"method"`
	// Path is path and query on the tenant's host.
	Path string `json:"path"`
	// Body is the JSON body. Nil: none.
	Body json.RawMessage `json:"body,omitempty"`
}

// ErrPlanned is what a dry run answers in place of the tenant, once it has
// recorded the request.
var ErrPlanned = errors.New("not sent: this is a dry run")

// Session returns the view of one call. A dry run sends nothing.
func (c *Client) Session(dryRun bool) *Session { return &Session{client: c, dryRun: dryRun} }

// Client returns the client behind the session.
func (s *Session) Client() *Client { return s.client }

// DryRun reports whether requests are recorded instead of sent.
func (s *Session) DryRun() bool { return s.dryRun }

// Stats returns what the call has cost so far, and what is left of the budgets
// that it spends.
func (s *Session) Stats() connector.Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	stats := s.stats
	stats.Requests = slices.Clone(stats.Requests) // the next one may take the place of the first
	if len(s.spent) > 0 {
		stats.Budgets = told(s.client.BudgetStates(s.spent...), s.client.Clock())
	}
	return stats
}

// Remarks returns what there is to tell about the tenant's budgets.
func (s *Session) Remarks() []connector.Diagnostic {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.remarks
}

func (s *Session) remark(d connector.Diagnostic) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.remarks = append(s.remarks, d)
}

// queue adds to the time spent waiting for a budget.
func (s *Session) queue(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stats.Queued += d
}

// Planned returns what a dry run recorded, in order.
func (s *Session) Planned() []Planned {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.planned
}

func (s *Session) plan(p Planned) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.planned = append(s.planned, p)
}

// count adds one request to the stats.
func (s *Session) count(repeat bool, waited time.Duration, requestID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stats.Calls++
	if repeat {
		s.stats.Retries++
	}
	s.stats.Waited += waited
	if requestID == "" {
		return
	}
	s.stats.RequestIDs = append(s.stats.RequestIDs, requestID)
	s.stats.RequestIDs = s.stats.RequestIDs[max(0, len(s.stats.RequestIDs)-connector.MaxRequestIDs):]
}

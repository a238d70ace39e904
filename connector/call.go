package connector

import (
	"encoding/json"
	"time"
)

// Settings are one tenant's settings, as a connection is opened with.
type Settings struct {
	// Tenant is the name of the tenant, for logs and messages.
	Tenant string
	// Config is a JSON object that fits [Manifest.ConnectionSchema] once the
	// secrets are put back in their places.
	Config json.RawMessage
	// Secrets are the secrets, by the JSON Pointer of their place in Config.
	Secrets map[string]Secret
}

// Call is one execution of an action.
type Call struct {
	// Action is the id of the action.
	Action string
	// Input is JSON that should fit the action's input schema.
	Input json.RawMessage
	// DryRun asks to validate and to show the requests that would be made,
	// without one that writes.
	DryRun bool
	// RequestID is the id of the call in logs and errors. Empty: one is made.
	RequestID string
	// Resume is where a download goes on that was broken off: a checkpoint of
	// the same action with the same input. Nil: at the beginning.
	Resume *Checkpoint
	// BuiltWith is the fingerprint of the input schema that the call was built
	// with, see [Description.Fingerprint]. What the input uses is compared with
	// the schema of now before anything is sent. Empty: nothing is compared.
	// Package plugin does it; a connection need not look at it.
	BuiltWith string
	// Drift says what to do if that has changed. Empty: what the connection's
	// settings say, or else [DriftWarn].
	Drift DriftPolicy
	// Repeated is set if the call was made before, in a process that ended before
	// it answered, and may have had its effect: what the tenant refuses as done
	// already has not failed.
	Repeated bool
}

// Result is the outcome of an action.
type Result struct {
	// Output is JSON that fits the action's output schema.
	Output json.RawMessage
	// Diagnostics are remarks.
	Diagnostics []Diagnostic
	// Stats says what the call cost.
	Stats Stats
	// Records counts the records of a write. Nil for other actions.
	Records *RecordSummary
}

// RecordSummary says how the records of a write fared.
type RecordSummary struct {
	// Total is the number of records in the input.
	Total int `json:"total"`
	// Succeeded were written.
	Succeeded int `json:"succeeded"`
	// Failed were refused and certainly not written.
	Failed int `json:"failed"`
	// Unknown may or may not have been written: the answer was lost.
	Unknown int `json:"unknown"`
}

// Stats says what a call cost at the vendor.
type Stats struct {
	// Calls are the requests sent to the vendor for this call, repeats
	// included. What is asked once for all calls, such as a tenant's metadata or
	// an access token, is not counted.
	Calls int `json:"calls"`
	// Retries are those of them that were repeats.
	Retries int `json:"retries"`
	// Waited is the time spent waiting for the vendor.
	Waited time.Duration `json:"-"`
	// Queued is the time spent waiting for a call budget, in which nothing was
	// sent.
	Queued time.Duration `json:"-"`
	// RequestIDs are the vendor's ids of the last requests, newest last.
	RequestIDs []string `json:"requestIds,omitempty"`
	// Budgets say what is left of the call budgets that the call spends, when
	// it ends.
	Budgets []BudgetState `json:"budgets,omitempty"`
	// Requests are the last [MaxRequests] of Calls, in the order in which they
	// ended. Nil unless the host asked for them.
	Requests []DownstreamRequest `json:"-"`
}

// MaxRequests is how many requests to the vendor [Stats] keeps.
const MaxRequests = 64

// DownstreamRequest is one request to the vendor, for those who watch. Nothing
// of it is a value of a record.
type DownstreamRequest struct {
	// Operation is the connector's name of the vendor's operation.
	Operation string
	// Method is the HTTP method.
	Method string
	// Route is the path with its placeholders unfilled.
	Route string
	// Status is the HTTP status. 0: no answer came.
	Status int
	// Attempt is 1 for the first time that it was sent, 2 for the first repeat.
	Attempt int
	// Began is when it was sent.
	Began time.Time
	// Took is the time from then to the end of the answer; of one that is
	// streamed, to its beginning.
	Took time.Duration
	// RequestID is the vendor's id of the request. Empty: none.
	RequestID string
}

// MaxRequestIDs is how many of the vendor's request ids [Stats] keeps.
const MaxRequestIDs = 10

// Severity says how much a diagnostic matters.
type Severity string

// The severities. There is no error: an error fails the call.
const (
	// SeverityInfo is good to know.
	SeverityInfo Severity = "info"
	// SeverityWarning is worth a look.
	SeverityWarning Severity = "warning"
)

// Diagnostic is a remark that does not fail a call.
type Diagnostic struct {
	// Severity says how much it matters.
	Severity Severity `json:"severity"`
	// Summary is one sentence, free of record values.
	Summary string `json:"summary"`
	// Pointer is a JSON Pointer into what was looked at. Empty: the whole.
	Pointer string `json:"pointer,omitempty"`
}

// Check is what a successful connection check found.
type Check struct {
	// Report is a JSON object for people.
	Report json.RawMessage
	// Diagnostics are remarks.
	Diagnostics []Diagnostic
	// Stats says what the check cost.
	Stats Stats
}

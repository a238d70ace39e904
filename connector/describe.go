package connector

import (
	"encoding/json"
	"time"
)

// DescribeRequest asks for the schemas of an action.
type DescribeRequest struct {
	// Action is the id of the action.
	Action string
	// Selectors are what the schema depends on, e.g. entityType=COMPANY.
	// Missing ones have the action's defaults.
	Selectors map[string]string
	// IfNoneMatch is the ETag of the schemas that the asker has. Empty: none.
	IfNoneMatch string
	// Refresh asks the tenant anew, however young what is known of it is.
	Refresh bool
	// Fingerprint asks for [Description.Fingerprint], also if the schemas are
	// not modified.
	Fingerprint bool
	// UsedBy is an input, as JSON: the fingerprint has only what this uses. Its
	// values do not matter and may be placeholders. Empty: the whole schema.
	UsedBy json.RawMessage
}

// Description is the schemas of an action.
type Description struct {
	// NotModified is set if the asker's ETag still holds. Input and Output may
	// then be empty.
	NotModified bool
	// Input is the JSON Schema of the input, with its examples.
	Input json.RawMessage
	// Output is the JSON Schema of the output.
	Output json.RawMessage
	// ETag changes when either schema does. A connector may leave it empty:
	// one is then made from the schemas.
	ETag string
	// MaxAge is how long the answer may be used without asking. 0: ask every
	// time.
	MaxAge time.Duration
	// FetchedAt is when the tenant's metadata were read. Zero: the schemas are
	// static.
	FetchedAt time.Time
	// Diagnostics are what could not be resolved.
	Diagnostics []Diagnostic
	// Fingerprint is what a host keeps with a step that is built with the input
	// schema, for [Call.BuiltWith]. Empty: not asked for, or the connector knows
	// no fingerprints. Package plugin makes it.
	Fingerprint string
}

// Bounds of [OptionsRequest.PageSize].
const (
	// DefaultPageSize is used when none is asked for.
	DefaultPageSize = 100
	// MaxPageSize is the most that one page holds.
	MaxPageSize = 1000
)

// OptionsRequest asks for the values that a field can take.
type OptionsRequest struct {
	// Action is the id of the action.
	Action string
	// Pointer is the JSON Pointer of the field in the input; "*" stands for
	// any array index.
	Pointer string
	// Selectors are the values of the fields that the options depend on.
	Selectors map[string]string
	// Query are words that the label must contain, regardless of case.
	Query string
	// PageSize is 0 for [DefaultPageSize] and at most [MaxPageSize].
	PageSize int
	// PageToken comes from the previous page. Empty: the first page.
	PageToken string
}

// OptionPage is one page of options in a stable order.
type OptionPage struct {
	// Options are the options.
	Options []Option `json:"options"`
	// NextPageToken is for the next page. Empty: this was the last.
	NextPageToken string `json:"nextPageToken,omitempty"`
}

// Option is one value that a field can take.
type Option struct {
	// Value goes into the input.
	Value string `json:"value"`
	// Label is what a person reads.
	Label string `json:"label"`
	// Inactive is set if stored records may have it but new ones may not.
	Inactive bool `json:"inactive,omitempty"`
	// ID is the tenant's id of what it stands for. Empty: the value, or there
	// is none.
	ID string `json:"id,omitempty"`
}

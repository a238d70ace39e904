package connector

import (
	"encoding/json"
	"time"
)

// Manifest is everything that a catalog shows about a connector. It needs no
// network and no credentials.
type Manifest struct {
	// Name is the stable machine name, e.g. "gainsight".
	Name string `json:"name"`
	// Version is the version of the connector.
	Version string `json:"version"`
	// Title is the name for people.
	Title string `json:"title"`
	// Description says what the connector does, in a sentence or two.
	Description string `json:"description"`
	// APIVersion is the version of the vendor's API in the vendor's words.
	APIVersion string `json:"apiVersion,omitempty"`
	// APIType is the kind of the vendor's API, e.g. "REST".
	APIType string `json:"apiType,omitempty"`
	// Authentication names the ways to sign in.
	Authentication []string `json:"authentication,omitempty"`
	// Prerequisites are what a user needs before the first connection.
	Prerequisites []string `json:"prerequisites,omitempty"`
	// DocumentationURL is the address of the documentation.
	DocumentationURL string `json:"documentationUrl,omitempty"`
	// ConnectionSchema is the JSON Schema of a connection's settings. A string
	// field with "writeOnly": true is a secret.
	ConnectionSchema json.RawMessage `json:"connectionSchema"`
	// Actions are all actions, in the order of the catalog.
	Actions []Action `json:"actions"`
}

// Action is one entry of the catalog.
type Action struct {
	// ID is the stable id, e.g. "cta.create".
	ID string `json:"id"`
	// Title is for people and unique in the manifest.
	Title string `json:"title"`
	// Group is the place in the catalog; levels are separated by " / ".
	Group string `json:"group"`
	// Summary says what the action does, in one sentence.
	Summary string `json:"summary"`
	// DocumentationURL is the vendor's page. Empty: none is known.
	DocumentationURL string `json:"documentationUrl,omitempty"`
	// Mode says which call runs the action. Empty reads as [ModeExecute].
	Mode Mode `json:"mode"`
	// Effect says what it does to the tenant. Empty reads as
	// [EffectUnsafeWrite].
	Effect Effect `json:"effect"`
	// DoctypeLookup is the catalog's flag. Empty reads as [DoctypeNo].
	DoctypeLookup DoctypeLookup `json:"doctypeLookup"`
	// Evidence says how well the wire format is proven. Empty reads as
	// [EvidenceInferred].
	Evidence Evidence `json:"evidence"`
	// SchemaScope says what the schema depends on. Empty reads as
	// [ScopeConnection].
	SchemaScope SchemaScope `json:"schemaScope"`
	// Selectors names the selectors that describing and listing options take.
	Selectors []string `json:"selectors,omitempty"`
	// Limits are the vendor's limits.
	Limits ActionLimits `json:"limits"`
	// Settings are the places in a connection's settings, as JSON Pointers, that
	// say how the vendor is asked. Empty: there are none.
	Settings []string `json:"settings,omitempty"`
}

// ActionLimits are the vendor's limits on one action. 0 means that none is
// known.
type ActionLimits struct {
	// RecordsPerRequest is how many records one vendor request takes.
	RecordsPerRequest uint32 `json:"recordsPerRequest,omitempty"`
	// PageSize is how many rows one page of a list holds at most.
	PageSize uint32 `json:"pageSize,omitempty"`
	// BytesPerRequest is how many bytes one vendor request takes.
	BytesPerRequest uint64 `json:"bytesPerRequest,omitempty"`
	// Rates are the calls that the tenant allows, all in force at once.
	Rates []RateLimit `json:"rates,omitempty"`
}

// RateLimit allows a number of calls in a fixed window of time.
type RateLimit struct {
	// Calls in one window.
	Calls uint32
	// Window is the length of the window.
	Window time.Duration
}

// MarshalJSON writes the window in seconds.
func (r RateLimit) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]any{"calls": r.Calls, "windowSeconds": r.Window.Seconds()})
}

// Mode says which call runs an action.
type Mode string

// The modes.
const (
	// ModeExecute: input and output in one message each.
	ModeExecute Mode = "execute"
	// ModeDownload: the output is a stream.
	ModeDownload Mode = "download"
	// ModeUpload: the input is a stream.
	ModeUpload Mode = "upload"
)

// Effect decides what may be repeated after a lost answer.
type Effect string

// The effects.
const (
	// EffectRead changes nothing in the tenant.
	EffectRead Effect = "read"
	// EffectIdempotentWrite leaves the tenant the same if done twice.
	EffectIdempotentWrite Effect = "idempotent_write"
	// EffectUnsafeWrite may leave two of something if done twice.
	EffectUnsafeWrite Effect = "unsafe_write"
)

// Writes reports whether an action of this effect may change the tenant. One
// whose effect is not said may.
func (e Effect) Writes() bool { return e != EffectRead }

// DoctypeLookup is the catalog's flag: is the schema looked up in the tenant?
type DoctypeLookup string

// The flags.
const (
	// DoctypeNotApplicable: the question does not arise for this action.
	DoctypeNotApplicable DoctypeLookup = "not_applicable"
	// DoctypeNo: the catalog lists no lookup.
	DoctypeNo DoctypeLookup = "no"
	// DoctypeYes: looked up live in the tenant.
	DoctypeYes DoctypeLookup = "yes"
)

// Evidence says how well the wire format of an action is proven.
type Evidence string

// The grades of evidence, best first.
const (
	// EvidenceDocumented: published by the vendor.
	EvidenceDocumented Evidence = "documented"
	// EvidenceObserved: seen against a live tenant.
	EvidenceObserved Evidence = "observed"
	// EvidenceInferred: concluded by analogy; a connection can override it.
	EvidenceInferred Evidence = "inferred"
)

// SchemaScope says what an action's schema depends on.
type SchemaScope string

// The scopes.
const (
	// ScopeStatic: the same for all tenants; needs no connection.
	ScopeStatic SchemaScope = "static"
	// ScopeConnection: differs from tenant to tenant, and by the action's
	// selectors if it has any.
	ScopeConnection SchemaScope = "connection"
)

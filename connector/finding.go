package connector

import "encoding/json"

// ThoroughCheck says how far a test of a connector's assumptions goes.
type ThoroughCheck struct {
	// Groups are the groups of assumptions to test. Empty: all.
	Groups []string
	// Object is the object type of the tenant to look at where any will do.
	// Empty: the connector's choice.
	Object string
	// Writes lets it send requests to operations that write, which are harmless
	// by all that is known. Without it nothing is sent to such an operation.
	Writes bool
	// Jobs lets it start jobs, which change nothing but of which the tenant takes
	// few. Without it none is started.
	Jobs bool
}

// Findings are the report of a thorough check.
type Findings struct {
	// Assumptions are all that were tested, in a stable order.
	Assumptions []Assumption `json:"assumptions"`
	// Settings are a JSON merge patch (RFC 7396) for the settings of the
	// connection that mends all that differs, as far as settings can. An empty
	// object: there is nothing to mend.
	Settings json.RawMessage `json:"settings"`
}

// Assumption is something that a connector takes for granted about a tenant, and
// what came out when it was tested.
type Assumption struct {
	// ID is stable, e.g. "task.list.form".
	ID string `json:"id"`
	// Title says what is assumed, in a sentence.
	Title string `json:"title"`
	// Group is what the test can be restricted to.
	Group string `json:"group"`
	// Operation is the action that rests on it, or a word for all of them.
	Operation string `json:"operation"`
	// Evidence says how well it is proven beforehand.
	Evidence Evidence `json:"evidence"`
	// Default is what the connection goes by now.
	Default string `json:"default"`
	// Verdict is what came out.
	Verdict Verdict `json:"verdict"`
	// Observed says what the tenant did, in words without record values.
	Observed string `json:"observed"`
	// Settings mend what differs. Empty: nothing does, or no setting can.
	Settings []Setting `json:"settings,omitempty"`
	// Requests are the requests that the verdict rests on, as method and path.
	Requests []string `json:"requests,omitempty"`
}

// Setting is a value for one place in the settings of a connection.
type Setting struct {
	// Pointer is the JSON Pointer of the place.
	Pointer string `json:"pointer"`
	// Value belongs there.
	Value json.RawMessage `json:"value"`
}

// Verdict is what the test of an assumption came to.
type Verdict string

// The verdicts.
const (
	// VerdictHolds: the tenant is as assumed, as far as a test can tell.
	VerdictHolds Verdict = "holds"
	// VerdictDiffers: it is not.
	VerdictDiffers Verdict = "differs"
	// VerdictUnknown: no test could tell.
	VerdictUnknown Verdict = "could_not_tell"
)

package actions

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"io"
	"slices"
	"sync"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/schema"
)

// Action is one custom action. Exactly one of Write, List, Run, Stream and
// Upload is set, but for Write beside Upload.
type Action struct {
	// Info is what the catalog shows. Mode, SchemaScope and Selectors follow
	// from the other fields, Limits.Rates and Settings from the endpoints, and
	// are filled by [New].
	Info connector.Action
	// Spends is the endpoint whose budgets a call spends. Empty: that of the
	// action's id.
	Spends string
	// Document is the JSON document of the action: $defs.input, $defs.output
	// and examples. Definitions that it refers to and does not hold are taken
	// from the definitions that all actions share.
	Document []byte
	// Doctype lays a tenant's fields over the input schema. Nil: the schema is
	// the same for every tenant.
	Doctype *Doctype
	// Rows is the object whose records the action returns: its fields are laid
	// over the row in the output schema. Empty: that of List, if there is one.
	Rows string
	// Options lists the values of input fields, by their pattern: a JSON
	// Pointer with "*" for any array index.
	Options map[string]Choices

	// Write runs an action that writes records.
	Write *Write
	// List runs an action that reads rows.
	List *List
	// Run runs any other action and returns its output, ready to be marshalled.
	Run func(ctx context.Context, c *Call) (any, error)
	// Stream runs an action with a large output.
	Stream func(ctx context.Context, c *Call, out Sink) (connector.StreamSummary, error)
	// Upload runs an action whose records come as a stream, and returns its
	// output. The input has everything but the records, which the function
	// checks one by one with [Call.CheckRecord]. Write may be set beside it: it
	// does not run then, but its rules and short forms hold for the records.
	// A dry run has its records in "records" of the input.
	Upload func(ctx context.Context, c *Call, in Source) (any, error)
}

// Source is where an upload reads. Its content is complete only if it ended
// with io.EOF.
type Source interface {
	io.Reader
	// ContentType returns the media type of the content.
	ContentType() string
}

// Sink is where a Stream writes.
type Sink interface {
	io.Writer
	// Start says what follows; before the first Write.
	Start(header connector.StreamHeader) error
	// Progress gives a sign of life.
	Progress(p connector.Progress) error
	// Checkpoint says that what was written so far is whole records, and that
	// the action goes on from there if [Call.Resume] has the token.
	Checkpoint(token []byte) error
}

// Choices returns all values of one input field, in a stable order. selectors
// hold what the field depends on.
type Choices func(ctx context.Context, t *Tenant, selectors map[string]string) ([]connector.Option, error)

// entry is an action in use: its document is parsed when first asked for, so
// that nothing is parsed at start.
type entry struct {
	Action
	document func() (*schema.Document, error)
}

// newEntry fills in what follows from an action and from the rates of the
// endpoints.
func newEntry(a Action, rates map[string][]connector.RateLimit) *entry {
	a.Info.Limits.Rates = rates[cmp.Or(a.Spends, a.Info.ID)]
	a.Info.Mode = connector.ModeExecute
	if a.Stream != nil {
		a.Info.Mode = connector.ModeDownload
	}
	if a.Upload != nil {
		a.Info.Mode = connector.ModeUpload
	}
	a.Info.SchemaScope = connector.ScopeStatic
	if a.Doctype != nil {
		a.Info.SchemaScope = connector.ScopeConnection
		for _, s := range a.Doctype.Selectors {
			a.Info.Selectors = append(a.Info.Selectors, s.Name)
		}
	}
	e := &entry{Action: a, document: sync.OnceValues(func() (*schema.Document, error) {
		return schema.ParseDocument(a.Document, sharedDocument)
	})}
	if e.rows() != "" {
		e.Info.SchemaScope = connector.ScopeConnection
	}
	return e
}

// Call is one validated call of an action.
type Call struct {
	// Tenant is the connection in use.
	Tenant *Tenant
	// Session sends requests and counts them.
	Session
	// Input fits the action's schema.
	Input map[string]any
	// Resume is where a Stream goes on. Nil: at the beginning.
	Resume *connector.Checkpoint
	// Repeated is [connector.Call.Repeated].
	Repeated bool

	// raw is the input as it came.
	raw         json.RawMessage
	effect      connector.Effect
	diagnostics []connector.Diagnostic
	rules       rules
	// lacking are the fields for whose lack the tenant has refused a record.
	lacking []lack
	// inline are the records of an upload that came in the input.
	inline []any
}

// Remark adds a remark to the result.
func (c *Call) Remark(severity connector.Severity, pointer, summary string) {
	c.diagnostics = append(c.diagnostics, connector.Diagnostic{Severity: severity, Pointer: pointer, Summary: summary})
}

// told returns all remarks on the call.
func (c *Call) told() []connector.Diagnostic { return slices.Concat(c.diagnostics, c.Remarks()) }

// Bind copies the input into a struct as it came, with numbers as they were
// written. The form that records take for the tenant is in Input alone.
func (c *Call) Bind(to any) error {
	dec := json.NewDecoder(bytes.NewReader(c.raw))
	dec.UseNumber()
	if err := dec.Decode(to); err != nil {
		return connector.Errorf(connector.ReasonInternal, "the input fits the schema but not the action: %w", err)
	}
	return nil
}

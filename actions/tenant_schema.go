package actions

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/doctype"
	"github.com/gainsight-connector/gainsight-connector/schema"
)

// Doctype lays the fields of a tenant's object over an action's input schema.
type Doctype struct {
	// Object is the API name of the object, or one of
	// [gainsight.LabelledObjects].
	Object string
	// Optional lets the static schema serve, open to any field and with a
	// diagnostic, where the tenant does not show the object.
	Optional bool
	// At is the JSON Pointer of the record's schema in the input schema.
	At string
	// Use says whether records are created or updated.
	Use doctype.Use
	// Skip names fields that the static schema stands in for.
	Skip []string
	// Selectors names what the schema depends on besides the tenant.
	Selectors []string
	// Select derives the selectors from an input that is about to run. Nil:
	// there are none.
	Select func(input map[string]any) map[string]string
	// Offer returns fields whose values come from the tenant's configuration
	// instead of its metadata. Nil: there are none.
	Offer func(ctx context.Context, t *Tenant, selectors map[string]string) (Offer, error)
	// ByLabel reports whether the tenant takes the label of a picklist's option
	// in place of its id. Nil: it takes ids.
	ByLabel func(t *Tenant) bool
}

// Offer is fields that a tenant's configuration determines.
type Offer struct {
	// Digest changes with the configuration.
	Digest string
	// Fields makes the fields. It is called when the digest has changed.
	Fields func() map[string]*schema.Node
	// Check returns what is wrong with a record that the fields' own schemas
	// cannot say, with pointers into the record. Nil: there is nothing more.
	Check func(record map[string]any) []connector.Violation
}

// tenantSchema is an action's input schema for one tenant.
type tenantSchema struct {
	input       json.RawMessage
	etag        string
	fetchedAt   time.Time
	diagnostics []connector.Diagnostic
	encoder     *doctype.Encoder
	check       func(record map[string]any) []connector.Violation
	// required are the fields that only the metadata call required: about a
	// field that the static schema has, the action's own rules decide.
	required []string
}

// tenantSchemas keeps the built schemas of one tenant. A schema is built again
// when the metadata or the configuration under it change.
type tenantSchemas struct {
	mu    sync.Mutex
	built map[string]builtSchema
}

// maxBuilt bounds the schemas that one tenant keeps.
const maxBuilt = 256

type builtSchema struct {
	basis  string
	schema *tenantSchema
}

func newTenantSchemas() *tenantSchemas { return &tenantSchemas{built: map[string]builtSchema{}} }

// get returns the schema under a key if it was built from this basis.
func (s *tenantSchemas) get(key, basis string) *tenantSchema {
	s.mu.Lock()
	defer s.mu.Unlock()
	if b := s.built[key]; b.basis == basis {
		return b.schema
	}
	return nil
}

// put keeps a schema and reports whether it takes the place of another.
func (s *tenantSchemas) put(key, basis string, built *tenantSchema) (replaced bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before, known := s.built[key]
	if len(s.built) >= maxBuilt {
		clear(s.built) // keys come from callers: whoever varies selectors at will pays for it
	}
	s.built[key] = builtSchema{basis, built}
	return known && before.schema.etag != built.etag
}

// describe returns an action's input schema for the tenant, from what is known
// of it if that is young enough.
func (t *Tenant) describe(ctx context.Context, a *entry, selectors map[string]string) (*tenantSchema, error) {
	document, err := a.document()
	if err != nil {
		return nil, err
	}
	d := a.Doctype
	snapshot, err := t.Object(ctx, d.Object)
	if err != nil && !d.spares(err) {
		return nil, err
	}
	unseen := err != nil
	if unseen {
		snapshot = d.unseen(err)
	}
	offer := Offer{Fields: func() map[string]*schema.Node { return nil }}
	if d.Offer != nil {
		if offer, err = d.Offer(ctx, t, selectors); err != nil {
			return nil, err
		}
	}
	key, basis := keyOf(a.Info.ID, selectors), snapshot.Digest+offer.Digest
	if s := t.schemas.get(key, basis); s != nil {
		fresh := *s
		fresh.fetchedAt, fresh.diagnostics = snapshot.FetchedAt, mergeDiagnostics(snapshot.Diagnostics, s.diagnostics)
		return &fresh, nil
	}
	s, err := d.build(document.Input(), snapshot, offer.Fields(), !unseen)
	if err != nil {
		return nil, err
	}
	s.etag, s.check = etagOf(s.input, document.Output()), offer.Check
	if t.schemas.put(key, basis, s) {
		t.emit(connector.SchemaChanged{Action: a.Info.ID})
	}
	fresh := *s
	fresh.fetchedAt, fresh.diagnostics = snapshot.FetchedAt, mergeDiagnostics(snapshot.Diagnostics, s.diagnostics)
	return &fresh, nil
}

// spares reports whether the static schema serves in spite of an error.
func (d *Doctype) spares(err error) bool {
	return d.Optional && (errors.Is(err, connector.ReasonNotFound) || errors.Is(err, connector.ReasonPermissionDenied))
}

// unseen stands for the metadata of an object that the tenant does not show.
func (d *Doctype) unseen(err error) doctype.Snapshot {
	e := connector.AsError(err)
	return doctype.Snapshot{Digest: "unseen", Diagnostics: []connector.Diagnostic{{
		Severity: connector.SeverityWarning, Pointer: d.At,
		Summary: strings.TrimSpace("the tenant's own fields are not shown: " + e.Message + ". " + e.Hint),
	}}}
}

func mergeDiagnostics(a, b []connector.Diagnostic) []connector.Diagnostic {
	return append(slices.Clone(a), b...)
}

// build lays the fields over the static schema; closed forbids all others.
func (d *Doctype) build(
	input json.RawMessage, snapshot doctype.Snapshot, offered map[string]*schema.Node, closed bool,
) (*tenantSchema, error) {
	static, err := propertyNames(input, d.At)
	if err != nil {
		return nil, err
	}
	s := &tenantSchema{}
	properties := map[string]*schema.Node{}
	var fields []doctype.Field
	for i, f := range doctype.Writable(snapshot.Object, d.Use) {
		if slices.ContainsFunc(d.Skip, func(name string) bool { return strings.EqualFold(name, f.Name) }) {
			continue
		}
		node, diagnostics := doctype.FieldNode(f, d.Use)
		place(node, i, d.At, f)
		properties[f.Name] = node
		fields = append(fields, f)
		s.diagnostics = append(s.diagnostics, diagnostics...)
		if d.Use == doctype.Create && f.Required && !static[f.Name] {
			s.required = append(s.required, f.Name)
		}
	}
	maps.Copy(properties, offered)
	laid, err := schema.Overlay(input, d.At, properties, closed)
	if err != nil {
		return nil, err
	}
	if s.input, err = schema.KeepValidExamples(laid); err != nil {
		return nil, connector.Errorf(connector.ReasonInternal, "the tenant's input schema does not compile: %w", err)
	}
	s.encoder = doctype.NewEncoder(fields)
	return s, nil
}

// recordSchema is where the input schema of a write holds that of a record.
const recordSchema = "/$defs/record"

// place says where a form shows a field of the tenant: after the fields that
// the action declares, in the tenant's order. Options that come from elsewhere
// are listed at the field's place in the input.
func place(node *schema.Node, i int, at string, f doctype.Field) {
	const firstOrder = 100
	a := node.Annotation
	a.Order = firstOrder + i
	if a.Custom {
		a.Group = "Custom fields"
	}
	if a.Lookup != nil && a.Lookup.Category != "" && at == recordSchema {
		a.Lookup.Pointer = "/records/*/" + f.Name
	}
}

// etagOf identifies both schemas of an action.
func etagOf(input, output json.RawMessage) string {
	h := sha256.New()
	_, _ = h.Write(input)
	_, _ = h.Write([]byte{0})
	_, _ = h.Write(output)
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// propertyNames returns the names of the properties that a schema has at a JSON
// Pointer.
func propertyNames(input json.RawMessage, at string) (map[string]bool, error) {
	here := input
	for token := range strings.SplitSeq(strings.TrimPrefix(at+"/properties", "/"), "/") {
		var object map[string]json.RawMessage
		if err := json.Unmarshal(here, &object); err != nil {
			return nil, connector.Errorf(connector.ReasonInternal, "the input schema has no object at %s: %w", at, err)
		}
		here = object[token]
	}
	var properties map[string]json.RawMessage
	if err := json.Unmarshal(here, &properties); err != nil {
		return nil, connector.Errorf(connector.ReasonInternal, "the input schema has no properties at %s: %w", at, err)
	}
	names := make(map[string]bool, len(properties))
	for name := range properties {
		names[name] = true
	}
	return names, nil
}

// keyOf identifies an action and its selectors.
func keyOf(action string, selectors map[string]string) string {
	var b strings.Builder
	b.WriteString(action)
	for _, name := range slices.Sorted(maps.Keys(selectors)) {
		b.WriteString("\x00" + name + "\x00" + selectors[name])
	}
	return b.String()
}

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
	"time"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/doctype"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
	"github.com/gainsight-connector/gainsight-connector/internal/snapshot"
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
	// Selectors are what the schema depends on besides the tenant.
	Selectors []Selector
	// Select derives the selectors from an input that is about to run, or says
	// what is wrong with one whose records do not share them. Nil: there are
	// none.
	Select func(input map[string]any) (map[string]string, error)
	// Offer returns fields whose values come from the tenant's configuration
	// instead of its metadata. Nil: there are none.
	Offer func(ctx context.Context, t *Tenant, selectors map[string]string) (Offer, error)
	// ByLabel reports whether the tenant takes the label of a picklist's option
	// in place of its id. Nil: it takes ids.
	ByLabel func(t *Tenant) bool

	// recall returns what a snapshot has of the configuration, and the key of
	// the [Fact] that it is. An empty key: nothing. Nil: there is none.
	recall func(s *snapshot.Snapshot) (key string, f fact, err error)
}

// Selector is something that a schema depends on besides the tenant.
type Selector struct {
	// Name is its name in the manifest.
	Name string
	// Field is the field of a record that holds its value.
	Field string
}

// Offer is fields that a tenant's configuration determines.
type Offer struct {
	// Digest changes with the configuration, and only with it: tenants with
	// the same one share the fields that are made from it.
	Digest string
	// Fields makes the fields. It is called if nobody has made them yet.
	Fields func() map[string]*schema.Node
	// Check returns what is wrong with a record that the fields' own schemas
	// cannot say, with pointers into the record. Nil: there is nothing more.
	Check func(record map[string]any) []connector.Violation
}

// tenantSchema is an action's schemas for one tenant. Tenants that have the same
// ones share all but fetchedAt, check, observed and diagnostics.
type tenantSchema struct {
	input       json.RawMessage
	output      json.RawMessage
	etag        string
	fetchedAt   time.Time
	diagnostics []connector.Diagnostic
	encoder     *doctype.Encoder
	check       func(record map[string]any) []connector.Violation
	// resolvers are the short forms of the tenant's own lookup fields.
	resolvers []Resolver
	// demands are the fields that somebody other than the action's own rules
	// requires, waived those that the operator does not, whoever else may.
	demands []demand
	waived  []string
	// fields are all fields of a record.
	fields fieldNames
	// observed are the refusals that demands of that kind rest on.
	observed map[string]gainsight.Observation
}

// describe returns an action's schemas for the tenant, from what is known of it
// if that is young enough.
func (t *Tenant) describe(ctx context.Context, a *entry, selectors map[string]string) (*tenantSchema, error) {
	document, err := a.document()
	if err != nil {
		return nil, err
	}
	d := a.Doctype
	snapshot, seen, err := t.see(ctx, d)
	if err != nil {
		return nil, err
	}
	offer := Offer{Fields: func() map[string]*schema.Node { return nil }}
	if d.Offer != nil {
		if offer, err = d.Offer(ctx, t, selectors); err != nil {
			return nil, err
		}
	}
	asked := t.requirements(a, selectors)
	s, err := t.built(a, selectors, snapshot, offer.Digest+"\x00"+asked.digest(), func() (*tenantSchema, error) {
		s, err := d.build(document, snapshot.Object, offer.Fields(), asked, seen)
		if err != nil {
			return nil, err
		}
		if s.input, err = t.memory.compiled.KeepValidExamples(s.input); err != nil {
			return nil, connector.Errorf(connector.ReasonInternal, "the tenant's input schema does not compile: %w", err)
		}
		return s, nil
	})
	if err != nil {
		return nil, err
	}
	s.check, s.observed = offer.Check, asked.observed
	return s, nil
}

// see returns the metadata of an action's object, or what stands for them where
// the tenant does not show it.
func (t *Tenant) see(ctx context.Context, d *Doctype) (snapshot doctype.Snapshot, seen bool, err error) {
	snapshot, err = t.Object(ctx, d.Object)
	if err != nil && d.spares(err) {
		return d.unseen(err), false, nil
	}
	return snapshot, err == nil, err
}

// built returns the tenant's copy of the schemas that build makes of a snapshot
// and the rest, unless they have been made before.
func (t *Tenant) built(
	a *entry, selectors map[string]string, snapshot doctype.Snapshot, rest string, build func() (*tenantSchema, error),
) (*tenantSchema, error) {
	key := keyOf(a.Info.ID, selectors)
	basis := key + "\x00" + snapshot.Digest + "\x00" + rest
	shared, err := t.memory.schemas(basis, func() (*tenantSchema, error) {
		s, err := build()
		if err == nil {
			s.etag = etagOf(s.input, s.output)
		}
		return s, err
	})
	if err != nil {
		return nil, err
	}
	if t.etags.changed(key, shared.etag) {
		t.emit(connector.SchemaChanged{Action: a.Info.ID})
	}
	s := *shared
	s.fetchedAt, s.diagnostics = snapshot.FetchedAt, slices.Concat(snapshot.Diagnostics, shared.diagnostics)
	return &s, nil
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

// build lays the fields over the static schema; closed forbids all others.
func (d *Doctype) build(
	document *schema.Document, object doctype.Object, offered map[string]*schema.Node, asked requirements, closed bool,
) (*tenantSchema, error) {
	static, err := propertyNames(document.Input(), d.At)
	if err != nil {
		return nil, err
	}
	fields := slices.DeleteFunc(doctype.Writable(object, d.Use), func(f doctype.Field) bool {
		return slices.ContainsFunc(d.Skip, func(name string) bool { return strings.EqualFold(name, f.Name) })
	})
	s := &tenantSchema{encoder: doctype.NewEncoder(fields), output: document.Output()}
	properties := s.lay(d, object, fields, static)
	maps.Copy(properties, offered)
	d.depend(properties, static)
	if err := asked.place(properties, static, closed); err != nil {
		return nil, err
	}
	if s.input, err = schema.Overlay(document.Input(), d.At, properties, closed); err != nil {
		return nil, err
	}
	if err := s.require(asked); err != nil {
		return nil, err
	}
	return s, nil
}

// lay makes the properties of a record from the fields of the object. static
// are the names that the action declares itself; it has its own short forms and
// its own rules for them.
func (s *tenantSchema) lay(d *Doctype, object doctype.Object, fields []doctype.Field, static map[string]bool) map[string]*schema.Node {
	own := slices.DeleteFunc(slices.Clone(fields), func(f doctype.Field) bool { return static[f.Name] })
	forms := doctype.ShortForms(object, own, static)
	properties := make(map[string]*schema.Node, len(fields)+len(forms))
	for i, f := range fields {
		node, diagnostics := doctype.FieldNode(f, d.Use)
		place(node, i, f)
		offer(node, f.Name)
		properties[f.Name] = node
		s.diagnostics = append(s.diagnostics, diagnostics...)
		if form, ok := forms[f.Name]; ok {
			node.Annotation.Alternatives = []string{form.Key}
			properties[form.Key] = form.Node(f)
			place(properties[form.Key], i, f)
			offer(properties[form.Key], form.Key)
			s.resolvers = append(s.resolvers, Resolver{Field: f.Name, Key: form.Key, Object: form.Object, Match: form.Match})
		}
	}
	return properties
}

// weight is about what s takes in memory, in bytes: the encoder has the options
// that the schema lists.
func (s *tenantSchema) weight() int64 {
	return 2*int64(len(s.input)) + int64(len(s.output)) + s.fields.weight()
}

// depend marks the fields that hold selectors, and takes back that the options
// of others depend on one which the record does not have.
func (d *Doctype) depend(properties map[string]*schema.Node, static map[string]bool) {
	for _, s := range d.Selectors {
		if node := properties[s.Field]; node != nil {
			node.Annotation.Selector = s.Name
		}
		if properties[s.Field] != nil || static[s.Field] {
			continue
		}
		for _, node := range properties {
			if l := node.Annotation.Lookup; l != nil {
				delete(l.DependsOn, s.Name)
			}
		}
	}
}

// offer says where the options of a field are listed that come from elsewhere:
// at its place in the input. The records of an object can be searched.
func offer(node *schema.Node, name string) {
	if l := node.Annotation.Lookup; l != nil {
		l.Pointer, l.Search = recordPattern(name), l.Object != ""
	}
}

// place says where a form shows a field of the tenant: after the fields that
// the action declares, in the tenant's order.
func place(node *schema.Node, i int, f doctype.Field) {
	const firstOrder = 100
	a := node.Annotation
	a.Order = firstOrder + i
	if f.Custom() {
		a.Group = "Custom fields"
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

package actions

import (
	"cmp"
	"context"

	"github.com/gainsight-connector/gainsight-connector/doctype"
	"github.com/gainsight-connector/gainsight-connector/schema"
)

const (
	// rowSchema is where the output schema of a list holds that of a row.
	rowSchema = "/$defs/row"
	// nameSchema is where the input schema of a list holds that of the name of a
	// field.
	nameSchema = "/$defs/fieldName"
)

// namesOf are the names that a query of an object has for its fields.
func namesOf(object doctype.Object) []schema.Option {
	options := make([]schema.Option, len(object.Fields))
	for i, f := range object.Fields {
		options[i] = schema.Option{Value: f.Name, Label: cmp.Or(f.Label, f.Name)}
	}
	return options
}

// rows returns the object whose records the action returns. Empty: none.
func (e *entry) rows() string {
	if e.List == nil {
		return e.Rows
	}
	return cmp.Or(e.Rows, e.List.Object)
}

// describeRows returns the schemas of an action that returns records, with the
// tenant's own fields in them. They describe and do not bind: rows are not held
// to them, and may have more, such as paths through lookups, and a query may
// name those as well.
func (t *Tenant) describeRows(ctx context.Context, a *entry) (*tenantSchema, error) {
	document, err := a.document()
	if err != nil {
		return nil, err
	}
	snapshot, _, err := t.see(ctx, &Doctype{Object: a.rows(), Optional: true, At: rowSchema})
	if err != nil {
		return nil, err
	}
	return t.built(a, nil, snapshot, "", func() (*tenantSchema, error) {
		s := &tenantSchema{}
		if s.input, err = schema.OfferFields(document.Input(), nameSchema, namesOf(snapshot.Object)); err != nil {
			return nil, err
		}
		properties := map[string]*schema.Node{}
		for i, f := range doctype.Writable(snapshot.Object, doctype.Read) {
			node, diagnostics := doctype.FieldNode(f, doctype.Read)
			place(node, i, f)
			properties[f.Name] = node
			s.diagnostics = append(s.diagnostics, diagnostics...)
		}
		s.output, err = schema.Overlay(document.Output(), rowSchema, properties, false)
		return s, err
	})
}

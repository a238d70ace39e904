package cockpit

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/doctype"
	"github.com/gainsight-connector/gainsight-connector/internal/nearest"
	"github.com/gainsight-connector/gainsight-connector/schema"
)

// Selectors of the CTA schemas: what the fields of a CTA depend on.
const (
	selectEntityType = "entityType"
	selectType       = "type"
)

// pseudoField is a field that takes a name where the object has an id
// (common.md, section 10).
type pseudoField struct {
	name     string
	category string
	// stored is the field of the object that it stands for.
	stored string
	// byType is set if the names depend on the type of the CTA.
	byType bool
}

// pseudoFields returns the fields whose values are the tenant's configuration.
func pseudoFields() []pseudoField {
	return []pseudoField{
		{name: "type", category: categoryType, stored: "TypeId"},
		{name: "reason", category: categoryReason, stored: "ReasonId", byType: true},
		{name: "status", category: categoryStatus, stored: "StatusId", byType: true},
		{name: "priority", category: categoryPriority, stored: "PriorityId"},
	}
}

func (f pseudoField) pointer() string { return "/records/*/" + f.name }

// names returns what the field can hold; all names if no type is selected.
func (f pseudoField) names(c configuration, selectors map[string]string) []string {
	if !f.byType {
		return c.names(f.category, "")
	}
	return c.names(f.category, selectors[selectType])
}

// doctypeOf lays the tenant's CTA fields over a record.
func doctypeOf(use doctype.Use, skip ...string) *actions.Doctype {
	for _, f := range pseudoFields() {
		skip = append(skip, f.stored)
	}
	return &actions.Doctype{
		Object: object, At: "/$defs/record", Use: use, Skip: skip,
		Selectors: []string{selectEntityType, selectType},
		Select:    selectorsOf, Offer: offer,
	}
}

// selectorsOf takes the entity type from the first record that has one.
// Records of a call share it: their configurations differ.
func selectorsOf(input map[string]any) map[string]string {
	records, _ := input["records"].([]any)
	for _, r := range records {
		record, _ := r.(map[string]any)
		if record["EntityType"] == entityRelationship {
			return map[string]string{selectEntityType: entityRelationship}
		}
	}
	return nil
}

// offer returns the pseudo-fields with the names of the tenant. A category
// that the tenant does not tell leaves its field open.
func offer(ctx context.Context, t *actions.Tenant, selectors map[string]string) (actions.Offer, error) {
	k, err := configurationOf(ctx, t, selectors)
	if err != nil {
		return actions.Offer{}, err
	}
	if err := k.checkType(selectors[selectType]); err != nil {
		return actions.Offer{}, err
	}
	return actions.Offer{
		Digest: k.digest,
		Fields: func() map[string]*schema.Node { return fieldsOf(k.configuration, selectors) },
		Check:  k.checkRecord,
	}, nil
}

// checkType refuses a selected type that the tenant does not have.
func (c configuration) checkType(ctaType string) error {
	types := c.names(categoryType, "")
	if ctaType == "" || len(types) == 0 || slices.Contains(types, ctaType) {
		return nil
	}
	return connector.Errorf(connector.ReasonInvalidInput, "selector %s: the tenant has no CTA type %q", selectType, ctaType).
		WithHint("%s", cmp.Or(nearest.Hint(ctaType, types), "The types are "+strings.Join(types, ", ")+"."))
}

// checkRecord holds the fields that depend on the type to the record's type:
// names repeat across types, so their own schemas allow those of every type.
func (c configuration) checkRecord(record map[string]any) []connector.Violation {
	ctaType, _ := record["type"].(string)
	if !slices.Contains(c.names(categoryType, ""), ctaType) {
		return nil
	}
	var violations []connector.Violation
	for _, f := range pseudoFields() {
		name, _ := record[f.name].(string)
		allowed := c.names(f.category, ctaType)
		// A name of no type at all is for the field's own schema to refuse.
		if f.byType && len(allowed) > 0 && slices.Contains(c.names(f.category, ""), name) && !slices.Contains(allowed, name) {
			violations = append(violations, connector.Violation{
				Pointer: "/" + f.name, Message: "does not go with the record's type; those that do are " + strings.Join(allowed, ", "),
			})
		}
	}
	return violations
}

func fieldsOf(c configuration, selectors map[string]string) map[string]*schema.Node {
	nodes := map[string]*schema.Node{}
	for _, f := range pseudoFields() {
		node := &schema.Node{Annotation: &schema.Annotation{
			Control: schema.ControlSelect,
			Lookup: &schema.Lookup{
				Pointer: f.pointer(), DependsOn: map[string]string{selectEntityType: "/records/*/EntityType"},
			},
			Source: &schema.Source{Kind: schema.SourceConfiguration, Object: object, Field: f.stored},
		}}
		if f.byType {
			node.Annotation.Lookup.DependsOn[selectType] = "/records/*/type"
		}
		for _, name := range f.names(c, selectors) {
			node.OneOf = append(node.OneOf, schema.Choice{Const: name, Title: name})
		}
		nodes[f.name] = node
	}
	return nodes
}

// options lists the names of every pseudo-field.
func options() map[string]actions.Choices {
	all := map[string]actions.Choices{}
	for _, f := range pseudoFields() {
		all[f.pointer()] = func(ctx context.Context, t *actions.Tenant, selectors map[string]string) ([]connector.Option, error) {
			k, err := configurationOf(ctx, t, selectors)
			if err != nil {
				return nil, err
			}
			var list []connector.Option
			for _, name := range f.names(k.configuration, selectors) {
				list = append(list, connector.Option{Value: name, Label: name})
			}
			return list, nil
		}
	}
	return all
}

package actions

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/doctype"
	"github.com/gainsight-connector/gainsight-connector/internal/nearest"
	"github.com/gainsight-connector/gainsight-connector/internal/snapshot"
	"github.com/gainsight-connector/gainsight-connector/schema"
)

// selectEntityType is the selector of the entity type; a record names its own
// in the field.
const (
	selectEntityType = "entityType"
	fieldEntityType  = "EntityType"
)

// EntityTypeOf returns the entity type that selectors name, or that of
// companies if they name none. There is no other than those of the constants.
func EntityTypeOf(selectors map[string]string) (string, error) {
	entityType := cmp.Or(selectors[selectEntityType], EntityCompany)
	if entityType != EntityCompany && entityType != EntityRelationship {
		return "", connector.Errorf(connector.ReasonInvalidInput, "selector %s: there is no entity type %q", selectEntityType, entityType).
			WithHint("The entity types are %s and %s.", EntityCompany, EntityRelationship)
	}
	return entityType, nil
}

// Configured is the fields of an object's records that take names of the
// tenant's configuration, where the object itself has ids (common.md, section
// 10).
type Configured struct {
	// Object is the API name of the object.
	Object string
	// Fields are the fields.
	Fields []ConfiguredField
	// Type is the field on whose value the names of others depend. It is a
	// selector as well.
	Type string
	// Action is the id of the action that returns the configuration.
	Action string
	// Fetch asks the tenant for the configuration of an entity type.
	Fetch func(ctx context.Context, s Session, entityType string) (Configuration, error)
}

// ConfiguredField is a field that takes a name of the tenant's configuration.
type ConfiguredField struct {
	// Name is its name in a record.
	Name string
	// Category is where in the configuration its values are.
	Category string
	// Stored is the field of the object that it stands for.
	Stored string
	// ByType is set if the names depend on the type of the record.
	ByType bool
}

// pointer is the pattern that options are asked for by.
func (f ConfiguredField) pointer() string { return recordPattern(f.Name) }

// Doctype lays the tenant's fields over a record: those of the object without
// the ones that are skipped or stored by name, and those of the configuration.
func (c Configured) Doctype(use doctype.Use, skip ...string) *Doctype {
	for _, f := range c.Fields {
		skip = append(skip, f.Stored)
	}
	return &Doctype{
		Object: c.Object, At: "/$defs/record", Use: use, Skip: skip,
		Selectors: []Selector{{selectEntityType, fieldEntityType}, {c.Type, c.Type}},
		Select:    entityTypeOf(use), Offer: c.offer, recall: c.recall,
	}
}

// Options lists the names of every field.
func (c Configured) Options() map[string]Choices {
	all := map[string]Choices{}
	for _, f := range c.Fields {
		var list Choices = func(ctx context.Context, t *Tenant, selectors map[string]string) ([]connector.Option, error) {
			k, err := c.of(ctx, t, selectors)
			if err != nil {
				return nil, err
			}
			return k.Options(f.Category, c.typeOf(f, selectors)), nil
		}
		if f.ByType {
			list = c.OfType(list)
		}
		all[f.pointer()] = list
	}
	return all
}

// OfType returns a list of what goes with the selected type, which is refused if
// the tenant does not have the type.
func (c Configured) OfType(list Choices) Choices {
	return func(ctx context.Context, t *Tenant, selectors map[string]string) ([]connector.Option, error) {
		if typeName := selectors[c.Type]; typeName != "" {
			k, err := c.of(ctx, t, selectors)
			if err != nil {
				return nil, err
			}
			if err := c.checkType(k.Configuration, typeName); err != nil {
				return nil, err
			}
		}
		return list(ctx, t, selectors)
	}
}

// names returns what a field can hold; all names if no type is selected.
func (c Configured) names(f ConfiguredField, known Configuration, selectors map[string]string) []string {
	return known.Names(f.Category, c.typeOf(f, selectors))
}

// typeOf returns the type on which the names of a field depend. Empty: they go
// with every type.
func (c Configured) typeOf(f ConfiguredField, selectors map[string]string) string {
	if !f.ByType {
		return ""
	}
	return selectors[c.Type]
}

// entityTypeOf takes the entity type from the records of a call, which share it:
// they are held to one configuration. A new record that does not say is of a
// company; one that is changed may be of either.
func entityTypeOf(use doctype.Use) func(input map[string]any) (map[string]string, error) {
	return func(input map[string]any) (map[string]string, error) {
		shared, first := "", 0
		var violations []connector.Violation
		for i, r := range recordsOf(input) {
			own, _ := r[fieldEntityType].(string)
			if r[fieldEntityType] == nil && use == doctype.Create {
				own = EntityCompany
			}
			switch {
			case own != EntityCompany && own != EntityRelationship: // not said, or for the schema to refuse
			case shared == "":
				shared, first = own, i
			case own != shared:
				violations = append(violations, connector.Violation{
					Pointer: fmt.Sprintf("/%s/%d/%s", recordsField, i, fieldEntityType),
					Message: fmt.Sprintf("is another than that of record %d; all records of one call share it, so split the call", first),
				})
			}
		}
		if len(violations) > 0 {
			return nil, connector.Invalid("the input is not valid", violations).
				WithHint("A new record that names no entity type is of a company.")
		}
		if shared == EntityRelationship {
			return map[string]string{selectEntityType: EntityRelationship}, nil
		}
		return map[string]string{}, nil
	}
}

// knownConfiguration is a configuration with a digest that changes with it.
type knownConfiguration struct {
	Configuration
	digest string
}

// of returns the configuration that selectors call for, at most five minutes
// old.
func (c Configured) of(ctx context.Context, t *Tenant, selectors map[string]string) (knownConfiguration, error) {
	entityType, err := EntityTypeOf(selectors)
	if err != nil {
		return knownConfiguration{}, err
	}
	return Fact(ctx, t, c.key(entityType), func(ctx context.Context, s Session) (knownConfiguration, error) {
		fetched, err := c.Fetch(ctx, s, entityType)
		if err != nil {
			return knownConfiguration{}, err
		}
		return known(fetched)
	})
}

func (c Configured) key(entityType string) string {
	return "configuration/" + c.Object + "/" + entityType
}

func known(c Configuration) (knownConfiguration, error) {
	text, err := json.Marshal(c)
	if err != nil {
		return knownConfiguration{}, connector.Errorf(connector.ReasonInternal, "the configuration cannot be written as JSON: %w", err)
	}
	sum := sha256.Sum256(text)
	return knownConfiguration{c, hex.EncodeToString(sum[:])}, nil
}

// recall returns what a snapshot has of the configuration for companies, with
// the key of the fact that it is. A snapshot may have none.
func (c Configured) recall(s *snapshot.Snapshot) (key string, f fact, err error) {
	saved, ok := s.Configurations[c.Action]
	if !ok {
		return "", fact{}, nil
	}
	configuration, err := ParseConfiguration(saved)
	if err != nil {
		return "", fact{}, err
	}
	k, err := known(configuration)
	return c.key(EntityCompany), factOf(k), err
}

// offer returns the fields with the names of the tenant.
func (c Configured) offer(ctx context.Context, t *Tenant, selectors map[string]string) (Offer, error) {
	k, err := c.of(ctx, t, selectors)
	if err != nil {
		return Offer{}, err
	}
	if err := c.checkType(k.Configuration, selectors[c.Type]); err != nil {
		return Offer{}, err
	}
	return Offer{
		Digest: k.digest,
		Fields: func() map[string]*schema.Node { return c.nodes(k.Configuration, selectors) },
		Check:  func(record map[string]any) []connector.Violation { return c.checkRecord(k.Configuration, record) },
	}, nil
}

// types returns the names of the tenant's types that new records can have.
func (c Configured) types(known Configuration) []string { return known.Names(c.typeCategory(), "") }

// typeCategory is where in the configuration the types are.
func (c Configured) typeCategory() string {
	for _, f := range c.Fields {
		if f.Name == c.Type {
			return f.Category
		}
	}
	return ""
}

// checkType refuses a selected type that the tenant does not have. A record may
// still be of one that is inactive.
func (c Configured) checkType(known Configuration, typeName string) error {
	types := c.types(known)
	has := func(i ConfigurationItem) bool { return i.Name == typeName }
	if typeName == "" || len(types) == 0 || slices.ContainsFunc(known[c.typeCategory()], has) {
		return nil
	}
	return connector.Errorf(connector.ReasonInvalidInput, "selector %s: the tenant has no type %q of %s", c.Type, typeName, c.Object).
		WithHint("%s", cmp.Or(nearest.Hint(typeName, types), "The types are "+strings.Join(types, ", ")+"."))
}

// checkRecord holds the fields that depend on the type to the record's type:
// names repeat across types, so their own schemas allow those of every type.
func (c Configured) checkRecord(known Configuration, record map[string]any) []connector.Violation {
	typeName, _ := record[c.Type].(string)
	if !slices.Contains(c.types(known), typeName) {
		return nil
	}
	var violations []connector.Violation
	for _, f := range c.Fields {
		name, _ := record[f.Name].(string)
		allowed := known.Names(f.Category, typeName)
		// A name of no type at all is for the field's own schema to refuse.
		if f.ByType && len(allowed) > 0 && slices.Contains(known.Names(f.Category, ""), name) && !slices.Contains(allowed, name) {
			violations = append(violations, connector.Violation{
				Pointer: "/" + f.Name, Message: "does not go with the record's type; those that do are " + strings.Join(allowed, ", "),
			})
		}
	}
	return violations
}

// nodes makes the fields. A category that the tenant does not tell leaves its
// field open.
func (c Configured) nodes(known Configuration, selectors map[string]string) map[string]*schema.Node {
	nodes := map[string]*schema.Node{}
	for _, f := range c.Fields {
		node := &schema.Node{Annotation: &schema.Annotation{
			Control: schema.ControlSelect,
			Lookup: &schema.Lookup{
				Pointer: f.pointer(), DependsOn: map[string]string{selectEntityType: recordPattern(fieldEntityType)},
			},
			Source: &schema.Source{Kind: schema.SourceConfiguration, Object: c.Object, Field: f.Stored},
		}}
		if f.ByType {
			node.Annotation.Lookup.DependsOn[c.Type] = recordPattern(c.Type)
		}
		for _, name := range c.names(f, known, selectors) {
			node.OneOf = append(node.OneOf, schema.Choice{Const: name, Title: name})
		}
		for _, o := range known.Options(f.Category, c.typeOf(f, selectors)) {
			if o.Inactive {
				node.Annotation.Options = append(node.Annotation.Options, schema.Option{Value: o.Value, Label: o.Label, Inactive: true})
			}
		}
		nodes[f.Name] = node
	}
	return nodes
}

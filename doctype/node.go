package doctype

import (
	"fmt"
	"slices"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/schema"
)

// FieldNode returns the schema of a field and what should be said about it.
//
// Decisions where the vendor is silent or contradicts itself:
//   - maxLength is set for STRING, EMAIL and URL. For ids, lookups and
//     picklists the metadata give the length of the column, and for rich text
//     two different ones (data_management.md, dataType values).
//   - A GSID has no pattern: the one that fits every sample is inferred
//     (common.md, GSIDs).
//   - A URL has no format, since addresses without a scheme may be good.
//   - Numbers have no multipleOf: the vendor reports 0 decimals for much that
//     has some. The annotation tells the decimals.
//   - For [Read] nothing is constrained but the type and the form of dates,
//     those that a [Column] gives, since stored records hold inactive options
//     and ids that have no label.
//   - The metadata require a field of a record that is created. An update
//     leaves what it does not name, so that there the flag says what must not
//     be emptied, which the type does.
//   - An unknown type is a string and gives a diagnostic.
func FieldNode(f Field, use Use) (*schema.Node, []connector.Diagnostic) {
	node := &schema.Node{
		Title:       f.Label,
		Description: f.Description,
		ReadOnly:    use == Read && f.ReadOnly,
		Annotation: &schema.Annotation{
			Label:  f.Label,
			Custom: f.Custom(),
			Source: &schema.Source{Kind: schema.SourceMetadata, Object: f.Object, Field: f.Name, ID: f.ID},
		},
	}
	if use == Create {
		node.Annotation.Required = &schema.Required{Metadata: &f.Required}
	}
	if use != Read {
		if f.Required || f.NameField {
			node.Annotation.Visibility = schema.VisibilityImportant
		}
	}
	known := f.constrain(node, use)
	if f.nullable(use) {
		allowNull(node)
	}
	if use == Create && node.Default == nil {
		node.Default = f.defaultValue(node.Type)
	}
	if known {
		return node, nil
	}
	return node, []connector.Diagnostic{{
		Severity: connector.SeverityWarning,
		Summary:  fmt.Sprintf("field %s of object %s has the unknown type %q and is treated as text", f.Name, f.Object, f.DataType),
	}}
}

// constrain sets what follows from the data type and reports whether it is
// known (data_management.md, dataType values).
func (f Field) constrain(node *schema.Node, use Use) bool {
	a := node.Annotation
	set := func(jsonType string, control schema.Control) {
		node.Type, a.Control = schema.Types{jsonType}, control
	}
	set(schema.TypeString, schema.ControlText)
	switch f.DataType {
	case "STRING":
		node.MaxLength = f.maxLength(use)
	case "EMAIL":
		set(schema.TypeString, schema.ControlEmail)
		node.MaxLength = f.maxLength(use)
		node.Format = f.format(use, "email")
	case "URL":
		set(schema.TypeString, schema.ControlURL)
		node.MaxLength = f.maxLength(use)
	case "RICHTEXTAREA":
		a.Control = schema.ControlRichText
	case "BOOLEAN", "JSONBOOLEAN":
		set(schema.TypeBoolean, schema.ControlCheckbox)
	case "NUMBER", "PERCENTAGE", "CURRENCY", "PERCENT", "SCORE", "DOUBLE", "JSONNUMBER":
		set(schema.TypeNumber, schema.ControlNumber)
		a.Decimals = f.Decimals
	case "INTEGER", "LONG":
		set(schema.TypeInteger, schema.ControlNumber)
	case "DATE":
		set(schema.TypeString, schema.ControlDate)
		node.Format = "date"
	case "DATETIME", "TIMESTAMP":
		set(schema.TypeString, schema.ControlDateTime)
		node.Format = "date-time"
	case "SFDCID":
		if use != Read {
			node.Pattern = "^([0-9A-Za-z]{15}|[0-9A-Za-z]{18})$"
		}
	case "GSID", "LOOKUP", "WHOID", "WHATID":
		f.lookup(node)
	case "PICKLIST":
		a.Control = schema.ControlSelect
		f.picklist(node, node, use)
	case "MULTISELECTDROPDOWNLIST":
		f.multiSelect(node, use)
	case "JSON":
		node.Type, a.Control = nil, schema.ControlJSON
	case "ARRAY":
		set(schema.TypeArray, schema.ControlJSON)
	case "JSONSTRING", "CONTEXT":
	case "IMAGE":
		node.ReadOnly = true
	default:
		return false
	}
	return true
}

func (f Field) maxLength(use Use) int {
	if use == Read {
		return 0
	}
	return f.Length
}

func (f Field) format(use Use, format string) string {
	if use == Read {
		return ""
	}
	return format
}

// lookup names the object to look in. Of several it takes the first, as live
// clients do; a lookup without one is text (data_management.md, LIVE).
func (f Field) lookup(node *schema.Node) {
	if f.Lookup == nil || len(f.Lookup.Objects) == 0 {
		return
	}
	node.Annotation.Control = schema.ControlLookup
	node.Annotation.Lookup = &schema.Lookup{Object: f.Lookup.Objects[0]}
}

// picklist puts the active options into values, which is the field's node or
// that of its items, and what else there is to say into the annotation. If
// there are no active options, values are not restricted.
func (f Field) picklist(node, values *schema.Node, use Use) {
	a := node.Annotation
	a.Dependent, a.Controller = f.DependentPicklist || f.Controller != "", f.Controller
	if len(f.Options) == 0 && f.CategoryID != "" {
		a.Lookup = &schema.Lookup{Category: f.CategoryID}
	}
	var chosen []any
	for _, o := range f.Options {
		listed := o.Active && use != Read
		if listed {
			values.OneOf = append(values.OneOf, schema.Choice{Const: o.Value, Title: o.Label})
		}
		if !listed || len(o.ControllerValues) > 0 {
			a.Options = append(a.Options, schema.Option{
				Value: o.Value, Label: o.Label, Inactive: !o.Active, ControllerValues: slices.Clone(o.ControllerValues),
			})
		}
		if listed && o.Default && use == Create && len(o.ControllerValues) == 0 { // else it may not go with the rest
			chosen = append(chosen, o.Value)
		}
	}
	switch {
	case len(chosen) == 0:
	case node == values:
		node.Default = chosen[0]
	default:
		node.Default = chosen
	}
}

func (f Field) multiSelect(node *schema.Node, use Use) {
	node.Annotation.Control = schema.ControlMultiSelect
	node.Annotation.Encoding = schema.EncodingSemicolon
	items := &schema.Node{Type: schema.Types{schema.TypeString}}
	f.picklist(node, items, use)
	node.Type, node.Items = schema.Types{schema.TypeArray}, items
}

func allowNull(node *schema.Node) {
	if len(node.Type) > 0 {
		node.Type = append(node.Type, schema.TypeNull)
	}
	if len(node.OneOf) > 0 {
		node.OneOf = append(node.OneOf, schema.Choice{Const: nil, Title: "(none)"})
	}
}

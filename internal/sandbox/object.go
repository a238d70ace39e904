package sandbox

import (
	"encoding/json"
	"strings"
)

// An object is one object type of the tenant's data model.
type object struct {
	name      string // API name, lower case as the vendor lists it
	label     string
	plural    string
	kind      string // STANDARD, CUSTOM or SYSTEM
	keyPrefix string // "" when the vendor leaves it out
	fields    []*field
	pseudo    map[string]string // columns of dialect 2 that stand for a path
	described json.RawMessage   // of a twin: what a description says in place of the fields
	byName    map[string]*field // lower-case name
	byLabel   map[string]*field // lower-case label
	byLookup  map[string]*field // lower-case lookup name
}

// A field is one field of an object. Its zero flags describe an ordinary
// custom field: optional, createable, updateable, filterable.
type field struct {
	name     string
	label    string
	dataType string
	group    string // CUSTOM, STANDARD or SYSTEM
	help     string // description
	length   int    // 0: meta has no length
	decimals int

	readOnly     bool
	notOnUpdate  bool // createable only
	required     bool
	enforced     bool // mandatory on write although required is false
	claimed      bool // required in the metadata, and not on write
	hidden       bool
	indexed      bool
	nameField    bool
	defaultValue string

	category    *category // picklists
	bareOptions bool      // describe gives options [] although the category has items
	controller  *field    // dependent picklists

	lookup     string // name of the looked-up object
	bareLookup bool   // lookupDetail has no lookupObjects
}

// Data types (data_management.md, dataType values) that have rules of their
// own.
const (
	typeString      = "STRING"
	typeRichText    = "RICHTEXTAREA"
	typeBoolean     = "BOOLEAN"
	typeNumber      = "NUMBER"
	typePercentage  = "PERCENTAGE"
	typeCurrency    = "CURRENCY"
	typeDate        = "DATE"
	typeDateTime    = "DATETIME"
	typeGSID        = "GSID"
	typeSFDCID      = "SFDCID"
	typeEmail       = "EMAIL"
	typeURL         = "URL"
	typeLookup      = "LOOKUP"
	typePicklist    = "PICKLIST"
	typeMultiSelect = "MULTISELECTDROPDOWNLIST"
	typeJSON        = "JSON"
	typeJSONString  = "JSONSTRING"
	typeJSONNumber  = "JSONNUMBER"
	typeJSONBoolean = "JSONBOOLEAN"
)

// lookupName is the first part of a dotted path through the field: the field's
// own name plus __gr, which replaces __gc (common.md 7.3, DOC2).
func (f *field) lookupName() string {
	return strings.TrimSuffix(f.name, "__gc") + "__gr"
}

// filterable is false for rich text (data_management.md, LIVE) and JSON
// (INFERRED).
func (f *field) filterable() bool {
	switch f.dataType {
	case typeRichText, typeJSON, typeJSONString, typeJSONNumber, typeJSONBoolean:
		return false
	default:
		return true
	}
}

// sortable is false for multi-selects too (data_management.md, LIVE).
func (f *field) sortable() bool {
	return f.filterable() && f.dataType != typeMultiSelect
}

// A schema is the data model of a tenant. It does not change.
type schema struct {
	objects    []*object
	byName     map[string]*object // lower case
	categories map[string]*category
	numberType string // of NUMBER fields in the metadata; empty: that
}

func newSchema(objects []*object, categories []*category) *schema {
	s := &schema{
		objects:    objects,
		byName:     make(map[string]*object, len(objects)),
		categories: make(map[string]*category, len(categories)),
	}
	for _, o := range objects {
		s.byName[o.name] = o
	}
	for _, c := range categories {
		s.categories[c.gsid] = c
	}
	return s
}

// object finds an object in any case (common.md 7.4: Person, company and
// Activity_Timeline are all used live).
func (s *schema) object(name string) *object {
	return s.byName[strings.ToLower(name)]
}

// index makes the fields of an object findable.
func (o *object) index() {
	o.byName = make(map[string]*field, len(o.fields))
	o.byLabel = make(map[string]*field, len(o.fields))
	o.byLookup = map[string]*field{}
	for _, f := range o.fields {
		o.byName[strings.ToLower(f.name)] = f
		o.byLabel[strings.ToLower(f.label)] = f
		if f.lookup != "" && !f.bareLookup {
			o.byLookup[strings.ToLower(f.lookupName())] = f
		}
	}
}

// canonical spells the keys of values that name a field as the field does;
// others stay.
func (o *object) canonical(values map[string]any) map[string]any {
	out := make(map[string]any, len(values))
	for key, v := range values {
		if f := o.field(key); f != nil {
			key = f.name
		}
		out[key] = v
	}
	return out
}

// field finds a field by name in any case (common.md 7.4, INFERRED).
func (o *object) field(name string) *field {
	return o.byName[strings.ToLower(name)]
}

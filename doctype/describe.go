package doctype

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

// ParseDescribe reads the data of a describe reply: a list of objects, or one
// (data_management.md, Describe payload). It takes what it finds: unknown keys
// are skipped, missing ones have the defaults that [Field] documents, booleans
// and numbers may be JSON strings. What cannot be understood becomes a
// diagnostic, and the rest of the field stays. A field is lost only if it has
// no name.
//
// The error is a [connector.Error] with [connector.ReasonDownstreamContract]:
// data is neither a list nor an object.
func ParseDescribe(data json.RawMessage) ([]Object, []connector.Diagnostic, error) {
	var list []json.RawMessage
	if err := json.Unmarshal(data, &list); err != nil || list == nil {
		if !isObject(data) {
			return nil, nil, connector.Errorf(connector.ReasonDownstreamContract,
				"the tenant described its objects with something that is no list of objects")
		}
		list = []json.RawMessage{data}
	}
	d := describe{copies: copies{}, categories: map[string][]Option{}}
	objects := make([]Object, 0, len(list))
	for i, raw := range list {
		if o, ok := d.object(fmt.Sprintf("/%d", i), raw); ok {
			objects = append(objects, o)
		}
	}
	return objects, d.diagnostics, nil
}

func isObject(data json.RawMessage) bool {
	return json.Valid(data) && bytes.HasPrefix(bytes.TrimSpace(data), []byte("{"))
}

// describe is the reading of one payload: the remarks on it, and what it says
// more than once, which the objects share.
type describe struct {
	diagnostics []connector.Diagnostic
	copies      copies
	categories  map[string][]Option // options by category
}

func (d *describe) warnf(pointer, format string, args ...any) {
	d.diagnostics = append(d.diagnostics, connector.Diagnostic{
		Severity: connector.SeverityWarning, Summary: fmt.Sprintf(format, args...), Pointer: pointer,
	})
}

// done reports what m did not understand.
func (d *describe) done(what string, m *members) {
	for _, key := range m.malformed {
		d.warnf(m.pointer+"/"+key, "%s: %s is malformed and was ignored", what, key)
	}
}

func (d *describe) object(pointer string, raw json.RawMessage) (Object, bool) {
	m, ok := newMembers(pointer, raw, d.copies)
	if !ok {
		d.warnf(pointer, "an entry of the object list is no object and was skipped")
		return Object{}, false
	}
	o := Object{
		Name:        m.text("objectName"),
		Label:       m.text("label"),
		LabelPlural: m.text("labelPlural"),
		Type:        m.text("objectType"),
		KeyPrefix:   m.text("keyPrefix"),
		Description: m.text("description"),
		Readable:    m.flag("readable", true),
		Createable:  m.flag("createable", true),
	}
	fields := m.list("fields")
	o.Fields = make([]Field, 0, len(fields))
	for i, raw := range fields {
		if f, ok := d.field(fmt.Sprintf("%s/fields/%d", pointer, i), o.Name, raw); ok {
			o.Fields = append(o.Fields, f)
		}
	}
	for i, f := range o.Fields {
		o.Fields[i].Controller = controllerOf(f, o.Fields)
	}
	if o.Name == "" {
		d.warnf(pointer, "an object has no name")
	}
	d.done("object "+o.Name, m)
	return o, true
}

func (d *describe) field(pointer, object string, raw json.RawMessage) (Field, bool) {
	m, ok := newMembers(pointer, raw, d.copies)
	if !ok || m.text("fieldName") == "" {
		d.warnf(pointer, "a field of object %s has no name and was skipped", object)
		return Field{}, false
	}
	f := Field{
		Object: object, Name: m.text("fieldName"), ID: cmp.Or(m.text("fieldId"), m.text("id")), Label: m.text("label"),
		DataType: strings.ToUpper(m.text("dataType")),
	}
	if f.Object == "" {
		f.Object = m.text("objectName")
	}
	if f.Label == "" {
		f.Label = f.Name
	}
	what := "field " + f.Name
	f.Options = d.options(what, m)
	meta := m.inner("meta")
	f.Meta = readMeta(meta)
	properties := meta.inner("properties")
	f.CategoryID = properties.text("PICKLIST_CATEGORY_ID")
	f.Options = d.shared(f)
	lookup := meta.inner("lookupDetail")
	f.Lookup = d.lookup(what, lookup)
	for _, m := range []*members{m, meta, properties, lookup} {
		d.done(what, m)
	}
	return f, true
}

func readMeta(m *members) Meta {
	return Meta{
		Description:       m.text("description"),
		Group:             m.text("fieldGroupType"),
		Length:            m.countOr("length", 0),
		Decimals:          m.count("decimalPlaces"),
		Createable:        m.flag("createable", true),
		Updateable:        m.flag("updateable", true),
		Required:          m.flag("required", false),
		Default:           m.text("defaultValue"),
		Nillable:          m.flag("nillable", false),
		ReadOnly:          m.flag("readOnly", false),
		Hidden:            m.flag("hidden", false),
		Formula:           m.flag("formulaField", false),
		NameField:         m.flag("nameField", false),
		DependentPicklist: m.flag("dependentPicklist", false),
		Filterable:        m.flag("filterable", false),
		Sortable:          m.flag("sortable", false),
		Groupable:         m.flag("groupable", false),
	}
}

// options reads the options, in their order. One without a value cannot be
// chosen, and of two with the same value the first counts.
func (d *describe) options(what string, field *members) []Option {
	listed := field.list("options")
	if len(listed) == 0 {
		return nil
	}
	options := make([]Option, 0, len(listed))
	seen := map[string]bool{}
	for i, raw := range listed {
		pointer := fmt.Sprintf("%s/options/%d", field.pointer, i)
		m, ok := newMembers(pointer, raw, d.copies)
		if !ok {
			d.warnf(pointer, "%s: an option is no object and was skipped", what)
			continue
		}
		o := Option{
			Value:            m.text("value"),
			Label:            m.text("label"),
			SystemName:       m.text("systemName"),
			Active:           m.flag("active", true),
			Default:          m.flag("defaultValue", false),
			ControllerValues: m.texts("controllerValues"),
		}
		if o.Label == "" {
			o.Label = o.Value
		}
		d.done(what, m)
		if o.Value == "" || seen[o.Value] {
			d.warnf(pointer, "%s: an option has no value of its own and was skipped", what)
			continue
		}
		seen[o.Value] = true
		options = append(options, o)
	}
	return options
}

// shared returns the options of f, in the copy of another field of its category
// if they are the same.
func (d *describe) shared(f Field) []Option {
	if f.CategoryID == "" || len(f.Options) == 0 {
		return f.Options
	}
	if known, ok := d.categories[f.CategoryID]; ok && slices.EqualFunc(known, f.Options, Option.equal) {
		return known
	}
	d.categories[f.CategoryID] = f.Options
	return f.Options
}

func (d *describe) lookup(what string, m *members) *Lookup {
	if m.empty() {
		return nil
	}
	l := &Lookup{Name: m.text("lookupName"), Field: m.text("fieldName")}
	for i, raw := range m.list("lookupObjects") {
		pointer := fmt.Sprintf("%s/lookupObjects/%d", m.pointer, i)
		target, ok := newMembers(pointer, raw, d.copies)
		if !ok || target.text("objectName") == "" {
			d.warnf(pointer, "%s: an object of the lookup has no name and was skipped", what)
			continue
		}
		l.Objects = append(l.Objects, target.text("objectName"))
	}
	return l
}

// controllerOf returns the name of the field that controls f.
func controllerOf(f Field, fields []Field) string {
	var wanted []string
	for _, o := range f.Options {
		wanted = append(wanted, o.ControllerValues...)
	}
	if len(wanted) == 0 {
		return ""
	}
	var found []string
	for _, other := range fields {
		if other.Name != f.Name && other.offers(wanted) {
			found = append(found, other.Name)
		}
	}
	if len(found) != 1 {
		return ""
	}
	return found[0]
}

// offers reports whether all values are options of f.
func (f Field) offers(values []string) bool {
	offered := make(map[string]bool, len(f.Options))
	for _, o := range f.Options {
		offered[o.Value] = true
	}
	return !slices.ContainsFunc(values, func(v string) bool { return !offered[v] })
}

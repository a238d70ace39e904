package doctype

import (
	"strings"
)

// Encoder rewrites records of one object between the form that its schema has
// and the one that the vendor takes. It is safe for concurrent use, on
// different records.
//
// Names of fields are matched exactly: one in the wrong case stays as it is,
// and the check against the schema says so.
type Encoder struct {
	fields map[string]fieldCodec
}

type fieldCodec struct {
	values map[string]bool   // the options' values
	labels map[string]string // lower-case label to value, where it is one
	names  map[string]string // value to label
	multi  bool
}

// NewEncoder returns the encoder for records with these fields.
func NewEncoder(fields []Field) *Encoder {
	e := &Encoder{fields: map[string]fieldCodec{}}
	for _, f := range fields {
		multi := f.DataType == "MULTISELECTDROPDOWNLIST"
		if multi || f.DataType == "PICKLIST" {
			values, labels := vocabulary(f.Options)
			names := make(map[string]string, len(f.Options))
			for _, o := range f.Options {
				names[o.Value] = o.Label
			}
			e.fields[f.Name] = fieldCodec{values, labels, names, multi}
		}
	}
	return e
}

// vocabulary returns all values, and the values by label in lower case. A
// label that two active options share stands for neither.
func vocabulary(options []Option) (map[string]bool, map[string]string) {
	values := make(map[string]bool, len(options))
	labels := make(map[string]string, len(options))
	shared := map[string]bool{}
	for _, o := range options {
		values[o.Value] = true
		if !o.Active {
			continue
		}
		label := strings.ToLower(o.Label)
		if _, taken := labels[label]; taken {
			shared[label] = true
		}
		labels[label] = o.Value
	}
	for label := range shared {
		delete(labels, label)
	}
	return values, labels
}

// Record replaces, in rec itself, the labels of picklist options by their
// values: of active options, regardless of case, if the label is the only one
// of its kind and is not itself a value. Everything else stays. Call it before
// the record is checked against the schema.
func (e *Encoder) Record(rec map[string]any) { e.replace(rec, fieldCodec.value) }

// replace replaces every option in rec.
func (e *Encoder) replace(rec map[string]any, by func(fieldCodec, any) any) {
	for name, v := range rec {
		codec, ok := e.fields[name]
		if !ok {
			continue
		}
		if items, ok := v.([]any); ok && codec.multi {
			for i, item := range items {
				items[i] = by(codec, item)
			}
			continue
		}
		rec[name] = by(codec, v)
	}
}

func (c fieldCodec) value(v any) any {
	s, ok := v.(string)
	if !ok || c.values[s] {
		return v
	}
	if value, ok := c.labels[strings.ToLower(s)]; ok {
		return value
	}
	return v
}

// Labels replaces, in rec itself, the values of picklist options by their
// labels, for an API that takes those. Call it after the record was checked and
// before [Encoder.Wire].
func (e *Encoder) Labels(rec map[string]any) { e.replace(rec, fieldCodec.label) }

func (c fieldCodec) label(v any) any {
	s, ok := v.(string)
	if label, known := c.names[s]; ok && known {
		return label
	}
	return v
}

// Wire replaces, in rec itself, the arrays of multi-select fields by the
// string that the vendor stores: the values joined by semicolons
// (data_management.md, dataType values); an empty array by null. An array with anything but strings
// stays as it is. Call it after the record was checked.
func (e *Encoder) Wire(rec map[string]any) {
	for name, v := range rec {
		if !e.fields[name].multi {
			continue
		}
		if joined, ok := join(v); ok {
			rec[name] = joined
		}
	}
}

func join(v any) (joined any, ok bool) {
	items, ok := v.([]any)
	if !ok {
		return nil, false
	}
	if len(items) == 0 {
		return nil, true
	}
	texts := make([]string, len(items))
	for i, item := range items {
		if texts[i], ok = item.(string); !ok {
			return nil, false
		}
	}
	return strings.Join(texts, ";"), true
}

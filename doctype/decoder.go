package doctype

import (
	"encoding/json"
	"strings"
)

// Decoder turns rows of one object into the form that a flow sees: their values
// as [Column] says, under the names that were asked for. It is the way back of
// an [Encoder] and safe for concurrent use.
type Decoder struct {
	fields   map[string]Column // by folded name, or label
	selected map[string]selection
}

// selection is a column that was asked for.
type selection struct {
	Column
	name string
}

// NewDecoder returns the decoder of rows that may have any of these fields.
func NewDecoder(fields []Field) *Decoder {
	d := &Decoder{fields: make(map[string]Column, 2*len(fields))}
	for _, f := range fields {
		d.fields[fold(f.Label)] = NewColumn(f) // some lists take labels (common.md, section 7.4)
	}
	for _, f := range fields {
		d.fields[fold(f.Name)] = NewColumn(f)
	}
	return d
}

// Column returns the column of a field, whatever the case of its name. Of a
// field that is not known it is one that changes nothing.
func (d *Decoder) Column(name string) Column { return d.fields[fold(name)] }

// Select returns a decoder that also knows paths through lookups, by the
// columns that they lead to. Its rows have the names that were asked for, the
// paths among them: an API may answer in another case (open question 29).
func (d *Decoder) Select(names []string, paths map[string]Column) *Decoder {
	s := &Decoder{fields: d.fields, selected: make(map[string]selection, len(names))}
	for _, name := range names {
		column, path := paths[name]
		if !path {
			column = d.Column(name)
		}
		s.selected[fold(name)] = selection{column, name}
		s.selected[name] = selection{column, name} // asked for twice, in two cases
	}
	return s
}

// Row appends a row, which is a JSON object, to dst. Names of values that do not
// fit their fields go to misfit; they stay as they came. What is no object is
// appended as it is.
func (d *Decoder) Row(dst []byte, row json.RawMessage, misfit func(name string)) []byte {
	r := rowReader{text: row}
	before := len(dst)
	dst = append(dst, '{')
	for first := true; ; first = false {
		name, value, more := r.member()
		switch {
		case r.broken:
			return append(dst[:before], row...)
		case !more:
			return append(dst, '}')
		case !first:
			dst = append(dst, ',')
		}
		column, asked := d.named(name)
		if asked == "" {
			dst = append(dst, name...)
		} else {
			dst = appendQuoted(dst, []byte(asked))
		}
		var fits bool
		if dst, fits = column.Append(append(dst, ':'), value); !fits {
			text, _ := unquoted(name)
			misfit(string(text))
		}
	}
}

// named returns the column of a name, which is a JSON string, and the name that
// was asked for. Empty: it was not.
func (d *Decoder) named(quoted []byte) (Column, string) {
	name, ok := unquoted(quoted)
	if !ok {
		return Column{}, ""
	}
	if s, ok := d.selected[string(name)]; ok {
		return s.Column, s.name
	}
	folded := fold(string(name))
	if s, ok := d.selected[folded]; ok {
		return s.Column, s.name
	}
	return d.fields[folded], ""
}

// fold makes names comparable that differ in case alone.
func fold(name string) string { return strings.ToLower(name) }

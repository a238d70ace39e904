package doctype

import (
	"bytes"
	"encoding/json"
	"strings"
)

// Column turns the values of one field, in whatever form the tenant gives them,
// into the one that a flow sees:
//
//   - a date is 2026-12-15, a date with time 2026-12-15T08:30:00.000Z, always
//     in UTC and cut to milliseconds;
//   - an option of a picklist is its label, or its id if other options share
//     the label or the metadata do not have the option;
//   - a choice of several options is an array;
//   - a boolean is true or false, also where the tenant has 0, 1 or text;
//   - a number has the digits that the tenant gave it;
//   - what is empty is null, but for text;
//   - everything else, rich text among it, stays as it is.
//
// The zero value changes nothing. A column is safe for concurrent use.
type Column struct {
	kind   kind
	labels map[string][]byte // JSON strings, of an option's value
	times  Times
}

// kind is what becomes of values.
type kind int

const (
	kindAny kind = iota
	kindDate
	kindMoment
	kindBoolean
	kindNumber
	kindChoice
	kindChoices
)

// NewColumn returns the column of a field.
func NewColumn(f Field) Column {
	switch f.DataType {
	case "DATE":
		return Column{kind: kindDate, times: f.times()}
	case "DATETIME", "TIMESTAMP":
		return Column{kind: kindMoment, times: f.times()}
	case "BOOLEAN", "JSONBOOLEAN":
		return Column{kind: kindBoolean}
	case "NUMBER", "PERCENTAGE", "CURRENCY", "PERCENT", "SCORE", "DOUBLE", "JSONNUMBER", "INTEGER", "LONG":
		return Column{kind: kindNumber}
	case "PICKLIST":
		return Column{kind: kindChoice, labels: telling(f.Options)}
	case "MULTISELECTDROPDOWNLIST":
		return Column{kind: kindChoices, labels: telling(f.Options)}
	}
	return Column{}
}

func (f Field) times() Times {
	if f.Times == nil {
		return Times{}
	}
	return *f.Times
}

// telling returns the labels by value, of those options that an [Encoder] finds
// by their label again: no other has it, as its label or as its value.
func telling(options []Option) map[string][]byte {
	values, owners := map[string]bool{}, map[string]int{}
	for _, o := range options {
		values[o.Value] = true
		owners[strings.ToLower(o.Label)]++
	}
	labels := make(map[string][]byte, len(options))
	for _, o := range options {
		if owners[strings.ToLower(o.Label)] == 1 && !values[o.Label] {
			labels[o.Value] = appendQuoted(nil, []byte(o.Label))
		}
	}
	return labels
}

// dated reports whether the values are dates, with or without a time.
func (c Column) dated() bool { return c.kind == kindDate || c.kind == kindMoment }

// Append appends a JSON value of the field to dst, in the flow's form. It
// reports false for a value that does not fit the field's type, which is
// appended as it came.
func (c Column) Append(dst, value []byte) ([]byte, bool) {
	if c.kind == kindAny || len(value) == 0 {
		return append(dst, value...), true
	}
	switch value[0] {
	case 'n':
		return append(dst, value...), true
	case '"':
		text, ok := unquoted(value)
		if !ok {
			return append(dst, value...), false
		}
		return c.AppendText(dst, text)
	case '[':
		if c.kind == kindChoices {
			return c.appendList(dst, value)
		}
	case 't', 'f':
		return append(dst, value...), c.kind == kindBoolean
	case '{':
	default:
		return c.appendNumber(dst, value)
	}
	return append(dst, value...), false
}

// appendNumber appends a JSON number.
func (c Column) appendNumber(dst, value []byte) ([]byte, bool) {
	if c.dated() || c.kind == kindBoolean {
		if out, ok := c.appendKnown(dst, value); ok {
			return out, true
		}
	}
	return append(dst, value...), c.kind == kindNumber
}

// AppendText is [Column.Append] for a value that comes as text, such as a cell
// of an export. What does not fit is appended as a JSON string.
func (c Column) AppendText(dst, text []byte) ([]byte, bool) {
	if len(text) == 0 && c.kind != kindAny {
		return append(dst, "null"...), true
	}
	if out, ok := c.appendKnown(dst, text); ok {
		return out, true
	}
	return appendQuoted(dst, text), c.kind == kindAny
}

// appendKnown appends what text means to the column. If it means nothing, dst
// comes back as it was.
func (c Column) appendKnown(dst, text []byte) ([]byte, bool) {
	before := len(dst)
	ok := false
	switch c.kind {
	case kindDate:
		dst, ok = c.times.appendDate(append(dst, '"'), text)
		dst = append(dst, '"')
	case kindMoment:
		dst, ok = c.times.appendMoment(append(dst, '"'), text)
		dst = append(dst, '"')
	case kindBoolean:
		dst, ok = appendBoolean(dst, text)
	case kindNumber:
		if ok = isNumber(text); ok {
			dst = append(dst, text...)
		}
	case kindChoice:
		dst, ok = c.appendOption(dst, text), true
	case kindChoices:
		dst, ok = c.appendSplit(dst, text), true
	case kindAny:
	}
	if !ok {
		dst = dst[:before]
	}
	return dst, ok
}

func appendBoolean(dst, text []byte) ([]byte, bool) {
	switch {
	case string(text) == "1", bytes.EqualFold(text, []byte("true")):
		return append(dst, "true"...), true
	case string(text) == "0", bytes.EqualFold(text, []byte("false")):
		return append(dst, "false"...), true
	}
	return dst, false
}

func (c Column) appendOption(dst, value []byte) []byte {
	if label, ok := c.labels[string(value)]; ok {
		return append(dst, label...)
	}
	return appendQuoted(dst, value)
}

// appendSplit appends options joined by semicolons (common.md, section 12,
// LIVE) as an array, or those of an array within text, as a cell of an export
// may have it.
func (c Column) appendSplit(dst, text []byte) []byte {
	if text[0] == '[' {
		if out, ok := c.appendList(dst, text); ok {
			return out
		}
	}
	dst = append(dst, '[')
	start := len(dst)
	for option := range bytes.SplitSeq(text, []byte(";")) {
		if option = bytes.TrimSpace(option); len(option) == 0 {
			continue
		}
		if len(dst) > start {
			dst = append(dst, ',')
		}
		dst = c.appendOption(dst, option)
	}
	return append(dst, ']')
}

// appendList appends an array of options. What is no string in it stays.
func (c Column) appendList(dst, value []byte) ([]byte, bool) {
	var items []json.RawMessage
	if json.Unmarshal(value, &items) != nil {
		return append(dst, value...), false
	}
	dst, fits := append(dst, '['), true
	for i, item := range items {
		if i > 0 {
			dst = append(dst, ',')
		}
		if text, ok := unquoted(item); ok {
			dst = c.appendOption(dst, text)
			continue
		}
		dst, fits = append(dst, item...), false
	}
	return append(dst, ']'), fits
}

// unquoted returns the text of a JSON string.
func unquoted(value []byte) ([]byte, bool) {
	if len(value) < 2 || value[0] != '"' {
		return nil, false
	}
	if bytes.IndexByte(value, '\\') < 0 {
		return value[1 : len(value)-1], true
	}
	var s string
	err := json.Unmarshal(value, &s)
	return []byte(s), err == nil
}

package doctype

import "strings"

// Use is what a schema is for.
type Use int

// The uses.
const (
	// Create is the input of a call that makes records.
	Create Use = iota
	// Update is the input of a call that changes records.
	Update
	// Read is the output of a call that returns records.
	Read
)

// Writable returns the fields of o that a form for use shows, in the order of
// the object. Hidden fields are left out, and for [Create] and [Update] also
// those that are read only, computed, or not createable or updateable.
func Writable(o Object, use Use) []Field {
	var fields []Field
	for _, f := range o.Fields {
		if f.writable(use) {
			fields = append(fields, f)
		}
	}
	return fields
}

func (f Field) writable(use Use) bool {
	switch {
	case f.Hidden:
		return false
	case use == Read:
		return true
	case f.ReadOnly, f.Formula, f.DataType == "IMAGE":
		return false
	case use == Create:
		return f.Createable
	}
	return f.Updateable
}

// Custom reports whether the tenant's administrator made the field: by its
// group, or by its name, which ends with __gc, or for activities has the form
// Ant__Name__c (common.md, section 10).
func (f Field) Custom() bool {
	name := strings.ToLower(f.Name)
	return strings.EqualFold(f.Group, "CUSTOM") || strings.HasSuffix(name, "__gc") ||
		strings.HasPrefix(name, "ant__") && strings.HasSuffix(name, "__c")
}

// nullable reports whether the schema allows null: what was read may always be
// empty, and an update may empty what the metadata call nillable, but no key.
func (f Field) nullable(use Use) bool {
	if use == Update {
		return f.Nillable && !f.Required && f.DataType != "GSID" && !strings.EqualFold(f.Name, "Gsid")
	}
	return use == Read
}

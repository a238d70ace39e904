package schema

import (
	"cmp"
	"fmt"
)

// Change is one difference between two schemas of the same thing.
type Change struct {
	// Kind says what happened.
	Kind ChangeKind `json:"kind"`
	// Pointer is the JSON Pointer of the value in an instance, with "*" for any
	// array index, by the names of the older schema if that has the field. A
	// change from [Fingerprint.Affected] has the place in the input instead.
	Pointer string `json:"pointer"`
	// Label is what the field is called for people. Empty: not known.
	Label string `json:"label,omitempty"`
	// Field is the vendor's name of the field, or else that of the property.
	// Empty: the item of a list, or the whole.
	Field string `json:"field,omitempty"`
	// Old and New say what was and what is, in words, such as "a string" and
	// "a number", or the names of a field. Empty: there is nothing to say.
	Old string `json:"old,omitempty"`
	New string `json:"new,omitempty"`

	path     path
	gone     []option // of an option that is gone or inactive
	standins []string // of a field that is required
	held     bool     // of a field that is required: what the fingerprint was made for has it
}

// ChangeKind says what happened to a field.
type ChangeKind string

// The kinds of change. Those of which [ChangeKind.Harmless] reports false can
// make an input fail that did not before.
const (
	// ChangeAdded is a field that there was not.
	ChangeAdded ChangeKind = "added"
	// ChangeRemoved is a field that there is no more.
	ChangeRemoved ChangeKind = "removed"
	// ChangeRenamed is a field of the source under another name.
	ChangeRenamed ChangeKind = "renamed"
	// ChangeRetyped is another type, format or encoding.
	ChangeRetyped ChangeKind = "retyped"
	// ChangeRequired is a field that was not required and is, or that is new
	// and required.
	ChangeRequired ChangeKind = "required"
	// ChangeOptional is a field that was required and is not.
	ChangeOptional ChangeKind = "optional"
	// ChangeOptionsGone are options that there are no more.
	ChangeOptionsGone ChangeKind = "options-gone"
	// ChangeOptionsInactive are options that only stored records may have.
	ChangeOptionsInactive ChangeKind = "options-inactive"
	// ChangeOptionsAdded are options that there were not.
	ChangeOptionsAdded ChangeKind = "options-added"
	// ChangeNarrowed is a field that takes less than it did, or none as it is
	// read only.
	ChangeNarrowed ChangeKind = "narrowed"
	// ChangeWidened is a field that takes more than it did.
	ChangeWidened ChangeKind = "widened"
)

// Harmless reports whether every input that was valid still is, as far as the
// field goes.
func (k ChangeKind) Harmless() bool {
	switch k {
	case ChangeAdded, ChangeOptional, ChangeOptionsAdded, ChangeWidened:
		return true
	default:
		return false
	}
}

// String names the field and says what happened to it, in one sentence.
func (c Change) String() string {
	name := cmp.Or(c.Field, c.Pointer, "the whole")
	if c.Label != "" && c.Label != c.Field {
		name = fmt.Sprintf("%s (%s)", c.Label, name)
	}
	return name + " " + c.happened()
}

func (c Change) happened() string {
	switch c.Kind {
	case ChangeAdded:
		return "is new"
	case ChangeRemoved:
		return "was removed"
	case ChangeRenamed:
		return "is now called " + c.New
	case ChangeRetyped:
		return "was " + c.Old + " and is now " + c.New
	case ChangeRequired:
		return "is now required"
	case ChangeOptional:
		return "is no longer required"
	case ChangeOptionsGone:
		return "no longer has " + cmp.Or(c.Old, "the option chosen")
	case ChangeOptionsInactive:
		return "no longer takes " + cmp.Or(c.Old, "the option chosen") + ", which is inactive"
	case ChangeOptionsAdded:
		return "also has " + c.New
	case ChangeNarrowed:
		return "takes less: " + c.New + ", before " + c.Old
	case ChangeWidened:
		return "takes more: " + c.New + ", before " + c.Old
	}
	return "changed"
}

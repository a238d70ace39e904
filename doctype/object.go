package doctype

import "slices"

// Object is the metadata of one of the tenant's objects.
type Object struct {
	// Name is the API name, e.g. "call_to_action". Case does not matter to
	// the vendor.
	Name string
	// Label is the name for people, LabelPlural that of several.
	Label       string
	LabelPlural string
	// Type is CUSTOM, STANDARD or SYSTEM, as received.
	Type string
	// KeyPrefix is what the ids of its records begin with, as far as known.
	KeyPrefix string
	// Description is the administrator's text.
	Description string
	// Readable and Createable are the object's flags; true if not told.
	Readable   bool
	Createable bool
	// Fields are all fields in the order received.
	Fields []Field
}

// Field is the metadata of one field.
type Field struct {
	// Object is the API name of the object.
	Object string
	// Name is the API name, e.g. "DueDate" or "Stage__gc".
	Name string
	// ID is the vendor's id of the field, if the tenant tells one: a describe
	// call can be asked for it (populateFieldId in data_management.md, DOC2
	// sample), but the key in the answer is inferred. Empty: not told.
	ID string `json:",omitempty"`
	// Label is the name for people; the Name if there is none.
	Label string
	// DataType is the vendor's type, in upper case.
	DataType string
	// Options are the options of a picklist, inactive ones included.
	Options []Option
	// CategoryID is the id of the picklist's category, which the dropdowns
	// call takes when Options is empty. Empty: no picklist, or not told.
	CategoryID string
	// Controller is the field on whose value the options of a dependent
	// picklist depend. The public metadata do not name it; it is the only
	// picklist of the object that has all values which the options go with.
	// Empty: no dependent picklist, or not known.
	Controller string
	// Lookup is what a lookup points to. Nil: no lookup, or not told.
	Lookup *Lookup
	// Times says how dates and times of the field are read. Nil: in the forms
	// that are known, and in UTC where they have no offset.
	Times *Times
	Meta
}

// Meta is what the vendor calls a field's meta. A flag that is not told is
// false unless its comment says otherwise.
type Meta struct {
	// Description is the administrator's text.
	Description string
	// Group is CUSTOM, STANDARD or SYSTEM (fieldGroupType).
	Group string
	// Length is the column's length in characters. 0: not told. For ids it is
	// no guide: it says 220 for ids of 36 (data_management.md, DOC2 sample).
	Length int
	// Decimals is decimalPlaces. Nil: not told. The vendor says 0 even for
	// strings.
	Decimals *int
	// Createable and Updateable say whether a write may set the field; true
	// if not told, and the vendor has the last word.
	Createable bool
	Updateable bool
	// Required is the metadata's flag alone; the API may want more or less.
	Required bool
	// Default is the value of new records, as text (data_management.md, LIVE).
	// Empty: none, or not told.
	Default string
	// Nillable says whether the field may be emptied. Not to be trusted for
	// keys: it is true even for Gsid (data_management.md, DOC2).
	Nillable bool
	// ReadOnly and Hidden fields are not for forms.
	ReadOnly bool
	Hidden   bool
	// Formula fields are computed.
	Formula bool
	// NameField marks the field that names a record.
	NameField bool
	// DependentPicklist marks a picklist whose options depend on another
	// field, see [Field.Controller].
	DependentPicklist bool
	// Filterable, Sortable and Groupable say what queries may do with it.
	Filterable bool
	Sortable   bool
	Groupable  bool
}

// Option is one option of a picklist.
type Option struct {
	// Value is the GSID of the item (data_management.md, LIVE).
	Value string
	// Label is the name for people; the Value if there is none.
	Label string
	// SystemName is the vendor's name for the item.
	SystemName string
	// Active options may be written. True if not told.
	Active bool
	// Default marks the option of new records.
	Default bool
	// ControllerValues are the values of the controlling field that allow the
	// option. Empty: all, or not told.
	ControllerValues []string
}

func (o Option) equal(other Option) bool {
	return o.Value == other.Value && o.Label == other.Label && o.SystemName == other.SystemName &&
		o.Active == other.Active && o.Default == other.Default && slices.Equal(o.ControllerValues, other.ControllerValues)
}

// Lookup is what a lookup field points to.
type Lookup struct {
	// Name is the prefix of a dotted path, e.g. "OwnerId__gr".
	Name string
	// Field is the field of the other object that is stored, "Gsid" mostly.
	Field string
	// Objects are the API names of the objects that it may point to. Empty:
	// not told.
	Objects []string
}

package schema

// Annotation is the x-connector block of a field: what a form shows and a
// flow builder asks beyond JSON Schema. All keys are optional.
type Annotation struct {
	// Label is the vendor's name for the field, as the tenant shows it. A
	// form shows the schema's title; the two differ if the title was edited.
	Label string `json:"label,omitempty"`
	// Group is the heading that a form shows the field under.
	Group string `json:"group,omitempty"`
	// Order sorts the fields of one object, smallest first. 0: after those
	// that have one.
	Order int `json:"order,omitempty"`
	// Visibility says how prominent the field is. Empty reads as
	// [VisibilityAdvanced].
	Visibility Visibility `json:"visibility,omitempty"`
	// Control is the input that fits. Empty: what the schema suggests.
	Control Control `json:"control,omitempty"`
	// Lookup says where the values come from. Nil: not from a list.
	Lookup *Lookup `json:"lookup,omitempty"`
	// Selector is the name of the selector of the action that the field's value
	// is. When it changes, the whole schema must be described anew with it, for
	// other fields and options may apply. Empty: the schema does not depend on
	// the field.
	Selector string `json:"selector,omitempty"`
	// Options are options that the schema's own oneOf cannot tell in full:
	// inactive ones and those that depend on another field.
	Options []Option `json:"options,omitempty"`
	// Dependent is set if the options that apply depend on another field of
	// the same object, see [Option.ControllerValues].
	Dependent bool `json:"dependent,omitempty"`
	// Controller is the name of that field. Empty: not known.
	Controller string `json:"controller,omitempty"`
	// Source says where the field was found.
	Source *Source `json:"source,omitempty"`
	// Required says who demands the field. Nil: nobody is known to.
	Required *Required `json:"required,omitempty"`
	// Alternatives are properties of the same object that may be given in
	// place of this one. Empty: there are none.
	Alternatives []string `json:"alternatives,omitempty"`
	// Custom marks a field that the tenant's administrator made.
	Custom bool `json:"custom,omitempty"`
	// Encoding is how the connector rewrites the value for the vendor. Empty:
	// as it is.
	Encoding Encoding `json:"encoding,omitempty"`
	// Decimals is how many digits after the point the vendor keeps. Nil: not
	// known. It is a hint; more digits are not refused.
	Decimals *int `json:"decimals,omitempty"`
}

// Visibility says how prominent a field is in a form.
type Visibility string

// The visibilities.
const (
	// VisibilityImportant fields are shown at once.
	VisibilityImportant Visibility = "important"
	// VisibilityAdvanced fields are shown on demand.
	VisibilityAdvanced Visibility = "advanced"
	// VisibilityInternal fields are not shown.
	VisibilityInternal Visibility = "internal"
)

// Control is an input of a form.
type Control string

// The controls.
const (
	ControlText        Control = "text"
	ControlRichText    Control = "richtext"
	ControlNumber      Control = "number"
	ControlCheckbox    Control = "checkbox"
	ControlDate        Control = "date"
	ControlDateTime    Control = "datetime"
	ControlEmail       Control = "email"
	ControlURL         Control = "url"
	ControlSelect      Control = "select"
	ControlMultiSelect Control = "multiselect"
	ControlLookup      Control = "lookup"
	ControlJSON        Control = "json"
)

// Encoding is a rewriting of a value on its way to the vendor.
type Encoding string

// EncodingSemicolon joins the strings of an array with semicolons.
const EncodingSemicolon Encoding = "semicolon"

// Lookup says where the values of a field come from.
type Lookup struct {
	// Pointer is what to ask options for: the JSON Pointer of the field in
	// the input, with "*" for any array index.
	Pointer string `json:"pointer,omitempty"`
	// DependsOn says what the options depend on: the names of selectors, each
	// with the JSON Pointer of the field whose value it takes. When such a
	// field changes, the options must be listed anew.
	DependsOn map[string]string `json:"dependsOn,omitempty"`
	// Search is set if the list is too long to show and takes a query.
	Search bool `json:"search,omitempty"`
	// Object is the object whose records are the values. Empty: none.
	Object string `json:"object,omitempty"`
	// Field is the field of Object that the values are in. Empty: the id.
	Field string `json:"field,omitempty"`
	// Category is the picklist category whose items are the values. Empty:
	// none.
	Category string `json:"category,omitempty"`
}

// Option is an option of a picklist.
type Option struct {
	// Value is what the field holds.
	Value string `json:"value"`
	// Label is what a person reads.
	Label string `json:"label"`
	// Inactive options are found in stored records, but new ones may not have
	// them.
	Inactive bool `json:"inactive,omitempty"`
	// ControllerValues are the values of the controlling field that allow
	// this option. Empty: all do, or it is not known.
	ControllerValues []string `json:"controllerValues,omitempty"`
}

// Source says where a field was found.
type Source struct {
	// Kind is "static" for what the connector declares and "metadata" for
	// what the tenant tells.
	Kind string `json:"kind"`
	// Object is the vendor's name of the object.
	Object string `json:"object,omitempty"`
	// Field is the vendor's name of the field.
	Field string `json:"field,omitempty"`
	// ID is the vendor's id of the field, which stays if the field gets another
	// name. Empty: not told.
	ID string `json:"id,omitempty"`
}

// The kinds of [Source]: declared by the connector, told by the tenant's
// metadata, by its configuration, or the names of the fields that the rows of the
// output have.
const (
	SourceStatic        = "static"
	SourceMetadata      = "metadata"
	SourceConfiguration = "configuration"
	SourceFields        = "fields"
)

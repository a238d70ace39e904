package schema

import "encoding/json"

// Types are the JSON types that a value may have. One is written as a string,
// several as an array.
type Types []string

// The JSON types.
const (
	TypeString  = "string"
	TypeNumber  = "number"
	TypeInteger = "integer"
	TypeBoolean = "boolean"
	TypeObject  = "object"
	TypeArray   = "array"
	TypeNull    = "null"
)

// MarshalJSON implements [json.Marshaler].
func (t Types) MarshalJSON() ([]byte, error) {
	if len(t) == 1 {
		return json.Marshal(t[0])
	}
	return json.Marshal([]string(t))
}

// Node is the schema of one field, for [Overlay]. Its JSON is the same every
// time; zero values are left out.
type Node struct {
	// Title is the name for people.
	Title string `json:"title,omitempty"`
	// Description is help, in a sentence or two.
	Description string `json:"description,omitempty"`
	// Type is the type, or the type and [TypeNull]. Empty: any.
	Type Types `json:"type,omitempty"`
	// Format is asserted: "date", "date-time", "email" and so on.
	Format string `json:"format,omitempty"`
	// Pattern is a regular expression that a string must match.
	Pattern string `json:"pattern,omitempty"`
	// MinLength and MaxLength count characters. 0: no bound.
	MinLength int `json:"minLength,omitempty"`
	MaxLength int `json:"maxLength,omitempty"`
	// Minimum and Maximum are inclusive, ExclusiveMinimum and
	// ExclusiveMaximum are not. Empty: no bound.
	Minimum          json.Number `json:"minimum,omitempty"`
	Maximum          json.Number `json:"maximum,omitempty"`
	ExclusiveMinimum json.Number `json:"exclusiveMinimum,omitempty"`
	ExclusiveMaximum json.Number `json:"exclusiveMaximum,omitempty"`
	// MultipleOf should be a whole number: validators that compute in doubles
	// reject good multiples of 0.01. [Annotation.Decimals] says how many
	// decimals are kept.
	MultipleOf json.Number `json:"multipleOf,omitempty"`
	// OneOf are the values allowed. Empty: all. A nullable field needs a
	// [Choice] of null.
	OneOf []Choice `json:"oneOf,omitempty"`
	// Items is the schema of the items of an array.
	Items *Node `json:"items,omitempty"`
	// MinItems and MaxItems count items. 0: no bound.
	MinItems int `json:"minItems,omitempty"`
	MaxItems int `json:"maxItems,omitempty"`
	// UniqueItems forbids equal items.
	UniqueItems bool `json:"uniqueItems,omitempty"`
	// Default is what a form may fill in. Nil: nothing.
	Default any `json:"default,omitempty"`
	// ReadOnly marks what a form shows but does not send.
	ReadOnly bool `json:"readOnly,omitempty"`
	// Examples are valid values.
	Examples []any `json:"examples,omitempty"`
	// Annotation is for forms.
	Annotation *Annotation `json:"x-connector,omitempty"`
}

// Choice is one value allowed by [Node.OneOf].
type Choice struct {
	// Const is the value.
	Const any `json:"const"`
	// Title is what a person reads. Empty: the value.
	Title string `json:"title,omitempty"`
}

package schema

import (
	"fmt"
	"slices"
	"unicode/utf8"
)

// ruleMessage says which rule a value breaks: the constraint from the schema,
// and the type or the size of the value.
func ruleMessage(node map[string]any, keyword string, value any) string {
	constraint := node[keyword]
	switch keyword {
	case kwType:
		return typeMessage(texts(constraint), value)
	case "minLength":
		if utf8.RuneCountInString(text(value)) == 0 {
			return "must not be empty"
		}
		return sizeMessage("at least", constraint, "character", value)
	case "maxLength":
		return sizeMessage("at most", constraint, "character", value)
	case "minItems":
		return sizeMessage("at least", constraint, "item", value)
	case "maxItems":
		return sizeMessage("at most", constraint, "item", value)
	case "minProperties":
		return sizeMessage("at least", constraint, "property", value)
	case "maxProperties":
		return sizeMessage("at most", constraint, "property", value)
	case "pattern":
		return fmt.Sprintf("must match the pattern %v", constraint)
	case "format":
		return formatMessage(text(constraint))
	case "minimum":
		return fmt.Sprintf("must be at least %v", constraint)
	case "maximum":
		return fmt.Sprintf("must be at most %v", constraint)
	case "exclusiveMinimum":
		return fmt.Sprintf("must be more than %v", constraint)
	case "exclusiveMaximum":
		return fmt.Sprintf("must be less than %v", constraint)
	case "multipleOf":
		return fmt.Sprintf("must be a multiple of %v", constraint)
	case "minContains", "maxContains":
		return "has too few or too many items of the kind that it must contain"
	case "not":
		return "has a form that is not allowed here"
	}
	return "does not fit the schema"
}

// typeMessage says e.g. "must be a string or null, is a number".
func typeMessage(want []string, value any) string {
	if len(want) == 0 {
		return "must not be " + article(typeOf(value))
	}
	names := make([]string, len(want))
	for i, t := range want {
		names[i] = article(t)
	}
	is := article(typeOf(value))
	if typeOf(value) == TypeNumber && slices.Contains(want, TypeInteger) {
		is = "a number with a fraction"
	}
	return "must be " + either(names, "or") + ", is " + is
}

// typeOf returns the JSON type of a Go value.
func typeOf(v any) string {
	switch v.(type) {
	case nil:
		return TypeNull
	case bool:
		return TypeBoolean
	case string:
		return TypeString
	case []any:
		return TypeArray
	case map[string]any:
		return TypeObject
	}
	return TypeNumber
}

func article(jsonType string) string {
	switch jsonType {
	case TypeNull:
		return jsonType
	case TypeInteger, TypeArray, TypeObject:
		return "an " + jsonType
	}
	return "a " + jsonType
}

// sizeMessage says e.g. "must have at most 10 characters, has 12".
func sizeMessage(bound string, constraint any, unit string, value any) string {
	size := 0
	switch v := value.(type) {
	case string:
		size = utf8.RuneCountInString(v)
	case []any:
		size = len(v)
	case map[string]any:
		size = len(v)
	}
	limit := fmt.Sprint(constraint)
	return fmt.Sprintf("must have %s %s %s, has %d", bound, limit, plural(unit, limit), size)
}

func plural(unit, count string) string {
	switch {
	case count == "1":
		return unit
	case unit == "property":
		return "properties"
	}
	return unit + "s"
}

// formatMessage says what a format looks like.
func formatMessage(format string) string {
	switch format {
	case "date":
		return "must be a date such as 2026-12-15"
	case "date-time":
		return "must be a date and time with a time zone such as 2026-12-15T09:30:00Z"
	case "time":
		return "must be a time with a time zone such as 09:30:00Z"
	case "email":
		return "must be an e-mail address such as name@example.com"
	case "uri":
		return "must be an absolute address such as https://example.com/page"
	case "uuid":
		return "must be a UUID such as 123e4567-e89b-12d3-a456-426614174000"
	}
	return "must have the format " + format
}

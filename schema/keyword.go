package schema

// The keywords that mean something to this package.
const (
	kwAdditional  = "additionalProperties"
	kwAnnotation  = "x-connector"
	kwAnyOf       = "anyOf"
	kwConst       = "const"
	kwDefs        = "$defs"
	kwDependent   = "dependentRequired"
	kwDescription = "description"
	kwEnum        = "enum"
	kwExamples    = "examples"
	kwNames       = "propertyNames"
	kwOneOf       = "oneOf"
	kwPatterns    = "patternProperties"
	kwProperties  = "properties"
	kwRef         = "$ref"
	kwRequired    = "required"
	kwSchema      = "$schema"
	kwTitle       = "title"
	kwType        = "type"
	kwUnevaluated = "unevaluatedProperties"
)

const (
	// draft is the $schema of every schema here.
	draft = "https://json-schema.org/draft/2020-12/schema"
	// defsFragment begins a reference to a definition of the same document.
	defsFragment = "#/$defs/"
)

// walk visits node, if it is a schema object, and all schemas within it. It
// stays out of values, such as those of const and examples.
func walk(node any, visit func(schema map[string]any)) {
	schema, ok := node.(map[string]any)
	if !ok {
		return
	}
	visit(schema)
	for key, value := range schema {
		switch key {
		case "items", kwAdditional, "not", "if", "then", "else", "contains", kwNames,
			"unevaluatedItems", kwUnevaluated, "contentSchema":
			walk(value, visit)
		case "allOf", kwAnyOf, kwOneOf, "prefixItems":
			list, _ := value.([]any)
			for _, v := range list {
				walk(v, visit)
			}
		case kwProperties, kwPatterns, kwDefs, "definitions", "dependentSchemas":
			named, _ := value.(map[string]any)
			for _, v := range named {
				walk(v, visit)
			}
		}
	}
}

package schema

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// maxShapes bounds what a schema unfolds to when its references are followed.
const maxShapes = 20_000

// shaper makes the shapes of one schema.
type shaper struct {
	root any
	open map[string]bool // references that are being followed
	left int
}

// shapeOf reads a schema.
func shapeOf(document json.RawMessage) (*shape, error) {
	root, err := Decode(document)
	if err != nil {
		return nil, err
	}
	s := &shaper{root: root, open: map[string]bool{}, left: maxShapes}
	top := &shape{}
	s.absorb(top, root, true)
	if s.left < 0 {
		return nil, fmt.Errorf("schema: the schema unfolds to more than %d fields", maxShapes)
	}
	return top, nil
}

// absorb adds what a node says to a shape; what that has stays. A node that
// holds only sometimes, as a branch does, requires nothing.
func (s *shaper) absorb(to *shape, node any, always bool) {
	schema, ok := node.(map[string]any)
	if !ok || s.left < 0 {
		return
	}
	s.left--
	s.value(to, schema)
	s.annotate(to, schema)
	s.members(to, schema, always)
	if items, ok := schema["items"]; ok {
		if to.items == nil {
			to.items = &shape{}
		}
		to.items.inherit(to)
		s.absorb(to.items, items, always)
	}
	if names, ok := schema["propertyNames"]; ok {
		if to.names == nil {
			to.names = &shape{}
		}
		s.absorb(to.names, names, always)
	}
	s.compose(to, schema, always)
	to.settle()
}

// compose follows a reference and takes in what belongs to the same value.
func (s *shaper) compose(to *shape, schema map[string]any, always bool) {
	if ref, ok := schema[kwRef].(string); ok && !s.open[ref] {
		s.open[ref] = true
		if target, found := parseFragment(ref).in(s.root); found {
			s.absorb(to, target, always)
		}
		delete(s.open, ref)
	}
	for _, part := range listOf(schema["allOf"]) {
		s.absorb(to, part, always)
	}
	for _, keyword := range []string{kwOneOf, kwAnyOf} {
		if to.choose(schema[keyword]) {
			continue
		}
		var types []string
		for _, part := range listOf(schema[keyword]) {
			branch := &shape{}
			s.absorb(branch, part, false)
			types = append(types, branch.types...)
			to.null = to.null || branch.null
			to.adopt(branch)
		}
		slices.Sort(types)
		if len(to.types) == 0 {
			to.types = slices.Compact(types)
		}
	}
	for _, keyword := range []string{"then", "else"} {
		branch := &shape{}
		s.absorb(branch, schema[keyword], false)
		to.adopt(branch)
	}
}

// members adds properties.
func (s *shaper) members(to *shape, schema map[string]any, always bool) {
	properties, _ := schema[kwProperties].(map[string]any)
	for name, node := range properties {
		s.absorb(to.member(name), node, always)
	}
	if !always {
		return
	}
	for _, name := range texts(schema[kwRequired]) {
		to.member(name).required = true
	}
}

// bounds are the keywords of limits, each with whether a smaller one is
// narrower.
func bounds() map[string]bool {
	return map[string]bool{
		"maxLength": true, "maximum": true, "exclusiveMaximum": true, "maxItems": true, "maxProperties": true,
		"minLength": false, "minimum": false, "exclusiveMinimum": false, "minItems": false, "minProperties": false,
	}
}

// value adds what limits a value by itself.
func (s *shaper) value(to *shape, schema map[string]any) {
	if own := texts(schema[kwType]); len(to.types) == 0 {
		slices.Sort(own)
		for _, t := range slices.Compact(own) {
			if t == TypeNull && len(own) > 1 {
				to.null = true
			} else {
				to.types = append(to.types, t)
			}
		}
	}
	if to.format == "" {
		to.format = text(schema["format"])
	}
	if schema["readOnly"] == true {
		to.readOnly = true
	}
	for keyword := range bounds() {
		if n, ok := schema[keyword].(json.Number); ok {
			to.limit(keyword, n.String())
		}
	}
	if n, ok := schema["multipleOf"].(json.Number); ok {
		to.limit("multipleOf", n.String())
	}
	if pattern, ok := schema["pattern"].(string); ok {
		to.limit("pattern", pattern)
	}
	if value, ok := schema[kwConst]; ok && value != nil {
		to.closed = true
		to.offer(optionOf(value, text(schema[kwTitle]), false))
	}
	if values, ok := schema[kwEnum].([]any); ok {
		to.closed = true
		for _, value := range values {
			if to.null = to.null || value == nil; value != nil {
				to.offer(optionOf(value, "", false))
			}
		}
	}
}

// annotate adds what the x-connector block says.
func (s *shaper) annotate(to *shape, schema map[string]any) {
	block, _ := schema[kwAnnotation].(map[string]any)
	if to.label == "" {
		to.label = text(block["label"])
		if to.label == "" {
			to.label = text(schema[kwTitle])
		}
	}
	if to.encoding == "" {
		to.encoding = text(block["encoding"])
	}
	source, _ := block["source"].(map[string]any)
	to.ofFields = to.ofFields || text(source["kind"]) == SourceFields
	if name := text(source["field"]); name != "" && to.id == "" {
		to.field = name
		to.id = sourceID(source)
	}
	if demands(block) {
		to.required = true
	}
	to.standins = append(to.standins, texts(block["alternatives"])...)
	for _, item := range listOf(block["options"]) {
		o, _ := item.(map[string]any)
		if value, ok := o["value"]; ok {
			to.offer(optionOf(value, text(o["label"]), o["inactive"] == true))
		}
	}
}

// sourceID identifies a field of a source: by its id, or where there is none by
// its object and name.
func sourceID(source map[string]any) string {
	if id := text(source["id"]); id != "" {
		return shortDigest("id "+id, idDigest)
	}
	return shortDigest(strings.ToLower("name "+text(source["object"])+" "+text(source["field"])), idDigest)
}

// demands reports whether somebody requires the field, see [Required.Verdict].
func demands(block map[string]any) bool {
	by, _ := block["required"].(map[string]any)
	word := func(source string) *bool {
		if says, ok := by[source].(bool); ok {
			return &says
		}
		return nil
	}
	r := Required{Metadata: word("metadata"), Rule: word("rule"), Observed: word("observed"), Override: word("override")}
	demanded, _ := r.Verdict()
	return demanded
}

func listOf(v any) []any {
	list, _ := v.([]any)
	return list
}

package schema

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
)

// Overlay returns the schema input with properties laid over the object schema
// at the JSON Pointer at, e.g. "/$defs/record". What input says itself wins:
//   - a property that it has keeps all its keywords; what only the [Node] says
//     is added, and the x-connector blocks are merged in the same way;
//   - of a property whose types contradict the node's, or where both list
//     values, only the x-connector block is merged, since the constraints of
//     both together might allow nothing;
//   - other properties are added after those, by [Annotation.Order] and name.
//
// If closed, unknown properties are forbidden from then on. The result is the
// same for the same arguments; input is not changed. It is an error if at does
// not lead to an object.
func Overlay(input json.RawMessage, at string, properties map[string]*Node, closed bool) (json.RawMessage, error) {
	path, err := parsePointer(at)
	if err != nil {
		return nil, err
	}
	result, err := edit(input, path, func(record object) (object, error) {
		return layOver(record, properties, closed)
	})
	if err != nil {
		return nil, fmt.Errorf("schema: overlay at %q: %w", at, err)
	}
	return result, nil
}

// edit returns data with change applied to the object at path.
func edit(data json.RawMessage, path pointer, change func(object) (object, error)) (json.RawMessage, error) {
	o, err := parseObject(data)
	if err != nil {
		return nil, err
	}
	if len(path) == 0 {
		if o, err = change(o); err != nil {
			return nil, err
		}
		return o.encode()
	}
	inner := o.get(path[0])
	if inner == nil {
		return nil, fmt.Errorf("there is no %q", path[0])
	}
	if inner, err = edit(inner, path[1:], change); err != nil {
		return nil, err
	}
	o = o.set(path[0], inner)
	return o.encode()
}

func layOver(record object, properties map[string]*Node, closed bool) (object, error) {
	known := object{}
	if raw := record.get(kwProperties); raw != nil {
		var err error
		if known, err = parseObject(raw); err != nil {
			return nil, err
		}
	}
	for _, name := range inOrder(properties) {
		node, err := encode(properties[name])
		if err != nil {
			return nil, fmt.Errorf("property %q: %w", name, err)
		}
		if static := known.get(name); static != nil {
			if node, err = mergeSchemas(static, node); err != nil {
				return nil, fmt.Errorf("property %q: %w", name, err)
			}
		}
		known = known.set(name, node)
	}
	encoded, err := known.encode()
	if err != nil {
		return nil, err
	}
	record = record.set(kwProperties, encoded)
	if closed {
		record = record.set(kwAdditional, json.RawMessage("false"))
	}
	return record, nil
}

// inOrder returns the names by order, then by name.
func inOrder(properties map[string]*Node) []string {
	order := func(name string) int {
		if a := properties[name].Annotation; a != nil && a.Order != 0 {
			return a.Order
		}
		return math.MaxInt
	}
	return slices.SortedFunc(maps.Keys(properties), func(a, b string) int {
		return cmp.Or(cmp.Compare(order(a), order(b)), cmp.Compare(a, b))
	})
}

// mergeSchemas adds to static what only node says.
func mergeSchemas(static, node json.RawMessage) (json.RawMessage, error) {
	switch string(static) {
	case "true":
		return node, nil
	case "false":
		return static, nil
	}
	merged, err := parseObject(static)
	if err != nil {
		return nil, err
	}
	added, err := parseObject(node)
	if err != nil {
		return nil, err
	}
	contradicts := !shareType(merged.get(kwType), added.get(kwType)) || (constrainsValues(merged) && constrainsValues(added))
	for _, m := range added {
		own := merged.get(m.key)
		switch {
		case m.key == kwAnnotation && own != nil:
			both, err := mergeObjects(own, m.value)
			if err != nil {
				return nil, err
			}
			merged = merged.set(m.key, both)
		case own == nil && (!contradicts || m.key == kwAnnotation):
			merged = merged.set(m.key, m.value)
		}
	}
	return merged.encode()
}

// mergeObjects adds to own, at any depth, the members that only other has.
func mergeObjects(own, other json.RawMessage) (json.RawMessage, error) {
	merged, err := parseObject(own)
	if err != nil {
		return own, nil //nolint:nilerr // no object: the static value wins as it is
	}
	added, err := parseObject(other)
	if err != nil {
		return own, nil //nolint:nilerr // no object: the static value wins as it is
	}
	for _, m := range added {
		value := m.value
		if mine := merged.get(m.key); mine != nil {
			if value, err = mergeObjects(mine, m.value); err != nil {
				return nil, err
			}
		}
		merged = merged.set(m.key, value)
	}
	return merged.encode()
}

// shareType reports whether some value is allowed by both type keywords.
func shareType(a, b json.RawMessage) bool {
	x, y := types(a), types(b)
	if len(x) == 0 || len(y) == 0 {
		return true
	}
	return slices.ContainsFunc(x, func(t string) bool { return t != TypeNull && slices.Contains(y, t) })
}

// types reads a type keyword. An integer is a number as well.
func types(raw json.RawMessage) []string {
	var one string
	var many []string
	if json.Unmarshal(raw, &one) == nil && one != "" {
		many = []string{one}
	} else if json.Unmarshal(raw, &many) != nil {
		return nil
	}
	if slices.Contains(many, TypeInteger) {
		many = append(many, TypeNumber)
	}
	return many
}

// constrainsValues reports whether a schema lists its values or branches.
func constrainsValues(o object) bool {
	for _, keyword := range []string{kwConst, kwEnum, kwOneOf, kwAnyOf, "allOf", kwRef} {
		if o.get(keyword) != nil {
			return true
		}
	}
	return false
}

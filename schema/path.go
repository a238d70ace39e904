package schema

import (
	"maps"
	"slices"
	"strconv"
)

// path is a place in all instances of a schema.
type path []step

// step leads into a property, into every item of a list, or to the name of every
// property.
type step struct {
	name string
	item bool
	key  bool
}

func (p path) property(name string) path { return append(slices.Clip(p), step{name: name}) }
func (p path) items() path               { return append(slices.Clip(p), step{item: true}) }
func (p path) keys() path                { return append(slices.Clip(p), step{key: true}) }

// String is the JSON Pointer, with "*" for items and names.
func (p path) String() string {
	tokens := make(pointer, len(p))
	for i, s := range p {
		if tokens[i] = s.name; s.item || s.key {
			tokens[i] = "*"
		}
	}
	return tokens.String()
}

// visit calls f for every value at p in an instance, until f reports false.
func (p path) visit(value any, at pointer, f func(at pointer, value any) bool) bool {
	if len(p) == 0 {
		return f(at, value)
	}
	object, _ := value.(map[string]any)
	if p[0].key {
		for _, name := range slices.Sorted(maps.Keys(object)) {
			if !p[1:].visit(name, at.with(name), f) {
				return false
			}
		}
		return true
	}
	if !p[0].item {
		inner, ok := object[p[0].name]
		return !ok || p[1:].visit(inner, at.with(p[0].name), f)
	}
	list, _ := value.([]any)
	for i, inner := range list {
		if !p[1:].visit(inner, at.with(strconv.Itoa(i)), f) {
			return false
		}
	}
	return true
}

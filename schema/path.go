package schema

import (
	"slices"
	"strconv"
)

// path is a place in all instances of a schema.
type path []step

// step leads into a property, or into every item of a list.
type step struct {
	name string
	item bool
}

func (p path) property(name string) path { return append(slices.Clip(p), step{name: name}) }
func (p path) items() path               { return append(slices.Clip(p), step{item: true}) }

// String is the JSON Pointer, with "*" for items.
func (p path) String() string {
	tokens := make(pointer, len(p))
	for i, s := range p {
		if tokens[i] = s.name; s.item {
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
	if !p[0].item {
		object, _ := value.(map[string]any)
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

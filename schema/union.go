package schema

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// union explains a value that fits no branch of a oneOf or anyOf by what is
// wrong with the branch that was meant, not by what is wrong with each.
func (e *explainer) union(s site, f *jsonschema.ValidationError) {
	branches := e.branches(s)
	if labels := branchLabels(s.node[s.keyword]); labels != nil {
		e.add(s.at, s.keyword, s.subject()+choiceMessage(labels, s.value))
		return
	}
	if names := alternatives(branches); names != nil {
		e.add(s.at, s.keyword, "must have "+either(names, "or"))
		return
	}
	if e.discriminated(s, f, branches) {
		return
	}
	var fitting []int
	for i := range branches {
		if !typeMismatch(branchCauses(f, i), f.InstanceLocation) {
			fitting = append(fitting, i)
		}
	}
	switch len(fitting) {
	case 0:
		e.add(s.at, s.keyword, s.subject()+typeMessage(branchTypes(branches), s.value))
	case 1:
		e.explainAll(branchCauses(f, fitting[0]))
	default:
		e.add(s.at, s.keyword, fmt.Sprintf("%sfits none of the %d forms allowed here", s.subject(), len(fitting)))
	}
}

// ambiguous explains a value that fits more than one branch of a oneOf.
func (e *explainer) ambiguous(s site) {
	if names := alternatives(e.branches(s)); names != nil {
		e.add(s.at, s.keyword, "must have only one of "+strings.Join(names, ", "))
		return
	}
	e.add(s.at, s.keyword, s.subject()+"fits more than one of the forms allowed here, must fit exactly one")
}

func (e *explainer) explainAll(failures []*jsonschema.ValidationError) {
	for _, f := range failures {
		e.explain(f)
	}
}

// branches returns the branches of the union with their references followed.
func (e *explainer) branches(s site) []map[string]any {
	list, _ := s.node[s.keyword].([]any)
	branches := make([]map[string]any, len(list))
	for i, b := range list {
		branches[i] = e.follow(b)
	}
	return branches
}

// follow returns the schema that node is or refers to, or nil.
func (e *explainer) follow(node any) map[string]any {
	for range 32 { // the validator refuses loops; this is for readers
		schema, _ := node.(map[string]any)
		ref, ok := schema[kwRef].(string)
		if !ok {
			return schema
		}
		node, _ = parseFragment(ref).in(e.root)
	}
	return nil
}

// alternatives returns what each branch requires, if that is all they say.
func alternatives(branches []map[string]any) []string {
	var names []string
	for _, b := range branches {
		required := texts(b[kwRequired])
		if len(b) != 1 || len(required) == 0 {
			return nil
		}
		names = append(names, either(required, "and"))
	}
	return names
}

// discriminated explains a union of objects that are told apart by a constant
// property. It reports false if the union is none.
func (e *explainer) discriminated(s site, f *jsonschema.ValidationError, branches []map[string]any) bool {
	given, isObject := s.value.(map[string]any)
	name, values := e.discriminator(branches)
	if !isObject || name == "" {
		return false
	}
	value, ok := given[name]
	if !ok {
		e.add(s.at.with(name), kwRequired, "is required: "+strings.TrimPrefix(choiceMessage(labelsOf(values), nil), "must be "))
		return true
	}
	i := slices.Index(values, value)
	if i < 0 {
		e.add(s.at.with(name), s.keyword, choiceMessage(labelsOf(values), value))
		return true
	}
	e.explainAll(branchCauses(f, i))
	return true
}

func labelsOf(values []any) []string {
	labels := make([]string, len(values))
	for i, v := range values {
		labels[i] = valueLabel(v)
	}
	return labels
}

// discriminator returns the property that is a constant in every branch, a
// different one in each, and its values. It returns "" if there is none.
func (e *explainer) discriminator(branches []map[string]any) (string, []any) {
	if len(branches) == 0 {
		return "", nil
	}
	first, _ := branches[0][kwProperties].(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(first)) {
		if values := e.constants(branches, name); values != nil {
			return name, values
		}
	}
	return "", nil
}

// constants returns the scalar constants that the property has in the
// branches, or nil if it is not constant in all or the same in two.
func (e *explainer) constants(branches []map[string]any, name string) []any {
	var values []any
	for _, b := range branches {
		properties, _ := b[kwProperties].(map[string]any)
		property := e.follow(properties[name])
		value, ok := property[kwConst]
		if list, isList := property[kwEnum].([]any); isList && len(list) == 1 {
			value, ok = list[0], true
		}
		if t := typeOf(value); !ok || t == TypeArray || t == TypeObject || slices.Contains(values, value) {
			return nil
		}
		values = append(values, value)
	}
	return values
}

// branchCauses returns the causes of f that come from branch i.
func branchCauses(f *jsonschema.ValidationError, i int) []*jsonschema.ValidationError {
	prefix := f.KeywordLocation + "/" + strconv.Itoa(i)
	var causes []*jsonschema.ValidationError
	for _, c := range f.Causes {
		if c.KeywordLocation == prefix || strings.HasPrefix(c.KeywordLocation, prefix+"/") {
			causes = append(causes, c)
		}
	}
	return causes
}

// typeMismatch reports whether the value at instance has a type that the
// branch does not take.
func typeMismatch(causes []*jsonschema.ValidationError, instance string) bool {
	for len(causes) == 1 {
		c := causes[0]
		if len(c.Causes) == 0 {
			return c.InstanceLocation == instance && parseFragment(c.AbsoluteKeywordLocation).last() == kwType && c.Message != notAllowed
		}
		causes = c.Causes
	}
	return false
}

// branchTypes returns the types that the branches take.
func branchTypes(branches []map[string]any) []string {
	var all []string
	for _, b := range branches {
		for _, t := range texts(b[kwType]) {
			if !slices.Contains(all, t) {
				all = append(all, t)
			}
		}
	}
	return all
}

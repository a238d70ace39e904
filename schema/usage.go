package schema

import "slices"

// For returns the part of f that an input uses: the fields that it has, and all
// that are required. The values of the input do not matter and may be
// placeholders.
func (f *Fingerprint) For(input any) *Fingerprint {
	return &Fingerprint{Of: f.Of, Selectors: f.Selectors, partial: true, root: f.root.used(input)}
}

// used returns the part of s that values use.
func (s *shape) used(values ...any) *shape {
	part := *s
	part.fields = nil
	for name, field := range s.fields {
		inner := propertiesOf(values, name)
		if len(inner) == 0 && !field.required {
			continue
		}
		if part.fields == nil {
			part.fields = map[string]*shape{}
		}
		part.fields[name] = field.used(inner...)
	}
	if s.items != nil {
		var items []any
		for _, v := range values {
			items = append(items, listOf(v)...)
		}
		part.items = s.items.used(items...)
	}
	return &part
}

// propertiesOf returns a property of all objects that have it.
func propertiesOf(values []any, name string) []any {
	var inner []any
	for _, v := range values {
		object, _ := v.(map[string]any)
		if value, ok := object[name]; ok {
			inner = append(inner, value)
		}
	}
	return inner
}

// Affected returns those of the changes from [Fingerprint.Diff] that an input
// can fail of: changes that are not [ChangeKind.Harmless], of fields that it
// has, of options that it has chosen, and of required fields that it lacks. The
// pointer of each is that of the first place in the input.
//
// Set streamed if records come beside the input. What they have is known only
// from a fingerprint that [Fingerprint.For] has restricted: then every change
// counts of fields that this has, but those of options.
func (f *Fingerprint) Affected(changes []Change, input any, streamed bool) []Change {
	var affected []Change
	for _, c := range changes {
		if c.Kind.Harmless() {
			continue
		}
		at, found := c.in(input)
		switch {
		case found:
			c.Pointer = at.String()
			if len(c.gone) > 0 {
				c.Old = ""
			}
			affected = append(affected, c)
		case streamed && f.partial && len(c.gone) == 0 && !c.held:
			affected = append(affected, c)
		}
	}
	return affected
}

// in returns the first place where the change matters to an input.
func (c Change) in(input any) (place pointer, found bool) {
	if c.Kind == ChangeRequired {
		return c.missing(input)
	}
	c.path.visit(input, nil, func(at pointer, value any) bool {
		if len(c.gone) > 0 && !slices.ContainsFunc(c.gone, func(o option) bool { return o.is(value) }) {
			return true
		}
		place, found = at, true
		return false
	})
	return place, found
}

// missing returns the first place where a required field is not.
func (c Change) missing(input any) (place pointer, found bool) {
	if len(c.path) == 0 || c.path[len(c.path)-1].item {
		return nil, false
	}
	name := c.path[len(c.path)-1].name
	c.path[:len(c.path)-1].visit(input, nil, func(at pointer, value any) bool {
		object, isObject := value.(map[string]any)
		has := func(name string) bool { _, ok := object[name]; return ok }
		if !isObject || has(name) || slices.ContainsFunc(c.standins, has) {
			return true
		}
		place, found = at.with(name), true
		return false
	})
	return place, found
}

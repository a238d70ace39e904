package schema

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strconv"
	"strings"
)

// Diff returns how a schema differs from an older one of the same thing: what
// of its fields changed, in the order of their pointers. It follows $ref and
// looks into objects, lists and branches. Titles, descriptions, examples and
// defaults do not count. A schema that changed only in what is compared by no
// [ChangeKind] gives nothing.
//
// A field is the same if it has the same name. One that is gone and one that is
// new in the same object are the same field renamed if their [Source] is the
// same, and that of no other.
//
// The names of fields that a query may use are not compared, see [SourceFields]:
// the schema of the rows tells of those.
//
// The error is that of [Decode], or says that a schema is too large.
func Diff(older, newer json.RawMessage) ([]Change, error) {
	before, err := shapeOf(older)
	if err != nil {
		return nil, err
	}
	after, err := shapeOf(newer)
	if err != nil {
		return nil, err
	}
	c := &comparison{}
	return c.compare(before, after), nil
}

// comparison collects changes.
type comparison struct {
	// partial is set if the older shape has only what is used, and all that is
	// required: that a field is missing there says nothing.
	partial bool
	// names is set if the names of fields that a query may use are compared.
	names   bool
	changes []Change
}

func (c *comparison) compare(before, after *shape) []Change {
	c.shapes(nil, before, after)
	slices.SortStableFunc(c.changes, func(a, b Change) int { return cmp.Compare(a.Pointer, b.Pointer) })
	return c.changes
}

// add adds a change of the field that named says the words of.
func (c *comparison) add(kind ChangeKind, at path, named *shape, older, newer string) *Change {
	c.changes = append(c.changes, Change{
		Kind: kind, Pointer: at.String(), Label: named.label, Field: named.field, Old: older, New: newer, path: at,
	})
	return &c.changes[len(c.changes)-1]
}

func (c *comparison) shapes(at path, before, after *shape) {
	if before.required != after.required {
		c.requirement(at, after, true)
	}
	if older, newer := before.kind(), after.kind(); older != newer {
		c.add(ChangeRetyped, at, after, older, newer)
	}
	if !slices.Equal(before.types, after.types) {
		return // all else follows from that
	}
	c.room(at, before, after)
	c.choices(at, before, after)
	c.fields(at, before, after)
	switch {
	case before.items != nil && after.items != nil:
		c.shapes(at.items(), before.items, after.items)
	case before.items != nil:
		c.shapes(at.items(), before.items, &shape{label: after.label})
	case after.items != nil:
		c.shapes(at.items(), &shape{}, after.items)
	}
	if before.names != nil && after.names != nil {
		c.choices(at.keys(), before.names, after.names)
	}
}

func (c *comparison) requirement(at path, after *shape, known bool) {
	if after.required {
		change := c.add(ChangeRequired, at, after, "", "")
		change.standins, change.held = after.standins, known && c.partial
		return
	}
	c.add(ChangeOptional, at, after, "", "")
}

// fields compares the fields of two objects.
func (c *comparison) fields(at path, before, after *shape) {
	renamed := renames(before, after)
	taken := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(before.fields)) {
		older, here := before.fields[name], at.property(name)
		if newer, same := after.fields[name]; same {
			c.shapes(here, older, newer)
			continue
		}
		other, is := renamed[name]
		if !is {
			c.add(ChangeRemoved, here, older, "", "")
			continue
		}
		taken[other] = true
		c.add(ChangeRenamed, here, after.fields[other].called(name), name, other)
		c.shapes(here, older, after.fields[other])
	}
	for _, name := range slices.Sorted(maps.Keys(after.fields)) {
		if _, known := before.fields[name]; known || taken[name] {
			continue
		}
		newer, here := after.fields[name], at.property(name)
		if !c.partial {
			c.add(ChangeAdded, here, newer, "", newer.kind())
		}
		if newer.required {
			c.requirement(here, newer, false)
		}
	}
}

// called returns the words of a field with its name.
func (s *shape) called(name string) *shape { return &shape{label: s.label, field: name} }

// renames returns the new names of fields that are gone, by the old ones.
func renames(before, after *shape) map[string]string {
	gone, come := byID(before, after), byID(after, before)
	renamed := map[string]string{}
	for id, name := range gone {
		if other := come[id]; name != "" && other != "" {
			renamed[name] = other
		}
	}
	return renamed
}

// byID returns the names of the fields that only one object has, by id; an id
// of several has the empty name.
func byID(one, other *shape) map[string]string {
	names := map[string]string{}
	for name, field := range one.fields {
		if _, both := other.fields[name]; both || field.id == "" {
			continue
		}
		if _, twice := names[field.id]; twice {
			name = ""
		}
		names[field.id] = name
	}
	return names
}

// kind says in words what type of value it is.
func (s *shape) kind() string {
	names := make([]string, len(s.types))
	for i, t := range s.types {
		names[i] = article(t)
	}
	words := either(names, "or")
	if len(names) == 0 {
		words = "any value"
	}
	if s.format != "" {
		words += " with the format " + s.format
	}
	if s.encoding != "" {
		words += " with the encoding " + s.encoding
	}
	return words
}

// room compares what limits a value of the same type.
func (c *comparison) room(at path, before, after *shape) {
	var tight, wide [2][]string // what was, what is
	tell := func(narrower bool, older, newer string) {
		to := &wide
		if narrower {
			to = &tight
		}
		to[0], to[1] = append(to[0], older), append(to[1], newer)
	}
	if before.null != after.null {
		tell(before.null, nullable(before.null), nullable(after.null))
	}
	if before.readOnly != after.readOnly {
		tell(after.readOnly, access(before.readOnly), access(after.readOnly))
	}
	if before.closed != after.closed {
		tell(after.closed, listed(before.closed), listed(after.closed))
	}
	names := maps.Clone(before.limits)
	if names == nil {
		names = map[string]string{}
	}
	maps.Copy(names, after.limits)
	for _, keyword := range slices.Sorted(maps.Keys(names)) {
		if older, newer := before.limits[keyword], after.limits[keyword]; older != newer && !sameNumber(older, newer) {
			tell(narrows(keyword, older, newer), limitWords(keyword, older), limitWords(keyword, newer))
		}
	}
	c.limits(ChangeNarrowed, at, after, tight)
	c.limits(ChangeWidened, at, after, wide)
}

// limits adds what was and what is of some limits, if there are any.
func (c *comparison) limits(kind ChangeKind, at path, after *shape, words [2][]string) {
	if len(words[0]) > 0 {
		c.add(kind, at, after, strings.Join(words[0], ", "), strings.Join(words[1], ", "))
	}
}

func nullable(yes bool) string {
	if yes {
		return "may be null"
	}
	return "may not be null"
}

func access(readOnly bool) string {
	if readOnly {
		return "read only"
	}
	return "may be set"
}

func listed(closed bool) string {
	if closed {
		return "one of a list"
	}
	return "not only what is listed"
}

func limitWords(keyword, value string) string {
	if value == "" {
		return "no " + keyword
	}
	return keyword + " " + value
}

func sameNumber(a, b string) bool {
	x, okX := new(big.Rat).SetString(a)
	y, okY := new(big.Rat).SetString(b)
	return okX && okY && x.Cmp(y) == 0
}

// narrows reports whether a limit takes values away that another one allowed.
// Of a pattern that is not known, so any other one does.
func narrows(keyword, older, newer string) bool {
	if older == "" || newer == "" {
		return newer != ""
	}
	smaller, ordered := bounds()[keyword]
	x, okX := new(big.Rat).SetString(older)
	y, okY := new(big.Rat).SetString(newer)
	if !ordered || !okX || !okY {
		return true
	}
	return smaller == (y.Cmp(x) < 0)
}

// choices compares options.
func (c *comparison) choices(at path, before, after *shape) {
	if after.ofFields && !c.names {
		return
	}
	var gone, inactive, added []option
	for _, o := range before.options {
		if o.inactive {
			continue
		}
		switch i := slices.IndexFunc(after.options, func(other option) bool { return other.value == o.value }); {
		case i < 0:
			if after.closed || len(after.options) > 0 {
				gone = append(gone, o)
			}
		case after.options[i].inactive:
			inactive = append(inactive, after.options[i])
		}
	}
	for _, o := range after.options {
		known := slices.ContainsFunc(before.options, func(other option) bool { return other.value == o.value && !other.inactive })
		if !known && !o.inactive && (before.closed || len(before.options) > 0) {
			added = append(added, o)
		}
	}
	if len(gone) > 0 {
		c.add(ChangeOptionsGone, at, after, optionWords(gone), "").gone = gone
	}
	if len(inactive) > 0 {
		c.add(ChangeOptionsInactive, at, after, optionWords(inactive), "").gone = inactive
	}
	if len(added) > 0 {
		c.add(ChangeOptionsAdded, at, after, "", optionWords(added))
	}
}

// optionWords lists options, as far as they have words.
func optionWords(options []option) string {
	var words []string
	for _, o := range options {
		if o.label != "" && len(words) < mostChoices {
			words = append(words, o.label)
		}
	}
	if len(words) == 0 {
		return countWords(len(options))
	}
	if more := len(options) - len(words); more > 0 {
		words = append(words, fmt.Sprintf("%d more", more))
	}
	return strings.Join(words, ", ")
}

func countWords(n int) string {
	count := strconv.Itoa(n)
	return count + " " + plural("option", count)
}

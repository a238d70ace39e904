package schema

import (
	"crypto/sha256"
	"encoding/base64"
	"slices"
)

// shape is what two schemas are compared by. That of a fingerprint lacks the
// words.
type shape struct {
	id       string // of the source; empty: not known
	types    []string
	null     bool
	format   string
	encoding string
	readOnly bool
	required bool
	limits   map[string]string // by keyword
	options  []option
	closed   bool // no other value than the options is taken
	fields   map[string]*shape
	items    *shape
	names    *shape // of the properties

	// ofFields is set if the options are the names of the fields that rows have,
	// see [SourceFields].
	ofFields bool

	label, field string
	standins     []string // properties that may be given in place of it
}

// option is a value of a list. Value and title are digests.
type option struct {
	value, title string
	label        string
	inactive     bool
}

// How many characters of a digest are kept: of an option enough to tell it from
// those of the same field, of an id from those of the object.
const (
	optionDigest = 4
	idDigest     = 8
)

// shortDigest returns the first characters of a SHA-256 in base64url.
func shortDigest(text string, size int) string {
	sum := sha256.Sum256([]byte(text))
	return base64.RawURLEncoding.EncodeToString(sum[:])[:size]
}

// optionOf returns an option of a schema.
func optionOf(value any, title string, inactive bool) option {
	text, err := encode(value)
	if err != nil {
		return option{} // cannot be: it came from a JSON decoder
	}
	o := option{value: shortDigest(string(text), optionDigest), label: choiceLabel(valueLabel(value), title), inactive: inactive}
	if o.title = o.value; title != "" {
		text, _ := encode(title)
		o.title = shortDigest(string(text), optionDigest)
	}
	return o
}

// is reports whether a value of an input means the option, by its value or by
// its title.
func (o option) is(value any) bool {
	given := optionOf(value, "", false).value
	return given == o.value || given == o.title
}

// adopt adds fields that only a branch has.
func (s *shape) adopt(branch *shape) {
	for name, field := range branch.fields {
		if own := s.member(name); own.empty() {
			required := own.required
			*own = *field
			own.required = required
		}
	}
	if s.items == nil {
		s.items = branch.items
	}
	if s.names == nil {
		s.names = branch.names
	}
}

// empty reports whether nothing is known but that there is such a field.
func (s *shape) empty() bool {
	return len(s.types) == 0 && s.fields == nil && s.items == nil && s.names == nil && s.options == nil && s.limits == nil &&
		s.label == "" && s.id == ""
}

// member returns a field, which is made if there is none.
func (s *shape) member(name string) *shape {
	if s.fields == nil {
		s.fields = map[string]*shape{}
	}
	f := s.fields[name]
	if f == nil {
		f = &shape{field: name}
		s.fields[name] = f
	}
	return f
}

func (s *shape) limit(keyword, value string) {
	if s.limits == nil {
		s.limits = map[string]string{}
	}
	if _, known := s.limits[keyword]; !known {
		s.limits[keyword] = value
	}
}

// offer adds an option, unless there is one of the value.
func (s *shape) offer(o option) {
	if !slices.ContainsFunc(s.options, func(own option) bool { return own.value == o.value }) {
		s.options = append(s.options, o)
	}
}

// choose takes the options of a union that is all constants, and reports
// whether it is.
func (s *shape) choose(union any) bool {
	branches := listOf(union)
	for _, b := range branches {
		branch, _ := b.(map[string]any)
		if _, ok := branch[kwConst]; !ok {
			return false
		}
	}
	for _, b := range branches {
		branch, _ := b.(map[string]any)
		if value := branch[kwConst]; value == nil {
			s.null = true
		} else {
			s.offer(optionOf(value, text(branch[kwTitle]), false))
		}
		s.closed = true
	}
	return len(branches) > 0
}

// inherit gives the items of a list what its field is called.
func (s *shape) inherit(list *shape) {
	if s.label == "" {
		s.label = list.label
	}
	if s.field == "" {
		s.field = list.field
	}
}

// settle hands the options that the annotation of a list tells to its items,
// which are what takes them.
func (s *shape) settle() {
	if s.items == nil || s.closed {
		return
	}
	for _, o := range s.options {
		s.items.offer(o)
	}
	s.options = nil
}

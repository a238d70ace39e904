package schema

import (
	"cmp"
	"errors"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/nearest"
)

// Validate returns everything wrong with v, a value as [Decode] returns it, or
// nil. The violations are sorted by pointer, array indices by number. Each has
// the pointer of the culprit (of the missing property, the unknown property),
// the keyword, and a message that names the rule and the type or the size of
// the value, never the value itself.
func (s *Schema) Validate(v any) (violations []connector.Violation) {
	defer func() {
		if recover() != nil { // the validator trips over numbers that are none, as NaN
			violations = []connector.Violation{{Message: "holds a number that is not valid JSON"}}
		}
	}()
	err := s.compiled.Validate(v)
	if err == nil {
		return nil
	}
	failure, ok := errors.AsType[*jsonschema.ValidationError](err)
	if !ok {
		return []connector.Violation{{Message: "holds something that is not valid JSON, or the schema refers to itself in a loop"}}
	}
	e := explainer{root: s.root(), value: v}
	e.explain(failure)
	return e.violations()
}

// explainer turns the validator's tree of failures into violations.
type explainer struct {
	root  any // the schema document
	value any // what was validated
	found []located
}

type located struct {
	at pointer
	connector.Violation
}

func (e *explainer) add(at pointer, keyword, message string) {
	e.found = append(e.found, located{at, connector.Violation{Pointer: at.String(), Keyword: keyword, Message: message}})
}

func (e *explainer) violations() []connector.Violation {
	slices.SortFunc(e.found, func(a, b located) int {
		return cmp.Or(comparePointers(a.at, b.at), cmp.Compare(a.Keyword, b.Keyword), cmp.Compare(a.Message, b.Message))
	})
	violations := make([]connector.Violation, len(e.found))
	for i, f := range e.found {
		violations[i] = f.Violation
	}
	return slices.Compact(violations)
}

// explain adds the violations of one failure and its causes. A failure with
// an empty message only groups others.
func (e *explainer) explain(f *jsonschema.ValidationError) {
	keyword := parseFragment(f.AbsoluteKeywordLocation).last()
	switch {
	case len(f.Causes) == 0 || (f.Message != "" && keyword == "minContains"):
		e.single(e.site(f), f.Message)
	case f.Message != "" && (keyword == kwOneOf || keyword == kwAnyOf):
		e.union(e.site(f), f)
	default:
		for _, cause := range f.Causes {
			e.explain(cause)
		}
	}
}

// site is the place of a failure.
type site struct {
	node    map[string]any // the schema that failed
	keyword string         // the keyword of it that failed
	detail  pointer        // what of the location follows the keyword
	at      pointer        // the value that failed
	value   any
	isName  bool // value is the name of the property that at points to
}

func (e *explainer) site(f *jsonschema.ValidationError) site {
	path := parseFragment(f.AbsoluteKeywordLocation)
	s := site{at: parseFragment(f.InstanceLocation), isName: throughNames(parseFragment(f.KeywordLocation))}
	if n := len(path) - 3; n >= 0 && path[n] == kwDependent && f.Message != notAllowed {
		path, s.detail = path[:n+1], path[n+1:]
	}
	if s.keyword = path.last(); len(path) > 0 {
		parent, _ := path[:len(path)-1].in(e.root)
		s.node, _ = parent.(map[string]any)
	}
	s.value, _ = s.at.in(e.value)
	if s.isName {
		s.value = s.at.last()
	}
	return s
}

// throughNames reports whether a location passes through propertyNames, where
// the value that is checked is a name.
func throughNames(path pointer) bool {
	for i := 0; i < len(path); i++ {
		switch path[i] {
		case kwNames:
			return true
		case kwProperties, kwPatterns, "dependentSchemas":
			i++ // the next token is a name
		}
	}
	return false
}

// notAllowed is the validator's message for the schema false.
const notAllowed = "not allowed"

func (e *explainer) single(s site, message string) {
	if message == notAllowed {
		e.forbidden(s)
		return
	}
	switch s.keyword {
	case kwRequired:
		e.missing(s)
	case kwAdditional:
		e.unknown(s)
	case kwEnum, kwConst:
		keyword, choices := choicesOf(s.node)
		e.add(s.at, keyword, s.subject()+choiceMessage(choices, s.value))
	case kwDependent:
		if name, ok := s.detail.in(s.node[kwDependent]); ok {
			e.add(s.at.with(text(name)), s.keyword, "is required because "+s.detail[0]+" is given")
		}
	case kwOneOf:
		e.ambiguous(s)
	case "uniqueItems":
		e.add(s.at, s.keyword, "must not repeat an item: "+message)
	default:
		e.add(s.at, s.keyword, s.subject()+ruleMessage(s.node, s.keyword, s.value))
	}
}

// subject begins a message about a name, which its pointer does not tell.
func (s site) subject() string {
	if s.isName {
		return "the property name "
	}
	return ""
}

func (e *explainer) forbidden(s site) {
	switch {
	case s.isName:
		e.add(s.at, kwNames, "is not allowed: the object takes no properties")
	case s.keyword == kwUnevaluated || s.keyword == kwAdditional:
		e.add(s.at, s.keyword, "is not a known property")
	default:
		e.add(s.at, "", "is not allowed here")
	}
}

func (e *explainer) missing(s site) {
	given, _ := s.value.(map[string]any)
	for _, name := range texts(s.node[kwRequired]) {
		if _, ok := given[name]; !ok {
			e.add(s.at.with(name), kwRequired, "is required")
		}
	}
}

func (e *explainer) unknown(s site) {
	given, _ := s.value.(map[string]any)
	properties, _ := s.node[kwProperties].(map[string]any)
	known := slices.Sorted(maps.Keys(properties))
	for name := range given {
		if _, ok := properties[name]; ok || matchesAny(s.node[kwPatterns], name) {
			continue
		}
		e.add(s.at.with(name), kwAdditional, "is not a known property"+hint(name, known))
	}
}

// matchesAny reports whether a name matches a key of patternProperties.
func matchesAny(patterns any, name string) bool {
	keyed, _ := patterns.(map[string]any)
	for pattern := range keyed {
		if re, err := regexp.Compile(pattern); err == nil && re.MatchString(name) {
			return true
		}
	}
	return false
}

// hint offers the names near to word, after a semicolon. A single letter is
// near to every other; a long word is no typing error, and comparing takes long.
func hint(word string, names []string) string {
	if len(word) < 2 || len(word) > 100 {
		return ""
	}
	if h := nearest.Hint(word, names); h != "" {
		return "; " + h
	}
	return ""
}

// text returns v if it is a string, else "".
func text(v any) string {
	s, _ := v.(string)
	return s
}

// texts returns the strings in v, be it one or a list.
func texts(v any) []string {
	if s, ok := v.(string); ok {
		return []string{s}
	}
	list, _ := v.([]any)
	var all []string
	for _, item := range list {
		all = append(all, text(item))
	}
	return all
}

// either joins words with commas and a last conjunction.
func either(words []string, conjunction string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " " + conjunction + " " + words[last]
}

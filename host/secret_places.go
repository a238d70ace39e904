package host

import (
	"encoding/json"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/jsonpointer"
)

// secretPlaces returns the JSON Pointers of the strings in doc that schema
// marks "writeOnly", and of those that have a "contentMediaType": they are
// contents, and may be in files of their own. A place is secret if any branch
// of a oneOf or the like says so: whether that branch is the one that holds is
// not known yet, and taking too much for a secret is harmless.
func secretPlaces(schema json.RawMessage, doc any) (secrets, contents map[string]bool, err error) {
	f := placeFinder{secrets: map[string]bool{}, contents: map[string]bool{}, seen: map[[2]string]bool{}}
	if len(schema) == 0 {
		return f.secrets, f.contents, nil
	}
	if err := json.Unmarshal(schema, &f.root); err != nil {
		e := connector.Errorf(connector.ReasonInternal, "the connection schema in the manifest is not JSON: %w", err)
		return nil, nil, e.WithHint("report it to the author of the connector")
	}
	f.walk(f.root, doc, "")
	return f.secrets, f.contents, nil
}

// placeFinder walks a schema and a document side by side.
type placeFinder struct {
	root              any
	secrets, contents map[string]bool
	// seen holds the references followed at each place; they may form rings.
	seen map[[2]string]bool
}

func (f *placeFinder) walk(schema, value any, pointer string) {
	s, ok := schema.(map[string]any)
	if !ok {
		return // true, false or no schema at all
	}
	if _, isString := value.(string); isString {
		if s["writeOnly"] == true {
			f.secrets[pointer] = true
		}
		if s["contentMediaType"] != nil {
			f.contents[pointer] = true
		}
	}
	if ref, ok := s["$ref"].(string); ok && !f.seen[[2]string{ref, pointer}] {
		f.seen[[2]string{ref, pointer}] = true
		f.walk(f.resolve(ref), value, pointer)
	}
	for _, keyword := range []string{"allOf", "anyOf", "oneOf"} {
		branches, _ := s[keyword].([]any)
		for _, branch := range branches {
			f.walk(branch, value, pointer)
		}
	}
	for _, keyword := range []string{"if", "then", "else"} {
		f.walk(s[keyword], value, pointer)
	}
	switch value := value.(type) {
	case map[string]any:
		f.members(s, value, pointer)
	case []any:
		f.elements(s, value, pointer)
	}
}

func (f *placeFinder) members(s, object map[string]any, pointer string) {
	properties, _ := s["properties"].(map[string]any)
	patterns, _ := s["patternProperties"].(map[string]any)
	for name, value := range object {
		at := pointer + "/" + jsonpointer.Token(name)
		property, declared := properties[name]
		f.walk(property, value, at)
		for pattern, property := range patterns {
			if matches(pattern, name) {
				declared = true
				f.walk(property, value, at)
			}
		}
		if !declared {
			f.walk(s["additionalProperties"], value, at)
		}
	}
}

// matches reports whether a name is one of a pattern. Every name is one of a
// pattern that Go does not know: ECMA 262 has more of them.
func matches(pattern, name string) bool {
	re, err := regexp.Compile(pattern)
	return err != nil || re.MatchString(name)
}

func (f *placeFinder) elements(s map[string]any, array []any, pointer string) {
	first, _ := s["prefixItems"].([]any)
	for i, value := range array {
		at := pointer + "/" + strconv.Itoa(i)
		if i < len(first) {
			f.walk(first[i], value, at)
		} else {
			f.walk(s["items"], value, at)
		}
	}
}

// resolve follows a reference within the schema; nil if it leads nowhere.
func (f *placeFinder) resolve(ref string) any {
	fragment, local := strings.CutPrefix(ref, "#")
	pointer, err := url.PathUnescape(fragment)
	if !local || err != nil {
		return nil
	}
	tokens := strings.Split(pointer, "/")
	if tokens[0] != "" {
		return nil // an anchor
	}
	return member(f.root, tokens[1:])
}

// member returns the value in at to which the tokens of a JSON Pointer lead;
// nil if there is none.
func member(at any, tokens []string) any {
	for _, token := range tokens {
		switch node := at.(type) {
		case map[string]any:
			at = node[jsonpointer.Name(token)]
		case []any:
			n, err := strconv.Atoi(token)
			if err != nil || n < 0 || n >= len(node) {
				return nil
			}
			at = node[n]
		default:
			return nil
		}
	}
	return at
}

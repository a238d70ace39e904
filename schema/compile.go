package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"weak"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// location is what the validator calls the document.
const location = "urn:schema"

// Schema is a compiled JSON Schema. It is safe for concurrent use.
type Schema struct {
	compiled *jsonschema.Schema
	document []byte

	mu sync.Mutex
	// decoded is the document as Go values. Only messages need it, so it may
	// go while all values are valid: decoded schemas of a thousand tenants
	// would outweigh everything else.
	decoded weak.Pointer[any]
}

// Compile compiles a JSON Schema 2020-12 document. Formats are asserted,
// unknown keywords are annotations. Nothing is ever loaded: a $ref must start
// with "#" and stay in the document. A $schema that names another draft is an
// error, and so is whatever the draft's own schema forbids.
func Compile(document []byte) (*Schema, error) {
	root, err := Decode(document)
	if err != nil {
		return nil, fmt.Errorf("schema: %w", err)
	}
	if err := checkReferences(root); err != nil {
		return nil, err
	}
	s := &Schema{document: bytes.Clone(document)}
	if faster, ok := enumerate(root); ok {
		if s.compiled, err = compile(faster); err == nil {
			return s, nil
		}
		// A reference into a replaced oneOf, or a schema that is wrong
		// elsewhere: the original decides.
	}
	if s.compiled, err = compile(document); err != nil {
		return nil, fmt.Errorf("schema: %w", err)
	}
	return s, nil
}

func compile(document []byte) (*jsonschema.Schema, error) {
	c := jsonschema.NewCompiler()
	c.Draft = jsonschema.Draft2020
	c.AssertFormat = true
	c.LoadURL = func(string) (io.ReadCloser, error) {
		return nil, errors.New("a reference leaves the document")
	}
	if err := c.AddResource(location, bytes.NewReader(document)); err != nil {
		return nil, err
	}
	return c.Compile(location)
}

func checkReferences(root any) (err error) {
	walk(root, func(schema map[string]any) {
		for _, keyword := range []string{kwRef, "$dynamicRef", "$recursiveRef"} {
			if ref, ok := schema[keyword].(string); ok && !strings.HasPrefix(ref, "#") {
				err = fmt.Errorf("schema: %s %q leaves the document", keyword, ref)
			}
		}
		if named, ok := schema[kwSchema].(string); ok && strings.TrimSuffix(named, "#") != draft {
			err = fmt.Errorf("schema: $schema %q is not supported, only %s", named, draft)
		}
	})
	return err
}

// enumerate returns root with each oneOf of distinct strings replaced by an
// enum, which means the same and is checked many times faster. The second
// result is false if there was nothing to replace.
func enumerate(root any) ([]byte, bool) {
	replaced := false
	walk(root, func(schema map[string]any) {
		values, ok := plainChoices(schema)
		if !ok {
			return
		}
		delete(schema, kwOneOf)
		schema[kwEnum] = values
		replaced = true
	})
	if !replaced {
		return nil, false
	}
	document, err := json.Marshal(root)
	return document, err == nil
}

// plainChoices returns the values of a oneOf that is nothing but constants,
// each a distinct string or one null, with titles and descriptions.
func plainChoices(schema map[string]any) ([]any, bool) {
	branches, _ := schema[kwOneOf].([]any)
	if _, taken := schema[kwEnum]; taken || len(branches) == 0 {
		return nil, false
	}
	seen := make(map[any]bool, len(branches))
	values := make([]any, 0, len(branches))
	for _, b := range branches {
		branch, _ := b.(map[string]any)
		value, ok := branch[kwConst]
		if _, isText := value.(string); !ok || (!isText && value != nil) || seen[value] || !annotatedOnly(branch) {
			return nil, false
		}
		seen[value] = true
		values = append(values, value)
	}
	return values, true
}

// annotatedOnly reports whether branch is a const with texts beside it.
func annotatedOnly(branch map[string]any) bool {
	for key, value := range branch {
		switch key {
		case kwConst:
		case kwTitle, kwDescription:
			if _, ok := value.(string); !ok {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// root returns the document as Go values.
func (s *Schema) root() any {
	s.mu.Lock()
	defer s.mu.Unlock()
	if kept := s.decoded.Value(); kept != nil {
		return *kept
	}
	root, err := Decode(s.document)
	if err != nil {
		return nil // cannot be: Compile has decoded it
	}
	s.decoded = weak.Make(&root)
	return root
}

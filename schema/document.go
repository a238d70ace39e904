package schema

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
)

// Example is an example of an action, at once documentation, form prefill and
// test.
type Example struct {
	// Title says what the example shows.
	Title string `json:"title"`
	// Input is an input of the action.
	Input json.RawMessage `json:"input"`
	// Output is what comes back. Nil: not told.
	Output json.RawMessage `json:"output,omitempty"`
}

// Document is the JSON document of an action:
//
//	{"$defs": {"input": {...}, "output": {...}, ...}, "examples": [{"title", "input", "output"}]}
//
// It is safe for concurrent use.
type Document struct {
	examples []Example
	input    func() json.RawMessage
	output   func() json.RawMessage
}

// ParseDocument reads the document of an action. A $ref "#/$defs/x" that it
// does not define is taken from the $defs of shared, together with what that
// one refers to. A nil shared defines nothing.
//
// It is an error if either side is missing or no object, if a $ref has another
// form or leads nowhere, and if an example has no input. The schemas are not
// compiled.
func ParseDocument(data, shared []byte) (*Document, error) {
	var own, common struct {
		Defs     map[string]json.RawMessage `json:"$defs"`
		Examples []Example                  `json:"examples"`
	}
	if err := json.Unmarshal(data, &own); err != nil {
		return nil, fmt.Errorf("schema: document: %w", err)
	}
	if shared != nil {
		if err := json.Unmarshal(shared, &common); err != nil {
			return nil, fmt.Errorf("schema: shared document: %w", err)
		}
	}
	defs := definitions{own.Defs, common.Defs}
	for i, example := range own.Examples {
		if len(example.Input) == 0 {
			return nil, fmt.Errorf("schema: document: example %d has no input", i)
		}
	}
	input, err := defs.side("input")
	if err != nil {
		return nil, err
	}
	output, err := defs.side("output")
	if err != nil {
		return nil, err
	}
	if len(own.Examples) > 0 {
		inputs := make([]json.RawMessage, len(own.Examples))
		for i, example := range own.Examples {
			inputs[i] = example.Input
		}
		list, err := encode(inputs)
		if err != nil {
			return nil, fmt.Errorf("schema: document: %w", err)
		}
		input = input.set(kwExamples, list)
	}
	return &Document{
		examples: own.Examples,
		input:    sync.OnceValue(input.bytes),
		output:   sync.OnceValue(output.bytes),
	}, nil
}

// Input returns the schema of the input: self-contained, with the $defs that
// it reaches and no others, and with the inputs of the examples as its
// examples. The bytes are the same every time and must not be changed.
func (d *Document) Input() json.RawMessage { return d.input() }

// Output returns the schema of the output, like [Document.Input] but without
// examples.
func (d *Document) Output() json.RawMessage { return d.output() }

// Examples returns the examples in the order of the document.
func (d *Document) Examples() []Example { return slices.Clone(d.examples) }

// bytes is encode for an object whose members are known to be JSON.
func (o object) bytes() json.RawMessage {
	data, err := o.encode()
	if err != nil {
		return nil // cannot be: the members came from a JSON decoder
	}
	return data
}

// definitions are $defs to look names up in, the first that has one wins.
type definitions []map[string]json.RawMessage

func (d definitions) get(name string) (json.RawMessage, error) {
	for _, defs := range d {
		if def, ok := defs[name]; ok {
			return def, nil
		}
	}
	return nil, fmt.Errorf("schema: document: %s%s is not defined", defsFragment, name)
}

// side returns the self-contained schema of the definition called name.
func (d definitions) side(name string) (object, error) {
	def, err := d.get(name)
	if err != nil {
		return nil, err
	}
	members, err := parseObject(def)
	if err != nil {
		return nil, fmt.Errorf("schema: document: %s: %w", name, err)
	}
	reached := map[string]json.RawMessage{}
	if err := d.reach(def, reached); err != nil {
		return nil, err
	}
	schema, err := encode(draft)
	if err != nil {
		return nil, err
	}
	side := object{{kwSchema, schema}}
	for _, m := range members {
		side = side.set(m.key, m.value)
	}
	if len(reached) == 0 {
		return side, nil
	}
	var defs object
	for _, name := range slices.Sorted(maps.Keys(reached)) {
		defs = defs.set(name, reached[name])
	}
	encoded, err := defs.encode()
	if err != nil {
		return nil, err
	}
	side = side.set(kwDefs, encoded)
	return side, nil
}

// reach adds to reached what def refers to, directly or not.
func (d definitions) reach(def json.RawMessage, reached map[string]json.RawMessage) error {
	names, err := references(def)
	if err != nil {
		return err
	}
	for _, name := range names {
		if _, done := reached[name]; done {
			continue
		}
		target, err := d.get(name)
		if err != nil {
			return err
		}
		reached[name] = target
		if err := d.reach(target, reached); err != nil {
			return err
		}
	}
	return nil
}

// references returns the names of the definitions that def refers to.
func references(def json.RawMessage) ([]string, error) {
	root, err := Decode(def)
	if err != nil {
		return nil, fmt.Errorf("schema: document: %w", err)
	}
	names := map[string]bool{}
	walk(root, func(schema map[string]any) {
		ref, ok := schema[kwRef].(string)
		if !ok {
			return
		}
		if !strings.HasPrefix(ref, defsFragment) {
			err = fmt.Errorf("schema: document: $ref %q must start with %s", ref, defsFragment)
			return
		}
		names[parseFragment(ref)[1]] = true
	})
	return slices.Sorted(maps.Keys(names)), err
}

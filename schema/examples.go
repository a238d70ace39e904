package schema

import (
	"encoding/json"
	"fmt"
)

// KeepValidExamples returns a schema without those of its root examples that
// do not fit it, as after [Overlay] has narrowed it: an example is what a form
// is filled in with. If none fits, there are none. The result is compiled then:
// examples bind nothing.
func (c *Cache) KeepValidExamples(document json.RawMessage) (json.RawMessage, error) {
	root, err := parseObject(document)
	if err != nil {
		return nil, err
	}
	var examples []json.RawMessage
	if raw := root.get(kwExamples); raw != nil {
		if err := json.Unmarshal(raw, &examples); err != nil {
			return nil, fmt.Errorf("schema: examples: %w", err)
		}
	}
	compiled, err := c.Compile(document)
	if err != nil {
		return nil, err
	}
	fitting := []json.RawMessage{}
	for _, e := range examples {
		value, err := Decode(e)
		if err != nil {
			return nil, err
		}
		if compiled.Validate(value) == nil {
			fitting = append(fitting, e)
		}
	}
	if len(fitting) == len(examples) {
		return document, nil
	}
	kept, err := json.Marshal(fitting)
	if err != nil {
		return nil, err
	}
	narrowed, err := root.set(kwExamples, kept).encode()
	if err != nil {
		return nil, err
	}
	c.rename(document, narrowed)
	return narrowed, nil
}

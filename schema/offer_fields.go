package schema

import (
	"encoding/json"
	"fmt"
)

// OfferFields returns the schema input with the names of fields as options of the
// schema at the JSON Pointer at, which has nothing else; input itself if it has
// nothing there. They bind nothing: a query may name more.
func OfferFields(input json.RawMessage, at string, names []Option) (json.RawMessage, error) {
	path, err := parsePointer(at)
	if err != nil {
		return nil, err
	}
	root, err := Decode(input)
	if err != nil {
		return nil, err
	}
	if _, found := path.in(root); !found {
		return input, nil
	}
	result, err := edit(input, path, func(place object) (object, error) {
		block, err := encode(Annotation{Options: names, Source: &Source{Kind: SourceFields}})
		if err != nil {
			return nil, err
		}
		return place.set(kwAnnotation, block), nil
	})
	if err != nil {
		return nil, fmt.Errorf("schema: fields offered at %q: %w", at, err)
	}
	return result, nil
}

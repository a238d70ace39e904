package schema

import (
	"encoding/json"
	"maps"
	"slices"
)

// Lookups returns the lookups of a schema whose options can be asked for: the
// x-connector blocks with a [Lookup.Pointer], by that pointer. Of two with one
// pointer the first counts, in the order of their places. It is an error if
// input is no JSON.
func Lookups(input json.RawMessage) (map[string]Lookup, error) {
	var document any
	if err := json.Unmarshal(input, &document); err != nil {
		return nil, err
	}
	found := map[string]Lookup{}
	collect(document, found)
	return found, nil
}

func collect(value any, found map[string]Lookup) {
	switch v := value.(type) {
	case map[string]any:
		if annotation, ok := v[kwAnnotation].(map[string]any); ok {
			if l := lookupOf(annotation); l.Pointer != "" {
				if _, known := found[l.Pointer]; !known {
					found[l.Pointer] = l
				}
			}
		}
		for _, key := range slices.Sorted(maps.Keys(v)) {
			collect(v[key], found)
		}
	case []any:
		for _, inner := range v {
			collect(inner, found)
		}
	}
}

func lookupOf(annotation map[string]any) Lookup {
	var l Lookup
	if text, err := json.Marshal(annotation["lookup"]); err == nil {
		_ = json.Unmarshal(text, &l) // what is no lookup has no pointer
	}
	return l
}

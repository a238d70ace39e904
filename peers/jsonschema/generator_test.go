package jsonschema_test

import (
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
)

// generator makes values for a schema: good ones, but for the oddities that it
// puts in.
type generator struct {
	root   map[string]any
	random *rand.Rand
	// oddity is how likely a value is of another kind than the schema wants.
	oddity float64
}

// oddities are values that most schemas refuse, and some take.
func oddities() []any {
	return []any{
		nil, true, 0, -1, 1.5, 12, "", "x", strings.Repeat("long ", 200), "2026-02-30", "2026-12-15T09:30:00", "nobody",
		[]any{}, []any{"x", "x"}, []any{nil}, map[string]any{}, map[string]any{"Unknown": 1},
	}
}

func (g *generator) value(node map[string]any, depth int) any {
	if g.random.Float64() < g.oddity {
		return pick(g, oddities())
	}
	if ref, ok := node["$ref"].(string); ok {
		defs, _ := g.root["$defs"].(map[string]any)
		target, _ := defs[strings.TrimPrefix(ref, "#/$defs/")].(map[string]any)
		return g.value(target, depth+1)
	}
	for _, keyword := range []string{"oneOf", "anyOf"} {
		if branches, ok := node[keyword].([]any); ok {
			branch, _ := pick(g, branches).(map[string]any)
			if value, ok := branch["const"]; ok {
				return value
			}
			if len(branch) > 0 && branch["required"] == nil {
				return g.value(branch, depth+1)
			}
		}
	}
	if values, ok := node["enum"].([]any); ok {
		return pick(g, values)
	}
	return g.typed(node, depth)
}

func (g *generator) typed(node map[string]any, depth int) any {
	kind, _ := node["type"].(string)
	if kinds, ok := node["type"].([]any); ok {
		kind, _ = pick(g, kinds).(string)
	}
	switch kind {
	case "string":
		return g.text(node)
	case "number", "integer":
		low, _ := node["minimum"].(float64)
		return low + float64(g.random.IntN(3))
	case "boolean":
		return g.random.IntN(2) == 0
	case "null":
		return nil
	case "array":
		return g.array(node, depth)
	case "object":
		return g.object(node, depth)
	}
	if node["properties"] != nil {
		return g.object(node, depth)
	}
	return pick(g, oddities())
}

func (g *generator) text(node map[string]any) string {
	switch node["format"] {
	case "date":
		return "2026-12-15"
	case "date-time":
		return pick(g, []string{"2026-12-15T09:30:00Z", "2026-12-15T09:30:00.250+01:00"})
	case "email":
		return "ada.berg@example.com"
	case "uri":
		return "https://example.com/page"
	}
	if node["pattern"] != nil {
		return pick(g, []string{"0065e00000EXMP1", "0065e00000EXMP1234", "/v1/path", "Ä"})
	}
	return pick(g, []string{"x", "some text", "Müller & Söhne", "<p>5 &lt; 7</p>"})
}

func (g *generator) array(node map[string]any, depth int) []any {
	items, _ := node["items"].(map[string]any)
	least, _ := node["minItems"].(float64)
	list := []any{}
	for range int(least) + g.random.IntN(2) {
		list = append(list, g.value(items, depth+1))
	}
	return list
}

// object has what is required, and a few of the other properties.
func (g *generator) object(node map[string]any, depth int) map[string]any {
	value := map[string]any{}
	properties, _ := node["properties"].(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		required, _ := node["required"].([]any)
		wanted := slices.Contains(required, any(name)) && g.random.Float64() >= g.oddity
		property, _ := properties[name].(map[string]any)
		if wanted || depth < 6 && g.random.IntN(4) == 0 {
			value[name] = g.value(property, depth+1)
		}
	}
	if g.random.Float64() < g.oddity {
		value["Unheard_of__gc"] = "x"
	}
	return value
}

func pick[T any](g *generator, from []T) T { return from[g.random.IntN(len(from))] }

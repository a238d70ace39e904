package actions

import (
	"maps"
	"slices"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

// restore returns settings with a stand-in at the place of every secret, so
// that "required" can be checked without the secrets themselves.
func restore(settings any, secrets map[string]connector.Secret) any {
	for _, pointer := range slices.Sorted(maps.Keys(secrets)) {
		parent, ok := settings.(map[string]any)
		tokens := strings.Split(strings.TrimPrefix(pointer, "/"), "/")
		for _, token := range tokens[:len(tokens)-1] {
			if !ok {
				break
			}
			parent, ok = parent[token].(map[string]any)
		}
		if ok {
			parent[tokens[len(tokens)-1]] = secrets[pointer].String()
		}
	}
	return settings
}

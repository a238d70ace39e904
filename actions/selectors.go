package actions

import (
	"maps"
	"slices"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/nearest"
)

// checkSelectors refuses selectors that the action does not know, which would
// otherwise change nothing without a word.
func (e *entry) checkSelectors(selectors map[string]string) error {
	for _, name := range slices.Sorted(maps.Keys(selectors)) {
		if !slices.Contains(e.Info.Selectors, name) {
			if len(e.Info.Selectors) == 0 {
				return connector.Errorf(connector.ReasonInvalidInput, "there is no selector %q: the action has none", name)
			}
			known := strings.Join(e.Info.Selectors, ", ")
			return connector.Errorf(connector.ReasonInvalidInput, "there is no selector %q; known: %s", name, known).
				WithHint("%s", nearest.Hint(name, e.Info.Selectors))
		}
	}
	return nil
}

package cli

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/snapshot"
	"github.com/gainsight-connector/gainsight-connector/schema"
)

// pairs compares the descriptions of actions before and after. Of an action
// whose object the snapshot does not have, nothing is known to compare.
func (r *diffRun) pairs(of *snapshot.Snapshot, before, after map[string]connector.Description) ([]difference, error) {
	saved := map[string]bool{}
	for _, object := range of.Objects {
		saved[strings.ToLower(snapshot.Name(object))] = true
	}
	var all []difference
	for _, id := range slices.Sorted(maps.Keys(before)) {
		for _, side := range []struct {
			name         string
			older, newer json.RawMessage
		}{
			{sideInput, before[id].Input, after[id].Input}, {sideOutput, before[id].Output, after[id].Output},
		} {
			if lacks := missing(side.newer, saved); lacks != "" {
				r.app.remark(connector.Diagnostic{
					Severity: connector.SeverityWarning,
					Summary:  fmt.Sprintf("the %s of %s is not compared: the older snapshot does not have the object %s", side.name, id, lacks),
				})
				continue
			}
			changes, err := schema.Diff(side.older, side.newer)
			if err != nil {
				return nil, fmt.Errorf("comparing the %s of %s: %w", side.name, id, err)
			}
			all = append(all, difference{Action: id, Side: side.name, Changes: changes})
		}
	}
	return all, nil
}

// missing returns the first object that fields of a schema come from and that
// is not among those saved; empty if all are.
func missing(document json.RawMessage, saved map[string]bool) string {
	var root any
	if json.Unmarshal(document, &root) != nil {
		return ""
	}
	names := map[string]bool{}
	named(root, names, "source")
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if !saved[name] {
			return name
		}
	}
	return ""
}

package actions

import (
	"maps"
	"slices"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
	"github.com/gainsight-connector/gainsight-connector/internal/nearest"
)

// overridePointer is the place in the settings of the operator's word on a
// field.
func overridePointer(action, field string) string { return "/required/" + action + "/" + field }

// stranger is the violation for a name that is none of those known.
func stranger(pointer, message, name string, known []string) connector.Violation {
	if hint := nearest.Hint(name, known); hint != "" {
		message += "; " + hint
	}
	return connector.Violation{Pointer: pointer, Message: message}
}

// checkOverrides refuses what a connection says about the fields of actions
// that have none of a tenant. Whether the fields exist is seen once its
// metadata are read.
func (c *gainsightConnector) checkOverrides(config gainsight.Config) error {
	var violations []connector.Violation
	for _, id := range slices.Sorted(maps.Keys(config.Required)) {
		e := c.entries[id]
		if e == nil || e.Doctype == nil {
			violations = append(violations, c.notOverridable("/required/"+id, id))
			continue
		}
		if w := e.Write; w != nil && w.Locate != nil {
			if wanted, named := config.Required[id][w.key()]; named && !wanted {
				violations = append(violations, connector.Violation{
					Pointer: overridePointer(id, w.key()), Message: "cannot be waived: a record whose answer was lost is found by it",
				})
			}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(config.Observed)) {
		if e := c.entries[id]; e == nil || e.Doctype == nil {
			violations = append(violations, c.notOverridable("/observed/"+id, id))
		}
	}
	if len(violations) == 0 {
		return nil
	}
	return invalidConnection("the settings of the connection cannot be used", violations)
}

func (c *gainsightConnector) notOverridable(pointer, id string) connector.Violation {
	var ids []string
	for _, a := range c.manifest.Actions {
		if c.entries[a.ID].Doctype != nil {
			ids = append(ids, a.ID)
		}
	}
	return stranger(pointer, "is no action with records that have a tenant's fields", id, ids)
}

// invalidConnection is the error for settings that cannot be used.
func invalidConnection(message string, violations []connector.Violation) error {
	e := connector.Invalid(message, violations)
	e.Reason = connector.ReasonInvalidConnection
	return e
}

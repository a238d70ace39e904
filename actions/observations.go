package actions

import (
	"maps"
	"sync"

	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

// maxObservations bounds what is kept of one tenant: fields of all actions.
const maxObservations = 200

// observations are the fields for whose lack a tenant has refused records, by
// action. They are names and no values. Safe for concurrent use.
type observations struct {
	mu    sync.Mutex
	known map[string]map[string]gainsight.Observation
	count int
}

// note keeps the refusal of a record for lack of a field and reports whether
// the field is new. Once there are too many, nothing new is kept.
func (o *observations) note(action, field string, seen gainsight.Observation) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	_, known := o.known[action][field]
	if !known && o.count >= maxObservations {
		return false
	}
	if o.known == nil {
		o.known = map[string]map[string]gainsight.Observation{}
	}
	if o.known[action] == nil {
		o.known[action] = map[string]gainsight.Observation{}
	}
	if !known {
		o.count++
	}
	o.known[action][field] = seen
	return !known
}

// replace forgets everything and keeps what it is given instead.
func (o *observations) replace(all map[string]map[string]gainsight.Observation) {
	o.mu.Lock()
	o.known, o.count = nil, 0
	o.mu.Unlock()
	for action, fields := range all {
		for field, seen := range fields {
			o.note(action, field, seen)
		}
	}
}

// of returns the fields of an action.
func (o *observations) of(action string) map[string]gainsight.Observation {
	o.mu.Lock()
	defer o.mu.Unlock()
	return maps.Clone(o.known[action])
}

// all returns the fields of every action.
func (o *observations) all() map[string]map[string]gainsight.Observation {
	o.mu.Lock()
	defer o.mu.Unlock()
	all := make(map[string]map[string]gainsight.Observation, len(o.known))
	for action, fields := range o.known {
		all[action] = maps.Clone(fields)
	}
	return all
}

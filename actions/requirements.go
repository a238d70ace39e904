package actions

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
	"github.com/gainsight-connector/gainsight-connector/schema"
)

// requirements are what a connection adds to what an action's document and the
// tenant's metadata say of the fields of a record.
type requirements struct {
	action   *entry
	policy   gainsight.Validation
	override map[string]bool
	observed map[string]gainsight.Observation
}

// requirements returns those of an action. What was observed was so of records
// of companies, and is asked of no others.
func (t *Tenant) requirements(a *entry, selectors map[string]string) requirements {
	config := t.client.Config()
	r := requirements{action: a, policy: config.Validation, override: config.Required[a.Info.ID]}
	if selectors[selectEntityType] != EntityRelationship {
		r.observed = t.observations.of(a.Info.ID)
	}
	return r
}

// digest changes with the schema that the requirements make: connections with
// the same one share it.
func (r requirements) digest() string {
	var b strings.Builder
	_, _ = fmt.Fprint(&b, r.policy == gainsight.ValidationStrict)
	for _, field := range slices.Sorted(maps.Keys(r.override)) {
		_, _ = fmt.Fprint(&b, "\x00", field, "\x00", r.override[field])
	}
	for _, field := range slices.Sorted(maps.Keys(r.observed)) {
		_, _ = fmt.Fprint(&b, "\x00", field)
	}
	return b.String()
}

// sources adds the connection's own to who demands a field.
func (r requirements) sources(field string, known *schema.Required) *schema.Required {
	override, overridden := r.override[field]
	_, observed := r.observed[field]
	if !overridden && !observed {
		return known
	}
	var all schema.Required
	if known != nil {
		all = *known
	}
	if overridden {
		all.Override = &override
	}
	if observed {
		all.Observed = &observed
	}
	return &all
}

// alternatives are what may be given in place of a field.
func (r requirements) alternatives(q schema.Requirement) []string {
	names := slices.Clone(q.Annotation.Alternatives)
	if r.action.Write != nil {
		for _, res := range r.action.Write.Resolvers {
			if res.Field == q.Name && !slices.Contains(names, res.Key) {
				names = append(names, res.Key)
			}
		}
	}
	return names
}

// require decides on every field of the record in the schema of s, and notes
// what the schema cannot say. What has alternatives is in no list of required
// fields, since any of them will do.
func (s *tenantSchema) require(r requirements) error {
	input, err := schema.Require(s.input, r.action.Doctype.At, func(q schema.Requirement) (*schema.Required, bool) {
		sources := r.sources(q.Name, q.Annotation.Required)
		var demanded bool
		var by schema.Demand
		if sources != nil {
			demanded, by = sources.Verdict()
		}
		d := demand{field: q.Name, names: append([]string{q.Name}, r.alternatives(q)...), by: by}
		s.fields.add(q.Annotation, d.names)
		switch {
		case demanded && by == schema.DemandRule:
			return sources, q.Listed
		case demanded:
			s.demands = append(s.demands, d)
			return sources, treatmentOf(r.policy, by) == refuse && len(d.names) == 1
		case by == schema.DemandOverride:
			s.waived = append(s.waived, q.Name)
			return sources, false
		}
		return sources, q.Listed
	})
	if err != nil {
		return connector.Errorf(connector.ReasonInternal, "the fields that a record needs cannot be told: %w", err)
	}
	s.input = input
	return nil
}

// place sees to it that every field which the operator speaks of is one of a
// record. static are the names that the action declares itself. Of an object
// that the tenant does not show nobody knows the fields, so it has any.
func (r requirements) place(properties map[string]*schema.Node, static map[string]bool, closed bool) error {
	var violations []connector.Violation
	for _, field := range slices.Sorted(maps.Keys(r.override)) {
		switch {
		case static[field] || properties[field] != nil:
		case !closed:
			properties[field] = &schema.Node{Annotation: &schema.Annotation{}}
		default:
			known := slices.Concat(slices.Sorted(maps.Keys(properties)), slices.Sorted(maps.Keys(static)))
			violations = append(violations, stranger(overridePointer(r.action.Info.ID, field),
				"is not a field of a record of "+r.action.Info.ID+" at this tenant", field, known))
		}
	}
	if len(violations) == 0 {
		return nil
	}
	return invalidConnection("the connection's setting \"required\" cannot be used", violations)
}

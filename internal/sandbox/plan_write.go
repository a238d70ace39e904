package sandbox

import (
	"maps"
)

// createPlans is Create Success Plan. Objectives are taken with
// withObjectives=true alone (success_plan.md, DOC2 summary).
func (t *Tenant) createPlans(c *call) answer {
	objectives := c.request.URL.Query().Get("withObjectives") == "true"
	return t.writePlans(c, func(d *planDraft) (string, *refusal) { return d.create(objectives) })
}

// updatePlans is Update Success Plan.
func (t *Tenant) updatePlans(c *call) answer { return t.writePlans(c, (*planDraft).update) }

// writePlans runs a write. More than 50 records are refused by the general rule
// (common.md 3, INFERRED); results are those of a CTA write (INFERRED).
func (t *Tenant) writePlans(c *call, write func(*planDraft) (string, *refusal)) answer {
	o := t.schema.object(objectPlan)
	results, refused := t.writeRequests(c, o, func(i int, given map[string]any, lookups map[string]lookup) (string, string, *refusal) {
		return (&planDraft{tenant: t, object: o, given: given, now: t.now()}).run(i, lookups, write)
	})
	if refused != nil {
		return *refused
	}
	return c.planResults(results)
}

// planResults answers a write in the form of a CTA write, or with maps in place
// of lists of maps (open question 25: the reply is UNKNOWN).
func (c *call) planResults(r ctaResults) answer {
	a := c.ctaResults(r)
	if !c.tenant.forms.PlanResultMaps {
		return a
	}
	merged := map[string]map[string]string{"success": {}, "failure": {}}
	for _, m := range r.Success {
		maps.Copy(merged["success"], m)
	}
	for _, m := range r.Failure {
		maps.Copy(merged["failure"], m)
	}
	if env, ok := a.body.(standard); ok {
		env.Data = merged
		a.body = env
	}
	return a
}

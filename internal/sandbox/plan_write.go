package sandbox

import (
	"maps"
	"strconv"
	"time"
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
	var body ctaWrite
	if refusal, ok := c.decode(&body); !ok {
		return refusal
	}
	if n := len(body.Requests); n == 0 {
		return c.badRequest("requests must hold at least one record")
	} else if n > maxRecords {
		return c.badRequest("requests holds " + strconv.Itoa(n) + " records; at most " + strconv.Itoa(maxRecords) + " are allowed")
	}
	o := t.schema.object(objectPlan)
	lookups := t.forms.planNames(body.Lookups)
	if bad := t.schema.checkLookups(o, lookups); bad != nil {
		return c.badRequest(bad.text)
	}
	results := ctaResults{Success: []map[string]string{}, Failure: []map[string]string{}}
	t.mu.Lock()
	defer t.mu.Unlock()
	for i, rq := range body.Requests {
		d := &planDraft{tenant: t, object: o, given: rq.Record, now: t.clock().UTC().Truncate(time.Millisecond)}
		key, gsid, bad := d.run(i, lookups, write)
		if bad != nil {
			results.Failure = append(results.Failure, map[string]string{key: bad.Error()})
		} else {
			results.Success = append(results.Success, map[string]string{key: gsid})
		}
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

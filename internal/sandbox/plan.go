package sandbox

import (
	"net/http"
	"strings"
)

// objectPlan is the object of success plans (success_plan.md, LIVE).
const objectPlan = "cta_group"

// deletedPlans is the table of the plans that were deleted. No object has this
// name, so that no query reaches it.
const deletedPlans = "cta_group/deleted"

// codePlanRequest is the code of a plan request that cannot be read. The
// vendor's is UNKNOWN; this one means an invalid value (common.md 5.2).
const codePlanRequest = "GSOBJ_1002"

// Where a plan keeps what its object has no field for.
const (
	objectivesKey = "Objectives"
	templatesKey  = "Templates"
)

// A planConfig is the success plan configuration of a tenant. The typeName of
// an item is the plan type that it goes with.
type planConfig struct {
	types, statuses, objectives, templates []ctaItem
}

// Categories of the plan configuration in da_picklist. The first is documented
// (success_plan.md, DOC2 summary); the names of the others are INFERRED.
const (
	categoryPlanType      = "SUCCESS_PLAN_TYPE"
	categoryPlanStatus    = "SUCCESS_PLAN_STATUS"
	categoryPlanObjective = "OBJECTIVE_CATEGORY"
)

func (cfg planConfig) category(name string) []ctaItem {
	switch name {
	case categoryPlanType:
		return cfg.types
	case categoryPlanStatus:
		return cfg.statuses
	case categoryPlanObjective:
		return cfg.objectives
	default:
		return nil
	}
}

// planRoutes are the Success Plan operations (success_plan.md).
func (t *Tenant) planRoutes() []route {
	const path = "/v2/successPlan"
	routes := []route{
		{method: http.MethodPost, path: path, reads: true, handle: t.createPlans},
		{method: http.MethodPut, path: path, reads: true, handle: t.updatePlans},
		{method: http.MethodPost, path: path + "/list", slash: t.forms.PlanListSlash, reads: true, handle: t.listPlans},
		{method: http.MethodPost, path: path + "/deleted/list", slash: SlashRefused, reads: true, handle: t.listDeletedPlans},
		{method: http.MethodGet, path: path + "/admin/picklist/lite", slash: SlashRefused, handle: t.getPlanConfig},
	}
	for i := range routes {
		routes[i].bad = codePlanRequest
	}
	return routes
}

type planConfigPayload struct {
	Name   string `json:"name"`
	GSID   string `json:"gsid"`
	Active bool   `json:"active"`
}

// getPlanConfig is Get Success Plan Configurations (DOC2 summary; the reply is
// INFERRED). Only the plan types are documented, so that other categories are
// unknown here and left out, unless a form says otherwise.
func (t *Tenant) getPlanConfig(c *call) answer {
	q := c.request.URL.Query()
	if et := q.Get("et"); et != "COMPANY" && et != "RELATIONSHIP" {
		return c.refuse(codePlanRequest, "et must be COMPANY or RELATIONSHIP", c.noData())
	}
	if q.Get("category") == "" {
		return c.refuse(codePlanRequest, "category is required", c.noData())
	}
	type listed struct {
		planConfigPayload
		Category string `json:"picklistCategory"`
	}
	data, list := map[string][]planConfigPayload{}, []listed{}
	for category := range strings.SplitSeq(q.Get("category"), ",") {
		if category != categoryPlanType && !t.forms.PlanCategories {
			continue
		}
		for _, it := range t.plans.category(category) {
			p := planConfigPayload{Name: it.name, GSID: it.gsid, Active: !it.inactive}
			data[category] = append(data[category], p)
			list = append(list, listed{p, category})
		}
	}
	if t.forms.ConfigList {
		return c.ok(list)
	}
	return c.ok(data)
}

// Plans returns every success plan of the tenant that is not deleted, in order
// of creation: canonical field name to value as the list operation shows it,
// all fields, nulls left out, and what was given as Objectives and Templates.
func (t *Tenant) Plans() []map[string]any {
	t.mu.RLock()
	defer t.mu.RUnlock()
	out := t.all(t.schema.object(objectPlan))
	for i, r := range t.table(objectPlan).records {
		for _, key := range []string{objectivesKey, templatesKey} {
			if v := r[key]; v != nil {
				out[i][key] = v
			}
		}
	}
	return out
}

package sandbox

import (
	"cmp"
	"net/http"
)

// Timeline codes (common.md 5.6, INFERRED).
const (
	codeActivityMissing   = "GS_TL_10_0206"
	codeActivityDuplicate = "GS_TL_10_0207"
	codeActivityReference = "GS_TL_10_0213"
)

// objectActivity is the object behind activities (timeline.md, LIVE).
const objectActivity = "activity_timeline"

// activityIDKey is where a record keeps its activityId, which is taken not to
// be the Gsid (open question 21). No field of the object has this name.
const activityIDKey = "activityId"

// maxActivityBytes is the largest body of a bulk call: 80 MB (timeline.md, DOC),
// read as decimal megabytes (open question 20).
const maxActivityBytes = 80_000_000

// activityRoutes are the timeline operations (timeline.md).
func (t *Tenant) activityRoutes() []route {
	const path, jobs = "/v1/ant/es/activity", "/v1/ant/es/job"
	routes := []route{
		{method: http.MethodPost, path: path, reads: true, budget: budgetTimeline, handle: t.saveActivities},
		{method: http.MethodPut, path: path, reads: true, budget: budgetTimeline, handle: t.updateActivities},
		{
			method: http.MethodDelete, path: path, reads: t.forms.ActivityDelete != DeleteQuery,
			budget: budgetTimeline, handle: t.deleteActivities,
		},
		{method: http.MethodPost, path: path + "/deleted", reads: true, budget: budgetTimeline, handle: t.listDeletedActivities},
		{
			method: http.MethodPost, path: path + "/bulk", reads: true, most: t.options.ActivityBytes,
			budget: budgetTimelineBulk, handle: t.saveActivitiesInBulk,
		},
		{
			method: http.MethodPut, path: path + "/bulk", reads: true, most: t.options.ActivityBytes,
			budget: budgetTimelineBulk, handle: t.updateActivitiesInBulk,
		},
		{method: http.MethodGet, path: jobs + "/status/{job}", handle: t.activityJobStatus},
	}
	switch t.forms.ActivityAbort {
	case AbortByPath:
		routes = append(routes, route{method: http.MethodPost, path: jobs + "/abort/{job}", handle: t.abortActivityJob})
	case AbortByIDs:
		routes = append(routes, route{method: http.MethodPost, path: jobs + "/abort", reads: true, handle: t.abortActivityJobs})
	case AbortNowhere:
	}
	for i := range routes {
		routes[i].bad, routes[i].slash = cmp.Or(routes[i].bad, codeActivityMissing), SlashRefused
	}
	return routes
}

// activityWrite is the body of every write of activities (timeline.md, DOC).
type activityWrite struct {
	Records []map[string]any  `json:"records"`
	Lookups map[string]lookup `json:"lookups"`
}

// activityBatch is a write that has been read and can begin.
type activityBatch struct {
	activityWrite

	identifier string // of an update: the field that finds the records
}

// readActivities reads the body of a save or, with identifiers, of an update.
func (t *Tenant) readActivities(c *call, update bool) (activityBatch, answer, bool) {
	var b activityBatch
	if refusal, ok := c.decode(&b.activityWrite); !ok {
		return b, refusal, false
	}
	if len(b.Records) == 0 {
		return b, c.badRequest("records must hold at least one record"), false
	}
	if bad := t.schema.checkLookups(t.schema.object(objectActivity), b.Lookups); bad != nil {
		return b, c.badRequest(bad.text), false
	}
	if update {
		fields := map[string]string{"externalid": "ExternalId", "activityid": "ActivityId", "gsid": "Gsid"}
		if b.identifier = fields[c.request.URL.Query().Get("identifier")]; b.identifier == "" {
			return b, c.badRequest("identifier must be externalid, activityid or gsid"), false
		}
	}
	return b, answer{}, true
}

// maxActivities is how many records a single save or update may hold: the
// general rule (common.md 3, INFERRED; open question 18).
const maxActivities = 50

func (t *Tenant) saveActivities(c *call) answer   { return t.writeActivities(c, false) }
func (t *Tenant) updateActivities(c *call) answer { return t.writeActivities(c, true) }

// writeActivities is Single Activity Save API and Single Update API.
func (t *Tenant) writeActivities(c *call, update bool) answer {
	b, refusal, ok := t.readActivities(c, update)
	if !ok {
		return refusal
	}
	if len(b.Records) > maxActivities {
		return c.badRequest("records holds more than 50 records")
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return c.activityResults(t.applyActivities(b))
}

// applyActivities writes records and returns a result for each. The tenant is
// locked.
func (t *Tenant) applyActivities(b activityBatch) []activityResult {
	results := make([]activityResult, len(b.Records))
	for i, given := range b.Records {
		d := activityDraft{tenant: t, object: t.schema.object(objectActivity), now: t.now(), fields: record{}}
		results[i] = d.run(given, b)
	}
	return results
}

// Activities returns every activity of the tenant in order of creation:
// canonical field name to value as a query shows it, nulls left out, and the
// activityId under its own name.
func (t *Tenant) Activities() []map[string]any {
	t.mu.RLock()
	defer t.mu.RUnlock()
	out := t.all(t.schema.object(objectActivity))
	for i, r := range t.table(objectActivity).records {
		out[i][activityIDKey] = r[activityIDKey]
	}
	return out
}

package sandbox

import (
	"cmp"
	"slices"
	"time"
)

// deletedFor is how long deleted data is kept (common.md 13, DOC for Cockpit,
// INFERRED for the timeline).
const deletedFor = 15 * 24 * time.Hour

// A deletedActivity is an entry of the log of deletions.
type deletedActivity struct {
	record record
	at     time.Time
}

// deleteActivities is Delete API (path DOC2 summary; where the ids are:
// INFERRED, open question 7).
func (t *Tenant) deleteActivities(c *call) answer {
	ids, refusal, ok := t.activityIDs(c)
	if !ok {
		return refusal
	}
	if len(ids) == 0 {
		return c.badRequest("an activityId is required")
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	results := make([]activityResult, len(ids))
	for i, id := range ids {
		results[i] = activityResult{key: id, id: id}
		r, ok := t.findActivity("ActivityId", id)
		if !ok {
			results[i].bad = refusef(codeActivityReference, "Activity not found for ActivityId")
			continue
		}
		kept := slices.DeleteFunc(slices.Clone(t.table(objectActivity).records), func(x record) bool { return x.gsid() == r.gsid() })
		t.tables[objectActivity] = newTable(kept)
		t.deletedActivities = append(t.deletedActivities, deletedActivity{record: r, at: t.now()})
	}
	return c.activityResults(results)
}

func (t *Tenant) activityIDs(c *call) ([]string, answer, bool) {
	switch t.forms.ActivityDelete {
	case DeleteQuery:
		return c.request.URL.Query()["activityId"], answer{}, true
	case DeleteList:
		var ids []string
		refusal, ok := c.decode(&ids)
		return ids, refusal, ok
	case DeleteIDs:
		var body struct {
			IDs []string `json:"activityIds"`
		}
		refusal, ok := c.decode(&body)
		return body.IDs, refusal, ok
	default:
		var body struct {
			Records []struct {
				ID string `json:"activityId"`
			} `json:"records"`
		}
		refusal, ok := c.decode(&body)
		var ids []string
		for _, r := range body.Records {
			if r.ID != "" {
				ids = append(ids, r.ID)
			}
		}
		return ids, refusal, ok
	}
}

// listDeletedActivities is Fetch Deleted (path DOC2 summary; keys, pages and
// reply INFERRED, open question 8).
func (t *Tenant) listDeletedActivities(c *call) answer {
	from, to, refusal, ok := t.deletedRange(c)
	if !ok {
		return refusal
	}
	t.mu.RLock()
	defer t.mu.RUnlock()
	rows := []map[string]any{}
	for _, d := range t.deletedActivities {
		if d.at.Before(from) || d.at.After(to) || t.now().Sub(d.at) > deletedFor {
			continue
		}
		rows = append(rows, map[string]any{
			"activityId": d.record[activityIDKey], "externalId": d.record["ExternalId"],
			"gsid": d.record.gsid(), "deletedDate": d.at.Format(millisLayout),
		})
	}
	return c.list(rows)
}

func (t *Tenant) deletedRange(c *call) (from, to time.Time, _ answer, ok bool) {
	var body map[string]any
	if refusal, ok := c.decode(&body); !ok {
		return from, to, refusal, false
	}
	var bounds [2]any
	if t.forms.DeletedWhere {
		var q struct {
			Where *where `json:"where"`
		}
		if refusal, ok := c.decode(&q); !ok {
			return from, to, refusal, false
		}
		if q.Where == nil || len(q.Where.Conditions) != 1 || len(q.Where.Conditions[0].Value) != 2 ||
			q.Where.Conditions[0].FieldName != "DeletedDate" || q.Where.Conditions[0].Operator != "BTW" {
			return from, to, c.badRequest("where must hold one condition on DeletedDate with BTW"), false
		}
		bounds = [2]any(q.Where.Conditions[0].Value)
	} else {
		bounds[0] = body[cmp.Or(t.forms.DeletedRange[0], "startDate")]
		bounds[1] = body[cmp.Or(t.forms.DeletedRange[1], "endDate")]
	}
	var at [2]time.Time
	for i, v := range bounds {
		s, _ := v.(string)
		parsed, err := time.Parse(millisLayout, s)
		if err != nil {
			return from, to, c.badRequest("the range must be two dates in ISO 8601"), false
		}
		at[i] = parsed
	}
	return at[0], at[1], answer{}, true
}

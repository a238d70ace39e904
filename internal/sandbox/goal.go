package sandbox

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
)

// codeGoalRequest is the code of a goal that is refused. The vendor's are
// UNKNOWN; this one means an invalid value (common.md 5.2).
const codeGoalRequest = "GSOBJ_1002"

// associationsKey is where a goal's record keeps its associations: no field of
// the object has this name.
const associationsKey = "association"

// associations are the CTAs and success plans of a goal (goals.md, DOC sample).
type associations struct {
	CTA []string `json:"CTA"`
	SP  []string `json:"SP"`
}

// goalRoutes are the Customer Goals operations (goals.md): create is DOC, the
// other paths are INFERRED.
func (t *Tenant) goalRoutes() []route {
	const path = "/v1/csgoal/external/"
	method := http.MethodPut
	if t.forms.GoalUpdatePost {
		method = http.MethodPost
	}
	routes := []route{
		{method: http.MethodPost, path: path + "create", handle: t.createGoal},
		{method: method, path: path + "update", handle: t.updateGoal},
		{method: http.MethodPost, path: cmp.Or(t.forms.GoalListPath, path+"fetch"), handle: t.listGoals},
	}
	for i := range routes {
		routes[i].slash, routes[i].reads, routes[i].bad = SlashRefused, true, codeGoalRequest
	}
	return routes
}

// goalWrite is the body of create and update. What stands beside a record is
// read by name.
type goalWrite struct {
	Requests []map[string]json.RawMessage `json:"requests"`
	Lookups  map[string]lookup            `json:"lookups"`
}

// goalChange is the one goal of a body.
type goalChange struct {
	record     map[string]any
	add, leave associations
}

// createGoal is Create Customer Goals.
func (t *Tenant) createGoal(c *call) answer {
	return t.writeGoal(c, func(d *draft, change goalChange) (record, *refusal) {
		// StatusName and Name are DOC; EntityType "likely".
		if bad := d.missing(codeGoalRequest, "Name", "StatusName", "EntityType"); bad != nil {
			return nil, bad
		}
		if bad := d.required(codeGoalRequest); bad != nil {
			return nil, bad
		}
		context := map[any]string{"COMPANY": "CompanyId", "RELATIONSHIP": "RelationshipId", "OPPORTUNITY": "OpportunityId"}
		key, ok := context[d.given["EntityType"]]
		if !ok {
			return nil, refusef(codeGoalRequest, "Invalid value for field EntityType")
		}
		if bad := d.missing(codeGoalRequest, key); bad != nil {
			return nil, bad
		}
		if bad := t.fillGoal(d); bad != nil {
			return nil, bad
		}
		tb, now := t.table(d.object.name), t.now()
		r := record{
			"Gsid": newGSID(prefixGoal, t.name, len(tb.records)+1), "CreatedDate": now, "ModifiedDate": now,
			associationsKey: change.add,
		}.with(d.fields)
		tb.add(r)
		return r, nil
	})
}

// updateGoal is Update Customer Goals: the record has the goal's Gsid
// (INFERRED); associations are added, those of the dissociation key removed
// (INFERRED, low confidence).
func (t *Tenant) updateGoal(c *call) answer {
	return t.writeGoal(c, func(d *draft, change goalChange) (record, *refusal) {
		if bad := d.find(codeGoalRequest, "goal"); bad != nil {
			return nil, bad
		}
		if bad := t.fillGoal(d, "Gsid"); bad != nil {
			return nil, bad
		}
		has, _ := d.old[associationsKey].(associations)
		d.fields[associationsKey] = associations{
			CTA: merged(has.CTA, change.add.CTA, change.leave.CTA), SP: merged(has.SP, change.add.SP, change.leave.SP),
		}
		d.fields["ModifiedDate"] = t.now()
		r := d.old.with(d.fields)
		t.table(d.object.name).replace(r)
		return r, nil
	})
}

// merged returns ids with some added, each once, and some taken away.
func merged(ids, add, leave []string) []string {
	out := slices.Clone(ids)
	for _, id := range add {
		if !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return slices.DeleteFunc(out, func(id string) bool { return slices.Contains(leave, id) })
}

// fillGoal checks the given fields; the status goes by name (DOC).
func (t *Tenant) fillGoal(d *draft, skip ...string) *refusal {
	if v, given := d.given["StatusName"]; given {
		name, _ := v.(string)
		if it, ok := find(t.work.goalStatuses, name, ""); !ok || it.name != name {
			return refusef(codeBadPicklist, "Invalid picklist value (StatusName = %s).", name)
		}
	}
	for key, v := range d.given {
		// Picklists by label: the sample shows no other form (DOC).
		f, id := d.object.field(key), any(nil)
		if text, ok := v.(string); ok && f != nil && f.dataType == typePicklist {
			if it := f.category.item(text); it != nil {
				id = it.gsid
			}
		}
		if id != nil && id == v {
			return refusef(codeBadPicklist, "Invalid picklist value (%s = %s).", f.name, v)
		}
	}
	return d.fill(skip...)
}

func (t *Tenant) writeGoal(c *call, write func(*draft, goalChange) (record, *refusal)) answer {
	var body goalWrite
	if refusal, ok := c.decode(&body); !ok {
		return refusal
	}
	if len(body.Requests) != 1 {
		return c.badRequest("requests must hold exactly one goal") // no bulk: DOC
	}
	o := t.goals()
	if bad := t.schema.checkLookups(o, body.Lookups); bad != nil {
		return c.badRequest(bad.text)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	change, bad := t.readGoal(c, body.Requests[0])
	if bad != nil {
		return t.goalFailed(c, bad)
	}
	d, bad := t.newDraft(o, change.record, body.Lookups)
	if bad != nil {
		return t.goalFailed(c, bad)
	}
	r, bad := write(d, change)
	if bad != nil {
		return t.goalFailed(c, bad)
	}
	return t.goalWritten(c, o, r)
}

// readGoal reads one request; a key that is not known is refused.
func (t *Tenant) readGoal(c *call, request map[string]json.RawMessage) (goalChange, *refusal) {
	var change goalChange
	for key, raw := range request {
		var target any
		switch key {
		case "record":
			target = &change.record
		case "association":
			target = &change.add
		case t.forms.goalDissociation():
			target = &change.leave
		default:
			return change, refusef(codeGoalRequest, "Unknown key %s", key)
		}
		inner := call{tenant: t, route: c.route, body: raw}
		if _, ok := inner.decode(target); !ok {
			return change, refusef(codeGoalRequest, "Invalid value for %s", key)
		}
	}
	for _, a := range []associations{change.add, change.leave} {
		for object, ids := range map[string][]string{objectCTA: a.CTA, objectPlan: a.SP} {
			if i := slices.IndexFunc(ids, func(id string) bool { return !t.has(object, id) }); i >= 0 {
				return change, refusef(codeGoalRequest, "No %s record has the GSID %s", object, ids[i])
			}
		}
	}
	return change, nil
}

// goalWritten answers in the form that the tenant's forms choose.
func (t *Tenant) goalWritten(c *call, o *object, r record) answer {
	row := t.whole(o, r)
	switch t.forms.GoalReply {
	case GoalReplyList:
		return c.ok([]any{row})
	case GoalReplyMaps:
		return c.ok(ctaResults{Success: []map[string]string{{"0": r.gsid()}}, Failure: []map[string]string{}})
	case GoalReplyCounts:
		return c.ok(map[string]any{"count": 1, "errors": nil, "records": []any{row}})
	case GoalReplyText:
		return c.ok(r.gsid())
	case GoalReplyNull:
		return c.ok(nil)
	default:
		return c.ok(row)
	}
}

func (t *Tenant) goalFailed(c *call, bad *refusal) answer {
	switch t.forms.GoalReply {
	case GoalReplyMaps:
		return c.ctaResults(ctaResults{Success: []map[string]string{}, Failure: []map[string]string{{"0": bad.Error()}}})
	case GoalReplyCounts:
		reason := map[string]any{"errorMessage": bad.text, "errorCode": bad.code, "fieldName": nil, "invalidValue": nil}
		failed := map[string]any{"success": false, "parsedValue": nil, "errors": []any{reason}}
		return c.refuse(bad.code, bad.text, map[string]any{"count": 0, "errors": []any{[]any{failed}}, "records": nil})
	default:
		return c.refuse(bad.code, bad.text, nil)
	}
}

// listGoals is Fetch Customer Goals: dialect 2 (INFERRED).
func (t *Tenant) listGoals(c *call) answer {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.listPlain(c, t.goals(), func(record) bool { return true })
}

// goals is the object behind goals.
func (t *Tenant) goals() *object { return t.schema.object(t.work.goalObject) }

// hides reports whether the metadata leave an object out.
func (t *Tenant) hides(o *object) bool { return t.forms.GoalObjectHidden && o == t.goals() }

// Goals returns every goal of the tenant in order of creation: canonical field
// name to value as a list shows it, all fields, nulls left out. Under
// "association" is a map of the GSIDs of its CTAs ("CTA") and success plans
// ("SP").
func (t *Tenant) Goals() []map[string]any {
	t.mu.RLock()
	defer t.mu.RUnlock()
	o := t.goals()
	out := t.all(o)
	for i, r := range t.table(o.name).records {
		a, _ := r[associationsKey].(associations)
		out[i][associationsKey] = map[string][]string{"CTA": a.CTA, "SP": a.SP}
	}
	return out
}

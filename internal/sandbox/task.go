package sandbox

import (
	"cmp"
	"net/http"
	"strconv"
	"time"
)

// taskRoutes are the task and playbook operations (task_playbook.md): the
// operations are DOC, all paths are INFERRED or CODE.
func (t *Tenant) taskRoutes() []route {
	const path = "/v2/cockpit/task"
	routes := []route{
		{method: http.MethodPost, path: path, slash: t.forms.CTASlash, reads: true, handle: t.createTasks},
		{method: http.MethodPut, path: path, slash: t.forms.CTASlash, reads: true, handle: t.updateTasks},
	}
	list := route{method: http.MethodPost, path: path + "/list", reads: true, handle: t.listTasks} // with and without a slash: CODE
	ofCTA := route{method: http.MethodPost, path: path + "/list/{cta}", slash: SlashRefused, reads: true, handle: t.listTasks}
	switch t.forms.TaskList {
	case TaskListPost:
		routes = append(routes, list, ofCTA)
	case TaskListPostPlain:
		routes = append(routes, list)
	case TaskListGet:
		ofCTA.method, ofCTA.reads, ofCTA.handle = http.MethodGet, false, t.getTasks
		routes = append(routes, ofCTA)
	case TaskListNone:
	}
	if t.forms.Playbooks != PlaybooksNone {
		routes = append(routes, route{
			method: http.MethodGet, path: cmp.Or(t.forms.PlaybookPath, "/v2/cockpit/admin/playbook/lite"),
			slash: SlashRefused, handle: t.getPlaybooks,
		})
	}
	for i := range routes {
		routes[i].bad = codeCockpitRequest
	}
	return routes
}

// taskClasses are the pseudo-fields of a task that carry names, and the fields
// they set (INFERRED, as for CTAs).
var taskClasses = []struct{ key, field string }{{"type", "TypeId"}, {"status", "StatusId"}, {"priority", "PriorityId"}}

// createTasks is Create Task API: body and results as for CTAs (INFERRED).
func (t *Tenant) createTasks(c *call) answer {
	return t.writeTasks(c, func(d *draft) (string, *refusal) {
		// Mandatory: what task_playbook.md calls required or likely.
		mandatory := []string{"Name", "CtaId", "OwnerId", "DueDate"}
		for _, cl := range taskClasses[1:] {
			if d.given[cl.field] == nil {
				mandatory = append(mandatory, cl.key)
			}
		}
		if bad := d.missing(codeMissing, mandatory...); bad != nil {
			return "", bad
		}
		if bad := d.required(codeMissing); bad != nil {
			return "", bad
		}
		if id, _ := d.given["CtaId"].(string); !t.has(objectCTA, id) {
			return "", refusef(codeInvalidCTA, "Invalid GSID of CTA")
		}
		if bad := t.fillTask(d); bad != nil {
			return "", bad
		}
		cta, _ := t.table(objectCTA).find(d.fields.value(d.object.field("CtaId")).(string)) //nolint:forcetypeassert // parsed
		tb, now := t.table(objectTask), t.now()
		gsid := newGSID(prefixTask, t.name, len(tb.records)+1)
		tb.add(record{
			"Gsid": gsid, "CompanyId": cta["CompanyId"], "EntityType": "COMPANY", "IsClosed": false, "IsImportant": false,
			"IsOverdue": false, "CreatedDate": now, "ModifiedDate": now, "OriginalDueDate": d.fields["DueDate"],
		}.with(d.fields))
		return gsid, nil
	})
}

// updateTasks is Update Task API. The record needs its Gsid (INFERRED); the
// code of an unknown one is that of CTAs (INFERRED).
func (t *Tenant) updateTasks(c *call) answer {
	return t.writeTasks(c, func(d *draft) (string, *refusal) {
		if bad := d.find(codeInvalidCTA, "task"); bad != nil {
			return "", bad
		}
		if bad := t.fillTask(d); bad != nil {
			return "", bad
		}
		d.fields["ModifiedDate"] = t.now()
		t.table(objectTask).replace(d.old.with(d.fields))
		return d.old.gsid(), nil
	})
}

func (t *Tenant) writeTasks(c *call, write func(*draft) (string, *refusal)) answer {
	var body ctaWrite
	if refusal, ok := c.decode(&body); !ok {
		return refusal
	}
	if n := len(body.Requests); n == 0 || n > maxRecords {
		return c.badRequest("requests must hold 1 to " + strconv.Itoa(maxRecords) + " records")
	}
	o := t.schema.object(objectTask)
	if bad := t.schema.checkLookups(o, body.Lookups); bad != nil {
		return c.badRequest(bad.text)
	}
	results := ctaResults{Success: []map[string]string{}, Failure: []map[string]string{}}
	t.mu.Lock()
	defer t.mu.Unlock()
	for i, rq := range body.Requests {
		key, gsid, bad := t.writeTask(o, rq.Record, body.Lookups, write)
		if key == "" {
			key = strconv.Itoa(i)
		}
		if bad != nil {
			results.Failure = append(results.Failure, map[string]string{key: bad.Error()})
		} else {
			results.Success = append(results.Success, map[string]string{key: gsid})
		}
	}
	return c.ctaResults(results)
}

// writeTask writes one record and returns the key of its result.
func (t *Tenant) writeTask(
	o *object, given map[string]any, lookups map[string]lookup, write func(*draft) (string, *refusal),
) (key, gsid string, bad *refusal) {
	key, _ = given["referenceId"].(string)
	if own := t.forms.taskCTAKey(); own != "CtaId" && given != nil {
		if _, has := given["CtaId"]; has {
			return key, "", refusef(codeUnknownField, "Field CtaId does not exist in %s", o.name)
		}
		if v, has := given[own]; has {
			given["CtaId"] = v
			delete(given, own)
		}
	}
	d, bad := t.newDraft(o, given, lookups)
	if bad != nil {
		return key, "", bad
	}
	gsid, bad = write(d)
	return key, gsid, bad
}

// fillTask checks the given fields and turns names into GSIDs; where GSIDs are
// accepted, those come in the fields that store them (open question 1).
func (t *Tenant) fillTask(d *draft) *refusal {
	lists := [][]ctaItem{t.work.taskTypes, t.work.taskStatuses, t.work.taskPriorities}
	skip := []string{"referenceId", "Gsid"}
	for i, cl := range taskClasses {
		skip = append(skip, cl.key, cl.field)
		key := cl.key
		if _, byID := d.given[cl.field]; byID {
			if !t.forms.ClassifyByID {
				return refusef(codeBadData, "Field %s cannot be written", cl.field)
			}
			key = cl.field
		}
		v, given := d.given[key]
		if !given {
			continue
		}
		s, _ := v.(string)
		it, ok := find(lists[i], s, "")
		if !ok || (it.gsid == s) != (key == cl.field) {
			return refusef(codeBadPicklist, "Invalid picklist value (%s = %s).", key, s)
		}
		d.fields[cl.field] = it.gsid
		if cl.key == "status" {
			d.fields["IsClosed"], d.fields["ClosedDate"] = it.closed, nil
			if it.closed {
				d.fields["ClosedDate"] = t.now()
			}
		}
	}
	return d.fill(skip...)
}

// now is the tenant's time as records keep it.
func (t *Tenant) now() time.Time { return t.clock().UTC().Truncate(time.Millisecond) }

// has reports whether an object has a record.
func (t *Tenant) has(object, gsid string) bool {
	_, ok := t.table(object).find(gsid)
	return ok
}

// Tasks returns every task of the tenant in order of creation: canonical field
// name to value as a list shows it, all fields, nulls left out.
func (t *Tenant) Tasks() []map[string]any {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.all(t.schema.object(objectTask))
}

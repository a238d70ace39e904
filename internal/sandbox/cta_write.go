package sandbox

import (
	"net/http"
	"slices"
	"strconv"
)

// maxRecords is how many records a CTA write may hold: the general rule
// (common.md 3, INFERRED).
const maxRecords = 50

// ctaWrite is the body of create and update (cta.md, CODE).
type ctaWrite struct {
	Requests []struct {
		Record map[string]any `json:"record"`
	} `json:"requests"`
	Lookups map[string]lookup `json:"lookups"`
}

// ctaResults are the per-record results: single-key maps, referenceId to GSID
// or to "CODE: message" (cta.md, INFERRED, strong).
type ctaResults struct {
	Success []map[string]string `json:"success"`
	Failure []map[string]string `json:"failure"`
}

// createCTAs is Create Call To Action.
func (t *Tenant) createCTAs(c *call) answer { return t.writeCTAs(c, (*ctaDraft).create) }

// updateCTAs is Update Call To Action.
func (t *Tenant) updateCTAs(c *call) answer { return t.writeCTAs(c, (*ctaDraft).update) }

// cascade moves the open tasks of a CTA to its due date if the body asks for it
// (cta.md, DOC2 summary; the key is UNKNOWN, open question 24).
func (t *Tenant) cascade(c *call, gsid string, given map[string]any) {
	var body map[string]any
	if _, ok := c.decode(&body); !ok || t.forms.CascadeKey == "" || given["DueDate"] == nil {
		return
	}
	if body[t.forms.CascadeKey] != "ALL_OPEN_TASKS" {
		return
	}
	cta, _ := t.table(objectCTA).find(gsid)
	for _, task := range slices.Clone(t.table(objectTask).records) {
		if task["CtaId"] == gsid && task["IsClosed"] != true {
			t.table(objectTask).replace(task.with(record{"DueDate": cta["DueDate"]}))
		}
	}
}

func (t *Tenant) writeCTAs(c *call, write func(*ctaDraft) (string, *refusal)) answer {
	o := t.schema.object(objectCTA)
	results, refused := t.writeRequests(c, o, func(i int, given map[string]any, lookups map[string]lookup) (string, string, *refusal) {
		return (&ctaDraft{tenant: t, object: o, given: given, now: t.now()}).run(i, lookups, write)
	})
	if refused != nil {
		return *refused
	}
	return c.ctaResults(results)
}

// writeRequests runs a write of CTAs or plans, one record by one. A body that is
// no such write is refused as a whole.
func (t *Tenant) writeRequests(
	c *call, o *object, run func(i int, given map[string]any, lookups map[string]lookup) (key, gsid string, bad *refusal),
) (results ctaResults, refused *answer) {
	refuse := func(text string) (ctaResults, *answer) {
		a := c.badRequest(text)
		return results, &a
	}
	var body ctaWrite
	if refusal, ok := c.decode(&body); !ok {
		return results, &refusal
	}
	if n := len(body.Requests); n == 0 {
		return refuse("requests must hold at least one record")
	} else if n > maxRecords {
		return refuse("requests holds " + strconv.Itoa(n) + " records; at most " + strconv.Itoa(maxRecords) + " are allowed")
	}
	if o.name == objectPlan {
		body.Lookups = t.forms.planNames(body.Lookups)
	}
	if bad := t.schema.checkLookups(o, body.Lookups); bad != nil {
		return refuse(bad.text)
	}
	results = ctaResults{Success: []map[string]string{}, Failure: []map[string]string{}}
	t.mu.Lock()
	defer t.mu.Unlock()
	for i, rq := range body.Requests {
		key, gsid, bad := run(i, rq.Record, body.Lookups)
		if bad != nil {
			results.Failure = append(results.Failure, map[string]string{key: bad.Error()})
		} else {
			results.Success = append(results.Success, map[string]string{key: gsid})
			t.cascade(c, gsid, rq.Record)
		}
	}
	return results, nil
}

// ctaResults answers a write. result stays true even when every record failed
// (cta.md, INFERRED).
func (c *call) ctaResults(r ctaResults) answer {
	a := c.ok(r)
	if len(r.Failure) > 0 && c.tenant.forms.PartialFails {
		desc := strconv.Itoa(len(r.Failure)) + " records failed"
		a.body = standard{ErrorDesc: &desc, RequestID: c.id, Data: r}
		a.status = http.StatusOK
	}
	return a
}

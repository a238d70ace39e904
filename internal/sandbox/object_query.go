package sandbox

import (
	"cmp"
	"errors"
	"net/http"
)

// maxObjectPage is the largest page of an object query (common.md 3, DOC2;
// LIVE). Whether a larger one is refused or cut is UNKNOWN.
const maxObjectPage = 5000

// queryRoutes are the object queries, dialect 1 (common.md 7.1).
func (t *Tenant) queryRoutes() []route {
	return []route{{
		method: http.MethodPost, path: "/v1/data/objects/query/{object}", slash: SlashRefused,
		reads: true, bad: codeBadQuery, handle: t.queryObject,
	}}
}

// queryObject reads rows of any object. They are a list in data for a company,
// and under data.records otherwise (common.md 4). Keys are spelt as asked
// (common.md 7.3, DOC2 sample); nulls are there (timeline.md, DOC2 sample).
func (t *Tenant) queryObject(c *call) answer {
	var q exportQuery
	if refusal, ok := c.decode(&q); !ok {
		return refusal
	}
	o := t.schema.object(c.params["object"])
	if o == nil || t.hides(o) {
		return c.notFound() // data_management.md, DOC2, TAP
	}
	if len(q.Select) == 0 {
		return c.refuse(codeNoSelect, "At least one select field is required", nil)
	}
	if q.Limit == nil {
		page := maxObjectPage // the default is UNKNOWN
		q.Limit = &page
	}
	j, err := t.newJob(o, q)
	if err == nil && *q.Limit > maxObjectPage {
		err = errors.New("limit must be at most 5000")
	}
	if err != nil {
		return c.refuse(codeBadQuery, err.Error(), nil)
	}
	t.mu.RLock()
	defer t.mu.RUnlock()
	rows := make([]map[string]any, 0, j.rows.len())
	j.rows.each(0, j.rows.len(), func(r row) {
		m := make(map[string]any, len(j.columns))
		for i := range j.columns {
			col := &j.columns[i]
			m[col.asked] = t.forms.null(col.field)
			if v := t.value(r, col); v != nil {
				m[col.asked] = t.forms.json(col.field, v)
			}
		}
		rows = append(rows, m)
	})
	if o.name != objectCompany && len(rows) > 0 && !t.forms.ObjectRowsInData {
		return c.ok(map[string]any{cmp.Or(t.forms.RowsKey, "records"): rows})
	}
	return c.list(rows)
}

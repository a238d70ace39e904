package sandbox

import (
	"net/http"
	"strings"
)

// listTasks is Fetch Task List API by POST: query dialect 2 (INFERRED), all
// tasks or those of the CTA in the path.
func (t *Tenant) listTasks(c *call) answer {
	t.mu.RLock()
	defer t.mu.RUnlock()
	id, ofCTA := c.params["cta"]
	if ofCTA && !t.has(objectCTA, id) {
		return c.refuse(codeInvalidCTA, "Invalid GSID of CTA", c.noData())
	}
	return t.listPlain(c, t.schema.object(objectTask), func(r record) bool { return !ofCTA || r["CtaId"] == id })
}

// getTasks is Fetch Task List API by GET: the tasks of a CTA with all their
// fields (INFERRED).
func (t *Tenant) getTasks(c *call) answer {
	t.mu.RLock()
	defer t.mu.RUnlock()
	id, o := c.params["cta"], t.schema.object(objectTask)
	if !t.has(objectCTA, id) {
		return c.refuse(codeInvalidCTA, "Invalid GSID of CTA", c.noData())
	}
	rows := []map[string]any{}
	for _, r := range t.table(objectTask).records {
		if r["CtaId"] == id {
			rows = append(rows, t.whole(o, r))
		}
	}
	return c.list(rows)
}

// plainQuery is a query of tasks or goals, dialect 2 (INFERRED).
type plainQuery struct {
	Select []string `json:"select"`
	Where  *where   `json:"where"`
	cockpitPage
}

// listPlain answers with the selected fields, and no others, of the records
// that are wanted. Select is required (CODE for tasks; INFERRED for goals),
// without paging keys all rows come (CODE: one client of tasks sends none). The
// caller holds the tenant's lock.
func (t *Tenant) listPlain(c *call, o *object, of func(record) bool) answer {
	var q plainQuery
	if refusal, ok := c.decode(&q); !ok {
		return refusal
	}
	records := t.table(o.name).records
	size, number, ok := q.bounds(len(records) + 1)
	if !ok {
		return c.badPage()
	}
	if t.forms.PagesIgnored {
		size, number = len(records)+1, 1
	}
	columns, bad := t.plainColumns(o, q.Select, dialectCockpit, c.route.bad)
	if bad != nil {
		return c.refuse(bad.code, bad.text, c.noData())
	}
	wanted, err := t.compile(o, q.Where, dialectCockpit)
	if err != nil {
		return c.refuse(c.route.bad, err.Error(), c.noData())
	}
	records, err = t.cockpitOrder(o, records, q.OrderBy)
	if err != nil {
		return c.refuse(c.route.bad, err.Error(), c.noData())
	}
	both := func(r row) bool { rec, _ := r.(record); return of(rec) && wanted(r) }
	return c.list(cut(records, size, number, both, func(r record) map[string]any {
		return t.ctaRow(r, columns, false)
	}))
}

// plainColumns resolves a select.
func (t *Tenant) plainColumns(o *object, selected []string, d dialect, code string) ([]column, *refusal) {
	if len(selected) == 0 {
		return nil, refusef(code, "Missing select clause")
	}
	var unknown []string
	columns := make([]column, 0, len(selected))
	for _, path := range selected {
		col, ok := t.schema.column(o, path, d)
		if !ok {
			unknown = append(unknown, path)
			continue
		}
		columns = append(columns, col)
	}
	if len(unknown) > 0 {
		return nil, refusef(code, "Invalid fields in select clause - %s", strings.Join(unknown, ", "))
	}
	return columns, nil
}

// getPlaybooks is Get Playbook Configuration API: parameters and reply are
// INFERRED from the CTA configuration.
func (t *Tenant) getPlaybooks(c *call) answer {
	if et := c.request.URL.Query().Get("et"); et != "COMPANY" && et != "RELATIONSHIP" {
		return c.refuse(codeCockpitRequest, "et must be COMPANY or RELATIONSHIP", c.noData())
	}
	items := configPayload("PLAYBOOK", t.work.playbooks)
	var list []map[string]any
	for _, it := range items {
		switch t.forms.Playbooks {
		case PlaybooksRecords:
			list = append(list, map[string]any{"Gsid": it.GSID, "Name": it.Name, "IsActive": it.Active})
		case PlaybooksID:
			list = append(list, map[string]any{"id": it.GSID, "name": it.Name})
		case PlaybooksKeyed, PlaybooksList, PlaybooksNone:
		}
	}
	switch t.forms.Playbooks {
	case PlaybooksKeyed:
		return c.ok(map[string]any{"PLAYBOOK": items})
	case PlaybooksList:
		return answer{status: http.StatusOK, body: c.standard(items)}
	default:
		return c.ok(list)
	}
}

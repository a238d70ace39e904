package sandbox

import "strings"

// planQuery is the body of Fetch Success Plan List, query dialect 2. orderBy is
// not documented and ignored.
type planQuery struct {
	Select      []string `json:"select"`
	Where       *where   `json:"where"`
	PageSize    *int     `json:"pageSize"`
	PageNumber  *int     `json:"pageNumber"`
	OnlyDeleted bool     `json:"includeonlyDeletedRecords"`
}

// listPlans is Fetch Success Plan List. With its flag it reads the deleted
// plans (DOC2 summary).
func (t *Tenant) listPlans(c *call) answer {
	var q planQuery
	if refusal, ok := c.decode(&q); !ok {
		return refusal
	}
	if q.OnlyDeleted && !t.forms.PlanFlagIgnored {
		return t.planRows(c, q, deletedPlans)
	}
	return t.planRows(c, q, objectPlan)
}

// listDeletedPlans is the other way to them (DOC2 summary).
func (t *Tenant) listDeletedPlans(c *call) answer {
	var q planQuery
	if refusal, ok := c.decode(&q); !ok {
		return refusal
	}
	return t.planRows(c, q, deletedPlans)
}

// planRows reads plans in order of creation. The largest page is UNKNOWN; that
// of the CTA list is taken.
func (t *Tenant) planRows(c *call, q planQuery, from string) answer {
	size, number := defaultPage, 1
	if q.PageSize != nil {
		size = *q.PageSize
	}
	if q.PageNumber != nil {
		number = *q.PageNumber
	}
	if size < 1 || size > maxPage || number < 1 {
		return c.refuse(codePlanRequest, "pageSize must be 1 to 1000 and pageNumber at least 1", c.noData())
	}
	o := t.schema.object(objectPlan)
	columns, bad := t.planColumns(o, q.Select)
	if bad != nil {
		return c.refuse(bad.code, bad.text, c.noData())
	}
	wanted, err := t.compile(o, q.Where, dialectCockpit)
	if err != nil {
		return c.refuse(codePlanRequest, err.Error(), c.noData())
	}
	t.mu.RLock()
	defer t.mu.RUnlock()
	rows := []map[string]any{}
	skip := (number - 1) * size
	for _, r := range t.table(from).records {
		switch {
		case !wanted(r):
		case skip > 0:
			skip--
		case len(rows) < size:
			rows = append(rows, t.ctaRow(r, columns, false))
		}
	}
	return c.list(rows)
}

// planColumns resolves the select; the Gsid comes along, as in the sample of
// the answer (INFERRED). A missing select is refused (INFERRED).
func (t *Tenant) planColumns(o *object, selected []string) ([]column, *refusal) {
	if len(selected) == 0 {
		return nil, refusef(codePlanRequest, "Missing select clause")
	}
	gsid, _ := t.schema.column(o, "Gsid", dialectCockpit)
	columns := []column{gsid}
	var unknown []string
	for _, path := range selected {
		col, ok := t.schema.column(o, path, dialectCockpit)
		if !ok {
			unknown = append(unknown, path)
			continue
		}
		columns = append(columns, col)
	}
	if len(unknown) > 0 {
		return nil, refusef(codePlanRequest, "Invalid fields in select clause - %s", strings.Join(unknown, ", "))
	}
	return columns, nil
}

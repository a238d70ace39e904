package sandbox

// planQuery is the body of Fetch Success Plan List, query dialect 2.
type planQuery struct {
	Select      []string `json:"select"`
	Where       *where   `json:"where"`
	OnlyDeleted bool     `json:"includeonlyDeletedRecords"`
	cockpitPage
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

// planRows reads plans in order of creation.
func (t *Tenant) planRows(c *call, q planQuery, from string) answer {
	size, number, ok := q.bounds(defaultPage)
	if !ok {
		return c.badPage()
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
	records, err := t.cockpitOrder(o, t.table(from).records, q.OrderBy)
	if err != nil {
		return c.refuse(codePlanRequest, err.Error(), c.noData())
	}
	return c.list(cut(records, size, number, wanted, func(r record) map[string]any {
		return t.ctaRow(r, columns, false)
	}))
}

// planColumns resolves the select; the Gsid comes along, as in the sample of
// the answer (INFERRED). A missing select is refused (INFERRED).
func (t *Tenant) planColumns(o *object, selected []string) ([]column, *refusal) {
	columns, bad := t.plainColumns(o, selected, dialectCockpit, codePlanRequest)
	if bad != nil {
		return nil, bad
	}
	gsid, _ := t.schema.column(o, "Gsid", dialectCockpit)
	return append([]column{gsid}, columns...), nil
}

package sandbox

import (
	"net/http"
	"slices"
	"strings"
)

// Codes of an empty result (common.md 4, G).
const (
	codeEmpty       = "GSOBJ_1011"
	codePlaceholder = "GSOBJ_1XXX"
	// codeOtherEmpty is made up: a code of which a connector has to be told.
	codeOtherEmpty = "COCKPIT_5404"
)

// ctaQuery is the body of Fetch Call To Action, query dialect 2.
type ctaQuery struct {
	Select       []string `json:"select"`
	LinkedObject bool     `json:"linkedObject"`
	Where        *where   `json:"where"`
	cockpitPage
}

// ctaDefaults are the columns that are always returned (DOC2 sample).
var ctaDefaults = []string{
	"Gsid", "Name", "EntityType", "IsClosed", "IsImportant", "DueDate", "CompanyId", "OwnerId",
	"TypeId", "TypeId__gr.Name", "StatusId", "StatusId__gr.Name",
	"PriorityId", "PriorityId__gr.Name", "PriorityId__gr.IsActive", "ReasonId", "ReasonId__gr.Name",
}

// listCTAs is Fetch Call To Action. Pages are cut from the rows in order of
// creation.
func (t *Tenant) listCTAs(c *call) answer {
	var q ctaQuery
	if refusal, ok := c.decode(&q); !ok {
		return refusal
	}
	size, number, ok := q.bounds(defaultPage)
	if !ok {
		return c.badPage()
	}
	o := t.schema.object(objectCTA)
	columns, bad := t.ctaColumns(o, q.Select)
	if bad != nil {
		return c.refuse(bad.code, bad.text, c.noData())
	}
	wanted, err := t.compile(o, q.Where, dialectCockpit)
	if err != nil {
		return c.refuse(codeCockpitRequest, err.Error(), c.noData())
	}
	t.mu.RLock()
	defer t.mu.RUnlock()
	records, err := t.cockpitOrder(o, t.table(objectCTA).records, q.OrderBy)
	if err != nil {
		return c.refuse(codeCockpitRequest, err.Error(), c.noData())
	}
	return c.list(cut(records, size, number, wanted, func(r record) map[string]any {
		return t.ctaRow(r, columns, q.LinkedObject)
	}))
}

// ctaColumns resolves the select, on top of the defaults. A missing or invalid
// select is refused (cta.md, DOC2); an empty one counts as missing (INFERRED).
func (t *Tenant) ctaColumns(o *object, selected []string) ([]column, *refusal) {
	if len(selected) == 0 {
		return nil, refusef(codeCockpitRequest, "Missing select clause")
	}
	columns := make([]column, 0, len(ctaDefaults)+len(selected))
	for _, path := range ctaDefaults {
		col, _ := t.schema.column(o, path, dialectCockpit)
		columns = append(columns, col)
	}
	var unknown []string
	for _, path := range selected {
		col, ok := t.schema.column(o, path, dialectCockpit)
		if !ok {
			unknown = append(unknown, path)
			continue
		}
		if i := slices.IndexFunc(columns, func(c column) bool { return c.name == col.name }); i >= 0 {
			columns[i] = col // asked for: its spelling counts when keys are echoed
		} else {
			columns = append(columns, col)
		}
	}
	if len(unknown) > 0 {
		return nil, refusef(codeCockpitRequest, "Invalid fields in select clause - %s", strings.Join(unknown, ", "))
	}
	return columns, nil
}

// ctaRow is one row: flat keys, nulls absent (cta.md, DOC2 sample).
func (t *Tenant) ctaRow(r record, columns []column, linked bool) map[string]any {
	m := make(map[string]any, len(columns)+1)
	for i := range columns {
		col := &columns[i]
		v := t.value(r, col)
		if v == nil {
			continue
		}
		key := col.name
		if t.forms.EchoKeys {
			key = col.asked
		}
		m[key] = t.forms.json(col.field, v)
	}
	if linked {
		links, _ := r[linksKey].([]link)
		if links == nil {
			links = []link{}
		}
		m[linksKey] = links
	}
	return m
}

// list answers a query with its rows, or in the form of an empty result.
func (c *call) list(rows []map[string]any) answer {
	forms := c.tenant.forms
	if len(rows) == 0 {
		switch forms.EmptyList {
		case EmptyTrue:
		case EmptyFalse:
			return c.refuseWith(http.StatusOK, codePlaceholder, "No data found for given criteria", nil)
		case EmptyError:
			return c.refuseWith(http.StatusBadRequest, codeEmpty, "No entity matches the given criteria", nil)
		case EmptyOther:
			return c.refuseWith(http.StatusBadRequest, codeOtherEmpty, "Nothing matches the filter", nil)
		}
	}
	if forms.RowsKey != "" {
		return c.ok(map[string]any{forms.RowsKey: rows})
	}
	if forms.RecordsKey {
		return c.ok(map[string]any{"records": rows})
	}
	return c.ok(rows)
}

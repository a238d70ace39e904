package sandbox

import "cmp"

// Pages of the list of users. The maximum is UNKNOWN: 100 is the default of
// open question 27. Without a limit the sample's 25 is taken (INFERRED).
const (
	maxUserPage     = 100
	defaultUserPage = 25
)

// userQuery is the body of Fetch User Details, query dialect 3: limit and a
// page that counts from 0. Its conditions are spelled as in dialect 1.
type userQuery struct {
	// IncludeTotal changes nothing: the key of the total is UNKNOWN.
	IncludeTotal bool     `json:"includeTotal"`
	Select       []string `json:"select"`
	Where        *where   `json:"where"`
	OrderBy      order    `json:"orderBy"`
	Limit        *int     `json:"limit"`
	Page         *int     `json:"page"`
}

// listUsers is Fetch User Details (DOC2 summary). Rows hold the selected
// fields, all without a select (INFERRED); nulls are absent.
func (t *Tenant) listUsers(c *call) answer {
	var q userQuery
	if refusal, ok := c.decode(&q); !ok {
		return refusal
	}
	limit, page := defaultUserPage, 0
	if q.Limit != nil {
		limit = *q.Limit
	}
	if q.Page != nil {
		page = *q.Page
	}
	if limit < 1 || limit > maxUserPage || page < 0 {
		return c.refuse(codeBadData, "limit must be 1 to 100 and page at least 0", nil)
	}
	o := t.schema.object(objectUser)
	columns, bad := t.userColumns(o, q.Select)
	if bad != nil {
		return c.refuse(bad.code, bad.text, nil)
	}
	wanted, err := t.compile(o, q.Where, dialectObject)
	if err != nil {
		return c.refuse(codeBadData, err.Error(), nil)
	}
	by, err := t.sorting(o, q.OrderBy)
	if err != nil {
		return c.refuse(codeBadData, err.Error(), nil)
	}
	t.mu.RLock()
	defer t.mu.RUnlock()
	records := t.table(objectUser).records
	var keys []sortKey
	for i, r := range records {
		if wanted(r) {
			keys = append(keys, by.key(t, r, i))
		}
	}
	keys = by.sort(keys)
	start := min(page, len(keys)) * limit
	keys = keys[min(start, len(keys)):min(start+limit, len(keys))]
	rows := make([]map[string]any, len(keys))
	for i, k := range keys {
		rows[i] = t.userRow(records[k.index], columns)
	}
	return c.users(rows)
}

func (t *Tenant) userColumns(o *object, selected []string) ([]column, *refusal) {
	if len(selected) == 0 {
		for _, f := range o.fields {
			selected = append(selected, f.name)
		}
	}
	columns := make([]column, len(selected))
	for i, path := range selected {
		col, ok := t.schema.column(o, path, dialectObject)
		if !ok {
			return nil, refusef(codeBadData, "Invalid fields in select clause - %s", path)
		}
		columns[i] = col
	}
	return columns, nil
}

func (t *Tenant) userRow(r record, columns []column) map[string]any {
	m := make(map[string]any, len(columns))
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
	return m
}

// users answers the list: data.records (CODE).
func (c *call) users(rows []map[string]any) answer {
	if len(rows) == 0 || c.tenant.forms.UsersInData {
		a := c.list(rows)
		if s, ok := a.body.(standard); !ok || !s.Result || c.tenant.forms.UsersInData {
			return a
		}
	}
	return c.ok(map[string]any{cmp.Or(c.tenant.forms.RowsKey, "records"): rows})
}

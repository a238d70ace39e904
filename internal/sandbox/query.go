package sandbox

import "fmt"

// A dialect is how an API spells a query (common.md 7).
type dialect int

const (
	// dialectObject is dialect 1: conditions have a name, filters times of day.
	dialectObject dialect = 1
	// dialectCockpit is dialect 2: conditions have a fieldName, filters days.
	dialectCockpit dialect = 2
)

// A condition is one condition of a where-clause, in either dialect.
type condition struct {
	Name             string `json:"name"`      // dialect 1
	FieldName        string `json:"fieldName"` // dialect 2
	AssociatedRecord bool   `json:"associatedRecord"`
	Alias            string `json:"alias"`
	Value            []any  `json:"value"` // always a list (common.md 7.1)
	Operator         string `json:"operator"`
}

// A where is a where-clause.
type where struct {
	Conditions []condition `json:"conditions"`
	Expression string      `json:"expression"`
}

// A filter decides whether a row is wanted.
type filter func(row) bool

// compile turns a where-clause into a filter. A nil or empty one wants all
// rows. The filter reads tables: its caller holds the tenant's lock.
func (t *Tenant) compile(o *object, w *where, d dialect) (filter, error) {
	if w == nil || len(w.Conditions) == 0 && w.Expression == "" {
		return func(row) bool { return true }, nil
	}
	if w.Expression == "" {
		// Wording of a simulator (common.md 7.1, INFERRED).
		return nil, refusef("", "Please pass the expression for the respective conditions")
	}
	tree, err := parseExpression(w.Expression)
	if err != nil {
		return nil, fmt.Errorf("invalid expression %q", w.Expression)
	}
	tests := make(map[string]filter, len(w.Conditions))
	for i := range w.Conditions {
		c := &w.Conditions[i]
		if c.Alias == "" || tests[c.Alias] != nil {
			return nil, fmt.Errorf("condition %d has no alias of its own", i)
		}
		if tests[c.Alias], err = t.compileCondition(o, c, d); err != nil {
			return nil, err
		}
	}
	used := map[string]bool{}
	tree.aliases(used)
	for alias := range used {
		if tests[alias] == nil {
			return nil, fmt.Errorf("expression names alias %q, which no condition has", alias)
		}
	}
	return func(r row) bool {
		return tree.eval(func(alias string) bool { return tests[alias](r) })
	}, nil
}

func (t *Tenant) compileCondition(o *object, c *condition, d dialect) (filter, error) {
	name := c.Name
	if d == dialectCockpit {
		name = c.FieldName
	}
	if c.AssociatedRecord && d == dialectCockpit && name == "" {
		return compileAssociated(c)
	}
	if name == "" {
		return nil, fmt.Errorf("condition %q names no field", c.Alias)
	}
	col, ok := t.schema.column(o, name, d)
	if !ok || !col.field.filterable() {
		return nil, refusef("", "Invalid fields in where clause - %s", name)
	}
	m, err := newMatcher(col.field, c, d, t.forms)
	if err != nil {
		return nil, err
	}
	return func(r row) bool { return m(t.value(r, &col)) }, nil
}

// compileAssociated tests the linked records of a CTA; the sample shows
// INCLUDES alone (cta.md, DOC2 sample).
func compileAssociated(c *condition) (filter, error) {
	if c.Operator != "INCLUDES" || len(c.Value) == 0 {
		return nil, fmt.Errorf("condition %q: associatedRecord takes INCLUDES with values", c.Alias)
	}
	wanted := map[string]bool{}
	for _, v := range c.Value {
		s, ok := v.(string)
		if !ok {
			return nil, fmt.Errorf("condition %q: record ids are strings", c.Alias)
		}
		wanted[s] = true
	}
	return func(r row) bool {
		rec, _ := r.(record)
		links, _ := rec[linksKey].([]link)
		for _, l := range links {
			if wanted[l.RecordID] {
				return true
			}
		}
		return false
	}, nil
}

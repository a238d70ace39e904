package sandbox

import "strings"

// maxHops is how many lookups a path may pass (common.md 7.3: two levels,
// DOC2 sample).
const maxHops = 2

// A column is a path from an object's row to a value.
type column struct {
	asked string // as the request spelled it
	name  string // canonical
	hops  []*field
	field *field
}

// column resolves a path such as Name or CompanyId__gr.Csm__gr.Email. Dialect 2
// takes labels of direct fields too, as its sample selects "Days Due"
// (common.md 7.4). It reports false for a path that leads nowhere.
func (s *schema) column(o *object, path string, d dialect) (column, bool) {
	if d == dialectCockpit {
		for name, target := range o.pseudo {
			if strings.EqualFold(name, path) {
				c, ok := s.column(o, target, d)
				c.asked, c.name = path, name
				return c, ok
			}
		}
	}
	c := column{asked: path}
	parts := strings.Split(path, ".")
	var canonical []string
	for _, p := range parts[:len(parts)-1] {
		f := o.byLookup[strings.ToLower(p)]
		if f == nil || len(c.hops) == maxHops {
			return column{}, false
		}
		if o = s.object(f.lookup); o == nil {
			return column{}, false
		}
		c.hops = append(c.hops, f)
		canonical = append(canonical, f.lookupName())
	}
	last := parts[len(parts)-1]
	c.field = o.field(last)
	if c.field == nil && len(parts) == 1 && d == dialectCockpit {
		c.field = o.byLabel[strings.ToLower(last)]
	}
	if c.field == nil {
		return column{}, false
	}
	c.name = strings.Join(append(canonical, c.field.name), ".")
	return c, true
}

// value follows the column from a row; nil when a lookup on the way is empty
// or dangling. The caller holds the tenant's lock.
func (t *Tenant) value(r row, c *column) any {
	for _, hop := range c.hops {
		gsid, _ := r.value(hop).(string)
		next, ok := t.table(hop.lookup).find(gsid)
		if !ok {
			return nil
		}
		r = next
	}
	return r.value(c.field)
}

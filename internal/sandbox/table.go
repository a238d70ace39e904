package sandbox

import (
	"maps"
	"strings"
)

// A record is one stored row by canonical field name. A stored record never
// changes; an update replaces it. Values are string, bool, json.Number,
// time.Time (UTC) or, for the JSON types, any decoded JSON. A null is absent.
type record map[string]any

// A row gives the values of one record, stored or generated.
type row interface {
	value(f *field) any
}

func (r record) value(f *field) any { return r[f.name] }

func (r record) gsid() string {
	s, _ := r["Gsid"].(string)
	return s
}

// with returns a copy of r with the changes applied; a nil value removes.
func (r record) with(changes record) record {
	out := maps.Clone(r)
	for k, v := range changes {
		if v == nil {
			delete(out, k)
		} else {
			out[k] = v
		}
	}
	return out
}

// A table holds the stored records of one object, in order of creation.
type table struct {
	records []record
	byGSID  map[string]int
}

func newTable(records []record) *table {
	t := &table{byGSID: make(map[string]int, len(records))}
	for _, r := range records {
		t.add(r)
	}
	return t
}

func (t *table) add(r record) {
	t.byGSID[r.gsid()] = len(t.records)
	t.records = append(t.records, r)
}

func (t *table) find(gsid string) (record, bool) {
	i, ok := t.byGSID[gsid]
	if !ok {
		return nil, false
	}
	return t.records[i], true
}

func (t *table) replace(r record) { t.records[t.byGSID[r.gsid()]] = r }

// table returns the stored records of an object, in any case; never nil. The
// caller holds the tenant's lock.
func (t *Tenant) table(object string) *table {
	if tb := t.tables[strings.ToLower(object)]; tb != nil {
		return tb
	}
	return newTable(nil)
}

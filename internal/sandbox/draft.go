package sandbox

import (
	"maps"
	"slices"
	"strings"
)

// A draft is one record of a task or a goal being written. Its tenant is
// locked.
type draft struct {
	tenant *Tenant
	object *object
	given  map[string]any // the record of the request, lookups resolved
	old    record         // nil on create
	fields record         // what will be stored or changed; nil values clear
}

// newDraft resolves the lookups of a record.
func (t *Tenant) newDraft(o *object, given map[string]any, lookups map[string]lookup) (*draft, *refusal) {
	resolved, bad := t.resolve(given, lookups)
	if bad != nil {
		return nil, bad
	}
	return &draft{tenant: t, object: o, given: o.canonical(resolved), fields: record{}}, nil
}

// missing refuses a create without the given keys.
func (d *draft) missing(code string, keys ...string) *refusal {
	keys = slices.DeleteFunc(keys, func(key string) bool { return d.given[key] != nil && d.given[key] != "" })
	if len(keys) == 0 {
		return nil
	}
	return refusef(code, "Missing mandatory fields for create - %s", strings.Join(keys, ", "))
}

// fill checks every given field but those in skip and collects it in fields.
func (d *draft) fill(skip ...string) *refusal {
	for _, key := range slices.Sorted(maps.Keys(d.given)) {
		if slices.Contains(skip, key) {
			continue
		}
		f, v := d.object.field(key), d.given[key]
		switch {
		case f == nil:
			return refusef(codeUnknownField, "Field %s does not exist in %s", key, d.object.name)
		case f.readOnly, f.notOnUpdate && d.old != nil:
			return refusef(codeBadData, "Field %s cannot be written", f.name)
		case v == nil && f.required:
			return refusef(codeNull, "Field %s cannot be null", f.name)
		case v == nil:
			d.fields[f.name] = nil
			continue
		}
		parsed, bad := d.tenant.parse(f, v)
		if bad != nil {
			return bad
		}
		d.fields[f.name] = parsed
	}
	return nil
}

// required refuses a create without a custom field that is required.
func (d *draft) required(code string) *refusal {
	var keys []string
	for _, f := range d.object.fields {
		if d.tenant.wants(f) {
			keys = append(keys, f.name)
		}
	}
	return d.missing(code, keys...)
}

// find takes the record to change.
func (d *draft) find(code, what string) *refusal {
	gsid, _ := d.given["Gsid"].(string)
	old, ok := d.tenant.table(d.object.name).find(gsid)
	if !ok {
		return refusef(code, "Invalid GSID of %s", what)
	}
	d.old = old
	return nil
}

// all returns every record of an object in order of creation: canonical field
// name to value as a list shows it, all fields, nulls left out.
func (t *Tenant) all(o *object) []map[string]any {
	records := t.table(o.name).records
	out := make([]map[string]any, len(records))
	for i, r := range records {
		out[i] = t.whole(o, r)
	}
	return out
}

// whole shows all fields of a record.
func (t *Tenant) whole(o *object, r record) map[string]any {
	m := make(map[string]any, len(r))
	for _, f := range o.fields {
		if v := r.value(f); v != nil {
			m[f.name] = t.forms.json(f, v)
		}
	}
	return m
}

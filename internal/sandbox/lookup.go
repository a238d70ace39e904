package sandbox

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// A lookup resolves a field of a written record from other values in it
// (common.md 8.2).
type lookup struct {
	// Fields maps keys inside the record to fields of the looked-up object.
	// Several are ANDed (INFERRED; open question 46).
	Fields           map[string]string `json:"fields"`
	LookupField      string            `json:"lookupField"`
	ObjectName       string            `json:"objectName"`
	MultiMatchOption string            `json:"multiMatchOption"`
	OnNoMatch        string            `json:"onNoMatch"`

	members map[string]any // all of the entry
}

// UnmarshalJSON keeps the members whose names are not known.
func (l *lookup) UnmarshalJSON(b []byte) error {
	type plain lookup
	if err := json.Unmarshal(b, (*plain)(l)); err != nil {
		return err
	}
	return json.Unmarshal(b, &l.members)
}

// Options of a lookup (common.md 8.2, DOC2 summary). Both may be left out
// (INFERRED); then the first match is taken, and none is an error.
const (
	multiFirst   = "FIRSTMATCH"
	multiError   = "MARKASERROR"
	matchNull    = "NULLABLE"
	matchDefault = "DEFAULTVALUE"
	matchError   = "ERROR"
)

// checkLookups refuses lookups that could never resolve.
func (s *schema) checkLookups(target *object, lookups map[string]lookup) *refusal {
	for _, name := range slices.Sorted(maps.Keys(lookups)) {
		l := lookups[name]
		o := s.object(l.ObjectName)
		if target.field(name) == nil || o == nil || len(l.Fields) == 0 || o.field(l.LookupField) == nil {
			return refusef(codeCockpitRequest, "Invalid lookup configuration - %s", name)
		}
		for _, f := range l.Fields {
			if o.field(f) == nil {
				return refusef(codeCockpitRequest, "Invalid lookup configuration - %s: no field %s on %s", name, f, o.name)
			}
		}
		if !slices.Contains([]string{"", multiFirst, multiError}, l.MultiMatchOption) ||
			!slices.Contains([]string{"", matchNull, matchDefault, matchError}, l.OnNoMatch) {
			return refusef(codeCockpitRequest, "Invalid lookup configuration - %s: unknown option", name)
		}
	}
	return nil
}

// resolve replaces the resolver keys of a written record by the fields they
// resolve to. A field that is there already stays (INFERRED). The caller holds
// the tenant's lock.
func (t *Tenant) resolve(values map[string]any, lookups map[string]lookup) (map[string]any, *refusal) {
	out := maps.Clone(values)
	for _, target := range slices.Sorted(maps.Keys(lookups)) {
		l := lookups[target]
		given := map[string]any{}
		for key := range l.Fields {
			if v, ok := values[key]; ok {
				given[key] = v
				delete(out, key)
			}
		}
		if _, explicit := values[target]; explicit || len(given) == 0 {
			continue
		}
		v, bad := t.lookUp(target, l, given)
		if bad != nil {
			return nil, bad
		}
		if v != nil {
			out[target] = v
		}
	}
	return out, nil
}

// lookUp finds the value for a target; nil when nothing matches and that is
// allowed.
func (t *Tenant) lookUp(target string, l lookup, given map[string]any) (any, *refusal) {
	o := t.schema.object(l.ObjectName)
	var found []record
	for _, r := range t.table(o.name).records {
		if l.matches(o, r, given) {
			found = append(found, r)
		}
	}
	switch {
	case len(found) > 1 && l.MultiMatchOption == multiError:
		return nil, refusef(codeWrongType, "Multiple %s records match the lookup for %s", o.name, target)
	case len(found) > 0:
		return found[0][o.field(l.LookupField).name], nil
	case l.OnNoMatch == matchNull:
		return nil, nil
	case l.OnNoMatch == matchDefault && l.members[t.forms.LookupDefaultKey] != nil:
		return l.members[t.forms.LookupDefaultKey], nil
	case l.OnNoMatch == matchDefault:
		// The key that carries the default is UNKNOWN.
		return nil, refusef(codeWrongType, "No %s record matches the lookup for %s, and no default value is known", o.name, target)
	default:
		return nil, refusef(codeWrongType, "No %s record matches the lookup for %s", o.name, target)
	}
}

// matches compares exactly, but emails in any case (INFERRED).
func (l lookup) matches(o *object, r record, given map[string]any) bool {
	for key, want := range given {
		f := o.field(l.Fields[key])
		has, _ := r[f.name].(string)
		s, ok := want.(string)
		if !ok || has == "" || has != s && (f.dataType != typeEmail || !strings.EqualFold(has, s)) {
			return false
		}
	}
	return true
}

package sandbox

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A ctaDraft is one CTA being written. Its tenant is locked.
type ctaDraft struct {
	tenant *Tenant
	object *object
	given  map[string]any // the record of the request, lookups resolved
	now    time.Time
	old    record // nil on create
	fields record // what will be stored or changed; nil values clear
}

// run writes the draft and returns the key of its result: the referenceId, or
// the index when there is none (a missing one is accepted by the simulators;
// the key is INFERRED).
func (d *ctaDraft) run(index int, lookups map[string]lookup, write func(*ctaDraft) (string, *refusal)) (key, gsid string, bad *refusal) {
	key = strconv.Itoa(index)
	if d.given == nil {
		return key, "", refusef(codeCockpitRequest, "requests[%d].record is missing", index)
	}
	if ref, has := d.given["referenceId"]; has {
		s, ok := ref.(string)
		if !ok || s == "" {
			return key, "", refusef(codeWrongType, "Invalid value for referenceId: a string is expected")
		}
		key = s
	}
	if d.given, bad = d.tenant.resolve(d.given, lookups); bad != nil {
		return key, "", bad
	}
	d.given = d.object.canonical(d.given)
	d.fields = record{}
	if gsid, bad = write(d); bad != nil {
		return key, "", bad
	}
	if _, has := d.given["referenceId"]; has {
		d.tenant.ctaRefs[key] = gsid
	}
	return key, gsid, nil
}

// ctaMandatory are the mandatory keys of a create: CompanyId is INFERRED from a
// simulator, the others from the floor of MCP's own create (LIVE, MCP).
var ctaMandatory = []string{"Name", "CompanyId", "OwnerId", "DueDate", "type", "reason", "status", "priority"}

// classes are the pseudo-fields that carry names, and the fields they set. The
// type comes first: the others depend on it.
var classes = []struct{ key, field string }{
	{"type", "TypeId"}, {"reason", "ReasonId"}, {"status", "StatusId"}, {"priority", "PriorityId"},
}

func (d *ctaDraft) create() (string, *refusal) {
	var missing []string
	for _, key := range ctaMandatory {
		if !d.has(key) {
			missing = append(missing, key)
		}
	}
	if len(missing) > 0 {
		return "", refusef(codeMissing, "Missing mandatory fields for create - %s", strings.Join(missing, ", "))
	}
	if bad := d.fill(); bad != nil {
		return "", bad
	}
	if bad := d.checkEnforced(); bad != nil {
		return "", bad
	}
	tb := d.tenant.table(objectCTA)
	gsid := newGSID(prefixCTA, d.tenant.name, len(tb.records)+1)
	// CreatedById stays empty: which user a key writes as is UNKNOWN (common.md
	// 2.1).
	defaults := record{
		"Gsid": gsid, "EntityType": "COMPANY", "IsClosed": false, "IsImportant": false, "IsDraft": false,
		"CreatedDate": d.now, "ModifiedDate": d.now, "Source": "API",
		"OriginalDueDate": d.fields["DueDate"],
	}
	tb.add(defaults.with(d.fields))
	return gsid, nil
}

func (d *ctaDraft) update() (string, *refusal) {
	gsid, _ := d.given["Gsid"].(string)
	if _, has := d.given["Gsid"]; !has {
		// "CTA GSID or Reference ID" (cta.md, DOC2 summary).
		ref, _ := d.given["referenceId"].(string)
		gsid = d.tenant.ctaRefs[ref]
	}
	tb := d.tenant.table(objectCTA)
	old, ok := tb.find(gsid)
	if !ok {
		return "", refusef(codeInvalidCTA, "Invalid GSID of CTA")
	}
	d.old = old
	if bad := d.fill(); bad != nil {
		return "", bad
	}
	d.fields["ModifiedDate"] = d.now
	tb.replace(old.with(d.fields))
	return gsid, nil
}

// has reports whether a mandatory key has a value. Where GSIDs are accepted in
// place of names, they count.
func (d *ctaDraft) has(key string) bool {
	if v := d.given[key]; v != nil && v != "" {
		return true
	}
	for _, cl := range classes {
		if cl.key == key && d.tenant.forms.ClassifyByID {
			v := d.given[cl.field]
			return v != nil && v != ""
		}
	}
	return false
}

// fill checks everything given and collects it in fields.
func (d *ctaDraft) fill() *refusal {
	for _, key := range slices.Sorted(maps.Keys(d.given)) {
		if key == "referenceId" || key == "Gsid" && d.old != nil || isClassKey(key) {
			continue
		}
		if bad := d.set(key, d.given[key]); bad != nil {
			return bad
		}
	}
	if bad := d.classify(); bad != nil {
		return bad
	}
	whole := d.whole()
	for _, f := range d.object.fields {
		if bad := checkDependent(f, whole); bad != nil {
			return bad
		}
	}
	if whole["EntityType"] == "RELATIONSHIP" && whole["RelationshipId"] == nil {
		return refusef(codeMissing, "Missing mandatory fields for create - RelationshipId")
	}
	return nil
}

// whole is the record as it will be.
func (d *ctaDraft) whole() record {
	if d.old == nil {
		return d.fields
	}
	return d.old.with(d.fields)
}

func isClassKey(key string) bool {
	return slices.ContainsFunc(classes, func(cl struct{ key, field string }) bool { return cl.key == key })
}

// set checks one given field.
func (d *ctaDraft) set(key string, v any) *refusal {
	f := d.object.field(key)
	switch {
	case f == nil:
		return refusef(codeUnknownField, "Field %s does not exist in %s", key, d.object.name)
	case f.readOnly, f.notOnUpdate && d.old != nil, isClassField(f) && !d.tenant.forms.ClassifyByID:
		// The link to a success plan can be set at creation only (cta.md, LIVE,
		// MCP). GSIDs in place of names: open question 23.
		return refusef(codeBadData, "Field %s cannot be written", f.name)
	case v == nil && d.old != nil && (f.required || slices.Contains(ctaMandatory, f.name)):
		return refusef(codeNull, "Field %s cannot be null", f.name)
	case v == nil:
		d.fields[f.name] = nil
		return nil
	case isClassField(f):
		return nil // classify takes it
	}
	parsed, bad := d.tenant.parse(f, v)
	if bad != nil {
		return bad
	}
	if f.name == "EntityType" && parsed != "COMPANY" && parsed != "RELATIONSHIP" {
		return refusef(codeWrongType, "Invalid value for field EntityType")
	}
	d.fields[f.name] = parsed
	return nil
}

func isClassField(f *field) bool {
	return slices.ContainsFunc(classes, func(cl struct{ key, field string }) bool { return cl.field == f.name })
}

// classify turns the names of type, reason, status and priority into GSIDs. A
// reason or status must be valid for the type, also when only the type
// changes.
func (d *ctaDraft) classify() *refusal {
	config := d.tenant.config
	lists := [][]ctaItem{config.types, config.reasons, config.statuses, config.priorities}
	typeName := nameOf(config.types, d.stored("TypeId"))
	typeChanged := false
	for i, cl := range classes {
		v, given := d.given[cl.key]
		if !given && d.tenant.forms.ClassifyByID {
			v, given = d.given[cl.field]
		}
		if !given {
			if bad := d.stillValid(cl.key, lists[i], d.stored(cl.field), typeName, typeChanged); bad != nil {
				return bad
			}
			continue
		}
		s, ok := v.(string)
		if !ok {
			return refusef(codeWrongType, "Invalid value for %s: a name is expected", cl.key)
		}
		it, ok := find(lists[i], s, typeName)
		if !ok || it.gsid == s && !d.tenant.forms.ClassifyByID {
			return refusef(codeBadPicklist, "Invalid picklist value (%s = %s).", cl.key, s)
		}
		d.fields[cl.field] = it.gsid
		switch cl.key {
		case "type":
			typeChanged = it.name != typeName
			typeName = it.name
		case "status":
			d.close(it.closed)
		}
	}
	return nil
}

func (d *ctaDraft) stored(field string) string {
	s, _ := d.old[field].(string)
	return s
}

func (d *ctaDraft) stillValid(key string, items []ctaItem, gsid, typeName string, typeChanged bool) *refusal {
	if !typeChanged || gsid == "" {
		return nil
	}
	for _, it := range items {
		if it.gsid == gsid && it.typeName != "" && it.typeName != typeName {
			return refusef(codeBadPicklist, "Invalid picklist value (%s = %s): not valid for type %s.", key, it.name, typeName)
		}
	}
	return nil
}

// close follows the status: which statuses close is configuration (cta.md,
// CODE).
func (d *ctaDraft) close(closed bool) {
	d.fields["IsClosed"] = closed
	wasClosed, _ := d.old["IsClosed"].(bool)
	switch {
	case !closed:
		d.fields["ClosedDate"] = nil
	case !wasClosed:
		d.fields["ClosedDate"] = d.now
	}
}

// checkEnforced refuses a create without the custom fields that an admin made
// mandatory, in MCP's wording (cta.md, LIVE, MCP; the code is INFERRED).
// Describe need not say that they are required.
func (d *ctaDraft) checkEnforced() *refusal {
	var missing []string
	for _, f := range d.object.fields {
		if !d.tenant.wants(f) || d.fields[f.name] != nil {
			continue
		}
		kind := f.dataType
		if f.category != nil {
			var labels []string
			for _, it := range f.category.items {
				if !it.inactive {
					labels = append(labels, it.label)
				}
			}
			kind += ", allowed values: " + strings.Join(labels, ", ")
		}
		missing = append(missing, "'"+f.label+"' ("+kind+")")
	}
	if len(missing) == 0 {
		return nil
	}
	return refusef(codeMissing, "Missing required custom fields: %s", strings.Join(missing, ", "))
}

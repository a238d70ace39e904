package sandbox

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
)

// activityDateForm is the one form of an ActivityDate that is documented, with
// milliseconds and an offset with a colon (timeline.md, DOC sample). Others are
// refused (INFERRED; open question 22).
var activityDateForm = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d$`)

// plainDateForm is that of a custom date (timeline.md, DOC2).
var plainDateForm = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d{4}$`)

// An activityDraft is one activity being written. Its tenant is locked.
type activityDraft struct {
	tenant *Tenant
	object *object
	now    time.Time
	old    record // nil on create
	fields record // what will be stored or changed; nil values clear
}

// run writes the draft.
func (d *activityDraft) run(given map[string]any, b activityBatch) activityResult {
	res := activityResult{key: firstText(given, b.identifier, "ExternalId", "ActivityId", "Gsid")}
	values, bad := d.resolve(given, b.Lookups)
	if bad == nil {
		values = d.object.canonical(values)
		if b.identifier == "" {
			bad = d.create(values)
		} else {
			bad = d.update(values, b.identifier)
		}
	}
	if bad != nil {
		res.bad = bad
		return res
	}
	res.id, _ = d.fields[activityIDKey].(string)
	return res
}

// firstText returns the first string under one of the names.
func firstText(values map[string]any, names ...string) string {
	for _, name := range names {
		if s, ok := values[name].(string); ok && s != "" {
			return s
		}
	}
	return ""
}

// resolve applies the lookups. A list is looked up value by value (timeline.md,
// DOC sample: internalAttendees). What is not found is a reference that is not
// (INFERRED).
func (d *activityDraft) resolve(given map[string]any, lookups map[string]lookup) (map[string]any, *refusal) {
	values, single := maps.Clone(given), map[string]lookup{}
	for _, target := range slices.Sorted(maps.Keys(lookups)) {
		l := lookups[target]
		key, isList := listKey(values, l)
		if !isList {
			single[target] = l
			continue
		}
		var ids []any
		for _, v := range values[key].([]any) { //nolint:forcetypeassert // listKey has seen it
			id, bad := d.tenant.lookUp(target, l, map[string]any{key: v})
			if bad != nil {
				return nil, &refusal{codeActivityReference, bad.text}
			}
			if id != nil {
				ids = append(ids, id)
			}
		}
		delete(values, key)
		values[target] = ids
	}
	values, bad := d.tenant.resolve(values, single)
	if bad != nil {
		return nil, &refusal{codeActivityReference, bad.text}
	}
	return values, nil
}

// listKey returns the one resolver key of a lookup if its value is a list.
func listKey(values map[string]any, l lookup) (string, bool) {
	for key := range l.Fields {
		if _, ok := values[key].([]any); ok && len(l.Fields) == 1 {
			return key, true
		}
	}
	return "", false
}

// activityMandatory are the mandatory keys of a save (timeline.md, DOC;
// ActivityDate INFERRED), in the order in which they are missed.
var activityMandatory = []string{"ContextName", "ExternalId", "TypeName", "Subject", "Notes", "ActivityDate", "AuthorId"}

func (d *activityDraft) create(values map[string]any) *refusal {
	for _, key := range slices.Concat(activityMandatory, d.tenant.enforced(d.object)) {
		if v := values[key]; v == nil || v == "" {
			if key == "ContextName" {
				return refusef(codeActivityMissing, "Activity context name for key 'ContextName' missing")
			}
			return refusef(codeActivityMissing, "Value for key '%s' missing", key)
		}
	}
	if bad := d.fill(values); bad != nil {
		return bad
	}
	if bad := d.checkContext(); bad != nil {
		return bad
	}
	tb := d.tenant.table(objectActivity)
	for _, r := range tb.records {
		if r["ExternalId"] == d.fields["ExternalId"] {
			return refusef(codeActivityDuplicate, "Activity with ExternalId already exists")
		}
	}
	n := len(tb.records) + len(d.tenant.deletedActivities) + 1
	d.fields[activityIDKey] = newUUID()
	defaults := record{
		"Gsid": newGSID(prefixActivity, d.tenant.name, n), "Source": "API",
		"CreatedDate": d.now, "LastModifiedDate": d.now,
	}
	tb.add(defaults.with(d.fields))
	return nil
}

// checkContext wants the record that an activity belongs to (timeline.md:
// GsCompanyId and GsRelationshipId DOC, ContextId INFERRED).
func (d *activityDraft) checkContext() *refusal {
	key := "ContextId"
	switch d.fields["ContextName"] {
	case "Company":
		key = "GsCompanyId"
	case "Relationship":
		key = "GsRelationshipId"
	case "CTA", "SuccessPlan", "Scorecard", "ScorecardMeasure", "Milestone":
	default:
		return refusef(codeActivityReference, "Unknown activity context")
	}
	if d.fields[key] == nil {
		return refusef(codeActivityMissing, "Value for key '%s' missing", key)
	}
	return nil
}

func (d *activityDraft) update(values map[string]any, identifier string) *refusal {
	wanted, _ := values[identifier].(string)
	if wanted == "" {
		return refusef(codeActivityMissing, "Value for key '%s' missing", identifier)
	}
	old, ok := d.tenant.findActivity(identifier, wanted)
	if !ok {
		return refusef(codeActivityReference, "Activity not found for %s", identifier)
	}
	d.old = old
	for _, name := range []string{"ExternalId", "ActivityId", "Gsid"} {
		delete(values, name)
	}
	if bad := d.fill(values); bad != nil {
		return bad
	}
	d.fields["LastModifiedDate"] = d.now
	d.fields[activityIDKey] = old[activityIDKey]
	d.tenant.table(objectActivity).replace(old.with(d.fields))
	return nil
}

// findActivity finds an activity by one of its ids.
func (t *Tenant) findActivity(identifier, wanted string) (record, bool) {
	key := identifier
	if key == "ActivityId" {
		key = activityIDKey
	}
	records := t.table(objectActivity).records
	i := slices.IndexFunc(records, func(r record) bool { return r[key] == wanted })
	if i < 0 {
		return nil, false
	}
	return records[i], true
}

// fill checks everything given and collects it in fields.
func (d *activityDraft) fill(values map[string]any) *refusal {
	for _, key := range slices.Sorted(maps.Keys(values)) {
		f := d.object.field(key)
		switch v := values[key]; {
		case f == nil:
			return refusef(codeUnknownField, "Field %s does not exist in %s", key, d.object.name)
		case f.readOnly, f.notOnUpdate && d.old != nil:
			return refusef(codeBadData, "Field %s cannot be written", f.name)
		case v == nil:
			d.fields[f.name] = nil
		default:
			parsed, bad := d.parse(f, v)
			if bad != nil {
				return bad
			}
			d.fields[f.name] = parsed
		}
	}
	return nil
}

func (d *activityDraft) parse(f *field, v any) (any, *refusal) {
	switch {
	case f.name == "InternalAttendees":
		return d.names(f, v, objectUser)
	case f.name == "ExternalAttendees":
		return d.names(f, v, "person")
	case f.name == "ActivityDate":
		form := activityDateForm
		if d.tenant.forms.ActivityDatesPlain {
			form = plainDateForm
		}
		if s, _ := v.(string); !form.MatchString(s) {
			return nil, refusef(codeBadDateTime, "Invalid dateTime for field %s", f.name)
		}
	case f.name == "TypeName":
		if s, _ := v.(string); !slices.Contains(d.tenant.types, s) {
			return nil, refusef(codeActivityReference, "Activity type not found")
		}
	case f.category != nil:
		if bad := d.checkPicklistForm(f, v); bad != nil {
			return nil, bad
		}
	}
	return d.tenant.parse(f, v)
}

// names turns a list of GSIDs into what a read shows: one string of names
// (timeline.md, DOC2 sample; the separator is INFERRED).
func (d *activityDraft) names(f *field, v any, object string) (any, *refusal) {
	list, ok := v.([]any)
	if !ok {
		return nil, refusef(codeWrongType, "Invalid value for field %s: a list is expected", f.name)
	}
	var names []string
	for _, id := range list {
		s, _ := id.(string)
		r, ok := d.tenant.table(object).find(s)
		if !ok {
			return nil, refusef(codeActivityReference, "No record matches the value of field %s", f.name)
		}
		name, _ := r["Name"].(string)
		names = append(names, name)
	}
	return strings.Join(names, ", "), nil
}

// checkPicklistForm wants labels, or GSIDs if the forms say so.
func (d *activityDraft) checkPicklistForm(f *field, v any) *refusal {
	s, _ := v.(string)
	for part := range strings.SplitSeq(s, ";") {
		it := f.category.item(part)
		if it != nil && (it.gsid == part) != d.tenant.forms.ActivityPicklistIDs {
			return refusef(codeBadPicklist, "Invalid picklist value (%s = %s).", f.name, part)
		}
	}
	return nil
}

package sandbox

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A planDraft is one success plan being written. Its tenant is locked.
type planDraft struct {
	tenant *Tenant
	object *object
	given  map[string]any // the record of the request, lookups resolved
	now    time.Time

	reference string
	old       record // nil on create
	fields    record // what will be stored or changed; nil values clear
}

// planNames turns the tenant's spelling of the company's key into the field's
// (open question 25).
func planNames[V any](given map[string]V, key string) map[string]V {
	if key == "" {
		return given
	}
	out := maps.Clone(given)
	delete(out, "CompanyId")
	if v, has := given[key]; has {
		delete(out, key)
		out["CompanyId"] = v
	}
	return out
}

func (f Forms) planNames(lookups map[string]lookup) map[string]lookup {
	return planNames(lookups, f.PlanCompanyKey)
}

// run writes the draft and returns the key of its result: the reference, or the
// index when there is none (INFERRED, as for a CTA).
func (d *planDraft) run(index int, lookups map[string]lookup, write func(*planDraft) (string, *refusal)) (key, gsid string, bad *refusal) {
	key = strconv.Itoa(index)
	if d.given == nil {
		return key, "", refusef(codePlanRequest, "requests[%d].record is missing", index)
	}
	if bad := d.takeReference(); bad != nil {
		return key, "", bad
	}
	if d.reference != "" {
		key = d.reference
	}
	if d.given, bad = d.tenant.resolve(planNames(d.given, d.tenant.forms.PlanCompanyKey), lookups); bad != nil {
		return key, "", bad
	}
	d.given = d.object.canonical(d.given)
	d.fields = record{}
	gsid, bad = write(d)
	return key, gsid, bad
}

// takeReference takes the reference out of the record, in either spelling
// unless a form wants one (success_plan.md: create and update differ).
func (d *planDraft) takeReference() *refusal {
	given := maps.Clone(d.given)
	for _, name := range []string{"referenceId", "ReferenceId"} {
		v, has := given[name]
		if want := d.tenant.forms.PlanReferenceKey; !has || want != "" && name != want {
			continue
		}
		s, ok := v.(string)
		if !ok || s == "" {
			return refusef(codeWrongType, "Invalid value for %s: a string is expected", name)
		}
		d.reference = s
		delete(given, name)
	}
	d.given = given
	return nil
}

// planMandatory are the mandatory keys of a create: "yes" and "likely" in
// success_plan.md, with the stricter reading of "likely".
var planMandatory = []string{"Name", "CompanyId", "OwnerId", "DueDate", "SuccessPlanType"}

func (d *planDraft) create(objectives bool) (string, *refusal) {
	for _, key := range slices.Concat(planMandatory, d.tenant.enforced(d.object)) {
		if v := d.given[key]; v == nil || v == "" {
			return "", refusef(codeMissing, "%s is required", key) // wording of a simulator (INFERRED)
		}
	}
	if d.given[objectivesKey] != nil && !objectives {
		return "", refusef(codeUnknownField, "%s is taken with withObjectives=true only", objectivesKey)
	}
	if d.given["status"] == nil {
		d.given["status"] = d.tenant.plans.statuses[0].name // a simulator's "Draft" (INFERRED)
	}
	if bad := d.fill(); bad != nil {
		return "", bad
	}
	tb := d.tenant.table(objectPlan)
	gsid := newGSID(prefixPlan, d.tenant.name, len(tb.records)+len(d.tenant.table(deletedPlans).records)+1)
	defaults := record{
		"Gsid": gsid, "EntityType": "COMPANY", "IsClosed": false, "CreatedDate": d.now, "ModifiedDate": d.now,
		"Source": "API", "OriginalDueDate": d.fields["DueDate"],
	}
	tb.add(defaults.with(d.fields))
	return gsid, nil
}

// update needs the Gsid and a reference (success_plan.md, DOC2 summary).
func (d *planDraft) update() (string, *refusal) {
	gsid, _ := d.given["Gsid"].(string)
	if gsid == "" || d.reference == "" {
		return "", refusef(codeMissing, "Gsid and ReferenceId are required")
	}
	tb := d.tenant.table(objectPlan)
	old, ok := tb.find(gsid)
	if !ok {
		return "", refusef(codeWrongType, "Invalid GSID of Success Plan")
	}
	delete(d.given, "Gsid")
	d.old = old
	if bad := d.fill(); bad != nil {
		return "", bad
	}
	d.fields["ModifiedDate"] = d.now
	tb.replace(old.with(d.fields))
	return gsid, nil
}

// fill checks everything given and collects it in fields. The type goes first:
// statuses and templates depend on it.
func (d *planDraft) fill() *refusal {
	typeName := nameOf(d.tenant.plans.types, d.stored("SuccessPlanTypeId"))
	keys := slices.SortedFunc(maps.Keys(d.given), func(a, b string) int {
		if a == "SuccessPlanType" || b == "SuccessPlanType" {
			return strings.Compare(strconv.FormatBool(a != "SuccessPlanType"), strconv.FormatBool(b != "SuccessPlanType"))
		}
		return strings.Compare(a, b)
	})
	for _, key := range keys {
		v := d.given[key]
		var bad *refusal
		switch key {
		case "SuccessPlanType":
			if typeName, bad = d.class(key, "SuccessPlanTypeId", d.tenant.plans.types, ""); d.old != nil && bad == nil {
				bad = refusef(codeBadData, "Field SuccessPlanType cannot be changed") // which fields cannot is UNKNOWN
			}
		case "status":
			bad = d.status(typeName)
		case templatesKey:
			bad = d.templates(v, typeName)
		case objectivesKey:
			bad = d.objectives(v)
		default:
			bad = d.set(key, v)
		}
		if bad != nil {
			return bad
		}
	}
	return nil
}

func (d *planDraft) stored(field string) string {
	s, _ := d.old[field].(string)
	return s
}

// class turns the name of a type or a status into its GSID.
func (d *planDraft) class(key, field string, items []ctaItem, typeName string) (string, *refusal) {
	s, ok := d.given[key].(string)
	if !ok {
		return "", refusef(codeWrongType, "Invalid value for %s: a name is expected", key)
	}
	it, ok := find(items, s, typeName)
	if !ok || it.gsid == s {
		return "", refusef(codeBadPicklist, "Invalid picklist value (%s = %s).", key, s)
	}
	d.fields[field] = it.gsid
	return it.name, nil
}

// status sets the status, and closes the plan if it is one that does.
func (d *planDraft) status(typeName string) *refusal {
	name, bad := d.class("status", "StatusId", d.tenant.plans.statuses, typeName)
	if bad != nil {
		return bad
	}
	it, _ := find(d.tenant.plans.statuses, name, typeName)
	d.fields["IsClosed"], d.fields["ClosedDate"] = it.closed, nil
	if it.closed {
		d.fields["ClosedDate"] = d.now
	}
	return nil
}

// templates are names that go with the plan's type (success_plan.md, DOC2
// summary; DOC, UI guide). A plan gets them when it is made (INFERRED).
func (d *planDraft) templates(v any, typeName string) *refusal {
	list, ok := v.([]any)
	if !ok || d.old != nil {
		return refusef(codeWrongType, "%s takes a list of names, on create", templatesKey)
	}
	for _, t := range list {
		name, _ := t.(string)
		if _, ok := find(d.tenant.plans.templates, name, typeName); !ok {
			return refusef(codeWrongType, "Invalid template for type %s", typeName)
		}
	}
	d.fields[templatesKey] = list
	return nil
}

// objectives are kept as they come: their shape is UNKNOWN.
func (d *planDraft) objectives(v any) *refusal {
	list, ok := v.([]any)
	if !ok || d.old != nil {
		return refusef(codeWrongType, "%s takes a list, on create", objectivesKey)
	}
	count := json.Number(strconv.Itoa(len(list)))
	d.fields[objectivesKey], d.fields["TotalObjectiveCount"], d.fields["OpenObjectiveCount"] = list, count, count
	return nil
}

// set checks one field of the object.
func (d *planDraft) set(key string, v any) *refusal {
	f := d.object.field(key)
	switch {
	case f == nil:
		return refusef(codeUnknownField, "Field %s does not exist in %s", key, d.object.name)
	case f.readOnly, f.notOnUpdate && d.old != nil, f.name == "SuccessPlanTypeId", f.name == "StatusId":
		return refusef(codeBadData, "Field %s cannot be written", f.name)
	case v == nil && f.required:
		return refusef(codeNull, "Field %s cannot be null", f.name)
	case v == nil:
		d.fields[f.name] = nil
		return nil
	}
	parsed, bad := d.tenant.parse(f, v)
	if bad != nil {
		return bad
	}
	d.fields[f.name] = parsed
	return nil
}

package sandbox

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// A userDraft is one user being written. Its tenant is locked.
type userDraft struct {
	tenant *Tenant
	object *object
	key    string  // the field by which an update finds its user
	action *string // permissionBundleAction
	now    time.Time
	given  map[string]any // the record of the request, lookups resolved
	old    record         // nil on create
	fields record         // what will be stored or changed; nil values clear
}

// run writes the draft and returns the user as stored.
func (d *userDraft) run(given map[string]any, lookups map[string]lookup, write func(*userDraft) (record, *refusal)) (record, *refusal) {
	if given == nil {
		return nil, refusef("", "The record is missing")
	}
	resolved, bad := d.tenant.resolve(given, lookups)
	if bad != nil {
		return nil, bad
	}
	d.given, d.fields = d.object.canonical(resolved), record{}
	return write(d)
}

func (d *userDraft) create() (record, *refusal) {
	if bad := d.checkMandatory(); bad != nil {
		return nil, bad
	}
	if name, _ := d.given["SFDCUserName"].(string); name != "" && d.find("SFDCUserName", name) != nil {
		return nil, refusef(codeUserDuplicate, "Duplicate user")
	}
	if bad := d.fill(); bad != nil {
		return nil, bad
	}
	tb := d.tenant.table(objectUser)
	defaults := record{
		"Gsid": newGSID(prefixUser, d.tenant.name, len(tb.records)+1), "IsActiveUser": true, "IsSuperAdmin": false,
		"SystemType": "Internal", "CreatedDate": d.now, "ModifiedDate": d.now,
	}
	if d.fields["Name"] == nil {
		defaults["Name"] = strings.TrimSpace(d.text("FirstName") + " " + d.text("LastName"))
	}
	made := defaults.with(d.fields)
	tb.add(made)
	return made, nil
}

// checkMandatory wants what the documentation does: e-mail, user name and a
// name of internal users, a company of external ones (users.md, DOC2 summary).
// That a user without SystemType is internal is INFERRED.
func (d *userDraft) checkMandatory() *refusal {
	var missing []string
	want := func(names ...string) {
		for _, name := range names {
			if v := d.given[name]; v == nil || v == "" {
				missing = append(missing, name)
			}
		}
	}
	switch d.given["SystemType"] {
	case nil, "", "Internal":
		want("Email", "SFDCUserName")
		if d.text("Name") == "" {
			want("FirstName", "LastName")
		}
	case "External":
		want("CompanyID")
	}
	want(d.tenant.enforced(d.object)...)
	if len(missing) > 0 {
		return refusef("", "Missing mandatory fields - %s", strings.Join(missing, ", "))
	}
	return nil
}

func (d *userDraft) update() (record, *refusal) {
	key, _ := d.given[d.key].(string)
	if key == "" {
		return nil, refusef("", "Key field %s is missing in the record", d.key)
	}
	if d.old = d.find(d.key, key); d.old == nil {
		return nil, refusef("", "User not found")
	}
	delete(d.given, d.key) // it says which user, and cannot itself be changed
	if bad := d.fill(); bad != nil {
		return nil, bad
	}
	if d.fields["Manager"] == d.old.gsid() {
		return nil, refusef(codeOwnManager, "User cannot be their own manager")
	}
	d.fields["ModifiedDate"] = d.now
	changed := d.old.with(d.fields)
	d.tenant.table(objectUser).replace(changed)
	return changed, nil
}

// find returns the user with a value; user names in any case (INFERRED).
func (d *userDraft) find(name, value string) record {
	for _, r := range d.tenant.table(objectUser).records {
		if has, _ := r[name].(string); strings.EqualFold(has, value) {
			return r
		}
	}
	return nil
}

func (d *userDraft) text(name string) string {
	s, _ := d.given[name].(string)
	return s
}

// fill checks everything given and collects it in fields.
func (d *userDraft) fill() *refusal {
	for _, key := range slices.Sorted(maps.Keys(d.given)) {
		v := d.given[key]
		if key == bundlesKey {
			if bad := d.setBundles(v); bad != nil {
				return bad
			}
			continue
		}
		f := d.object.field(key)
		switch {
		case f == nil:
			return refusef(codeUnknownField, "Field %s does not exist in %s", key, d.object.name)
		case f.readOnly, f.name == "IsSuperAdmin": // users.md, DOC; conflict 12
			return refusef(codeBadData, "Field %s cannot be written", f.name)
		case v == nil && d.old != nil && (f.required || f.name == "SFDCUserName"):
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

// setBundles wants names of bundles, and to be told what to do with those that
// the user has (users.md, CODE; that it must be told is INFERRED).
func (d *userDraft) setBundles(v any) *refusal {
	list, ok := v.([]any)
	if !ok || d.action == nil {
		return refusef("", "permissionBundles must be a list of names, with permissionBundleAction in the body")
	}
	var names []string
	if *d.action == bundlesAppend {
		has, _ := d.old[bundlesKey].([]string)
		names = slices.Clone(has)
	}
	for _, item := range list {
		name, _ := item.(string)
		if !slices.Contains(d.tenant.bundles, name) {
			return refusef("", "Permission bundle %s does not exist", name)
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	d.fields[bundlesKey] = names
	return nil
}

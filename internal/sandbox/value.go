package sandbox

import (
	"encoding/json"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Codes of values that are refused. The object APIs document them (common.md
// 5.2, 5.3, DOC); that Cockpit reports the same ones is INFERRED ("may surface
// elsewhere").
const (
	codeTooLong      = "GSOBJ_1001"
	codeWrongType    = "GSOBJ_1002"
	codeBadDateTime  = "GSOBJ_1005"
	codeBadDate      = "GSOBJ_1006"
	codeNull         = "GSOBJ_1007"
	codeBadData      = "GSOBJ_1008"
	codeBadPicklist  = "GSOBJ_1012"
	codeBadEmail     = "GSOBJ_VDTEMAIL1001"
	codeBadGSID      = "GSOBJ_VDTGSID1001"
	codeBadSFDCID    = "GSOBJ_VDTSFDCID1001"
	codeBadURL       = "GSOBJ_VDTURL1001"
	codeUnknownField = "GSOBJ_VCRUDR1002"
)

var (
	// gsidPattern fits every documented sample (common.md 9, INFERRED).
	gsidPattern = regexp.MustCompile(`^1[A-Z]\d{2}[A-Z0-9]{32}$`)
	// sfdcPattern is 15 or 18 alphanumerics (common.md 5.3, DOC).
	sfdcPattern = regexp.MustCompile(`^(?:[A-Za-z0-9]{15}|[A-Za-z0-9]{18})$`)
)

// dateTimeLayouts are the forms of a DATETIME on write: ISO 8601 with an
// offset, with or without milliseconds (common.md 11; INFERRED for Cockpit).
var dateTimeLayouts = []string{time.RFC3339Nano, "2006-01-02T15:04:05.999Z0700"}

// parse checks a written value, not null, against its field and returns it as
// a record stores it. The caller holds the tenant's lock.
func (t *Tenant) parse(f *field, v any) (any, *refusal) {
	switch f.dataType {
	case typeBoolean, typeJSONBoolean:
		if _, ok := v.(bool); !ok {
			return nil, refusef(codeBadData, "Invalid boolean value for field %s", f.name)
		}
		return v, nil
	case typeNumber, typePercentage, typeCurrency, typeJSONNumber, "INTEGER", "LONG", "DOUBLE", "PERCENT", "SCORE":
		if _, ok := v.(json.Number); !ok {
			return nil, refusef(codeWrongType, "Invalid number for field %s", f.name)
		}
		return v, nil
	case typeJSON:
		return v, nil
	case typeMultiSelect:
		return parseMultiSelect(f, v)
	}
	s, ok := v.(string)
	if !ok {
		return nil, refusef(codeWrongType, "Invalid value for field %s of type %s: a string is expected", f.name, f.dataType)
	}
	if f.length > 0 && utf8.RuneCountInString(s) > f.length {
		return nil, refusef(codeTooLong, "Value of field %s is longer than %d characters", f.name, f.length)
	}
	return t.parseString(f, s)
}

func (t *Tenant) parseString(f *field, s string) (any, *refusal) {
	switch f.dataType {
	case typeDate:
		at, err := time.Parse(dateLayout, s) // common.md 11, CODE
		if err != nil {
			return nil, refusef(codeBadDate, "Invalid date (%s= %s)", f.name, s)
		}
		return at, nil
	case typeDateTime:
		for _, l := range dateTimeLayouts {
			if at, err := time.Parse(l, s); err == nil {
				return at.UTC(), nil
			}
		}
		return nil, refusef(codeBadDateTime, "Invalid dateTime (%s= %s)", f.name, s)
	case typePicklist:
		return parsePicklist(f, s)
	case typeLookup:
		return t.parseLookup(f, s)
	case typeGSID:
		if !gsidPattern.MatchString(s) {
			return nil, refusef(codeBadGSID, "Invalid GSID for field %s", f.name)
		}
	case typeSFDCID:
		if !sfdcPattern.MatchString(s) {
			return nil, refusef(codeBadSFDCID, "Invalid SFDC id for field %s", f.name)
		}
	case typeEmail:
		if a, err := mail.ParseAddress(s); err != nil || a.Address != s {
			return nil, refusef(codeBadEmail, "Invalid email for field %s", f.name)
		}
	case typeURL:
		if u, err := url.Parse(s); err != nil || u.Host == "" {
			return nil, refusef(codeBadURL, "Invalid URL for field %s", f.name)
		}
	}
	return s, nil
}

// parseLookup wants the GSID of an existing record, where the object's records
// are known.
func (t *Tenant) parseLookup(f *field, s string) (any, *refusal) {
	if !gsidPattern.MatchString(s) {
		return nil, refusef(codeBadGSID, "Invalid GSID for field %s", f.name)
	}
	if _, ok := t.table(f.lookup).find(s); !ok && !f.bareLookup {
		return nil, refusef(codeWrongType, "No %s record matches the value of field %s", f.lookup, f.name)
	}
	return s, nil
}

// parsePicklist takes the GSID or the label of an active item; GSOBJ_1012
// covers inactive ones too (common.md 5.2, LIVE).
func parsePicklist(f *field, s string) (string, *refusal) {
	it := f.category.item(s)
	if it == nil || it.inactive {
		return "", refusef(codeBadPicklist, "Invalid picklist value (%s = %s).", f.name, s)
	}
	return it.gsid, nil
}

// parseMultiSelect takes one string joined by ";" or a list (common.md 12,
// LIVE).
func parseMultiSelect(f *field, v any) (any, *refusal) {
	var parts []string
	switch x := v.(type) {
	case string:
		parts = strings.Split(x, ";")
	case []any:
		for _, p := range x {
			s, _ := p.(string)
			parts = append(parts, s)
		}
	default:
		return nil, refusef(codeWrongType, "Invalid multi-select value for field %s: a ;-joined string or a list is expected", f.name)
	}
	ids := make([]string, 0, len(parts))
	for _, p := range parts {
		gsid, bad := parsePicklist(f, p)
		if bad != nil {
			return nil, bad
		}
		ids = append(ids, gsid)
	}
	return strings.Join(ids, ";"), nil
}

// checkDependent refuses a dependent picklist value that is not valid for the
// controlling one.
func checkDependent(f *field, r record) *refusal {
	if f.controller == nil {
		return nil
	}
	value, _ := r[f.name].(string)
	it := f.category.item(value)
	if it == nil || len(it.controlled) == 0 {
		return nil
	}
	if controlling, _ := r[f.controller.name].(string); !slices.Contains(it.controlled, controlling) {
		return refusef(codeBadPicklist, "Invalid picklist value (%s = %s): it does not depend on the value of %s.", f.name, it.label, f.controller.name)
	}
	return nil
}

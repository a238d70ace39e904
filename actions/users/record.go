package users

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/doctype"
)

// Fields by which a user is found (users.md, DOC2 summary).
const (
	fieldName         = "SFDCUserName"
	fieldID           = "Gsid"
	fieldSalesforceID = "SfdcUserId"
)

// bundles are the names of the permission bundles, in a record; what becomes
// of the others is said once for all records (users.md, CODE).
const (
	bundles      = "permissionBundles"
	bundleAction = "permissionBundleAction"
)

// doctypeOf lays the tenant's user fields over a record. The wire tokens of
// licence and system type are not known, so what the metadata say of them does
// not restrict them (open question 27). Nobody becomes a super admin here
// (users.md, DOC).
func doctypeOf(use doctype.Use, skip ...string) *actions.Doctype {
	return &actions.Doctype{
		Object: object, At: "/$defs/record", Use: use,
		Skip: append(skip, "IsSuperAdmin", "CompanyID", "LicenseType", "SystemType"),
	}
}

// resolvers find company and manager by what a person knows of them.
func resolvers() []actions.Resolver {
	return []actions.Resolver{
		{Field: "CompanyID", Key: "CompanyName", Object: "company", Match: "Name"},
		{Field: "Manager", Key: "ManagerEmail", Object: object, Match: "Email"},
	}
}

// options are the documented names of licences and system types. They are
// proposals: a tenant may spell them differently (users.md, UNKNOWN).
func options() map[string]actions.Choices {
	propose := func(names ...string) actions.Choices {
		return func(context.Context, *actions.Tenant, map[string]string) ([]connector.Option, error) {
			list := make([]connector.Option, len(names))
			for i, name := range names {
				list[i] = connector.Option{Value: name, Label: name}
			}
			return list, nil
		}
	}
	return map[string]actions.Choices{
		"/records/*/LicenseType": propose("Full", "Viewer", "Viewer Analytics", "Internal Collaborators", "External"),
		"/records/*/SystemType":  propose("Internal", "External", "Guest Partner"),
	}
}

func recordsOf(input map[string]any) []map[string]any {
	list, _ := input["records"].([]any)
	records := make([]map[string]any, len(list))
	for i, v := range list {
		records[i], _ = v.(map[string]any)
	}
	return records
}

func optionsOf(input map[string]any) map[string]any {
	options, _ := input["options"].(map[string]any)
	return options
}

// keyOf returns the field by which an update finds its users.
func keyOf(input map[string]any) string {
	if key, ok := optionsOf(input)["key"].(string); ok {
		return key
	}
	return fieldName
}

// body is the envelope of create and update. What becomes of bundles that a
// user has is said whenever bundles are given: what the tenant does otherwise
// is not known, and to append takes nothing away.
func body(b actions.Batch) any {
	envelope, _ := actions.Records(b).(map[string]any)
	if slices.ContainsFunc(b.Records, func(r map[string]any) bool { return r[bundles] != nil }) {
		envelope[bundleAction] = "append"
		if action, ok := optionsOf(b.Input)[bundleAction].(string); ok {
			envelope[bundleAction] = action
		}
	}
	return envelope
}

// checkCreate wants what the vendor does: e-mail, user name and a name of
// internal users, a company of external ones (users.md, DOC2 summary). Of
// guest partners nothing is known.
func checkCreate(input map[string]any) []connector.Violation {
	violations := checkRepeats(input, fieldName)
	lookups, _ := input["lookups"].(map[string]any)
	for i, r := range recordsOf(input) {
		want := func(message string, names ...string) {
			if !slices.ContainsFunc(names, func(n string) bool { return r[n] != nil || lookups[n] != nil }) {
				violations = append(violations, violation(i, names[0], message))
			}
		}
		switch kind, _ := r["SystemType"].(string); {
		case strings.EqualFold(kind, "External"):
			want("is required of external users; give it, or CompanyName to look it up", "CompanyID", "CompanyName")
		case kind == "", strings.EqualFold(kind, "Internal"):
			want("is required of internal users: it is the name to sign in with", fieldName)
			want("is required of internal users", "Email")
			if r["FirstName"] == nil || r["LastName"] == nil {
				want("is required of internal users; give it, or FirstName and LastName", "Name")
			}
		}
	}
	return violations
}

// checkUpdate wants the key in every record, and no other id that would be
// taken for a field to change.
func checkUpdate(input map[string]any) []connector.Violation {
	key := keyOf(input)
	if !slices.Contains([]string{fieldName, fieldID, fieldSalesforceID}, key) {
		return nil // the schema says so
	}
	violations := checkRepeats(input, key)
	for i, r := range recordsOf(input) {
		if r[key] == nil {
			violations = append(violations, violation(i, key, "is required: it says which user to change"))
		}
		if key != fieldID && r[fieldID] != nil {
			violations = append(violations, violation(i, fieldID, "cannot be changed; to find users by it, set options.key to Gsid"))
		}
	}
	return violations
}

// checkRepeats refuses a user that is named twice: its results could not be
// told apart, and a second creation is refused by the tenant anyway.
func checkRepeats(input map[string]any, key string) []connector.Violation {
	var violations []connector.Violation
	first := map[string]int{}
	for i, r := range recordsOf(input) {
		name, ok := r[key].(string)
		if !ok {
			continue
		}
		if j, twice := first[fold(name)]; twice {
			violations = append(violations, violation(i, key, fmt.Sprintf("repeats that of record %d", j)))
			continue
		}
		first[fold(name)] = i
	}
	return violations
}

func violation(i int, name, message string) connector.Violation {
	return connector.Violation{Pointer: fmt.Sprintf("/records/%d/%s", i, name), Message: message}
}

// fold makes names comparable that differ in case alone: those of users are
// mostly e-mail addresses.
func fold(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

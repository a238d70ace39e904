package sandbox

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// maxUsers is how many users a call may hold (users.md, DOC).
const maxUsers = 50

// userWrite is the body of create and update (users.md, DOC2 summary, CODE).
type userWrite struct {
	Records      []map[string]any  `json:"records"`
	Lookups      map[string]lookup `json:"lookups"`
	BundleAction *string           `json:"permissionBundleAction"`
}

// Values of permissionBundleAction (CODE).
const (
	bundlesAppend    = "append"
	bundlesOverwrite = "overwrite"
)

// createUsers is Create Users. notify may be missing (INFERRED).
func (t *Tenant) createUsers(c *call) answer {
	if q := c.request.URL.Query(); q.Has("notify") && !isBoolean(q.Get("notify")) {
		return c.badRequest("notify must be true or false")
	}
	return t.writeUsers(c, "SFDCUserName", (*userDraft).create)
}

// updateUsers is Update Users: the query names the key field.
func (t *Tenant) updateUsers(c *call) answer {
	key := c.request.URL.Query().Get("key")
	if !slices.Contains([]string{"SFDCUserName", "Gsid", "SfdcUserId"}, key) {
		return c.refuseWith(c.tenant.forms.refusalStatus(), codeUserKey, "Key is not supported - "+key, nil)
	}
	return t.writeUsers(c, key, (*userDraft).update)
}

func (t *Tenant) writeUsers(c *call, key string, write func(*userDraft) (record, *refusal)) answer {
	var body userWrite
	if refusal, ok := c.decode(&body); !ok {
		return refusal
	}
	if refusal, ok := c.checkUserCount("records", len(body.Records)); !ok {
		return refusal
	}
	if a := body.BundleAction; a != nil && *a != bundlesAppend && *a != bundlesOverwrite {
		return c.badRequest("permissionBundleAction must be append or overwrite")
	}
	o := t.schema.object(objectUser)
	if bad := t.schema.checkLookups(o, body.Lookups); bad != nil {
		return c.refuse(codeUserLookup, bad.text, nil)
	}
	return t.eachUser(c, len(body.Records), func(i int) userResult {
		d := &userDraft{tenant: t, object: o, key: key, action: body.BundleAction, now: t.clock().UTC().Truncate(time.Millisecond)}
		given := body.Records[i]
		r, bad := d.run(given, body.Lookups, write)
		name, _ := o.canonical(given)[key].(string)
		return userResult{key: name, user: r, given: given, bad: bad}
	})
}

// setUserStatus is Update Users Status: an array of GSIDs (DOC2 summary). That
// true means active, and what a wrong GSID does, are INFERRED.
func (t *Tenant) setUserStatus(c *call) answer {
	status := c.request.URL.Query().Get("status")
	if !isBoolean(status) {
		return c.badRequest("status must be true or false")
	}
	var ids []string
	if refusal, ok := c.decode(&ids); !ok {
		return refusal
	}
	if refusal, ok := c.checkUserCount("the array", len(ids)); !ok {
		return refusal
	}
	return t.eachUser(c, len(ids), func(i int) userResult {
		result := userResult{key: ids[i], given: map[string]any{"Gsid": ids[i]}}
		tb := t.table(objectUser)
		old, ok := tb.find(ids[i])
		if !ok {
			result.bad = refusef("", "User not found")
			return result
		}
		result.user = old.with(record{"IsActiveUser": status == "true", "ModifiedDate": t.clock().UTC().Truncate(time.Millisecond)})
		tb.replace(result.user)
		return result
	})
}

func isBoolean(s string) bool { return s == "true" || s == "false" }

func (c *call) checkUserCount(what string, n int) (refusal answer, ok bool) {
	switch {
	case n == 0:
		return c.badRequest(what + " must hold at least one user"), false
	case n > maxUsers:
		return c.badRequest(what + " holds " + strconv.Itoa(n) + " users; at most " + strconv.Itoa(maxUsers) + " are allowed"), false
	}
	return answer{}, true
}

// A userResult is how one user of a call fared.
type userResult struct {
	key   string // what the call names the user by
	user  record // as written
	given map[string]any
	bad   *refusal // nil: written
}

// eachUser writes n users and answers for them. Where one bad user fails all,
// the table is put back.
func (t *Tenant) eachUser(c *call, n int, write func(i int) userResult) answer {
	t.mu.Lock()
	defer t.mu.Unlock()
	tb := t.table(objectUser)
	before := table{records: slices.Clone(tb.records), byGSID: maps.Clone(tb.byGSID)}
	var written, refused []userResult
	for i := range n {
		if r := write(i); r.bad != nil {
			refused = append(refused, r)
		} else {
			written = append(written, r)
		}
	}
	if len(refused) > 0 && t.forms.UserAllOrNothing {
		*tb = before
		written = nil
	}
	return c.userResults(written, refused)
}

// userResults answers a write. With nobody written result is false, with the
// code of the operation, or the one that all refusals share (INFERRED).
func (c *call) userResults(written, refused []userResult) answer {
	forms := c.tenant.forms
	if len(refused) == 0 && forms.UserSuccess == UserSuccessAbsent {
		return c.ok(nil)
	}
	data := map[string]any{"success": forms.userSuccess(written), "errors": forms.userErrors(refused)}
	if len(refused) == 0 || len(written) > 0 && !forms.PartialFails {
		return c.ok(data)
	}
	code, text := c.route.bad, "Bulk create failed" // the sample's wording
	if code == codeUserUpdate {
		text = "Bulk update failed"
	}
	first := refused[0].bad
	other := func(r userResult) bool { return r.bad.code != first.code }
	if strings.HasPrefix(first.code, "GU_") && len(written) == 0 && !slices.ContainsFunc(refused, other) {
		code, text = first.code, first.text
	}
	return c.refuse(code, text, data)
}

func (f Forms) userSuccess(written []userResult) any {
	list, byKey := []any{}, map[string]any{}
	for _, r := range written {
		gsid := r.user.gsid()
		object := map[string]any{"Gsid": gsid, "SFDCUserName": r.user["SFDCUserName"]}
		switch f.UserSuccess {
		case UserSuccessRecords:
			list = append(list, object)
		case UserSuccessPairs:
			list = append(list, map[string]any{r.key: gsid})
		case UserSuccessMapRecords:
			byKey[r.key] = object
		default:
			list = append(list, gsid)
			byKey[r.key] = gsid
		}
	}
	switch f.UserSuccess {
	case UserSuccessMap, UserSuccessMapRecords:
		return byKey
	case UserSuccessCount:
		return json.Number(strconv.Itoa(len(written)))
	default:
		return list
	}
}

func (f Forms) userErrors(refused []userResult) any {
	list, byKey := []any{}, map[string]any{}
	for _, r := range refused {
		switch f.UserErrors {
		case UserErrorsBare:
			list = append(list, map[string]any{"errorMessage": r.bad.text})
		case UserErrorsFull:
			list = append(list, map[string]any{
				"errorCode": r.bad.code, "errorMessage": r.bad.text, "SFDCUserName": r.given["SFDCUserName"], "Gsid": r.given["Gsid"],
			})
		case UserErrorsNested:
			list = append(list, []any{map[string]any{
				"success": false, "parsedValue": r.given,
				"errors": []any{map[string]any{"errorCode": r.bad.code, "errorMessage": r.bad.text, "fieldName": nil, "invalidValue": nil}},
			}})
		case UserErrorsMap:
			byKey[r.key] = r.bad.Error()
		}
	}
	if f.UserErrors == UserErrorsMap {
		return byKey
	}
	return list
}

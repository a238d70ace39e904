package sandbox_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

const userPath = "/v1/users/services"

// userBody is the body of a create or update: the given record alone.
func userBody(r map[string]any) string {
	b, _ := json.Marshal(map[string]any{"records": []any{r}})
	return string(b)
}

// aUser is a record that acme accepts, with changes.
func aUser(changes map[string]any) map[string]any {
	r := map[string]any{"SFDCUserName": "sam@example.com", "Email": "sam@example.com", "FirstName": "Sam", "LastName": "Example"}
	maps.Copy(r, changes)
	maps.DeleteFunc(r, func(_ string, v any) bool { return v == without })
	return r
}

func userOf(t *testing.T, c *client, gsid string) map[string]any {
	t.Helper()
	for _, u := range c.tenant.Users() {
		if u["Gsid"] == gsid {
			return u
		}
	}
	t.Fatalf("no user %s", gsid)
	return nil
}

// TestUserSamples sends the documented requests, with the ids and names of the
// tenant in place of the samples'.
func TestUserSamples(t *testing.T) {
	t.Parallel()
	c := acme(t, sandbox.Forms{})
	created := c.ok("POST", userPath+"?notify=true", `{
		"records": [{"FirstName": "Sam", "LastName": "Example", "Email": "sam@example.com", "LicenseType": "Viewer",
			"SFDCUserName": "sam@example.com", "CompanyName": "Aurora Labs"}],
		"lookups": {"CompanyID": {"fields": {"CompanyName": "Name"}, "lookupField": "Gsid", "objectName": "Company",
			"multiMatchOption": "FIRSTMATCH", "onNoMatch": "ERROR"}}}`)
	checkShape(t, created.body, `{"result": true, "errorCode": null, "errorDesc": null, "requestId": "",
		"data": {"success": [{"Gsid": "", "SFDCUserName": ""}], "errors": []}, "message": null}`)
	id := gsid("1P01", "acme", 14)
	made := userOf(t, c, id)
	if made["Name"] != "Sam Example" || made["CompanyID"] != gsid("1P02", "acme", 2) || made["IsActiveUser"] != true {
		t.Errorf("made %v", made)
	}
	c.ok("PUT", userPath+"?key=SFDCUserName", `{"records": [{"SFDCUserName": "sam@example.com", "Title": "Customer Success Manager",
		"permissionBundles": ["CSM Bundle"]}], "permissionBundleAction": "append"}`)
	if got := userOf(t, c, id); got["Title"] != "Customer Success Manager" || !cmp.Equal(got["permissionBundles"], []string{"CSM Bundle"}) {
		t.Errorf("changed to %v", got)
	}
	c.ok("PUT", userPath+"/status?status=false", fmt.Sprintf("[%q, %q]", id, gsid("1P01", "acme", 2)))
	if userOf(t, c, id)["IsActiveUser"] != false || userOf(t, c, gsid("1P01", "acme", 2))["IsActiveUser"] != false {
		t.Error("the users are still active")
	}
	listed := c.ok("POST", userPath+"/list", `{"includeTotal": true, "limit": 25, "page": 0, "orderBy": {"ModifiedDate": "desc"},
		"select": ["Name", "Email", "LicenseType"], "where": {"conditions": [
		{"name": "IsActiveUser", "alias": "A", "operator": "EQ", "value": [true]}], "expression": "A"}}`)
	checkShape(t, listed.body, `{"result": true, "errorCode": null, "errorDesc": null, "requestId": "",
		"data": {"records": [{"Name": "", "Email": "", "LicenseType": ""}]}, "message": null}`)
	if n := len(at(t, listed.body, "data", "records").([]any)); n != 11 {
		t.Errorf("%d active users, want 11", n)
	}
	again := c.do("POST", userPath, userBody(aUser(nil)))
	checkRefusal(t, again, 400, "GU_2411", "Duplicate user")
	checkShape(t, again.body, `{"result": false, "errorCode": "GU_2401", "errorDesc": "Bulk create failed", "requestId": "",
		"data": {"success": [], "errors": [{"errorMessage": "Duplicate user"}]}, "message": null}`)
}

func TestCreateUserFailures(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		changes map[string]any
		want    string // "" means created
	}{
		"good":                       {nil, ""},
		"no e-mail":                  {map[string]any{"Email": without}, "Missing mandatory fields - Email"},
		"no user name":               {map[string]any{"SFDCUserName": ""}, "Missing mandatory fields - SFDCUserName"},
		"half a name":                {map[string]any{"LastName": without}, "Missing mandatory fields - LastName"},
		"a whole name":               {map[string]any{"FirstName": without, "LastName": without, "Name": "Sam"}, ""},
		"external, no company":       {map[string]any{"SystemType": "External"}, "Missing mandatory fields - CompanyID"},
		"external":                   {map[string]any{"SystemType": "External", "CompanyID": gsid("1P02", "acme", 1)}, ""},
		"super admin":                {map[string]any{"IsSuperAdmin": true}, "Field IsSuperAdmin cannot be written"},
		"own id":                     {map[string]any{"Gsid": gsid("1P01", "acme", 20)}, "Field Gsid cannot be written"},
		"unknown field":              {map[string]any{"Flavour__gc": "x"}, "Field Flavour__gc does not exist"},
		"e-mail of none":             {map[string]any{"Email": "sam"}, "Invalid email"},
		"manager of none":            {map[string]any{"Manager": gsid("1P01", "acme", 99)}, "No gsuser record"},
		"user name in another case":  {map[string]any{"SFDCUserName": "ADA.BERG@example.com"}, "Duplicate user"},
		"bundles without an action":  {map[string]any{"permissionBundles": []string{"CSM Bundle"}}, "permissionBundleAction"},
		"the action in the record":   {map[string]any{"permissionBundleAction": "append"}, "Field permissionBundleAction does not exist"},
		"a licence of any spelling":  {map[string]any{"LicenseType": "Viewer_Analytics"}, ""},
		"a field in another case":    {map[string]any{"TITLE": "CSM"}, ""},
		"a string that is a number":  {map[string]any{"Title": 5}, "a string is expected"},
		"own field that is too long": {map[string]any{"Department__gc": "a department of which the name has no end"}, "longer than 40"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := acme(t, sandbox.Forms{})
			before := len(c.tenant.Users())
			got := c.do("POST", userPath, userBody(aUser(tt.changes)))
			made := len(c.tenant.Users()) - before
			if tt.want == "" {
				if got.status != 200 || made != 1 {
					t.Errorf("not created: %s", got.text)
				}
				return
			}
			text, _ := at(t, got.body, "data", "errors", 0, "errorMessage").(string)
			if got.status != 400 || made != 0 || !strings.Contains(text, tt.want) {
				t.Errorf("got %d %s, want %q; %d created", got.status, got.text, tt.want, made)
			}
		})
	}
}

func TestUserRefusals(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ method, path, body, code, text string }{
		"no records":          {"POST", userPath, `{"records":[]}`, "GU_2401", "at least one"},
		"another envelope":    {"POST", userPath, `{"requests":[{"record":{}}]}`, "GU_2401", "at least one"},
		"notify":              {"POST", userPath + "?notify=yes", userBody(aUser(nil)), "GU_2401", "notify"},
		"bundle action":       {"POST", userPath, `{"records":[{}],"permissionBundleAction":"add"}`, "GU_2401", "append or overwrite"},
		"lookup of no object": {"POST", userPath, `{"records":[{}],"lookups":{"Manager":{"fields":{"a":"Name"},"objectName":"x"}}}`, "GU_2403", "Manager"},
		"no key":              {"PUT", userPath, userBody(aUser(nil)), "GU_2409", "Key"},
		"another key":         {"PUT", userPath + "?key=Email", userBody(aUser(nil)), "GU_2409", "Email"},
		"key not in record":   {"PUT", userPath + "?key=Gsid", userBody(aUser(nil)), "GU_2402", ""},
		"nobody":              {"PUT", userPath + "?key=SFDCUserName", userBody(aUser(nil)), "GU_2402", ""},
		"own manager": {
			"PUT", userPath + "?key=Gsid", fmt.Sprintf(`{"records":[{"Gsid":%[1]q,"Manager":%[1]q}]}`, gsid("1P01", "acme", 2)), "GU_2410", "own manager",
		},
		"user name taken away": {
			"PUT", userPath + "?key=Gsid", fmt.Sprintf(`{"records":[{"Gsid":%q,"SFDCUserName":null}]}`, gsid("1P01", "acme", 2)), "GU_2402", "",
		},
		"no status":          {"PUT", userPath + "/status", `["x"]`, "GU_2402", "status"},
		"status of records":  {"PUT", userPath + "/status?status=true", `{"records":[]}`, "GU_2402", "object"},
		"status of nobody":   {"PUT", userPath + "/status?status=true", `["x"]`, "GU_2402", ""},
		"page too large":     {"POST", userPath + "/list", `{"limit":101}`, "GSOBJ_1008", "limit"},
		"page below zero":    {"POST", userPath + "/list", `{"page":-1}`, "GSOBJ_1008", "page"},
		"select of no field": {"POST", userPath + "/list", `{"select":["Mail"]}`, "GSOBJ_1008", "Mail"},
		"the garbled sample": {
			"POST", userPath + "/list",
			`{"where":{"conditions":[{"name":"IsActiveUser","operator":"EQ","value":[true]}],"expression":"IsActive"}}`, "GSOBJ_1008", "alias",
		},
		"dialect 2": {
			"POST", userPath + "/list",
			`{"where":{"conditions":[{"fieldName":"Name","alias":"A","operator":"EQ","value":["x"]}],"expression":"A"}}`, "GSOBJ_1008", "names no field",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkRefusal(t, acme(t, sandbox.Forms{}).do(tt.method, tt.path, tt.body), 400, tt.code, tt.text)
		})
	}
}

func TestFiftyUsersFit(t *testing.T) {
	t.Parallel()
	c := acme(t, sandbox.Forms{})
	for n, status := range map[int]int{50: 200, 51: 400} {
		records := make([]map[string]any, n)
		for i := range records {
			records[i] = aUser(map[string]any{"SFDCUserName": fmt.Sprintf("u%d.%d", n, i)})
		}
		b, err := json.Marshal(map[string]any{"records": records})
		if err != nil {
			t.Fatal(err)
		}
		if got := c.do("POST", userPath, string(b)); got.status != status {
			t.Errorf("%d users: %d %s", n, got.status, got.text)
		}
	}
}

// TestUserForms: the shapes of an answer to two users, one of whom exists.
func TestUserForms(t *testing.T) {
	t.Parallel()
	const ada = `{"SFDCUserName": "ada.berg@example.com", "Email": "a@example.com", "Name": "A"}`
	const sam = `{"SFDCUserName": "sam", "Email": "s@example.com", "Name": "S"}`
	tests := map[string]struct {
		forms sandbox.Forms
		data  string
	}{
		"ids, bare": {sandbox.Forms{UserSuccess: sandbox.UserSuccessIDs}, `{"success": ["x"], "errors": [{"errorMessage": "x"}]}`},
		"pairs, full": {sandbox.Forms{UserSuccess: sandbox.UserSuccessPairs, UserErrors: sandbox.UserErrorsFull},
			`{"success": [{"sam": "x"}], "errors": [{"errorCode": "x", "errorMessage": "x", "SFDCUserName": "x", "Gsid": null}]}`},
		"map, nested": {sandbox.Forms{UserSuccess: sandbox.UserSuccessMap, UserErrors: sandbox.UserErrorsNested},
			`{"success": {"sam": "x"}, "errors": [[{"success": false, "parsedValue": ` + ada + `,
				"errors": [{"errorCode": "x", "errorMessage": "x", "fieldName": null, "invalidValue": null}]}]]}`},
		"map of records, map": {sandbox.Forms{UserSuccess: sandbox.UserSuccessMapRecords, UserErrors: sandbox.UserErrorsMap},
			`{"success": {"sam": {"Gsid": "x", "SFDCUserName": "x"}}, "errors": {"ada.berg@example.com": "x"}}`},
		"count":          {sandbox.Forms{UserSuccess: sandbox.UserSuccessCount}, `{"success": 1, "errors": [{"errorMessage": "x"}]}`},
		"all or nothing": {sandbox.Forms{UserAllOrNothing: true}, `{"success": [], "errors": [{"errorMessage": "x"}]}`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := acme(t, tt.forms)
			before := len(c.tenant.Users())
			got := c.do("POST", userPath, `{"records":[`+sam+`,`+ada+`]}`)
			checkShape(t, at(t, got.body, "data"), tt.data)
			if made := len(c.tenant.Users()) - before; (made == 0) != tt.forms.UserAllOrNothing {
				t.Errorf("%d users were made", made)
			}
		})
	}
}

func TestUserBudget(t *testing.T) {
	t.Parallel()
	d := newDial()
	c := newClient(t, sandbox.Acme(), &sandbox.Options{
		Clock: d.now, Limits: &sandbox.Limits{PerMinute: 3, UsersPerHour: 2, UsersPerDay: 3},
	})
	users := func() reply { return c.do("POST", userPath+"/list", `{}`) }
	users()
	users()
	checkRefusal(t, users(), 429, "GU_2400", "Too many request")
	if got := c.list(); got.status != 200 {
		t.Errorf("the tenant's own budget: %d", got.status)
	}
	checkRefusal(t, c.list(), 429, "GS_APIG_2404", "") // users' calls count too
	d.turn(time.Hour)
	if got := users(); got.status != 200 {
		t.Errorf("the next hour: %d", got.status)
	}
	checkRefusal(t, users(), 429, "GU_2400", "") // the day's three are spent
}

func TestUsersDifferByTenant(t *testing.T) {
	t.Parallel()
	c := newClient(t, sandbox.Globex(), nil)
	fields := getFields(t, c, "gsuser")
	if fields["Cost_Center__gc"] == nil || fields["Department__gc"] != nil {
		t.Error("globex has not its own fields, or has acme's")
	}
	got := c.do("POST", userPath, `{"records":[{"SFDCUserName":"s","Email":"s@example.com","Name":"S","permissionBundles":["CSM Bundle"]}],
		"permissionBundleAction":"append"}`)
	checkRefusal(t, got, 400, "GU_2401", "")
}

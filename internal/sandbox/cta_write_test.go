package sandbox_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

const ctaPath = "/v2/cockpit/cta/"

// gsid is the GSID of a seeded record.
func gsid(kind, tenant string, n int) string {
	return fmt.Sprintf("%s%s%018d", kind, (strings.ToUpper(tenant) + strings.Repeat("0", 14))[:14], n)
}

// without marks a key that goodCTA leaves out.
var without = struct{}{}

// goodCTA is a record that acme accepts, with changes.
func goodCTA(changes map[string]any) map[string]any {
	r := map[string]any{
		"referenceId": "1", "Name": "Adoption is falling", "CompanyId": gsid("1P02", "acme", 1), "OwnerId": gsid("1P01", "acme", 1),
		"DueDate": "2026-12-15", "type": "Risk", "reason": "Bugs Risk", "status": "New", "priority": "High",
	}
	maps.Copy(r, changes)
	maps.DeleteFunc(r, func(_ string, v any) bool { return v == without })
	return r
}

// writeBody wraps records as create and update want them.
func writeBody(records ...map[string]any) string { return lookupBody(nil, records...) }

// lookupBody is writeBody with lookups.
func lookupBody(lookups any, records ...map[string]any) string {
	requests := make([]any, len(records))
	for i, r := range records {
		requests[i] = map[string]any{"record": r}
	}
	body := map[string]any{"requests": requests}
	if lookups != nil {
		body["lookups"] = lookups
	}
	b, _ := json.Marshal(body)
	return string(b)
}

// written splits the results of one record: the GSID, or the failure.
func written(t *testing.T, r reply, key string) (id, failure string) {
	t.Helper()
	if r.status != 200 || r.body["result"] != true {
		t.Fatalf("got %d %s", r.status, r.text)
	}
	for _, m := range at(t, r.body, "data", "success").([]any) {
		if s, ok := m.(map[string]any)[key].(string); ok {
			id = s
		}
	}
	for _, m := range at(t, r.body, "data", "failure").([]any) {
		if s, ok := m.(map[string]any)[key].(string); ok {
			failure = s
		}
	}
	return id, failure
}

// stored reads a CTA back.
func stored(t *testing.T, c *client, id string) map[string]any {
	t.Helper()
	for _, r := range c.tenant.CTAs() {
		if r["Gsid"] == id {
			return r
		}
	}
	t.Fatalf("no CTA %q", id)
	return nil
}

func TestCreateCTA(t *testing.T) {
	t.Parallel()
	c := acme(t, sandbox.Forms{})
	got := c.ok("POST", ctaPath, writeBody(goodCTA(map[string]any{"Comments": "<p>Hi</p>", "CtaGroupId": gsid("1S02", "acme", 1), "IsImportant": true})))
	checkShape(t, got.body, `{"result": true, "errorCode": null, "errorDesc": null, "requestId": "",
		"data": {"success": [{"1": "1S01EXAMPLECTA0000000000000000000001"}], "failure": []}, "message": null}`)
	id, _ := written(t, got, "1")
	if id != gsid("1S01", "acme", 61) {
		t.Errorf("got %s", id)
	}
	rec := stored(t, c, id)
	want := map[string]any{
		"Name": "Adoption is falling", "DueDate": "2026-12-15", "OriginalDueDate": "2026-12-15", "Comments": "<p>Hi</p>",
		"IsClosed": false, "IsImportant": true, "EntityType": "COMPANY", "CreatedDate": "2026-11-24T10:30:30Z",
	}
	for k, v := range want {
		if rec[k] != v {
			t.Errorf("%s: got %v, want %v", k, rec[k], v)
		}
	}
	rows := c.ok("POST", ctaPath+"list", `{"select":["Comments"],"where":{"conditions":[{"fieldName":"Gsid","alias":"A","operator":"EQ","value":["`+id+`"]}],"expression":"A"}}`)
	for k, v := range map[string]any{
		"TypeId__gr.Name": "Risk", "ReasonId__gr.Name": "Bugs Risk", "StatusId__gr.Name": "New",
		"PriorityId__gr.Name": "High", "Comments": "<p>Hi</p>",
	} {
		if got := at(t, rows.body, "data", 0, k); got != v {
			t.Errorf("%s: got %v, want %v", k, got, v)
		}
	}
}

func TestCreateCTAFailures(t *testing.T) {
	t.Parallel()
	nowhere := "1P02EXAMPLECOMPANY000000000000000001"
	tests := map[string]struct {
		changes map[string]any
		want    string // "" means created
	}{
		"no company":                {map[string]any{"CompanyId": without}, "COCKPIT_9700: Missing mandatory fields for create - CompanyId"},
		"several missing":           {map[string]any{"Name": without, "type": nil, "DueDate": ""}, "COCKPIT_9700: Missing mandatory fields for create - Name, DueDate, type"},
		"unknown type":              {map[string]any{"type": "Rsk"}, "GSOBJ_1012: Invalid picklist value (type = Rsk)."},
		"type in another case":      {map[string]any{"type": "risk"}, "GSOBJ_1012: "},
		"inactive type":             {map[string]any{"type": "Campaign", "reason": "Other"}, "GSOBJ_1012: Invalid picklist value (type"},
		"unknown reason":            {map[string]any{"reason": "None"}, "GSOBJ_1012: Invalid picklist value (reason = None)."},
		"reason of another type":    {map[string]any{"reason": "Upsell"}, "GSOBJ_1012: Invalid picklist value (reason = Upsell)."},
		"inactive reason":           {map[string]any{"reason": "Weather"}, "GSOBJ_1012: "},
		"reason of every type":      {map[string]any{"reason": "Other"}, ""},
		"unknown status":            {map[string]any{"status": "Open"}, "GSOBJ_1012: Invalid picklist value (status"},
		"unknown priority":          {map[string]any{"priority": "Critical"}, "GSOBJ_1012: Invalid picklist value (priority"},
		"name that is a number":     {map[string]any{"type": 1}, "GSOBJ_1002: Invalid value for type"},
		"GSID in place of a name":   {map[string]any{"TypeId": gsid("1I00", "acme", 30)}, "GSOBJ_1008: Field TypeId cannot be written"},
		"unknown field":             {map[string]any{"Flavour__gc": "x"}, "GSOBJ_VCRUDR1002: Field Flavour__gc does not exist"},
		"SUM's lookup path":         {map[string]any{"OwnerId__gr": map[string]any{"Gsid": "x"}}, "GSOBJ_VCRUDR1002: "},
		"mandatory in another case": {map[string]any{"Name": without, "name": "x"}, ""},
		"field in another case":     {map[string]any{"short_text__GC": "x"}, ""},
		"read-only field":           {map[string]any{"Age": 3}, "GSOBJ_1008: Field Age cannot be written"},
		"own GSID":                  {map[string]any{"Gsid": gsid("1S01", "acme", 1)}, "GSOBJ_1008: Field Gsid cannot be written"},
		"company unknown":           {map[string]any{"CompanyId": nowhere}, "GSOBJ_1002: No company record matches the value of field CompanyId"},
		"company malformed":         {map[string]any{"CompanyId": "Acme"}, "GSOBJ_VDTGSID1001: "},
		"string too long":           {map[string]any{"Short_Text__gc": strings.Repeat("ü", 21)}, "GSOBJ_1001: Value of field Short_Text__gc is longer than 20"},
		"string of full length":     {map[string]any{"Short_Text__gc": strings.Repeat("ü", 20)}, ""},
		"string that is a number":   {map[string]any{"Short_Text__gc": 5}, "GSOBJ_1002: Invalid value for field Short_Text__gc"},
		"date with a time":          {map[string]any{"DueDate": "2026-12-15T00:00:00Z"}, "GSOBJ_1006: Invalid date (DueDate= 2026-12-15T00:00:00Z)"},
		"date as milliseconds":      {map[string]any{"DueDate": json.Number("1797292800000")}, "GSOBJ_1002: "},
		"no such day":               {map[string]any{"DueDate": "2026-02-30"}, "GSOBJ_1006: "},
		"date-time":                 {map[string]any{"Escalated_At__gc": "2026-12-15T08:00:00.000+02:00"}, ""},
		"date-time, offset plain":   {map[string]any{"Escalated_At__gc": "2026-12-15T08:00:00.000+0200"}, ""},
		"date-time without offset":  {map[string]any{"Escalated_At__gc": "2026-12-15 08:00:00"}, "GSOBJ_1005: Invalid dateTime (Escalated_At__gc= "},
		"boolean as a string":       {map[string]any{"Customer_Visible__gc": "true"}, "GSOBJ_1008: Invalid boolean"},
		"number as a string":        {map[string]any{"Affected_Seats__gc": "5"}, "GSOBJ_1002: Invalid number"},
		"large number":              {map[string]any{"Affected_Seats__gc": json.Number("9007199254740993")}, ""},
		"picklist label":            {map[string]any{"Severity__gc": "High"}, ""},
		"picklist inactive":         {map[string]any{"Severity__gc": "Legacy"}, "GSOBJ_1012: Invalid picklist value (Severity__gc = Legacy)."},
		"picklist unknown":          {map[string]any{"Severity__gc": "xyz"}, "GSOBJ_1012: "},
		"dependent":                 {map[string]any{"Region__gc": "EMEA", "Country__gc": "Germany"}, ""},
		"dependent, wrong":          {map[string]any{"Region__gc": "APAC", "Country__gc": "Germany"}, "GSOBJ_1012: Invalid picklist value (Country__gc = Germany): it does not depend"},
		"dependent, alone":          {map[string]any{"Country__gc": "Germany"}, "GSOBJ_1012: "},
		"multi-select joined":       {map[string]any{"Channels__gc": "Email;Phone"}, ""},
		"multi-select list":         {map[string]any{"Channels__gc": []string{"Email", "In-app"}}, ""},
		"multi-select commas":       {map[string]any{"Channels__gc": "Email,Phone"}, "GSOBJ_1012: "},
		"multi-select object":       {map[string]any{"Channels__gc": map[string]any{"Email": true}}, "GSOBJ_1002: Invalid multi-select"},
		"multi-select inactive":     {map[string]any{"Channels__gc": "Email;Fax"}, "GSOBJ_1012: "},
		"email":                     {map[string]any{"Contact_Email__gc": "nobody"}, "GSOBJ_VDTEMAIL1001: "},
		"URL":                       {map[string]any{"Ticket_URL__gc": "not a url"}, "GSOBJ_VDTURL1001: "},
		"SFDC id":                   {map[string]any{"Opportunity_Id__gc": "short"}, "GSOBJ_VDTSFDCID1001: "},
		"GSID":                      {map[string]any{"External_GSID__gc": "1p02x"}, "GSOBJ_VDTGSID1001: "},
		"lookup unknown":            {map[string]any{"Executive_Sponsor__gc": nowhere}, "GSOBJ_1002: No gsuser record"},
		"JSON":                      {map[string]any{"Payload__gc": map[string]any{"a": []int{1}}}, ""},
		"unknown type of field":     {map[string]any{"Site_Position__gc": "52.5,13.4"}, ""},
		"image":                     {map[string]any{"Screenshot__gc": "x"}, "GSOBJ_1008: "},
		"null is absent":            {map[string]any{"Short_Text__gc": nil}, ""},
		"relationship, no id":       {map[string]any{"EntityType": "RELATIONSHIP"}, "COCKPIT_9700: Missing mandatory fields for create - RelationshipId"},
		"relationship":              {map[string]any{"EntityType": "RELATIONSHIP", "RelationshipId": gsid("1X00", "acme", 1)}, ""},
		"entity unknown":            {map[string]any{"EntityType": "PERSON"}, "GSOBJ_1002: Invalid value for field EntityType"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := acme(t, sandbox.Forms{})
			before := len(c.tenant.CTAs())
			id, failure := written(t, c.do("POST", ctaPath, writeBody(goodCTA(tt.changes))), "1")
			created := len(c.tenant.CTAs()) - before
			if tt.want == "" && (failure != "" || id == "" || created != 1) {
				t.Errorf("not created: %s", failure)
			}
			if tt.want != "" && (!strings.HasPrefix(failure, tt.want) || id != "" || created != 0) {
				t.Errorf("got %q, want %q; %d created", failure, tt.want, created)
			}
		})
	}
}

func TestCreateCTAValuesReadBack(t *testing.T) {
	t.Parallel()
	c := acme(t, sandbox.Forms{})
	id, failure := written(t, c.do("POST", ctaPath, writeBody(goodCTA(map[string]any{
		"Severity__gc": "High", "Channels__gc": []string{"Email", "Phone"}, "Escalated_At__gc": "2026-12-15T08:00:00.250+02:00",
		"Affected_Seats__gc": json.Number("9007199254740993"), "CustomDate__gc": "2026-01-02",
	}))), "1")
	if failure != "" {
		t.Fatal(failure)
	}
	fields := getFields(t, c, "call_to_action")
	option := func(field string, i int) string { return at(t, fields[field], "options", i, "value").(string) }
	rec := stored(t, c, id)
	want := map[string]any{
		"Severity__gc":       option("Severity__gc", 2),
		"Channels__gc":       option("Channels__gc", 0) + ";" + option("Channels__gc", 1),
		"Escalated_At__gc":   "2026-12-15T06:00:00.250Z",
		"Affected_Seats__gc": json.Number("9007199254740993"),
		"CustomDate__gc":     "2026-01-02",
	}
	for k, v := range want {
		if rec[k] != v {
			t.Errorf("%s: got %v, want %v", k, rec[k], v)
		}
	}
}

func TestCreateCTAPartial(t *testing.T) {
	t.Parallel()
	records := []map[string]any{goodCTA(nil), goodCTA(map[string]any{"referenceId": "2", "CompanyId": without})}
	t.Run("result true", func(t *testing.T) {
		t.Parallel()
		got := acme(t, sandbox.Forms{}).ok("POST", ctaPath, writeBody(records...))
		checkShape(t, got.body, `{"result": true, "errorCode": null, "errorDesc": null, "requestId": "",
			"data": {"success": [{"1": ""}], "failure": [{"2": "COCKPIT_9700: Missing mandatory fields for create - CompanyId"}]}, "message": null}`)
	})
	t.Run("all failed, result true", func(t *testing.T) {
		t.Parallel()
		acme(t, sandbox.Forms{}).ok("POST", ctaPath, writeBody(records[1]))
	})
	t.Run("result false", func(t *testing.T) {
		t.Parallel()
		got := acme(t, sandbox.Forms{PartialFails: true}).do("POST", ctaPath, writeBody(records...))
		success, failure := at(t, got.body, "data", "success").([]any), at(t, got.body, "data", "failure").([]any)
		if got.body["result"] != false || len(success) != 1 || len(failure) != 1 {
			t.Errorf("got %s", got.text)
		}
	})
}

func TestCreateCTAReferences(t *testing.T) {
	t.Parallel()
	c := acme(t, sandbox.Forms{})
	got := c.ok("POST", ctaPath, writeBody(
		goodCTA(map[string]any{"referenceId": without}),
		goodCTA(map[string]any{"referenceId": without, "type": "?"}),
		goodCTA(map[string]any{"referenceId": "twice"}),
		goodCTA(map[string]any{"referenceId": "twice"}),
		goodCTA(map[string]any{"referenceId": 7}),
	))
	if id, _ := written(t, got, "0"); id == "" {
		t.Errorf("a missing referenceId is keyed by its index: %s", got.text)
	}
	if _, failure := written(t, got, "1"); failure == "" {
		t.Errorf("a missing referenceId is keyed by its index: %s", got.text)
	}
	if n := len(c.tenant.CTAs()); n != 63 {
		t.Errorf("%d CTAs: no idempotency, so a repeated reference makes a duplicate", n)
	}
	if _, failure := written(t, got, "4"); !strings.HasPrefix(failure, "GSOBJ_1002") {
		t.Errorf("got %s", got.text)
	}
}

func TestWriteCTARefusals(t *testing.T) {
	t.Parallel()
	many := make([]map[string]any, 51)
	for i := range many {
		many[i] = goodCTA(map[string]any{"referenceId": strconv.Itoa(i)})
	}
	owner := func(object, field, onNoMatch string) string {
		return lookupBody(map[string]any{"OwnerId": map[string]any{
			"fields": map[string]any{"a": field}, "lookupField": "Gsid", "objectName": object, "onNoMatch": onNoMatch,
		}}, goodCTA(nil))
	}
	tests := map[string]struct{ body, text string }{
		"flat body":        {`{"Name":"x","CompanyId":"y"}`, "requests"},
		"no requests":      {`{"requests":[]}`, "requests"},
		"too many":         {writeBody(many...), "at most 50"},
		"record of a list": {`{"requests":[{"record":[]}]}`, "record"},
		"lookup of no object": {
			owner("nobody", "Email", "ERROR"),
			"lookup configuration - OwnerId",
		},
		"lookup of no field": {
			owner("gsuser", "Mail", "ERROR"),
			"no field Mail",
		},
		"lookup option": {
			owner("gsuser", "Email", "SKIP"),
			"unknown option",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, method := range []string{"POST", "PUT"} {
				checkRefusal(t, acme(t, sandbox.Forms{}).do(method, ctaPath, tt.body), 400, "COCKPIT_5101", tt.text)
			}
		})
	}
	t.Run("fifty fit", func(t *testing.T) {
		t.Parallel()
		got := acme(t, sandbox.Forms{}).ok("POST", ctaPath, writeBody(many[:50]...))
		if n := len(at(t, got.body, "data", "success").([]any)); n != 50 {
			t.Errorf("%d created", n)
		}
	})
	t.Run("null record", func(t *testing.T) {
		t.Parallel()
		_, failure := written(t, acme(t, sandbox.Forms{}).do("POST", ctaPath, `{"requests":[{}]}`), "0")
		if !strings.Contains(failure, "requests[0].record is missing") {
			t.Errorf("got %q", failure)
		}
	})
}

func TestEnforcedField(t *testing.T) {
	t.Parallel()
	c := newClient(t, sandbox.Globex(), nil)
	good := map[string]any{
		"referenceId": "1", "Name": "Steel", "CompanyId": gsid("1P02", "globex", 1), "OwnerId": gsid("1P01", "globex", 1),
		"DueDate": "2026-12-15", "type": "Expansion", "reason": "Contract", "status": "New", "priority": "Critical",
	}
	f := getFields(t, c, "call_to_action")["Business_Impact__gc"]
	if at(t, f, "meta", "required") != false {
		t.Error("describe says required")
	}
	_, failure := written(t, c.do("POST", ctaPath, writeBody(good)), "1")
	const want = "COCKPIT_9700: Missing required custom fields: 'Business Impact' (PICKLIST, allowed values: Production stopped, Delayed, None)"
	if failure != want {
		t.Errorf("got %q, want %q", failure, want)
	}
	good["Business_Impact__gc"] = "Delayed"
	if id, failure := written(t, c.do("POST", ctaPath, writeBody(good)), "1"); id == "" {
		t.Error(failure)
	}
}

func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	c := newClient(t, sandbox.Acme(), &sandbox.Options{Limits: &sandbox.Limits{}, JobPolls: -1})
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 10 {
				c.do("POST", ctaPath, writeBody(goodCTA(nil)))
				c.do("PUT", ctaPath, writeBody(map[string]any{"Gsid": gsid("1S01", "acme", 3), "Name": "Again"}))
				c.do("POST", ctaPath+"list", `{"select":["CompanyId__gr.Csm__gr.Email"]}`)
				c.do("POST", "/v3/exports/data/bulk/call_to_action", `{"select":["Name","CompanyId__gr.Name"]}`)
				c.tenant.Inject(sandbox.Fault{Path: "/none"})()
				c.tenant.Requests()
			}
		})
	}
	wg.Wait()
	if n := len(c.tenant.CTAs()); n != 140 {
		t.Errorf("got %d CTAs", n)
	}
}

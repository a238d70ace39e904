package sandbox_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

const (
	ctaListPath = "/v2/cockpit/cta/list"
	configPath  = "/v2/cockpit/admin/picklist/lite?category=CTA_STATUS,CTA_PRIORITY,CTA_TYPE,CTA_REASON&et=COMPANY"
)

func TestCTAListRow(t *testing.T) {
	t.Parallel()
	c := acme(t, sandbox.Forms{})
	got := c.ok("POST", ctaListPath, `{"linkedObject":true,"pageSize":1,"pageNumber":1,
		"select":["name","customDate__gc","CompanyId__gr.Name","companyid__gr.csm__gr.email","Comments","Days Due"]}`)
	// The sample of cta.md, plus the selected owner's email, which its misprint
	// leaves out, and Comments, which this row has.
	checkShape(t, got.body, `{"result": true, "errorCode": null, "errorDesc": null, "requestId": "", "data": [{
		"Gsid": "", "Name": "", "EntityType": "COMPANY", "IsClosed": false, "IsImportant": false, "DueDate": "2024-02-19",
		"CompanyId": "", "CompanyId__gr.Name": "Acme", "CompanyId__gr.Csm__gr.Email": "", "OwnerId": "", "TypeId": "",
		"TypeId__gr.Name": "Risk",
		"StatusId": "", "StatusId__gr.Name": "New", "PriorityId": "", "PriorityId__gr.Name": "High", "PriorityId__gr.IsActive": true,
		"ReasonId": "", "ReasonId__gr.Name": "Bugs Risk", "CustomDate__gc": "2020-04-22", "Comments": "",
		"associatedRecords": [{"recordId": "", "objectName": "Case", "source": "SFDC"}]}], "message": null}`)
	for k, want := range map[string]any{
		"CompanyId__gr.Name": "Northwind Traders", "CompanyId__gr.Csm__gr.Email": "ada.berg@example.com",
		"DueDate": "2024-01-26", "CustomDate__gc": "2024-02-05",
	} {
		if v := at(t, got.body, "data", 0, k); v != want {
			t.Errorf("%s: got %v, want %v", k, v, want)
		}
	}
}

func TestCTAListNulls(t *testing.T) {
	t.Parallel()
	c := acme(t, sandbox.Forms{})
	rows := c.ok("POST", ctaListPath, `{"select":["Comments"],"pageSize":2}`).body["data"].([]any)
	if _, has := rows[0].(map[string]any)["Comments"]; !has {
		t.Error("row 1 has a comment")
	}
	if _, has := rows[1].(map[string]any)["Comments"]; has {
		t.Error("row 2 has none: the key must be absent")
	}
	if _, has := rows[0].(map[string]any)["associatedRecords"]; has {
		t.Error("associatedRecords without linkedObject")
	}
}

func TestCTAListForms(t *testing.T) {
	t.Parallel()
	const query = `{"select":["customdate__gc","Escalated_At__gc","Channels__gc"],"pageSize":1}`
	tests := map[string]struct {
		forms sandbox.Forms
		path  []any
		want  any
	}{
		"list":              {sandbox.Forms{}, []any{"data", 0, "CustomDate__gc"}, "2024-02-05"},
		"under records":     {sandbox.Forms{RecordsKey: true}, []any{"data", "records", 0, "CustomDate__gc"}, "2024-02-05"},
		"echoed keys":       {sandbox.Forms{EchoKeys: true}, []any{"data", 0, "customdate__gc"}, "2024-02-05"},
		"milliseconds":      {sandbox.Forms{Dates: sandbox.DatesMillis}, []any{"data", 0, "CustomDate__gc"}, json.Number("1707091200000")},
		"date-time":         {sandbox.Forms{}, []any{"data", 0, "Escalated_At__gc"}, "2024-02-05T22:00:00Z"},
		"due date":          {sandbox.Forms{}, []any{"data", 0, "DueDate"}, "2024-01-26"},
		"due date, timed":   {sandbox.Forms{DueDateTime: true}, []any{"data", 0, "DueDate"}, "2024-01-26T11:30:00Z"},
		"custom, not timed": {sandbox.Forms{DueDateTime: true}, []any{"data", 0, "CustomDate__gc"}, "2024-02-05"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := at(t, acme(t, tt.forms).ok("POST", ctaListPath, query).body, tt.path...); got != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
	t.Run("multi-select", func(t *testing.T) {
		t.Parallel()
		joined := at(t, acme(t, sandbox.Forms{}).ok("POST", ctaListPath, query).body, "data", 0, "Channels__gc").(string)
		list := at(t, acme(t, sandbox.Forms{MultiSelectList: true}).ok("POST", ctaListPath, query).body, "data", 0, "Channels__gc").([]any)
		if len(list) != 2 || joined != fmt.Sprintf("%s;%s", list...) {
			t.Errorf("got %q and %v", joined, list)
		}
	})
}

func TestCTAListEmpty(t *testing.T) {
	t.Parallel()
	const query = `{"select":["Name"],"where":{"conditions":[{"fieldName":"Name","alias":"A","operator":"EQ","value":["none such"]}],"expression":"A"}}`
	tests := map[string]struct {
		form   sandbox.EmptyForm
		status int
		want   string
	}{
		"true":  {sandbox.EmptyTrue, 200, `{"result":true,"errorCode":null,"errorDesc":null,"requestId":"*","data":[],"message":null}`},
		"false": {sandbox.EmptyFalse, 200, `{"result":false,"errorCode":"GSOBJ_1XXX","errorDesc":"No data found for given criteria","requestId":"*","data":null,"message":null}`},
		"error": {sandbox.EmptyError, 400, `{"result":false,"errorCode":"GSOBJ_1011","errorDesc":"No entity matches the given criteria","requestId":"*","data":null,"message":null}`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := acme(t, sandbox.Forms{EmptyList: tt.form}).do("POST", ctaListPath, query)
			if text := strings.Replace(got.text, got.body["requestId"].(string), "*", 1); got.status != tt.status || text != tt.want {
				t.Errorf("got %d %s, want %d %s", got.status, text, tt.status, tt.want)
			}
		})
	}
}

func TestCTAListPages(t *testing.T) {
	t.Parallel()
	c := acme(t, sandbox.Forms{})
	seen := map[any]bool{}
	for page, want := range []int{25, 25, 10, 0} {
		rows := c.ok("POST", ctaListPath, fmt.Sprintf(`{"select":["Name"],"pageSize":25,"pageNumber":%d}`, page+1)).body["data"].([]any)
		if len(rows) != want {
			t.Errorf("page %d: %d rows, want %d", page+1, len(rows), want)
		}
		for _, r := range rows {
			seen[at(t, r, "Gsid")] = true
		}
	}
	if len(seen) != 60 {
		t.Errorf("%d different rows", len(seen))
	}
	if rows := c.ok("POST", ctaListPath, `{"select":["Name"],"pageNumber":9223372036854775807}`).body["data"].([]any); len(rows) != 0 {
		t.Errorf("a page far off: %d rows", len(rows))
	}
}

func TestCTAListRefusals(t *testing.T) {
	t.Parallel()
	where := func(condition, expression string) string {
		return `{"select":["Name"],"where":{"conditions":[` + condition + `],"expression":"` + expression + `"}}`
	}
	tests := map[string]struct{ body, text string }{
		"no select":             {`{}`, "select"},
		"empty select":          {`{"select":[]}`, "select"},
		"unknown field":         {`{"select":["Name","gsidasdf"]}`, "Invalid fields in select clause - gsidasdf"},
		"the sample's misprint": {`{"select":["CompanyId__gr.Csm_gr.Email"]}`, "Invalid fields in select clause - CompanyId__gr.Csm_gr.Email"},
		"three lookups":         {`{"select":["CompanyId__gr.Csm__gr.Manager__gr.Email"]}`, "Invalid fields in select clause"},
		"lookup without object": {`{"select":["PlaybookId__gr.Name"]}`, "Invalid fields in select clause"},
		"page too large":        {`{"select":["Name"],"pageSize":1001}`, "pageSize"},
		"page of none":          {`{"select":["Name"],"pageSize":0}`, "pageSize"},
		"page zero":             {`{"select":["Name"],"pageNumber":0}`, "pageNumber"},
		"no expression":         {where(`{"fieldName":"Name","alias":"A","operator":"EQ","value":["x"]}`, ""), "Please pass the expression"},
		"broken expression":     {where(`{"fieldName":"Name","alias":"A","operator":"EQ","value":["x"]}`, "A AND"), "expression"},
		"unknown alias":         {where(`{"fieldName":"Name","alias":"A","operator":"EQ","value":["x"]}`, "A OR B"), "alias"},
		"alias twice":           {where(`{"fieldName":"Name","alias":"A","operator":"EQ","value":["x"]},{"fieldName":"Name","alias":"A","operator":"EQ","value":["x"]}`, "A"), "alias"},
		"dialect 1":             {where(`{"name":"Name","alias":"A","operator":"EQ","value":["x"]}`, "A"), "names no field"},
		"unknown where field":   {where(`{"fieldName":"Nam","alias":"A","operator":"EQ","value":["x"]}`, "A"), "Invalid fields in where clause - Nam"},
		"rich text":             {where(`{"fieldName":"Comments","alias":"A","operator":"EQ","value":["x"]}`, "A"), "Invalid fields in where clause - Comments"},
		"unknown operator":      {where(`{"fieldName":"Name","alias":"A","operator":"LIKE","value":["x"]}`, "A"), "LIKE"},
		"operator of a type":    {where(`{"fieldName":"IsClosed","alias":"A","operator":"GT","value":[true]}`, "A"), "not allowed on field IsClosed"},
		"value not a list":      {where(`{"fieldName":"Name","alias":"A","operator":"EQ","value":"x"}`, "A"), "value"},
		"no value":              {where(`{"fieldName":"Name","alias":"A","operator":"EQ","value":[]}`, "A"), "number of values"},
		"one of two":            {where(`{"fieldName":"DueDate","alias":"A","operator":"BTW","value":["2024-02-01"]}`, "A"), "number of values"},
		"date with a time":      {where(`{"fieldName":"ModifiedDate","alias":"A","operator":"GT","value":["2024-02-01T00:00:00Z"]}`, "A"), "not a date"},
		"a date literal":        {where(`{"fieldName":"DueDate","alias":"A","operator":"EQ","value":["TODAY"]}`, "A"), "not a date"},
		"no number":             {where(`{"fieldName":"Affected_Seats__gc","alias":"A","operator":"EQ","value":["many"]}`, "A"), "not a number"},
		"no boolean":            {where(`{"fieldName":"IsClosed","alias":"A","operator":"EQ","value":["maybe"]}`, "A"), "not a boolean"},
		"no string":             {where(`{"fieldName":"Name","alias":"A","operator":"EQ","value":[1]}`, "A"), "not a string"},
		"linked, equal":         {where(`{"associatedRecord":true,"alias":"A","operator":"EQ","value":["x"]}`, "A"), "INCLUDES"},
		"linked, number":        {where(`{"associatedRecord":true,"alias":"A","operator":"INCLUDES","value":[1]}`, "A"), "strings"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := acme(t, sandbox.Forms{}).do("POST", ctaListPath, tt.body)
			checkRefusal(t, got, 400, "COCKPIT_5101", tt.text)
			checkShape(t, got.body, `{"result": false, "errorCode": "COCKPIT_5101", "errorDesc": "", "requestId": "", "data": {}, "message": null}`)
		})
	}
	t.Run("as 200", func(t *testing.T) {
		t.Parallel()
		got := acme(t, sandbox.Forms{RefusalStatus: 200}).do("POST", ctaListPath, `{"select":["gsidasdf"]}`)
		checkRefusal(t, got, 200, "COCKPIT_5101", "gsidasdf")
	})
}

func TestCTAListWhere(t *testing.T) {
	t.Parallel()
	c := newClient(t, sandbox.Acme(), &sandbox.Options{Limits: &sandbox.Limits{}})
	all := c.tenant.CTAs()
	count := func(test func(m map[string]any) bool) int {
		n := 0
		for _, m := range all {
			if test(m) {
				n++
			}
		}
		return n
	}
	str := func(m map[string]any, k string) string { s, _ := m[k].(string); return s }
	severity := getFields(t, c, "call_to_action")["Severity__gc"]
	high := at(t, severity, "options", 2, "value").(string)
	channels := getFields(t, c, "call_to_action")["Channels__gc"]
	email := at(t, channels, "options", 0, "value").(string)
	cond := func(alias, field, op string, values ...any) string {
		if values == nil {
			values = []any{}
		}
		v, _ := json.Marshal(values)
		return fmt.Sprintf(`{"fieldName":%q,"alias":%q,"operator":%q,"value":%s}`, field, alias, op, v)
	}
	tests := map[string]struct {
		conditions, expression string
		want                   int
	}{
		"EQ": {cond("A", "gsid", "EQ", gsid("1S01", "acme", 5)), "A", 1},
		"NE": {cond("A", "Gsid", "NE", gsid("1S01", "acme", 5)), "A", 59},
		"CONTAINS": {cond("A", "Name", "CONTAINS", "escalation"),
			"A", count(func(m map[string]any) bool { return strings.Contains(str(m, "Name"), "escalation") })},
		"DOES_NOT_CONTAINS": {cond("A", "Name", "DOES_NOT_CONTAINS", "escalation"),
			"A", count(func(m map[string]any) bool { return !strings.Contains(str(m, "Name"), "escalation") })},
		"STARTS_WITH": {cond("A", "Name", "STARTS_WITH", "Sponsor"),
			"A", count(func(m map[string]any) bool { return strings.HasPrefix(str(m, "Name"), "Sponsor") })},
		"ENDS_WITH":    {cond("A", "Name", "ENDS_WITH", "(60)"), "A", 1},
		"case counts":  {cond("A", "Name", "STARTS_WITH", "sponsor"), "A", 0},
		"string order": {cond("A", "Gsid", "LTE", gsid("1S01", "acme", 7)), "A", 7},
		"boolean":      {cond("A", "IsClosed", "EQ", true), "A", count(func(m map[string]any) bool { return m["IsClosed"] == true })},
		"boolean, string": {cond("A", "IsClosed", "NE", "true"),
			"A", count(func(m map[string]any) bool { return m["IsClosed"] != true })},
		"number": {cond("A", "Affected_Seats__gc", "GT", 90), "A", count(func(m map[string]any) bool {
			n, _ := m["Affected_Seats__gc"].(json.Number)
			f, _ := n.Float64()
			return f > 90
		})},
		"number, string":    {cond("A", "Affected_Seats__gc", "IN", "0", "3"), "A", 2},
		"date":              {cond("A", "DueDate", "EQ", "2024-01-26"), "A", 1},
		"date range":        {cond("A", "DueDate", "BTW", "2024-01-26", "2024-01-30"), "A", 5},
		"date-time, by day": {cond("A", "CreatedDate", "EQ", "2024-02-05"), "A", 3},
		"date-time, range": {cond("A", "CreatedDate", "BTW", "2024-02-05", "2024-02-06"),
			"A", count(func(m map[string]any) bool { return str(m, "CreatedDate") < "2024-02-07" })},
		"IS_NULL": {cond("A", "ClosedDate", "IS_NULL"),
			"A", count(func(m map[string]any) bool { return m["ClosedDate"] == nil })},
		"IS_NOT_NULL": {cond("A", "ClosedDate", "IS_NOT_NULL"),
			"A", count(func(m map[string]any) bool { return m["ClosedDate"] != nil })},
		"null is not NE": {cond("A", "Short_Text__gc", "NE", "x"),
			"A", count(func(m map[string]any) bool { return m["Short_Text__gc"] != nil })},
		"picklist by GSID": {cond("A", "Severity__gc", "INCLUDES", high),
			"A", count(func(m map[string]any) bool { return m["Severity__gc"] == high })},
		"picklist by label": {cond("A", "Severity__gc", "EQ", "High"),
			"A", count(func(m map[string]any) bool { return m["Severity__gc"] == high })},
		"picklist excludes": {cond("A", "Severity__gc", "EXCLUDES", "High"),
			"A", count(func(m map[string]any) bool { return m["Severity__gc"] != nil && m["Severity__gc"] != high })},
		"multi-select": {cond("A", "Channels__gc", "INCLUDES", "Email"),
			"A", count(func(m map[string]any) bool { return strings.Contains(str(m, "Channels__gc"), email) })},
		"through a lookup": {cond("A", "CompanyId__gr.Csm__gr.Email", "EQ", "ada.berg@example.com"), "A", -1},
		"by type name":     {cond("A", "TypeId__gr.Name", "EQ", "Risk") + "," + cond("B", "IsClosed", "EQ", false), "A AND B", -1},
		"OR": {
			cond("A", "Gsid", "EQ", gsid("1S01", "acme", 5)) + "," + cond("B", "Gsid", "EQ", gsid("1S01", "acme", 6)), "A OR B", 2,
		},
		"AND": {
			cond("A", "Gsid", "EQ", gsid("1S01", "acme", 5)) + "," + cond("B", "Gsid", "EQ", gsid("1S01", "acme", 6)), "A AND B", 0,
		},
		"AND binds tighter": {
			cond("A", "Gsid", "EQ", gsid("1S01", "acme", 5)) + "," + cond("B", "Gsid", "EQ", gsid("1S01", "acme", 6)), "A OR B AND A", 1,
		},
		"brackets": {
			cond("A", "Gsid", "EQ", gsid("1S01", "acme", 5)) + "," + cond("B", "Gsid", "EQ", gsid("1S01", "acme", 6)), "(A OR B) AND A", 1,
		},
		"linked": {`{"associatedRecord":true,"alias":"A","operator":"INCLUDES","value":["5002v00000EXMP0006","none"]}`, "A", 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rows := c.ok("POST", ctaListPath, `{"select":["CompanyId__gr.Csm__gr.Email"],"pageSize":1000,"where":{"conditions":[`+tt.conditions+`],"expression":"`+tt.expression+`"}}`).body["data"].([]any)
			if tt.want >= 0 && len(rows) != tt.want || tt.want < 0 && (len(rows) == 0 || len(rows) == 60) {
				t.Errorf("got %d rows, want %d", len(rows), tt.want)
			}
		})
	}
	t.Run("end of a range left out", func(t *testing.T) {
		t.Parallel()
		c := acme(t, sandbox.Forms{BetweenExcludesEnd: true})
		rows := c.ok("POST", ctaListPath, `{"select":["Name"],"where":{"conditions":[`+cond("A", "DueDate", "BTW", "2024-01-26", "2024-01-30")+`],"expression":"A"}}`).body["data"].([]any)
		if len(rows) != 4 {
			t.Errorf("got %d rows", len(rows))
		}
	})
}

func TestCTAConfig(t *testing.T) {
	t.Parallel()
	c := acme(t, sandbox.Forms{})
	got := c.ok("GET", configPath, "")
	const item = `[{"name": "New", "gsid": "", "active": true, "entityType": "GLOBAL", "picklistCategory": "CTA_STATUS", "typeName": "ALL_CTA_TYPE"}]`
	checkShape(t, got.body, `{"result": true, "errorCode": null, "errorDesc": null, "requestId": "", "message": null,
		"data": {"CTA_STATUS": `+item+`, "CTA_PRIORITY": `+item+`, "CTA_TYPE": `+item+`, "CTA_REASON": `+item+`}}`)
	want := map[string]any{
		"name": "Bugs Risk", "active": true, "entityType": "GLOBAL", "picklistCategory": "CTA_REASON", "typeName": "Risk",
	}
	reason := at(t, got.body, "data", "CTA_REASON", 0).(map[string]any)
	delete(reason, "gsid")
	if diff := cmp.Diff(want, reason); diff != "" {
		t.Error(diff)
	}
	some := c.ok("GET", "/v2/cockpit/admin/picklist/lite?category=CTA_TYPE,NO_SUCH&et=RELATIONSHIP", "")
	if data := some.body["data"].(map[string]any); len(data) != 1 || data["CTA_TYPE"] == nil {
		t.Errorf("got %s", some.text)
	}
	checkRefusal(t, c.do("GET", "/v2/cockpit/admin/picklist/lite?category=CTA_TYPE", ""), 400, "COCKPIT_5101", "et")
	checkRefusal(t, c.do("GET", "/v2/cockpit/admin/picklist/lite?et=COMPANY", ""), 400, "COCKPIT_5101", "category")
}

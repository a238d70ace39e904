package sandbox_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

const describePath = "/v1/meta/services/objects/describe"

// envelopeD is the sample of common.md 4.
const envelopeD = `{"requestId": "", "result": false, "instance": "2021-02-03 10:31:28 UTC", "title": "OBJECT_NOT_FOUND",
	"detail": "Requested object not found.", "errorDesc": "Requested object not found."}`

// describeSample is the sample of data_management.md, "Describe payload".
const describeSample = `{
  "requestId": "", "result": true,
  "data": [{
    "objectName": "customobj__gc", "label": "Custom Obj", "objectType": "CUSTOM", "labelPlural": "Custom Objs",
    "keyPrefix": "1Z02EXAMPLEPREFIX1",
    "fields": [{
      "fieldName": "Stage__gc", "label": "Stage", "dataType": "PICKLIST", "objectName": "customobj__gc",
      "options": [{"active": true, "defaultValue": false, "label": "New", "validFor": null, "value": "1I00EXAMPLEITEM000000000000000000001",
        "displayOrder": 0, "group": null, "groupId": "1I00EXAMPLECATEGORY00000000000000001", "color": null, "controllerValues": null,
        "description": null, "systemName": "new"}],
      "meta": {
        "properties": {"sourceType": "PICKLIST", "PICKLIST_CATEGORY": "Stage",
        "PICKLIST_CATEGORY_ID": "1I00EXAMPLECATEGORY00000000000000001"},
        "filterable": true, "sortable": true, "groupable": true, "createable": true, "updateable": true, "formulaField": false,
        "hasLookup": false, "required": false, "richText": false, "nillable": true, "readOnly": false, "dependentPicklist": false,
        "fieldGroupType": "CUSTOM", "selfLookup": false, "indexed": false, "decimalPlaces": 0, "length": 255, "hidden": false,
        "nameField": false, "aggregatable": true}
    }],
    "transactional": true, "multiCurrencySupported": true, "readable": true, "createable": true, "schemaUpdateable": true,
    "description": null
  }]
}`

// described returns the field payloads of an object by name.
func described(t *testing.T, body map[string]any) map[string]map[string]any {
	t.Helper()
	out := map[string]map[string]any{}
	for _, f := range at(t, body, "data", 0, "fields").([]any) {
		f := f.(map[string]any)
		out[f["fieldName"].(string)] = f
	}
	return out
}

func getFields(t *testing.T, c *client, object string) map[string]map[string]any {
	t.Helper()
	return described(t, c.ok("GET", "/v1/meta/services/objects/"+object+"/describe?ic=false&cl=0&idd=false&ihc=false&piec=false", "").body)
}

func TestDescribeStructure(t *testing.T) {
	t.Parallel()
	c := acme(t, sandbox.Forms{})
	body := c.ok("GET", "/v1/meta/services/objects/call_to_action/describe", "").body
	fields := described(t, body)
	at(t, body, "data", 0).(map[string]any)["fields"] = []any{fields["Severity__gc"]}
	checkShape(t, body, describeSample)
}

func TestDescribeFields(t *testing.T) {
	t.Parallel()
	c := acme(t, sandbox.Forms{})
	fields := getFields(t, c, "Call_To_Action")
	tests := map[string]struct {
		field string
		path  []any
		want  any
	}{
		"a key says nillable":       {"Gsid", []any{"meta", "nillable"}, true},
		"a key is not required":     {"Gsid", []any{"meta", "required"}, false},
		"a key is read only":        {"Gsid", []any{"meta", "createable"}, false},
		"DATETIME has no length":    {"Escalated_At__gc", []any{"meta", "length"}, nil},
		"decimals of a string":      {"Short_Text__gc", []any{"meta", "decimalPlaces"}, at(t, fields["Name"], "meta", "decimalPlaces")},
		"lookup name replaces __gc": {"Executive_Sponsor__gc", []any{"meta", "lookupDetail", "lookupName"}, "Executive_Sponsor__gr"},
		"lookup of a lookup":        {"OwnerId", []any{"meta", "lookupDetail", "lookupName"}, "OwnerId__gr"},
		"a lookup's source type":    {"OwnerId", []any{"meta", "properties", "sourceType"}, "GSID"},
		"a user lookup suggests":    {"OwnerId", []any{"meta", "properties", "SEARCH_CONTROLLER"}, "AUTO_SUGGEST"},
		"looked-up object":          {"OwnerId", []any{"meta", "lookupDetail", "lookupObjects", 0, "objectName"}, "gsuser"},
		"named field, mixed case": {
			"OwnerId", []any{"meta", "lookupDetail", "lookupObjects", 0, "namedFieldDetails", "DisplayName"}, "Name",
		},
		"lookupObjects missing":      {"PlaybookId", []any{"meta", "lookupDetail", "lookupObjects"}, nil},
		"delete operation":           {"OwnerId", []any{"meta", "onDeleteOperation"}, "None"},
		"no lookup, no detail":       {"Name", []any{"meta", "lookupDetail"}, nil},
		"no picklist, no options":    {"Name", []any{"options"}, nil},
		"rich text":                  {"Comments", []any{"meta", "richText"}, true},
		"rich text is no filter":     {"Comments", []any{"meta", "filterable"}, false},
		"multi-select is not sorted": {"Channels__gc", []any{"meta", "sortable"}, false},
		"dependent":                  {"Country__gc", []any{"meta", "dependentPicklist"}, true},
		"controller values": {
			"Country__gc", []any{"options", 0, "controllerValues", 0}, at(t, fields["Region__gc"], "options", 0, "value"),
		},
		"inactive option":          {"Severity__gc", []any{"options", 3, "active"}, false},
		"default value":            {"Customer_Visible__gc", []any{"meta", "defaultValue"}, "false"},
		"description":              {"Short_Text__gc", []any{"meta", "description"}, "At most twenty characters."},
		"no unique in public meta": {"Name", []any{"meta", "unique"}, nil},
		"create only":              {"CtaGroupId", []any{"meta", "updateable"}, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := at(t, fields[tt.field], tt.path...); got != tt.want {
				t.Errorf("%s %v: got %v, want %v", tt.field, tt.path, got, tt.want)
			}
		})
	}
}

func TestDescribeEveryDataType(t *testing.T) {
	t.Parallel()
	got := map[any]bool{}
	for _, f := range getFields(t, acme(t, sandbox.Forms{}), "call_to_action") {
		if at(t, f, "meta", "fieldGroupType") == "CUSTOM" {
			got[f["dataType"]] = true
		}
	}
	for want := range strings.FieldsSeq(`STRING RICHTEXTAREA BOOLEAN NUMBER PERCENTAGE CURRENCY DATE DATETIME GSID SFDCID EMAIL
		URL LOOKUP PICKLIST MULTISELECTDROPDOWNLIST JSON JSONSTRING JSONNUMBER JSONBOOLEAN IMAGE WHOID WHATID CONTEXT
		TIMESTAMP INTEGER LONG DOUBLE PERCENT SCORE ARRAY GEOPOINT`) {
		if !got[want] {
			t.Errorf("no custom field of type %s", want)
		}
	}
}

func TestDescribeNotFound(t *testing.T) {
	t.Parallel()
	for name, forms := range map[string]sandbox.Forms{"default": {}, "as 404": {NotFoundStatus: 404}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := 400
			if forms.NotFoundStatus != 0 {
				want = forms.NotFoundStatus
			}
			c := acme(t, forms)
			for _, got := range []reply{
				c.do("GET", "/v1/meta/services/objects/nothing/describe", ""),
				c.do("POST", describePath, `{"objectNames":["company","nothing","gsuser"]}`), // one bad name fails all
			} {
				checkShape(t, got.body, envelopeD)
				if got.status != want || got.body["title"] != "OBJECT_NOT_FOUND" || got.body["instance"] != "2026-11-24 10:30:30 UTC" {
					t.Errorf("got %d %s", got.status, got.text)
				}
			}
		})
	}
}

func objectNames(t *testing.T, body map[string]any) []string {
	t.Helper()
	var names []string
	for _, o := range body["data"].([]any) {
		names = append(names, at(t, o, "objectName").(string))
	}
	return names
}

func TestDescribeChildren(t *testing.T) {
	t.Parallel()
	c := acme(t, sandbox.Forms{})
	tests := map[string]struct {
		got  reply
		want []string
	}{
		"none":    {c.ok("GET", "/v1/meta/services/objects/cta_group/describe?ic=false&cl=2", ""), []string{"cta_group"}},
		"level 0": {c.ok("GET", "/v1/meta/services/objects/cta_group/describe?ic=true&cl=0", ""), []string{"cta_group"}},
		"level 1": {c.ok("GET", "/v1/meta/services/objects/cta_group/describe?ic=true&cl=1", ""), []string{"cta_group",
			"company", "gsuser", "da_picklist"}},
		"post":          {c.ok("POST", describePath, `{"objectNames":["cta_group"],"includeChilds":"true","childLevels":"1"}`), []string{"cta_group", "company", "gsuser", "da_picklist"}},
		"several names": {c.ok("POST", describePath, `{"objectNames":["Company","GsUser"]}`), []string{"company", "gsuser"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, objectNames(t, tt.got.body)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// documentedDescribe is the sample body of Post Describe OMD.
const documentedDescribe = `{"objectNames": ["call_to_action"], "includeChilds": "true", "childLevels": "0",
	"populatePickListOptions": "true",
	"useCollectionId": "false", "removeDeleted": "false", "removeHidden": "false", "host": "MDA", "sortFieldsByLabel": "true",
	"populateFieldId": "false", "honorUserContext": "true", "honorCustomLookup": "true", "populateAutoSuggestDetails": "true",
	"externalContext": "false"}`

func TestPostDescribeFlags(t *testing.T) {
	t.Parallel()
	c := acme(t, sandbox.Forms{})
	strict := acme(t, sandbox.Forms{StringFlags: true})
	t.Run("documented body", func(t *testing.T) {
		t.Parallel()
		body := strict.ok("POST", describePath, documentedDescribe).body
		fields := at(t, body, "data", 0, "fields").([]any)
		for i := 1; i < len(fields); i++ {
			if a, b := at(t, fields[i-1], "label").(string), at(t, fields[i], "label").(string); a > b {
				t.Errorf("not sorted by label: %q before %q", a, b)
			}
		}
	})
	t.Run("no options", func(t *testing.T) {
		t.Parallel()
		fields := described(t, c.ok("POST", describePath, `{"objectNames":["call_to_action"],"populatePickListOptions":"false"}`).body)
		if got := fields["Severity__gc"]["options"]; len(got.([]any)) != 0 {
			t.Errorf("got %v", got)
		}
	})
	t.Run("no hidden fields", func(t *testing.T) {
		t.Parallel()
		all := described(t, c.ok("POST", describePath, `{"objectNames":["call_to_action"]}`).body)
		some := described(t, c.ok("POST", describePath, `{"objectNames":["call_to_action"],"removeHidden":true}`).body)
		if all["Internal_Code__gc"] == nil || some["Internal_Code__gc"] != nil {
			t.Error("removeHidden has no effect")
		}
	})
	refused := map[string]struct {
		c    *client
		body string
	}{
		"real boolean, strict": {strict, `{"objectNames":["company"],"removeHidden":true}`},
		"real number, strict":  {strict, `{"objectNames":["company"],"includeChilds":"true","childLevels":0}`},
		"no boolean":           {c, `{"objectNames":["company"],"removeHidden":"yes"}`},
		"no number":            {c, `{"objectNames":["company"],"childLevels":"all"}`},
		"no names":             {c, `{}`},
		"empty names":          {c, `{"objectNames":[]}`},
		"names of numbers":     {c, `{"objectNames":[1]}`},
	}
	for name, tt := range refused {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkRefusal(t, tt.c.do("POST", describePath, tt.body), 400, "GSOBJ_1002", "")
		})
	}
}

// TestCurrencyFlag pins that describe and list contradict each other on a custom
// object, as the two samples do.
func TestCurrencyFlag(t *testing.T) {
	t.Parallel()
	c := acme(t, sandbox.Forms{})
	got := c.ok("GET", "/v1/meta/services/objects/usage__gc/describe", "")
	if at(t, got.body, "data", 0, "multiCurrencySupported") != true {
		t.Error("describe says false")
	}
}

func TestObjectList(t *testing.T) {
	t.Parallel()
	const sample = `{"requestId": "", "result": true, "data": [{"objectName": "company", "label": "Company", "objectType": "STANDARD",
		"keyPrefix": "P02", "transactional": true, "multiCurrencySupported": true, "readable": true, "createable": true,
		"schemaUpdateable": true}]}`
	c := acme(t, sandbox.Forms{StringFlags: true})
	get := c.ok("GET", listPath, "")
	checkShape(t, get.body, sample)
	post := c.ok("POST", "/v1/meta/services/objects", `{"externalUse":"true","excludeMappings":"false","sortByLabel":"true","objectNames":["company"]}`)
	checkShape(t, post.body, sample)
	if a, b := objectNames(t, get.body), objectNames(t, post.body); len(a) != len(b) {
		t.Errorf("the filter key is UNKNOWN, yet %d of %d objects came", len(b), len(a))
	}
	for _, o := range get.body["data"].([]any) {
		name := at(t, o, "objectName").(string)
		if name != strings.ToLower(name) {
			t.Errorf("%s is not lower case", name)
		}
		if at(t, o, "objectType") == "SYSTEM" && at(t, o, "keyPrefix") != nil {
			t.Errorf("%s has a keyPrefix", name)
		}
		if name == "usage__gc" && at(t, o, "multiCurrencySupported") != false {
			t.Error("a custom object supports several currencies in the list")
		}
	}
	checkRefusal(t, c.do("POST", "/v1/meta/services/objects", `{"sortByLabel":true}`), 400, "GSOBJ_1002", "sortByLabel")
}

func TestDropdown(t *testing.T) {
	t.Parallel()
	const sample = `{"requestId": "", "result": true, "data": {
		"categoryDetails": {"createdAt": 1612349488000, "deleted": false, "modifiedAt": 1612349488000, "name": "Stage", "description": null,
			"type": "SYSTEM", "count": 1, "limit": 500, "variant": "SINGLE_SELECT", "systemName": "stage", "gsid": ""},
		"childItems": [{"createdAt": 1612349488000, "deleted": false, "modifiedAt": 1612349488000, "name": "New", "description": null,
			"displayOrder": 0, "shortName": null, "color": null, "active": true, "systemDefined": false, "systemName": "new",
			"default": true,
			"categoryId": "", "gsid": ""}]}}`
	c := newClient(t, sandbox.Globex(), nil)
	fields := getFields(t, c, "call_to_action")
	for name, variant := range map[string]string{"Plant__gc": "SINGLE_SELECT", "Skills_Needed__gc": "MULTI_SELECT"} {
		f := fields[name]
		if len(f["options"].([]any)) != 0 {
			t.Errorf("%s: describe has options", name)
		}
		id := at(t, f, "meta", "properties", "PICKLIST_CATEGORY_ID").(string)
		got := c.ok("GET", "/v1/meta/services/dropdowns/"+id, "")
		checkShape(t, got.body, sample)
		if v := at(t, got.body, "data", "categoryDetails", "variant"); v != variant {
			t.Errorf("%s: variant %v", name, v)
		}
	}
	got := c.do("GET", "/v1/meta/services/dropdowns/1I00EXAMPLECATEGORY00000000000000001", "")
	checkRefusal(t, got, 400, "GSOBJ_VDTPKLST1001", "category")
	checkShape(t, got.body, envelopeE)
}

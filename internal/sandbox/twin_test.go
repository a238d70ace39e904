package sandbox_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

// originalOf asks a tenant for what a twin of it needs.
func originalOf(t *testing.T, c *client, objects ...string) sandbox.Original {
	t.Helper()
	of := sandbox.Original{Name: "twin", Dropdowns: map[string]json.RawMessage{}}
	raw := func(path string) json.RawMessage {
		t.Helper()
		var body struct{ Data json.RawMessage }
		if err := json.Unmarshal([]byte(c.ok("GET", path, "").text), &body); err != nil {
			t.Fatal(err)
		}
		return body.Data
	}
	for _, name := range objects {
		var list []json.RawMessage
		if err := json.Unmarshal(raw("/v1/meta/services/objects/"+name+"/describe"), &list); err != nil {
			t.Fatal(err)
		}
		of.Objects = append(of.Objects, list...)
		for _, f := range getFields(t, c, name) {
			properties, _ := f["meta"].(map[string]any)["properties"].(map[string]any)
			if id, ok := properties["PICKLIST_CATEGORY_ID"].(string); ok {
				of.Dropdowns[id] = raw("/v1/meta/services/dropdowns/" + id)
			}
		}
	}
	of.CTAs = raw("/v2/cockpit/admin/picklist/lite?et=COMPANY&category=CTA_TYPE,CTA_REASON,CTA_STATUS,CTA_PRIORITY")
	return of
}

// TestTwin: a twin describes its objects as the original does, takes what that
// takes, and has records that fit.
func TestTwin(t *testing.T) {
	t.Parallel()
	original := newClient(t, sandbox.Globex(), &sandbox.Options{Limits: &sandbox.Limits{}})
	twin := newClient(t, sandbox.Twin(originalOf(t, original, "gsuser", "company", "call_to_action", "cs_task", "wide__gc")), nil)
	for _, name := range []string{"gsuser", "call_to_action", "wide__gc"} {
		if diff := cmp.Diff(getFields(t, original, name), getFields(t, twin, name)); diff != "" {
			t.Errorf("%s is described otherwise (-original +twin):\n%s", name, diff)
		}
	}
	const create = `{"requests":[{"record":{"referenceId":"1","Name":"n","CompanyName":"Aurora Labs","OwnerEmail":"ada.berg@example.com",
		"DueDate":"2026-12-15","type":"Expansion","reason":"Contract","status":"New","priority":"Critical",
		"Business_Impact__gc":"Delayed","Plant__gc":"Lyon"}}],
		"lookups":{"CompanyId":{"fields":{"CompanyName":"Name"},"lookupField":"Gsid","objectName":"company"},
		"OwnerId":{"fields":{"OwnerEmail":"Email"},"lookupField":"Gsid","objectName":"gsuser"}}}`
	if got := twin.ok("POST", "/v2/cockpit/cta/", create); !strings.Contains(got.text, `"success":[{`) {
		t.Errorf("a CTA in the words of the original is refused: %s", got.text)
	}
	wrong := strings.Replace(create, "Delayed", "Postponed", 1)
	if got := twin.do("POST", "/v2/cockpit/cta/", wrong); !strings.Contains(got.text, "GSOBJ_1012") {
		t.Errorf("a CTA with an option that the original lacks is taken: %s", got.text)
	}
	for _, want := range []struct{ object, field string }{{"call_to_action", "Penalty__gc"}, {"wide__gc", "Attribute_007__gc"}} {
		rows := twin.ok("POST", "/v1/data/objects/query/"+want.object, `{"select":["Gsid","`+want.field+`"],"limit":10}`)
		if !strings.Contains(rows.text, `"`+want.field+`":`) {
			t.Errorf("no record of %s has a value of %s: %s", want.object, want.field, rows.text)
		}
	}
}

func TestTwinOfNothing(t *testing.T) {
	t.Parallel()
	c := newClient(t, sandbox.Twin(sandbox.Original{Name: "bare"}), nil)
	for _, name := range []string{"gsuser", "company", "call_to_action", "cs_task", "cta_group", "cs_goal", "activity_timeline"} {
		if fields := getFields(t, c, name); len(fields) == 0 {
			t.Errorf("%s has no fields", name)
		}
	}
}

// FuzzTwin holds that every description gives a tenant that answers.
func FuzzTwin(f *testing.F) {
	f.Add([]byte(`{"objectName":"Call_To_Action","fields":[
		{"fieldName":"companyid","dataType":"STRING","meta":{"length":"1","required":"true"}},
		{"fieldName":"Name","dataType":"NUMBER"},{"fieldName":"x","dataType":"PICKLIST","options":[{"value":"a","controllerValues":["b"]}]},
		{"fieldName":"y","dataType":"MULTISELECTDROPDOWNLIST","options":[{"value":"b","active":"false"}]}]}`), []byte(`{"CTA_TYPE":[{"name":"A","active":false}]}`))
	f.Add([]byte(`{"objectName":"o__gc","fields":[{"fieldName":"l","dataType":"LOOKUP","meta":{"lookupDetail":{"lookupObjects":[{"objectName":"o__gc"}]}}}]}`),
		[]byte(`{"CTA_TYPE":[{"name":"A"}],"CTA_REASON":[{"name":"R","typeName":"B"}]}`))
	f.Fuzz(func(t *testing.T, object, configuration []byte) {
		if !json.Valid(object) || !json.Valid(configuration) {
			return
		}
		tenant := sandbox.New(sandbox.Twin(sandbox.Original{
			Name: "fuzz", Objects: []json.RawMessage{object}, CTAs: configuration, Plans: configuration, Playbooks: configuration,
		}), nil)
		ask := func(method, path, body string) *httptest.ResponseRecorder {
			r := httptest.NewRequest(method, path, strings.NewReader(body))
			r.Header = http.Header{"Accesskey": {tenant.AccessKey()}, "Content-Type": {"application/json"}}
			w := httptest.NewRecorder()
			tenant.ServeHTTP(w, r)
			return w
		}
		ask("POST", "/v2/cockpit/cta/list", `{"select":["Name","CompanyId","StatusId__gr.Name"],"pageSize":10,"pageNumber":1}`)
		ask("POST", "/v2/cockpit/cta/", `{"requests":[{"record":{"referenceId":"1","Name":"n","type":"A","reason":"R","status":"New","priority":"High"}}]}`)
		if got := ask("GET", "/v1/meta/services/objects/call_to_action/describe", ""); got.Code != http.StatusOK {
			t.Errorf("%s: %s", object, got.Body)
		}
	})
}

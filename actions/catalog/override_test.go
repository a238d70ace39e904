package catalog_test

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/actions/actionstest"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

// override is a fact that differs at a tenant, and the setting that says so.
type override struct {
	forms   sandbox.Forms
	fault   sandbox.Fault
	setting string
	action  string
	input   string
	// before is in the answer of a connection without the setting, after in that
	// of one with it: in the output, or in message, hint and reason of the error.
	before, after string
}

func endpoint(name, own string) string { return fmt.Sprintf(`{"endpoints":{%q:%s}}`, name, own) }

const (
	listCTAs  = `{"select":["Name"],"limit":3}`
	datedCTAs = `{"select":["CreatedDate"],"limit":1}`
	noCTAs    = `{"select":["Name"],"where":{"conditions":[{"name":"Name","operator":"EQ","value":["nobody's"]}]}}`
	newCTA    = `{"records":[{"referenceId":"r","Name":"n","CompanyName":"Aurora Labs","OwnerEmail":"%s","DueDate":"2026-12-15",` +
		`"type":"Risk","reason":"Bugs Risk","status":"New","priority":"High"}]}`
	readActivities = `{"select":["ExternalId"],"where":{"conditions":[{"name":"CreatedDate","operator":"GT","value":["2020-01-01T00:00:00+02:00"]}]}}`
	saveActivity   = `{"records":[{"ContextName":"Company","TypeName":"Update","ExternalId":"override-1","Subject":"s","Notes":"n",` +
		`"ActivityDate":"2026-11-01T06:36:00-07:00","Author":"ada.berg@example.com","companyName":"Aurora Labs"}]}`
	user = "1P01"
)

// overrides are the settings for what no source documents, by the number of the
// open question.
func overrides() map[string]override {
	none := sandbox.Fault{}
	return map[string]override{
		"12, success": {
			sandbox.Forms{ResultAbsent: true}, none, `{"answers":{"success":"result_not_false"}}`,
			"cta.list", listCTAs, "answers.success", `"Name"`,
		},
		"13, code of throttling": {
			sandbox.Forms{Throttle: sandbox.ThrottleOther}, sandbox.Fault{Kind: sandbox.FaultThrottled, Throttle: sandbox.ThrottleOther},
			`{"answers":{"codes":{"GS_APIG_2405":"throttled"}}}`, "cta.list", listCTAs, "INVALID_INPUT", "RATE_LIMITED",
		},
		"18, parts of results": {
			sandbox.Forms{ResultKeys: [2]string{"written", "rejected"}}, none,
			endpoint("activity.save", `{"keys":{"written":["data.written"],"refused":["data.rejected"]}}`),
			"activity.save", saveActivity, `"id":null`, `"status":"succeeded","id":"`,
		},
		"22, form of an ActivityDate": {
			sandbox.Forms{ActivityDatesPlain: true}, none, endpoint("activity.save", `{"date_form":"plain_offset"}`),
			"activity.save", saveActivity, "GSOBJ_1005", `"status":"succeeded"`,
		},
		"24, 25, results of CTAs": {
			sandbox.Forms{ResultKeys: [2]string{"written", "rejected"}}, none,
			endpoint("cta.create", `{"keys":{"written":["data.written"],"refused":["data.rejected"]}}`),
			"cta.create", fmt.Sprintf(newCTA, "nobody@example.com"), `"status":"unknown"`, `"status":"failed"`,
		},
		"28, form of dates": {
			sandbox.Forms{Dates: sandbox.DatesMonthFirst}, none, `{"answers":{"dates":"month-first"}}`,
			"cta.list", datedCTAs, `07:17:16 AM"`, `"2024-02-05T07:17:16.000Z"`,
		},
		"28, 31, zone of times": {
			sandbox.Forms{Dates: sandbox.DatesSpaced, Zone: "America/New_York"}, none, `{"time_zone":"America/New_York"}`,
			"cta.list", datedCTAs, `"2024-02-05T02:17:16.000Z"`, `"2024-02-05T07:17:16.000Z"`,
		},
		"29, place of rows": {
			sandbox.Forms{RowsKey: "rows"}, none, endpoint("cta.list", `{"keys":{"records":["data.rows"]}}`),
			"cta.list", listCTAs, `endpoints."cta.list".keys.records`, `"Name"`,
		},
		"30, code of an empty result": {
			sandbox.Forms{EmptyList: sandbox.EmptyOther}, none, `{"answers":{"codes":{"COCKPIT_5404":"empty_result"}}}`,
			"cta.list", noCTAs, "COCKPIT_5404", `"records":[]`,
		},
		"30, text of an empty result": {
			sandbox.Forms{EmptyList: sandbox.EmptyOther}, none, `{"answers":{"texts":{"nothing matches":"empty_result"}}}`,
			"cta.list", noCTAs, "COCKPIT_5404", `"records":[]`,
		},
		"31, form of filter dates": {
			sandbox.Forms{FilterDates: sandbox.FilterDatesUTC}, none, endpoint("activity.read", `{"date_form":"utc"}`),
			"activity.read", readActivities, "refused", `"ExternalId"`,
		},
		"31, time zone": {
			sandbox.Forms{FilterDates: sandbox.FilterDatesSpace, Zone: "America/New_York"}, none,
			`{"time_zone":"America/New_York","endpoints":{"activity.read":{"date_form":"space"}}}`,
			"activity.read", readActivities, "refused", `"ExternalId"`,
		},
		"32, order of a list": {
			sandbox.Forms{CockpitSorts: true}, none, endpoint("cta.list", `{"order_by":"sent"}`),
			"cta.list", `{"select":["Name"],"orderBy":{"Name":"desc"},"limit":1}`, `endpoints."cta.list".order_by`, `"Name"`,
		},
		"38, code of an address": {
			sandbox.Forms{AddressCode: "GS_APIG_2403"}, sandbox.Fault{Kind: sandbox.FaultAddress},
			`{"answers":{"codes":{"GS_APIG_2403":"address_not_allowed"}}}`, "cta.list", listCTAs, "GS_APIG_2403", "this machine's IP address",
		},
		"39, flags of a describe": {
			sandbox.Forms{DescribeConnection: true}, none, endpoint("object.describe", `{"query":"ci=mda&idd=true"}`),
			"object.describe", `{"objectName":"company"}`, "ci is required", `"objectName":"company"`,
		},
		"40, typed flags": {
			sandbox.Forms{TypedFlags: true}, none, endpoint("object.describe_many", `{"form":"typed"}`),
			"object.describe_many", `{"objectNames":["company"],"populatePicklistOptions":false}`, "Invalid value", `"objectName":"company"`,
		},
		"40, typed flags of the list": {
			sandbox.Forms{TypedFlags: true}, none, endpoint("object.list_filtered", `{"form":"typed"}`),
			"object.list_filtered", `{"objectNames":["company"]}`, "Invalid value", `"objectName":"company"`,
		},
		"43, title of a missing object": {
			sandbox.Forms{NotFoundTitle: "ENTITY_NOT_FOUND"}, none, `{"answers":{"codes":{"ENTITY_NOT_FOUND":"object_not_found"}}}`,
			"object.describe", `{"objectName":"compny"}`, "ENTITY_NOT_FOUND", "did you mean company?",
		},
		"44, category of reasons": {
			sandbox.Forms{ReasonCategory: "CTA_REASONS"}, none, endpoint("cta.config", `{"keys":{"reason":["CTA_REASONS"]}}`),
			"cta.config", `{}`, `"CTA_REASON":[]`, "Bugs Risk",
		},
		"46, default value of a lookup": {
			sandbox.Forms{LookupDefaultKey: "defaultValue"}, none,
			endpoint("cta.create", `{"lookups":{"OwnerId":{"onNoMatch":"DEFAULTVALUE","defaultValue":"@user"}}}`),
			"cta.create", fmt.Sprintf(newCTA, "nobody@example.com"), `"status":"failed"`, `"status":"succeeded"`,
		},
		"48, code map": {
			sandbox.Forms{}, none, `{"answers":{"codes":{"COCKPIT_5101":"unavailable"}}}`,
			"cta.list", `{"select":["Nmae"]}`, "INVALID_INPUT", "DOWNSTREAM_UNAVAILABLE",
		},
	}
}

// Every fact that no source documents can be overridden by the connection: the
// tenant that differs is not understood without the setting, and is with it.
func TestOverrides(t *testing.T) {
	t.Parallel()
	p := actionstest.Host(t)
	for name, o := range overrides() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, with := range []bool{false, true} {
				tenant := sandbox.New(sandbox.Acme(), &sandbox.Options{Forms: o.forms})
				setting, want := "{}", o.before
				if with {
					setting, want = strings.ReplaceAll(o.setting, "@user", userID(t, tenant)), o.after
				}
				if o.fault != (sandbox.Fault{}) {
					tenant.Inject(o.fault)
				}
				if got := answerOf(t, connected(t, p, tenant, setting), o.action, o.input); !strings.Contains(got, want) {
					t.Errorf("with the setting %t: got %s, want something with %q", with, got, want)
				}
			}
		})
	}
}

// connected opens a connection with settings to a tenant, over a connector that
// a test starts once: to start it takes longer than a call. The connector counts
// no calls, since another tenant may get the address of one that is gone.
func connected(t *testing.T, p *host.Plugin, tenant *sandbox.Tenant, setting string) *host.Connection {
	t.Helper()
	settings := actionstest.Unlimited()
	if err := json.Unmarshal([]byte(setting), &settings); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(tenant)
	t.Cleanup(server.Close)
	return actionstest.Open(t, p, tenant, server.URL, settings)
}

// answerOf is what an action answers: its output, or its error in words.
func answerOf(t *testing.T, conn *host.Connection, action, input string) string {
	t.Helper()
	result, err := conn.Execute(t.Context(), connector.Call{Action: action, Input: json.RawMessage(input)})
	if err != nil {
		e := connector.AsError(err)
		return fmt.Sprintf("%s: %s (%s) %s", e.Reason, e.Error(), e.Hint, e.Downstream.Code)
	}
	return string(result.Output)
}

// userID is the id of some user of a tenant.
func userID(t *testing.T, tenant *sandbox.Tenant) string {
	t.Helper()
	owner, ok := tenant.CTAs()[0]["OwnerId"].(string)
	if !ok || !strings.HasPrefix(owner, user) {
		t.Fatalf("the owner is %v", owner)
	}
	return owner
}

// What a setting changes beyond an answer.
func TestOverridesOfRequests(t *testing.T) {
	t.Parallel()
	p := actionstest.Host(t)
	t.Run("an order that is sent is kept", func(t *testing.T) {
		t.Parallel()
		for _, list := range []string{"cta.list", "success_plan.list", "goal.list", "task.list"} {
			tenant := sandbox.New(sandbox.Acme(), &sandbox.Options{Forms: sandbox.Forms{CockpitSorts: true}})
			conn := connected(t, p, tenant, endpoint(list, `{"order_by":"sent"}`))
			first := func(direction string) string {
				return answerOf(t, conn, list,
					fmt.Sprintf(`{"select":["Name"],"orderBy":{"Name":%q},"limit":1}`, direction))
			}
			if asc, desc := first("asc"), first("desc"); asc == desc || !strings.Contains(asc, `"Name"`) {
				t.Errorf("%s: ascending %s, descending %s", list, asc, desc)
			}
		}
	})
	t.Run("what goes beside the records cascades", func(t *testing.T) {
		t.Parallel()
		for setting, want := range map[string]bool{
			`{}`: false,
			endpoint("cta.update", `{"body":{"dueDateCascade":"ALL_OPEN_TASKS"}}`): true,
		} {
			tenant := sandbox.New(sandbox.Acme(), &sandbox.Options{Forms: sandbox.Forms{CascadeKey: "dueDateCascade"}})
			open := map[string]any{}
			for _, task := range tenant.Tasks() {
				if task["IsClosed"] != true {
					open = task
				}
			}
			input := fmt.Sprintf(`{"records":[{"Gsid":%q,"DueDate":"2031-05-05"}]}`, open["CtaId"])
			if got := answerOf(t, connected(t, p, tenant, setting), "cta.update", input); !strings.Contains(got, "succeeded") {
				t.Fatal(got)
			}
			moved := false
			for _, task := range tenant.Tasks() {
				moved = moved || task["Gsid"] == open["Gsid"] && task["DueDate"] == "2031-05-05"
			}
			if moved != want {
				t.Errorf("with %s the task moved: %t", setting, moved)
			}
		}
	})
	t.Run("the names of objects are sent by the key", func(t *testing.T) {
		t.Parallel()
		tenant := sandbox.New(sandbox.Acme(), &sandbox.Options{Forms: sandbox.Forms{ObjectFilter: true}})
		conn := connected(t, p, tenant, endpoint("object.list_filtered", `{"field_names":{"objectNames":"objectNames"}}`))
		got := answerOf(t, conn, "object.list_filtered", `{"objectNames":["company","gsuser"]}`)
		if strings.Count(got, `"objectName"`) != 2 {
			t.Error(got)
		}
	})
	t.Run("a type of the tenant is treated as one that is known", func(t *testing.T) {
		t.Parallel()
		for setting, want := range map[string]int{`{}`: 0, `{"field_types":{"DECIMAL":"NUMBER"}}`: 1} {
			tenant := sandbox.New(sandbox.Acme(), &sandbox.Options{Forms: sandbox.Forms{NumberType: "DECIMAL"}})
			d, err := connected(t, p, tenant, setting).Describe(t.Context(), connector.DescribeRequest{Action: "cta.create"})
			if err != nil {
				t.Fatal(err)
			}
			unknown := 0
			for _, diagnostic := range d.Diagnostics {
				if strings.Contains(diagnostic.Summary, `"DECIMAL"`) {
					unknown++
				}
			}
			if (unknown == 0) != (want == 1) {
				t.Errorf("with %s: %d remarks on the type", setting, unknown)
			}
		}
	})
}

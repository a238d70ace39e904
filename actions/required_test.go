package actions_test

import (
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/actions/actionstest"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
	"github.com/gainsight-connector/gainsight-connector/schema"
)

// recordSchema is what a test reads of the schema of a record.
type recordSchema struct {
	Required   []string `json:"required"`
	Properties map[string]struct {
		Annotation struct {
			Required schema.Required `json:"required"`
		} `json:"x-connector"`
	} `json:"properties"`
}

// recordOf returns the schema of the records of an action.
func recordOf(t *testing.T, conn *host.Connection, action string) (recordSchema, string) {
	t.Helper()
	d, err := conn.Describe(t.Context(), connector.DescribeRequest{Action: action})
	if err != nil {
		t.Fatal(err)
	}
	var document struct {
		Defs map[string]recordSchema `json:"$defs"`
	}
	if err := json.Unmarshal(d.Input, &document); err != nil {
		t.Fatal(err)
	}
	record, ok := document.Defs["record"]
	if !ok {
		record = document.Defs["activity"]
	}
	return record, d.ETag
}

// written counts the requests that a tenant got to create CTAs.
func written(tenant *sandbox.Tenant) int {
	n := 0
	for _, r := range tenant.Requests() {
		if r.Method == http.MethodPost && strings.HasPrefix(r.Path, "/v2/cockpit/cta") {
			n++
		}
	}
	return n
}

// lateParts is a CTA that globex takes, with all that anybody may demand.
func lateParts() map[string]any {
	return map[string]any{
		"Name": "Late parts", "CompanyName": "Fjord Power", "OwnerEmail": "olga.peters@example.com", "DueDate": "2026-12-15",
		"type": "Risk", "reason": "Usage", "status": "New", "priority": "High",
		"Business_Impact__gc": "Delayed", "Penalty__gc": 5, "Go_Live__gc": "2027-01-01", "ApproverEmail": "rita.sato@example.com",
	}
}

// TestPolicyBySource: what becomes of a record that lacks a field, by who
// demands the field and by the connection's policy.
func TestPolicyBySource(t *testing.T) {
	t.Parallel()
	const (
		sent    = "sent"
		warned  = "sent with a warning"
		refused = "refused"
	)
	override := func(field string, want bool) actionstest.Settings { return requires("cta.create", field, want) }
	seen := map[string]any{"cta.create": map[string]any{"Business_Impact__gc": map[string]any{"code": "COCKPIT_9700", "requestId": "r-1"}}}
	all := func(what string) map[string]string {
		return map[string]string{"strict": what, "warn": what, "off": what}
	}
	policy := map[string]string{"strict": refused, "warn": warned, "off": sent}
	for name, tt := range map[string]struct {
		settings actionstest.Settings
		lacks    string
		want     map[string]string
		says     string
	}{
		"rule":                    {nil, "Name", all(refused), "is required"},
		"rule, with alternative":  {nil, "CompanyName", all(refused), "or CompanyName to look it up"},
		"metadata":                {nil, "Penalty__gc", policy, "is required by the tenant's metadata"},
		"observed":                {actionstest.Settings{"observed": seen}, "Business_Impact__gc", policy, "the tenant refused this before: COCKPIT_9700, request r-1"},
		"nobody":                  {nil, "Go_Live__gc", all(sent), ""},
		"override demands":        {override("Go_Live__gc", true), "Go_Live__gc", all(refused), `setting "required"`},
		"override, alternative":   {override("Approver__gc", true), "ApproverEmail", all(refused), "give it, or ApproverEmail"},
		"override of short form":  {override("ApproverEmail", true), "ApproverEmail", all(refused), `setting "required"`},
		"override waives rule":    {override("Name", false), "Name", all(sent), ""},
		"override waives company": {override("CompanyId", false), "CompanyName", all(sent), ""},
		"override waives flag":    {override("Penalty__gc", false), "Penalty__gc", all(sent), ""},
		"override waives refusal": {
			merged(override("Business_Impact__gc", false), actionstest.Settings{"observed": seen}),
			"Business_Impact__gc", all(sent), "",
		},
		"override beside rule": {override("Name", true), "Name", all(refused), `setting "required"`},
	} {
		for validation, want := range tt.want {
			t.Run(name+"/"+validation, func(t *testing.T) {
				t.Parallel()
				tenant := sandbox.New(sandbox.Globex(), nil)
				conn := actionstest.Connect(t, tenant, merged(tt.settings, actionstest.Settings{"validation": validation}))
				record := lateParts()
				delete(record, tt.lacks)
				result, err := conn.Execute(t.Context(), connector.Call{
					Action: "cta.create", Input: json.RawMessage(actionstest.Input(t, lateParts(), record)),
				})
				var told []string
				got := sent
				switch {
				case err != nil:
					got = refused
					for _, v := range actionstest.Violations(t, err) {
						if !strings.HasPrefix(v.Pointer, "/records/1/") {
							t.Errorf("the violation is at %s", v.Pointer)
						}
					}
					for _, v := range connector.AsError(err).Violations {
						told = append(told, v.Message)
					}
				default:
					for _, d := range result.Diagnostics {
						if strings.HasSuffix(d.Summary, "sent nevertheless") {
							got = warned
							told = append(told, d.Summary)
						}
					}
				}
				if got != want || (got == refused) != (written(tenant) == 0) {
					t.Errorf("the record was %s, want %s; %d requests; %q", got, want, written(tenant), told)
				}
				if want != sent && (len(told) != 1 || !strings.Contains(told[0], tt.says)) {
					t.Errorf("said %q, want once %q", told, tt.says)
				}
			})
		}
	}
}

// requires are settings with the operator's word on one field.
func requires(action, field string, want bool) actionstest.Settings {
	return actionstest.Settings{"required": map[string]any{action: map[string]any{field: want}}}
}

func merged(all ...actionstest.Settings) actionstest.Settings {
	whole := actionstest.Settings{}
	for _, s := range all {
		maps.Copy(whole, s)
	}
	return whole
}

// TestSchemaTellsAllSources: the schema shows every source, and its list of
// required fields has what is refused.
func TestSchemaTellsAllSources(t *testing.T) {
	t.Parallel()
	conn := actionstest.Connect(t, sandbox.New(sandbox.Globex(), nil), actionstest.Settings{
		"validation": "strict",
		"required":   map[string]any{"cta.create": map[string]any{"Name": false, "Go_Live__gc": true, "Approver__gc": true}},
		"observed":   map[string]any{"cta.create": map[string]any{"Business_Impact__gc": map[string]any{}, "Gone__gc": map[string]any{}}},
	})
	record, _ := recordOf(t, conn, "cta.create")
	want := []string{"DueDate", "type", "reason", "status", "priority", "Business_Impact__gc", "Penalty__gc", "Go_Live__gc"}
	slices.Sort(want)
	slices.Sort(record.Required)
	if diff := cmp.Diff(want, record.Required); diff != "" {
		t.Errorf("required (-want +got):\n%s", diff)
	}
	yes, no := new(true), new(false)
	for name, want := range map[string]schema.Required{
		"Name":                {Rule: yes, Metadata: yes, Override: no},
		"CompanyId":           {Rule: yes, Metadata: yes},
		"Business_Impact__gc": {Metadata: no, Observed: yes},
		"Penalty__gc":         {Metadata: yes},
		"Go_Live__gc":         {Metadata: no, Override: yes},
		"Plant__gc":           {Metadata: no},
	} {
		if diff := cmp.Diff(want, record.Properties[name].Annotation.Required); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// An update changes what it names, so that only an override asks for more.
func TestUpdateNeedsNoMore(t *testing.T) {
	t.Parallel()
	tenant := sandbox.New(sandbox.Globex(), nil)
	id, _ := tenant.CTAs()[0]["Gsid"].(string)
	input := actionstest.Input(t, map[string]any{"Gsid": id, "Comments": "late"})
	conn := actionstest.Connect(t, tenant, actionstest.Settings{"validation": "strict"})
	if result, _ := actionstest.Run(t, conn, "cta.update", input); result.Records.Succeeded != 1 {
		t.Errorf("the record was not written: %s", result.Output)
	}
	conn = actionstest.Connect(t, tenant, requires("cta.update", "Penalty__gc", true))
	_, err := conn.Execute(t.Context(), connector.Call{Action: "cta.update", Input: json.RawMessage(input)})
	want := []connector.Violation{{Pointer: "/records/0/Penalty__gc", Keyword: "required"}}
	if diff := cmp.Diff(want, actionstest.Violations(t, err)); diff != "" {
		t.Errorf("violations (-want +got):\n%s", diff)
	}
}

// A lookup of the call's own gives what a record does not.
func TestLookupGivesWhatIsDemanded(t *testing.T) {
	t.Parallel()
	tenant := sandbox.New(sandbox.Globex(), nil)
	conn := actionstest.Connect(t, tenant, requires("cta.create", "Approver__gc", true))
	if result, _ := actionstest.Run(t, conn, "cta.create", byLookup(t, "Approver__gc")); result.Records.Succeeded != 1 {
		t.Errorf("the record was not written: %s", result.Output)
	}
	conn = actionstest.Connect(t, tenant, requires("cta.create", "RelationshipId", true)) // without a short form
	call := connector.Call{Action: "cta.create", Input: json.RawMessage(byLookup(t, "RelationshipId")), DryRun: true}
	if _, err := conn.Execute(t.Context(), call); err != nil {
		t.Error(err)
	}
}

// byLookup is an input whose record lacks a field that a lookup gives.
func byLookup(t *testing.T, field string) string {
	t.Helper()
	record := lateParts()
	delete(record, "ApproverEmail")
	record["boss"] = "rita.sato@example.com"
	input, err := json.Marshal(map[string]any{"records": []any{record}, "lookups": map[string]any{
		field: map[string]any{"fields": map[string]any{"boss": "Email"}, "objectName": "gsuser"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	return string(input)
}

func TestOverridesThatCannotBe(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		settings      actionstest.Settings
		pointer, says string
	}{
		"no such action": {requires("cta.creat", "Name", true), "/required/cta.creat", "did you mean cta.create"},
		"no tenant fields": {
			requires("cta.list", "select", false), "/required/cta.list", "is no action with records",
		},
		"the key of a record": {
			requires("activity.save", "ExternalId", false), "/required/activity.save/ExternalId", "cannot be waived",
		},
		"observed of no action": {
			actionstest.Settings{"observed": map[string]any{"cta.creates": map[string]any{"Name": map[string]any{}}}},
			"/observed/cta.creates", "did you mean cta.create",
		},
		"no such field": {
			requires("cta.create", "Severty__gc", false),
			"/required/cta.create/Severty__gc", "did you mean Severity__gc?",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := openAndDescribe(t, tt.settings)
			e := connector.AsError(err)
			if !errors.Is(err, connector.ReasonInvalidConnection) || len(e.Violations) != 1 || e.Violations[0].Pointer != tt.pointer ||
				!strings.Contains(e.Violations[0].Message, tt.says) {
				t.Errorf("error %v, violations %v", err, e.Violations)
			}
		})
	}
}

// openAndDescribe returns the first error of opening a connection with settings
// and describing an action.
func openAndDescribe(t *testing.T, settings actionstest.Settings) error {
	t.Helper()
	tenant, address := served(t, nil)
	config, err := json.Marshal(merged(actionstest.Settings{"base_url": address, "auth": map[string]any{"type": "access_key"}}, settings))
	if err != nil {
		t.Fatal(err)
	}
	conn, err := actionstest.Host(t).Open(t.Context(), connector.Settings{
		Tenant: tenant.Name(), Config: config,
		Secrets: map[string]connector.Secret{"/auth/access_key": connector.NewSecret(tenant.AccessKey())},
	})
	if err != nil {
		return err
	}
	_, err = conn.Describe(t.Context(), connector.DescribeRequest{Action: "cta.create"})
	return err
}

// Of an object that the tenant does not show, any name may be required.
func TestOverrideOfAnUnseenObject(t *testing.T) {
	t.Parallel()
	conn := actionstest.Connect(t, sandbox.New(sandbox.Acme(), nil), actionstest.Settings{
		"objects": map[string]any{"goal": "not_there"}, "required": map[string]any{"goal.create": map[string]any{"Region__gc": true}},
	})
	record, _ := recordOf(t, conn, "goal.create")
	if !slices.Contains(record.Required, "Region__gc") {
		t.Errorf("required is %v", record.Required)
	}
}

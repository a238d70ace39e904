package actions_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/actions/actionstest"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

// noted are the observations in the report of a check.
type noted map[string]map[string]gainsight.Observation

func observedBy(t *testing.T, conn *host.Connection) noted {
	t.Helper()
	check, err := conn.Check(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var report struct {
		Observed noted `json:"observed"`
	}
	if err := json.Unmarshal(check.Report, &report); err != nil {
		t.Fatal(err)
	}
	return report.Observed
}

// about returns what a result says of a place in the input.
func about(result connector.Result, pointer string) string {
	var told []string
	for _, d := range result.Diagnostics {
		if d.Pointer == pointer {
			told = append(told, d.Summary)
		}
	}
	return strings.Join(told, "\n")
}

// TestLearning: a field that an administrator makes mandatory, which no metadata
// tell, from the first refusal on.
func TestLearning(t *testing.T) {
	t.Parallel()
	const (
		input   = `{"records":[` + ctaOfAcme + `]}`
		pointer = "/records/0/Short_Text__gc"
	)
	tenant, address := served(t, nil)
	events := make(chan connector.Event, 8)
	now := time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC)
	p := actionstest.HostWith(t, actions.Options{Clock: func() time.Time { return now }},
		&host.Options{Events: func(_ *host.Connection, e connector.Event) { events <- e }})
	conn := actionstest.Open(t, p, tenant, address, nil)
	other := actionstest.Open(t, p, tenant, address, actionstest.Settings{"validation": "strict"})

	_, before := recordOf(t, conn, "cta.create")
	if err := tenant.Enforce("call_to_action", "Short_Text__gc"); err != nil {
		t.Fatal(err)
	}
	result, output := actionstest.Run(t, conn, "cta.create", input)
	if got := actionstest.Outcomes(t, output)[0]; got.Status != "failed" || got.Code != "COCKPIT_9700" {
		t.Fatalf("the outcome is %v", got)
	}
	if told := about(result, pointer); !strings.Contains(told, "counts as required from now on") {
		t.Errorf("the result says %q", told)
	}
	if diff := cmp.Diff(connector.Event(connector.SchemaChanged{Action: "cta.create"}), <-events); diff != "" {
		t.Errorf("event (-want +got):\n%s", diff)
	}
	record, after := recordOf(t, conn, "cta.create")
	if observed := record.Properties["Short_Text__gc"].Annotation.Required.Observed; observed == nil || !*observed || after == before {
		t.Errorf("observed is %v, the ETags %s and %s", observed, before, after)
	}

	result, _ = actionstest.Run(t, conn, "cta.create", input)
	if told := about(result, pointer); !strings.Contains(told, "the tenant refused this before: COCKPIT_9700, request ") ||
		!strings.Contains(told, "2026-11-25T10:00:00Z") {
		t.Errorf("the second result says %q", told)
	}
	n := written(tenant)
	_, err := other.Execute(t.Context(), connector.Call{Action: "cta.create", Input: json.RawMessage(input)})
	want := []connector.Violation{{Pointer: pointer, Keyword: "required"}}
	if diff := cmp.Diff(want, actionstest.Violations(t, err)); diff != "" || written(tenant) != n {
		t.Errorf("a strict connection sent %d requests; violations (-want +got):\n%s", written(tenant)-n, diff)
	}

	seen := observedBy(t, conn)["cta.create"]["Short_Text__gc"]
	if seen.Code != "COCKPIT_9700" || seen.RequestID == "" || !seen.At.Equal(now) {
		t.Errorf("the check tells %+v", seen)
	}
	t.Run("another process is handed it back", func(t *testing.T) {
		t.Parallel()
		kept := actionstest.Settings{"observed": noted{"cta.create": {"Short_Text__gc": seen}}}
		next := actionstest.Open(t, actionstest.Host(t), tenant, address, kept)
		if _, etag := recordOf(t, next, "cta.create"); etag != after {
			t.Error("the schema is another one")
		}
		if diff := cmp.Diff(noted{"cta.create": {"Short_Text__gc": seen}}, observedBy(t, next)); diff != "" {
			t.Errorf("observed (-want +got):\n%s", diff)
		}
	})
}

// TestForgetting: a connection that is opened with nothing observed takes back
// what the process has learnt of its tenant and credential.
func TestForgetting(t *testing.T) {
	t.Parallel()
	tenant, address := served(t, nil)
	p := actionstest.Host(t)
	conn := actionstest.Open(t, p, tenant, address, nil)
	_, before := recordOf(t, conn, "cta.create")
	if err := tenant.Enforce("call_to_action", "Short_Text__gc"); err != nil {
		t.Fatal(err)
	}
	actionstest.Run(t, conn, "cta.create", `{"records":[`+ctaOfAcme+`]}`)
	if len(observedBy(t, actionstest.Open(t, p, tenant, address, nil))) != 1 {
		t.Fatal("a second connection does not know what the first has learnt")
	}
	actionstest.Open(t, p, tenant, address, actionstest.Settings{"observed": noted{}})
	if got := observedBy(t, conn); len(got) != 0 {
		t.Errorf("still observed: %v", got)
	}
	if _, etag := recordOf(t, conn, "cta.create"); etag != before {
		t.Error("the schema is not what it was")
	}
}

const ctaOfAcme = `{"Name":"Adoption is falling","CompanyName":"Aurora Labs","OwnerEmail":"ada.berg@example.com",
	"DueDate":"2026-12-15","type":"Risk","reason":"Bugs Risk","status":"New","priority":"High"}`

// TestLearningOfEveryWording: each API has its own words for a field that is
// missing.
func TestLearningOfEveryWording(t *testing.T) {
	t.Parallel()
	for action, tt := range map[string]struct{ object, field, record string }{
		"cta.create": {"call_to_action", "Short_Text__gc", ctaOfAcme},
		"task.create": {"cs_task", "Effort__gc", `{"CtaId":"1S01ACME0000000000000000000000000001","Name":"Call",
			"OwnerEmail":"ada.berg@example.com","DueDate":"2026-12-10","status":"New","priority":"High"}`},
		"goal.create": {"cs_goal", "Target_Value__gc", `{"Name":"Raise adoption","StatusName":"New","CompanyName":"Aurora Labs"}`},
		"success_plan.create": {"cta_group", "Executive_Goal__gc", `{"Name":"Roll out","CompanyName":"Aurora Labs",
			"OwnerEmail":"ada.berg@example.com","DueDate":"2026-12-15","SuccessPlanType":"Onboarding"}`},
		"activity.save": {"activity_timeline", "Ant__CustomText__c", `{"ExternalId":"a-1","ContextName":"Company","TypeName":"Update",
			"Subject":"Review","Notes":"x","ActivityDate":"2026-10-01T09:30:00+02:00",
			"Author":"ada.berg@example.com","companyName":"Aurora Labs"}`},
		"user.create": {"gsuser", "Department__gc", `{"SFDCUserName":"sam@example.com","Email":"sam@example.com","Name":"Sam Example"}`},
	} {
		t.Run(action, func(t *testing.T) {
			t.Parallel()
			tenant := sandbox.New(sandbox.Acme(), nil)
			if err := tenant.Enforce(tt.object, tt.field); err != nil {
				t.Fatal(err)
			}
			conn := actionstest.Connect(t, tenant, nil)
			result, _ := actionstest.Run(t, conn, action, `{"records":[`+tt.record+`]}`)
			if result.Records.Failed != 1 || observedBy(t, conn)[action][tt.field].At.IsZero() {
				t.Errorf("observed is %v after %s", observedBy(t, conn), result.Output)
			}
		})
	}
}

// TestWhatTeachesNothing: only a known wording that names a field which the
// record lacks teaches anything.
func TestWhatTeachesNothing(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		text string
		want []string
	}{
		"a name":                     {"COCKPIT_9700: Missing mandatory fields for create - Short_Text__gc", []string{"Short_Text__gc"}},
		"a label":                    {"COCKPIT_9700: Missing required custom fields: 'Short Text' (STRING)", []string{"Short_Text__gc"}},
		"several":                    {"COCKPIT_9700: Missing mandatory fields for create - Short_Text__gc, Long_Note__gc", []string{"Long_Note__gc", "Short_Text__gc"}},
		"without a code":             {"Short_Text__gc is required", []string{"Short_Text__gc"}},
		"no field of the schema":     {"COCKPIT_9700: Missing mandatory fields for create - Continent__gc", nil},
		"in another case":            {"COCKPIT_9700: Missing mandatory fields for create - short_text__gc", nil},
		"part of a name":             {"COCKPIT_9700: Missing mandatory fields for create - Short_Text", nil},
		"what the record has":        {"COCKPIT_9700: Missing mandatory fields for create - Name", nil},
		"what it has by short form":  {"COCKPIT_9700: Missing mandatory fields for create - OwnerId", nil},
		"words":                      {"COCKPIT_9700: The Short_Text__gc of this record is missing, please add Short_Text__gc", nil},
		"the value of another field": {"GSOBJ_1012: Invalid picklist value (Severity = Short_Text__gc).", nil},
		"a value before the colon":   {"my_value: Short_Text__gc is required", []string{"Short_Text__gc"}},
		"a server's fault":           {"GS_TL_10_0500: Short_Text__gc is required", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant := sandbox.New(sandbox.Acme(), nil)
			server := httptest.NewServer(refusing(tenant, tt.text))
			t.Cleanup(server.Close)
			conn := actionstest.Open(t, actionstest.Host(t), tenant, server.URL, nil)
			actionstest.Run(t, conn, "cta.create", `{"records":[`+ctaOfAcme+`]}`)
			var got []string
			for field, seen := range observedBy(t, conn)["cta.create"] {
				got = append(got, field)
				if seen.Code != "" && seen.Code != "COCKPIT_9700" {
					t.Errorf("the code is %q", seen.Code)
				}
			}
			slices.Sort(got)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("learnt (-want +got):\n%s", diff)
			}
		})
	}
}

// refusing is a tenant that refuses every CTA with a text.
func refusing(tenant http.Handler, text string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost || !strings.HasPrefix(r.URL.Path, "/v2/cockpit/cta") {
			tenant.ServeHTTP(w, r)
			return
		}
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprintf(w, `{"result":true,"requestId":"r-1","data":{"success":[],"failure":[{"1":%q}]}}`, text)
	})
}

// TestLackThatIsBelied: a record that was written without a field shows that the
// tenant does not demand it of every record.
func TestLackThatIsBelied(t *testing.T) {
	t.Parallel()
	const text = "COCKPIT_9700: Missing mandatory fields for create - Short_Text__gc"
	bad := strings.Replace(ctaOfAcme, `{`, `{"referenceId":"bad",`, 1)
	full := strings.Replace(ctaOfAcme, `{`, `{"Short_Text__gc":"x",`, 1)
	for name, tt := range map[string]struct {
		records string
		learnt  bool
	}{
		"written after":    {bad + "," + ctaOfAcme, false},
		"written before":   {ctaOfAcme + "," + bad, false},
		"written with it":  {bad + "," + full, true},
		"all were refused": {bad + "," + strings.Replace(bad, "bad", "bad too", 1), true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant := sandbox.New(sandbox.Acme(), nil)
			refused := refusing(tenant, text)
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body, err := io.ReadAll(r.Body)
				if err != nil {
					t.Error(err)
				}
				r.Body = io.NopCloser(bytes.NewReader(body))
				if bytes.Contains(body, []byte(`"referenceId":"bad`)) {
					refused.ServeHTTP(w, r)
					return
				}
				tenant.ServeHTTP(w, r)
			}))
			t.Cleanup(server.Close)
			conn := actionstest.Open(t, actionstest.Host(t), tenant, server.URL, nil)
			result, _ := actionstest.Run(t, conn, "cta.create", `{"records":[`+tt.records+`]}`)
			if got := observedBy(t, conn); (len(got) > 0) != tt.learnt || result.Records.Failed == 0 {
				t.Errorf("observed is %v after %s", got, result.Output)
			}
		})
	}
}

// TestLearningIsOfCompanies: what records of relationships are refused for
// teaches nothing, and what was learnt is not asked of them.
func TestLearningIsOfCompanies(t *testing.T) {
	t.Parallel()
	related := strings.Replace(ctaOfAcme, `{`, `{"EntityType":"RELATIONSHIP","RelationshipId":"1X00ACME0000000000000000000000000001",`, 1)
	t.Run("a CTA teaches nothing", func(t *testing.T) {
		t.Parallel()
		tenant := sandbox.New(sandbox.Acme(), nil)
		if err := tenant.Enforce("call_to_action", "Short_Text__gc"); err != nil {
			t.Fatal(err)
		}
		conn := actionstest.Connect(t, tenant, nil)
		result, _ := actionstest.Run(t, conn, "cta.create", `{"records":[`+related+`]}`)
		if got := observedBy(t, conn); len(got) != 0 || result.Records.Failed != 1 {
			t.Errorf("observed is %v after %s", got, result.Output)
		}
	})
	t.Run("a goal teaches nothing", func(t *testing.T) {
		t.Parallel()
		conn := actionstest.Connect(t, sandbox.New(sandbox.Acme(), nil), nil)
		const goal = `{"Name":"Raise adoption","StatusName":"New","CompanyName":"Aurora Labs","EntityType":"RELATIONSHIP"}`
		result, _ := actionstest.Run(t, conn, "goal.create", `{"records":[`+goal+`]}`)
		if got := observedBy(t, conn); len(got) != 0 || result.Records.Failed != 1 {
			t.Errorf("observed is %v after %s", got, result.Output)
		}
	})
	t.Run("nothing is asked", func(t *testing.T) {
		t.Parallel()
		conn := actionstest.Connect(t, sandbox.New(sandbox.Acme(), nil), actionstest.Settings{
			"validation": "strict", "observed": map[string]any{"cta.create": map[string]any{"Short_Text__gc": map[string]any{}}},
		})
		call := connector.Call{Action: "cta.create", Input: json.RawMessage(`{"records":[` + related + `]}`), DryRun: true}
		if _, err := conn.Execute(t.Context(), call); err != nil {
			t.Error(err, connector.AsError(err).Violations)
		}
		call.Input = json.RawMessage(`{"records":[` + ctaOfAcme + `]}`)
		_, err := conn.Execute(t.Context(), call)
		want := []connector.Violation{{Pointer: "/records/0/Short_Text__gc", Keyword: "required"}}
		if diff := cmp.Diff(want, actionstest.Violations(t, err)); diff != "" {
			t.Errorf("violations of a company's (-want +got):\n%s", diff)
		}
	})
}

// What the operator waives stays waived, and is listed all the same.
func TestLearningAgainstTheOperator(t *testing.T) {
	t.Parallel()
	tenant := sandbox.New(sandbox.Globex(), nil)
	conn := actionstest.Connect(t, tenant, actionstest.Settings{
		"validation": "strict",
		"required":   map[string]any{"cta.create": map[string]any{"Business_Impact__gc": false, "Penalty__gc": false}},
	})
	for range 2 {
		result, err := conn.Execute(t.Context(), connector.Call{Action: "cta.create", Input: json.RawMessage(ofGlobex)})
		if err != nil || result.Records.Failed != 1 || len(result.Diagnostics) != 0 {
			t.Errorf("result %s, diagnostics %v, error %v", result.Output, result.Diagnostics, err)
		}
	}
	if observedBy(t, conn)["cta.create"]["Business_Impact__gc"].Code != "COCKPIT_9700" {
		t.Error("the refusal is not listed")
	}
}

// Another credential of the tenant knows nothing of what one has learnt.
func TestLearningIsOfOneCredential(t *testing.T) {
	t.Parallel()
	tenant, address := served(t, nil)
	if err := tenant.Enforce("call_to_action", "Short_Text__gc"); err != nil {
		t.Fatal(err)
	}
	p := actionstest.Host(t)
	conn := actionstest.Open(t, p, tenant, address, nil)
	actionstest.Run(t, conn, "cta.create", `{"records":[`+ctaOfAcme+`]}`)
	robot, err := p.Open(t.Context(), machine(t, address, tenant))
	if err != nil {
		t.Fatal(err)
	}
	if got := observedBy(t, robot); len(got) != 0 {
		t.Errorf("it knows %v", got)
	}
}

// What is wrong with the observed of the settings is found when they are read.
func TestObservedMustFit(t *testing.T) {
	t.Parallel()
	err := openAndDescribe(t, actionstest.Settings{"observed": map[string]any{"cta.create": map[string]any{"Name": "COCKPIT_9700"}}})
	if !errors.Is(err, connector.ReasonInvalidConnection) {
		t.Errorf("error = %v", err)
	}
}

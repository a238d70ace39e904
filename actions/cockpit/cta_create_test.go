package cockpit_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/actions/actionstest"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

// good is a record that acme accepts; changes are laid over it, and a nil
// takes a field away.
func good(changes map[string]any) map[string]any {
	return actionstest.With(map[string]any{
		"Name": "Adoption is falling", "CompanyName": "Aurora Labs", "OwnerEmail": "ada.berg@example.com",
		"DueDate": "2026-12-15", "type": "Risk", "reason": "Bugs Risk", "status": "New", "priority": "High",
	}, changes)
}

func input(t *testing.T, records ...map[string]any) string {
	t.Helper()
	return actionstest.Input(t, records...)
}

func execute(t *testing.T, conn *host.Connection, in string) (connector.Result, error) {
	t.Helper()
	return conn.Execute(t.Context(), connector.Call{Action: "cta.create", Input: json.RawMessage(in)})
}

// outcome is what a test compares of a record's result.
type outcome struct{ Ref, Status, Reason, Code string }

func outcomes(t *testing.T, output map[string]any) []outcome {
	t.Helper()
	var got []outcome
	for _, r := range actionstest.Results(t, output) {
		got = append(got, outcome{r.Ref, r.Status, r.Reason, r.Code})
	}
	return got
}

func TestCreatedCTAIsInTheTenant(t *testing.T) {
	t.Parallel()
	tenant := sandbox.New(sandbox.Acme(), nil)
	conn := actionstest.Connect(t, tenant, nil)
	before := len(tenant.CTAs())
	result, output := actionstest.Run(t, conn, "cta.create", input(t, good(map[string]any{
		"referenceId": "ticket-47", "Comments": "<p>R&D said \"no\"</p>",
	})))
	if want := (&connector.RecordSummary{Total: 1, Succeeded: 1}); !cmp.Equal(want, result.Records) {
		t.Errorf("summary %+v, want %+v", result.Records, want)
	}
	if diff := cmp.Diff([]outcome{{Ref: "ticket-47", Status: "succeeded"}}, outcomes(t, output)); diff != "" {
		t.Errorf("results (-want +got):\n%s", diff)
	}
	ctas := tenant.CTAs()
	if len(ctas) != before+1 {
		t.Fatalf("%d CTAs were made, want 1", len(ctas)-before)
	}
	made := ctas[len(ctas)-1]
	if made["Gsid"] != output["results"].([]any)[0].(map[string]any)["id"] {
		t.Errorf("the result's id is not the CTA's Gsid %v", made["Gsid"])
	}
	if made["Name"] != "Adoption is falling" || made["Comments"] != "<p>R&D said \"no\"</p>" {
		t.Errorf("name or rich text did not arrive as given: %v", made)
	}
}

func TestCreateValues(t *testing.T) {
	t.Parallel()
	conn := actionstest.Connect(t, sandbox.New(sandbox.Acme(), nil), actionstest.Settings{"endpoints": map[string]any{
		"cta.create": map[string]any{"records_per_request": 50},
	}})
	pick, multi := picklists(t, conn)
	changes := map[string]map[string]any{
		"picklist by id":                 {pick.name: pick.value},
		"picklist by label":              {pick.name: pick.label},
		"picklist by label in any case":  {pick.name: strings.ToUpper(pick.label)},
		"multi-select by ids":            {multi.name: []any{multi.value}},
		"multi-select by labels":         {multi.name: []any{multi.label}},
		"no values in a multi-select":    {multi.name: []any{}},
		"company by id instead of name":  {"CompanyName": nil, "CompanyId": companyID},
		"important":                      {"IsImportant": true},
		"reason of every type":           {"reason": "Other"},
		"text at its greatest length":    {"Name": strings.Repeat("é", 255)},
		"another type with its reason":   {"type": "Opportunity", "reason": "Upsell"},
		"a reference that is not quoted": {"referenceId": "1"},
	}
	for name, change := range changes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			result, _ := actionstest.Run(t, conn, "cta.create", input(t, good(change)))
			if result.Records.Succeeded != 1 {
				t.Errorf("not written: %s", result.Output)
			}
		})
	}
}

// companyID is a company of acme.
const companyID = "1P02ACME0000000000000000000000000002"

func TestInvalidRecordsNeverLeave(t *testing.T) {
	t.Parallel()
	const secret = "CANARY-value-4711"
	tests := map[string]struct {
		records []map[string]any
		want    []connector.Violation
	}{
		"everything missing": {
			[]map[string]any{{}},
			[]connector.Violation{
				{Pointer: "/records/0/DueDate", Keyword: "required"}, {Pointer: "/records/0/Name", Keyword: "required"},
				{Pointer: "/records/0/priority", Keyword: "required"}, {Pointer: "/records/0/reason", Keyword: "required"},
				{Pointer: "/records/0/status", Keyword: "required"}, {Pointer: "/records/0/type", Keyword: "required"},
				{Pointer: "/records/0/CompanyId"}, {Pointer: "/records/0/OwnerId"},
			},
		},
		"several records, several faults": {
			[]map[string]any{
				good(nil),
				good(map[string]any{"DueDate": secret, "IsImportant": secret}),
				good(map[string]any{"Nmae": secret}),
			},
			[]connector.Violation{
				{Pointer: "/records/1/DueDate", Keyword: "format"}, {Pointer: "/records/1/IsImportant", Keyword: "type"},
				{Pointer: "/records/2/Nmae", Keyword: "additionalProperties"},
			},
		},
		"not an option of the tenant": {
			[]map[string]any{good(map[string]any{"type": secret, "priority": "Critical"})},
			[]connector.Violation{{Pointer: "/records/0/priority", Keyword: "oneOf"}, {Pointer: "/records/0/type", Keyword: "oneOf"}},
		},
		"an inactive option": {
			[]map[string]any{good(map[string]any{"status": "Parked"})},
			[]connector.Violation{{Pointer: "/records/0/status", Keyword: "oneOf"}},
		},
		"too long": {
			[]map[string]any{good(map[string]any{"Name": strings.Repeat(secret, 20)})},
			[]connector.Violation{{Pointer: "/records/0/Name", Keyword: "maxLength"}},
		},
		"one reference twice": {
			[]map[string]any{good(map[string]any{"referenceId": "a"}), good(map[string]any{"referenceId": "a"})},
			[]connector.Violation{{Pointer: "/records/1/referenceId"}},
		},
		"a reason of another type": {
			[]map[string]any{good(map[string]any{"type": "Opportunity"})},
			[]connector.Violation{{Pointer: "/records/0/reason"}},
		},
		"a field that no one may write": {
			[]map[string]any{good(map[string]any{"CreatedDate": secret})},
			[]connector.Violation{{Pointer: "/records/0/CreatedDate", Keyword: "additionalProperties"}},
		},
	}
	tenant := sandbox.New(sandbox.Acme(), nil)
	conn := actionstest.Connect(t, tenant, nil)
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := execute(t, conn, input(t, tt.records...))
			if diff := cmp.Diff(tt.want, actionstest.Violations(t, err)); diff != "" {
				t.Errorf("violations (-want +got):\n%s", diff)
			}
			if strings.Contains(err.Error(), secret) {
				t.Errorf("the error repeats a value: %v", err)
			}
		})
	}
	t.Cleanup(func() {
		for _, r := range tenant.Requests() {
			if r.Method != http.MethodGet {
				t.Errorf("%s %s was sent", r.Method, r.Path)
			}
		}
	})
}

func TestUnknownFieldNamesTheNearest(t *testing.T) {
	t.Parallel()
	conn := actionstest.Connect(t, sandbox.New(sandbox.Acme(), nil), nil)
	_, err := execute(t, conn, input(t, good(map[string]any{"Coments": "x"})))
	if err == nil || !strings.Contains(err.Error(), "did you mean Comments?") {
		t.Errorf("error %v, want one that proposes Comments", err)
	}
}

func TestPartialFailureKeepsTheOrder(t *testing.T) {
	t.Parallel()
	for name, size := range map[string]int{"one record a request": 1, "two records a request": 2, "all in one request": 50} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant := sandbox.New(sandbox.Acme(), nil)
			conn := actionstest.Connect(t, tenant, actionstest.Settings{"endpoints": map[string]any{
				"cta.create": map[string]any{"records_per_request": size},
			}})
			result, output := actionstest.Run(t, conn, "cta.create", input(t,
				good(nil),
				good(map[string]any{"CompanyName": "No Such Company"}),
				good(map[string]any{"referenceId": "mine"}),
				good(map[string]any{"CompanyName": nil, "CompanyId": strings.Replace(companyID, "0002", "9999", 1)}),
				good(nil),
			))
			want := []outcome{
				{Ref: "made", Status: "succeeded"}, {Ref: "made", Status: "failed", Reason: "INVALID_INPUT"},
				{Ref: "mine", Status: "succeeded"}, {Ref: "made", Status: "failed", Reason: "INVALID_INPUT"},
				{Ref: "made", Status: "succeeded"},
			}
			got := outcomes(t, output)
			for i := range got {
				got[i].Code = ""
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("results (-want +got):\n%s", diff)
			}
			if want := (&connector.RecordSummary{Total: 5, Succeeded: 3, Failed: 2}); !cmp.Equal(want, result.Records) {
				t.Errorf("summary %+v, want %+v", result.Records, want)
			}
			if strings.Contains(string(result.Output), "No Such Company") {
				t.Errorf("the output repeats a value: %s", result.Output)
			}
		})
	}
}

// TestRefusalThatTellsOfRecords: result false for the request does not hide
// what the answer says of each record.
func TestRefusalThatTellsOfRecords(t *testing.T) {
	t.Parallel()
	tenant := sandbox.New(sandbox.Acme(), &sandbox.Options{Forms: sandbox.Forms{PartialFails: true}})
	conn := actionstest.Connect(t, tenant, actionstest.Settings{"endpoints": map[string]any{
		"cta.create": map[string]any{"records_per_request": 50},
	}})
	_, output := actionstest.Run(t, conn, "cta.create", input(t, good(nil), good(map[string]any{"CompanyName": "No Such Company"})))
	want := []outcome{{Ref: "made", Status: "succeeded"}, {Ref: "made", Status: "failed", Reason: "INVALID_INPUT", Code: "GSOBJ_1002"}}
	if diff := cmp.Diff(want, outcomes(t, output)); diff != "" {
		t.Errorf("results (-want +got):\n%s", diff)
	}
}

func TestLostAnswerIsUnknownAndNotResent(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		fault sandbox.Fault
		want  []string
	}{
		"applied, answer lost": {
			sandbox.Fault{Kind: sandbox.FaultLostAnswer, After: 1, Times: 1},
			[]string{"succeeded", "unknown", "failed"},
		},
		"answer cut short": {
			sandbox.Fault{Kind: sandbox.FaultTruncated, After: 1, Times: 1},
			[]string{"succeeded", "unknown", "failed"},
		},
		"server error": {
			sandbox.Fault{Kind: sandbox.FaultServerError, After: 1, Times: 1},
			[]string{"succeeded", "unknown", "failed"},
		},
		"budget spent half way": {
			sandbox.Fault{Kind: sandbox.FaultThrottled, After: 1},
			[]string{"succeeded", "failed", "failed"},
		},
		"key revoked half way": {
			sandbox.Fault{Kind: sandbox.FaultUnauthorized, After: 2, Times: 1},
			[]string{"succeeded", "succeeded", "failed"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant := sandbox.New(sandbox.Acme(), nil)
			conn := actionstest.Connect(t, tenant, nil)
			tt.fault.Method, tt.fault.Path = http.MethodPost, "/v2/cockpit/cta/"
			tenant.Inject(tt.fault)
			_, output := actionstest.Run(t, conn, "cta.create", input(t, good(nil), good(nil), good(nil)))
			var got []string
			for _, o := range outcomes(t, output) {
				got = append(got, o.Status)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("statuses (-want +got):\n%s", diff)
			}
			posts := 0
			for _, r := range tenant.Requests() {
				if r.Method == http.MethodPost {
					posts++
				}
			}
			limit := 1 + strings.Count(fmt.Sprint(tt.want), "succeeded")
			if tt.fault.Kind == sandbox.FaultThrottled {
				limit += 5 // refused before anything was done, and sent again after waiting
			}
			if posts > limit {
				t.Errorf("%d requests were sent, want at most %d: a write was repeated or sent after the failure", posts, limit)
			}
		})
	}
}

func TestFailureOfTheFirstRequestFailsTheCall(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		kind sandbox.FaultKind
		want connector.Reason
	}{
		"key refused":   {sandbox.FaultUnauthorized, connector.ReasonAuthFailed},
		"address":       {sandbox.FaultAddress, connector.ReasonPermissionDenied},
		"budget spent":  {sandbox.FaultThrottled, connector.ReasonRateLimited},
		"dropped early": {sandbox.FaultDropped, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant := sandbox.New(sandbox.Acme(), nil)
			conn := actionstest.Connect(t, tenant, nil)
			tenant.Inject(sandbox.Fault{Method: http.MethodPost, Kind: tt.kind})
			result, err := execute(t, conn, input(t, good(nil)))
			if tt.want == "" {
				// The request had left: only its record can tell.
				if err != nil || result.Records.Unknown != 1 {
					t.Errorf("result %+v, error %v, want one unknown record", result.Records, err)
				}
				return
			}
			if !errors.Is(err, tt.want) || !strings.HasPrefix(err.Error(), "Create Call To Action: ") {
				t.Errorf("error %v, want %s of Create Call To Action", err, tt.want)
			}
		})
	}
}

func TestOwnLookups(t *testing.T) {
	t.Parallel()
	tenant := sandbox.New(sandbox.Acme(), nil)
	conn := actionstest.Connect(t, tenant, nil)
	record := good(map[string]any{"OwnerEmail": nil, "Boss": "Ada Berg"})
	in, err := json.Marshal(map[string]any{
		"records": []any{record},
		"lookups": map[string]any{"OwnerId": map[string]any{"fields": map[string]any{"Boss": "Name"}, "objectName": "gsuser"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	result, _ := actionstest.Run(t, conn, "cta.create", string(in))
	if result.Records.Succeeded != 1 {
		t.Errorf("not written: %s", result.Output)
	}
}

func TestDryRunSendsNothing(t *testing.T) {
	t.Parallel()
	tenant := sandbox.New(sandbox.Acme(), nil)
	conn := actionstest.Connect(t, tenant, nil)
	before := len(tenant.CTAs())
	result, err := conn.Execute(t.Context(), connector.Call{
		Action: "cta.create", DryRun: true, Input: json.RawMessage(input(t, good(nil), good(map[string]any{"referenceId": "b"}))),
	})
	if err != nil {
		t.Fatal(err)
	}
	var plan struct {
		Valid    bool
		Requests []struct {
			Method, Path string
			Body         struct {
				Requests []struct{ Record map[string]any }
				Lookups  map[string]any
			}
		}
	}
	if err := json.Unmarshal(result.Output, &plan); err != nil {
		t.Fatal(err)
	}
	if !plan.Valid || len(plan.Requests) != 2 {
		t.Fatalf("plan %s, want two requests", result.Output)
	}
	second := plan.Requests[1]
	if second.Method != http.MethodPost || second.Path != "/v2/cockpit/cta/" || second.Body.Requests[0].Record["referenceId"] != "b" ||
		second.Body.Lookups["CompanyId"] == nil || second.Body.Lookups["OwnerId"] == nil {
		t.Errorf("planned %s", result.Output)
	}
	if strings.Contains(string(result.Output), tenant.AccessKey()) {
		t.Error("the plan shows the access key")
	}
	if len(tenant.CTAs()) != before {
		t.Error("the dry run made a CTA")
	}
}

// TestRejectionThatMetadataDoNotTell: globex demands a field that its metadata
// call optional, which only the rejection shows.
func TestRejectionThatMetadataDoNotTell(t *testing.T) {
	t.Parallel()
	tenant := sandbox.New(sandbox.Globex(), nil)
	conn := actionstest.Connect(t, tenant, nil)
	_, config := actionstest.Run(t, conn, "cta.config", `{}`)
	first := func(category, ctaType string) string {
		for _, i := range config[category].([]any) {
			m := i.(map[string]any)
			if of := m["typeName"]; m["active"] == true && (ctaType == "" || of == ctaType || of == "ALL_CTA_TYPE") {
				return m["name"].(string)
			}
		}
		t.Fatalf("no %s of type %q", category, ctaType)
		return ""
	}
	ctaType := first("CTA_TYPE", "")
	record := good(map[string]any{
		"type": ctaType, "reason": first("CTA_REASON", ctaType),
		"status": first("CTA_STATUS", ctaType), "priority": first("CTA_PRIORITY", ctaType),
		"CompanyName": nil, "CompanyId": strings.Replace(companyID, "ACME00", "GLOBEX", 1),
		"OwnerEmail": nil, "OwnerId": "1P01GLOBEX00000000000000000000000001",
	})
	_, output := actionstest.Run(t, conn, "cta.create", input(t, record))
	result := output["results"].([]any)[0].(map[string]any)
	message := result["error"].(map[string]any)["message"].(string)
	if result["status"] != "failed" || !strings.Contains(message, "Missing required custom fields") {
		t.Errorf("result %v, want the tenant's own words on the missing field", result)
	}
}

// TestReferencesAreNeverMadeTwice: a tenant finds CTAs by reference, so one
// that was made up must not lead to another call's record.
func TestReferencesAreNeverMadeTwice(t *testing.T) {
	t.Parallel()
	conn := actionstest.Connect(t, sandbox.New(sandbox.Acme(), nil), nil)
	seen := map[string]bool{}
	for range 2 {
		_, output := actionstest.Run(t, conn, "cta.create", input(t, good(nil), good(nil)))
		for _, r := range output["results"].([]any) {
			ref := r.(map[string]any)["referenceId"].(string)
			if seen[ref] {
				t.Errorf("reference %s was made twice", ref)
			}
			seen[ref] = true
		}
	}
}

// TestTooManyRecordsForOneAnswer: what could not be answered is not written.
func TestTooManyRecordsForOneAnswer(t *testing.T) {
	t.Parallel()
	tenant := sandbox.New(sandbox.Acme(), nil)
	server := httptest.NewServer(tenant)
	t.Cleanup(server.Close)
	p := actionstest.HostWith(t, actions.Options{}, &host.Options{Limits: connector.Limits{InlineBytes: 20_000}})
	conn := actionstest.Open(t, p, tenant, server.URL, nil)
	records := make([]map[string]any, 40)
	for i := range records {
		records[i] = good(nil)
	}
	_, err := execute(t, conn, input(t, records...))
	if e := connector.AsError(err); !errors.Is(err, connector.ReasonTooLarge) || !strings.Contains(e.Hint, "Send at most") {
		t.Errorf("error %v with hint %q, want TOO_LARGE that says how many", err, e.Hint)
	}
	for _, r := range tenant.Requests() {
		if r.Method == http.MethodPost {
			t.Error("a record was written")
		}
	}
}

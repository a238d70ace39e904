package users_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/actions/actionstest"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

// serve opens a connection of a running connector to a tenant.
func serve(t *testing.T, plugin *host.Plugin, tenant *sandbox.Tenant) *host.Connection {
	t.Helper()
	server := httptest.NewServer(tenant)
	t.Cleanup(server.Close)
	return actionstest.Open(t, plugin, tenant, server.URL, nil)
}

// TestEveryShapeOfAnAnswer: whatever the tenant answers, each record gets its
// own result, but for an answer that does not tell the records apart.
func TestEveryShapeOfAnAnswer(t *testing.T) {
	t.Parallel()
	successes := map[string]sandbox.UserSuccessForm{
		"records": sandbox.UserSuccessRecords, "ids": sandbox.UserSuccessIDs, "pairs": sandbox.UserSuccessPairs,
		"map":            sandbox.UserSuccessMap,
		"map of records": sandbox.UserSuccessMapRecords, "count": sandbox.UserSuccessCount, "absent": sandbox.UserSuccessAbsent,
	}
	failures := map[string]sandbox.UserErrorsForm{
		"bare": sandbox.UserErrorsBare, "full": sandbox.UserErrorsFull, "nested": sandbox.UserErrorsNested, "map": sandbox.UserErrorsMap,
	}
	plugin := actionstest.Host(t)
	for s, success := range successes {
		for f, failure := range failures {
			for _, partialFails := range []bool{false, true} {
				t.Run(fmt.Sprintf("success %s, errors %s, result %t", s, f, !partialFails), func(t *testing.T) {
					t.Parallel()
					tenant := sandbox.New(sandbox.Acme(), &sandbox.Options{Forms: sandbox.Forms{
						UserSuccess: success, UserErrors: failure, PartialFails: partialFails,
					}})
					conn := serve(t, plugin, tenant)
					result, output := actionstest.Run(t, conn, "user.create", input(t, nil,
						person("one", nil), person("ada.berg", nil), person("three", nil),
					))
					var got []string
					for _, o := range outcomes(t, output) {
						got = append(got, o.Status)
					}
					want := []string{"succeeded", "failed", "succeeded"}
					anonymous := slices.Contains([]sandbox.UserSuccessForm{
						sandbox.UserSuccessIDs, sandbox.UserSuccessCount, sandbox.UserSuccessAbsent,
					}, success)
					if anonymous && failure == sandbox.UserErrorsBare {
						want = []string{"unknown", "unknown", "unknown"}
					}
					if diff := cmp.Diff(want, got); diff != "" {
						t.Errorf("statuses (-want +got):\n%s\n%s", diff, result.Output)
					}
				})
			}
		}
	}
}

func TestAllWrittenInEveryShape(t *testing.T) {
	t.Parallel()
	for form := sandbox.UserSuccessRecords; form <= sandbox.UserSuccessAbsent; form++ {
		t.Run(fmt.Sprint(form), func(t *testing.T) {
			t.Parallel()
			tenant := sandbox.New(sandbox.Acme(), &sandbox.Options{Forms: sandbox.Forms{UserSuccess: form}})
			conn := actionstest.Connect(t, tenant, nil)
			result, _ := actionstest.Run(t, conn, "user.create", input(t, nil, person("one", nil), person("two", nil)))
			if result.Records.Succeeded != 2 {
				t.Errorf("not all written: %s", result.Output)
			}
			_, output := actionstest.Run(t, conn, "user.set_status", input(t, map[string]any{"status": false},
				map[string]any{"Gsid": userID(3)}, map[string]any{"Gsid": userID(2)}))
			want := []outcome{{Status: "succeeded", ID: userID(3)}, {Status: "succeeded", ID: userID(2)}}
			if diff := cmp.Diff(want, outcomes(t, output)); diff != "" {
				t.Errorf("results (-want +got):\n%s", diff)
			}
		})
	}
}

func TestOneBadUserRefusesAll(t *testing.T) {
	t.Parallel()
	tenant := sandbox.New(sandbox.Acme(), &sandbox.Options{Forms: sandbox.Forms{UserAllOrNothing: true}})
	conn := actionstest.Connect(t, tenant, nil)
	before := len(tenant.Users())
	result, output := actionstest.Run(t, conn, "user.create", input(t, nil,
		person("one", nil), person("ada.berg", nil), person("three", nil),
	))
	if result.Records.Failed != 3 || len(tenant.Users()) != before {
		t.Fatalf("%d users were made: %s", len(tenant.Users())-before, result.Output)
	}
	message := output["results"].([]any)[0].(map[string]any)["error"].(map[string]any)["message"].(string)
	if message != "the tenant wrote no user of the request: Duplicate user" {
		t.Errorf("message %q", message)
	}
}

func TestRefusedUsers(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		action  string
		options map[string]any
		record  map[string]any
		want    outcome
		hint    string
	}{
		"a user name that exists": {
			"user.create", nil, person("Ada.Berg", nil),
			outcome{Status: "failed", Reason: "CONFLICT", Code: "GU_2411"}, "exists already",
		},
		"the user as manager": {
			"user.update", nil, map[string]any{"SFDCUserName": "ben.costa@example.com", "ManagerEmail": "ben.costa@example.com"},
			outcome{Status: "failed", Reason: "INVALID_INPUT", Code: "GU_2410"}, "another manager",
		},
		"nobody by that name": {
			"user.update", nil, map[string]any{"SFDCUserName": "nobody@example.com"},
			outcome{Status: "failed", Reason: "INVALID_INPUT", Code: "GU_2402"}, "",
		},
		"no such company": {
			"user.create", nil, person("sam", map[string]any{"CompanyName": "No Such Company"}),
			outcome{Status: "failed", Reason: "INVALID_INPUT", Code: "GU_2401"}, "",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn := actionstest.Connect(t, sandbox.New(sandbox.Acme(), nil), nil)
			result, output := actionstest.Run(t, conn, tt.action, input(t, tt.options, tt.record))
			if diff := cmp.Diff([]outcome{tt.want}, outcomes(t, output)); diff != "" {
				t.Errorf("results (-want +got):\n%s", diff)
			}
			e := output["results"].([]any)[0].(map[string]any)["error"].(map[string]any)
			if hint, _ := e["hint"].(string); !strings.Contains(hint, tt.hint) {
				t.Errorf("hint %q, want %q", hint, tt.hint)
			}
			if strings.Contains(string(result.Output), "No Such Company") {
				t.Errorf("the output repeats a value: %s", result.Output)
			}
		})
	}
}

// TestLookupsThatCannotBe: the request is refused before any record is read.
func TestLookupsThatCannotBe(t *testing.T) {
	t.Parallel()
	conn := actionstest.Connect(t, sandbox.New(sandbox.Acme(), nil), nil)
	result, err := execute(t, conn, "user.create", `{"records":[{"SFDCUserName":"s","Email":"s@example.com","Name":"S","Boss":"Ada Berg"}],
		"lookups":{"Manager":{"fields":{"Boss":"Nickname"},"objectName":"gsuser"}}}`)
	if err != nil {
		t.Fatal(err)
	}
	got := string(result.Output)
	if result.Records.Failed != 1 || !strings.Contains(got, "GU_2403") || !strings.Contains(got, "Check the lookups") {
		t.Errorf("output %s, want GU_2403 with a hint", got)
	}
}

// TestKeyThatTheTenantRefuses: a connection can send another key than the
// three that are known.
func TestKeyThatTheTenantRefuses(t *testing.T) {
	t.Parallel()
	conn := actionstest.Connect(t, sandbox.New(sandbox.Acme(), nil), actionstest.Settings{"endpoints": map[string]any{
		"user.set_status": map[string]any{"path": servicePath, "query": "key=Email"},
	}})
	result, _ := actionstest.Run(t, conn, "user.set_status", input(t, map[string]any{"status": true}, map[string]any{"Gsid": userID(1)}))
	got := string(result.Output)
	if result.Records.Failed != 1 || !strings.Contains(got, "GU_2409") || !strings.Contains(got, "options.key") {
		t.Errorf("output %s, want GU_2409 with a hint", got)
	}
}

func TestLostAnswer(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		action  string
		options map[string]any
		record  map[string]any
		status  string
		calls   int
	}{
		"create is not repeated": {"user.create", nil, person("sam", nil), "unknown", 1},
		"update is repeated":     {"user.update", nil, map[string]any{"SFDCUserName": "ben.costa@example.com"}, "succeeded", 2},
		"status is repeated":     {"user.set_status", map[string]any{"status": false}, map[string]any{"Gsid": userID(2)}, "succeeded", 2},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant := sandbox.New(sandbox.Acme(), nil)
			conn := actionstest.Connect(t, tenant, nil)
			tenant.Inject(sandbox.Fault{Path: servicePath, Kind: sandbox.FaultLostAnswer, Times: 1})
			_, output := actionstest.Run(t, conn, tt.action, input(t, tt.options, tt.record))
			if got := outcomes(t, output)[0].Status; got != tt.status || len(writes(tenant)) != tt.calls {
				t.Errorf("%s after %d calls, want %s after %d", got, len(writes(tenant)), tt.status, tt.calls)
			}
			if tt.status != "unknown" {
				return
			}
			e := output["results"].([]any)[0].(map[string]any)["error"].(map[string]any)
			if hint, _ := e["hint"].(string); !strings.Contains(hint, "user.list") || !strings.Contains(hint, "GU_2411") {
				t.Errorf("hint %q, want one that says how to look and what a repeated create answers", hint)
			}
			_, again := actionstest.Run(t, conn, tt.action, input(t, tt.options, tt.record))
			if got := outcomes(t, again)[0]; got.Code != "GU_2411" || got.Reason != "CONFLICT" {
				t.Errorf("sent again: %+v, want GU_2411", got)
			}
		})
	}
}

// TestLostHalfWay: what is known of a record is never lost.
func TestLostHalfWay(t *testing.T) {
	t.Parallel()
	tenant := sandbox.New(sandbox.Acme(), nil)
	conn := actionstest.Connect(t, tenant, actionstest.Settings{"endpoints": map[string]any{
		"user.create": map[string]any{"records_per_request": 1},
	}})
	tenant.Inject(sandbox.Fault{Path: servicePath, Kind: sandbox.FaultTruncated, After: 1, Times: 1})
	_, output := actionstest.Run(t, conn, "user.create", input(t, nil, person("one", nil), person("two", nil), person("three", nil)))
	var got []string
	for _, o := range outcomes(t, output) {
		got = append(got, o.Status)
	}
	if diff := cmp.Diff([]string{"succeeded", "unknown", "failed"}, got); diff != "" {
		t.Errorf("statuses (-want +got):\n%s", diff)
	}
}

// TestBudget: the hourly budget of user management is told from the tenant's,
// in all forms of the answer.
func TestBudget(t *testing.T) {
	t.Parallel()
	for form, name := range map[sandbox.ThrottleForm]string{
		sandbox.ThrottleGateway429: "GU_2400", sandbox.ThrottleGateway200: "GS_APIG_2404", sandbox.ThrottleUser429: "GU_2400",
	} {
		t.Run(fmt.Sprint(form), func(t *testing.T) {
			t.Parallel()
			tenant := sandbox.New(sandbox.Acme(), &sandbox.Options{
				Limits: &sandbox.Limits{UsersPerHour: 1}, Forms: sandbox.Forms{Throttle: form},
			})
			conn := actionstest.Connect(t, tenant, nil)
			if _, err := execute(t, conn, "user.list", `{}`); err != nil {
				t.Fatal(err)
			}
			for _, action := range []string{"user.create", "user.list"} {
				in := `{}`
				if action == "user.create" {
					in = input(t, nil, person("sam", nil))
				}
				_, err := execute(t, conn, action, in)
				e := connector.AsError(err)
				if !errors.Is(err, connector.ReasonRateLimited) || e.Downstream.Code != name || e.RetryAfter <= 0 {
					t.Errorf("%s: error %v, want RATE_LIMITED by %s with a time to wait", action, err, name)
				}
			}
			if _, err := conn.Check(t.Context()); err != nil {
				t.Errorf("the tenant's own budget is spent too: %v", err)
			}
		})
	}
}

func TestDryRun(t *testing.T) {
	t.Parallel()
	tenant := sandbox.New(sandbox.Acme(), nil)
	conn := actionstest.Connect(t, tenant, nil)
	calls := map[string]struct{ in, want string }{
		"user.create": {
			`{"records":[{"referenceId":"r","SFDCUserName":"s","Email":"s@example.com","Name":"S","CompanyName":"C","permissionBundles":["B"]}]}`,
			`{"requests":[{"body":{"lookups":{"CompanyID":{"fields":{"CompanyName":"Name"},"lookupField":"Gsid","multiMatchOption":"FIRSTMATCH",` +
				`"objectName":"company","onNoMatch":"ERROR"}},"permissionBundleAction":"append","records":[{"CompanyName":"C","Email":"s@example.com",` +
				`"Name":"S","SFDCUserName":"s","permissionBundles":["B"]}]},"method":"POST","path":"/v1/users/services?notify=false"}],"valid":true}`,
		},
		"user.set_status": {
			`{"records":[{"Gsid":"x"},{"Gsid":"y"}],"options":{"status":true}}`,
			`{"requests":[{"body":["x","y"],"method":"PUT","path":"/v1/users/services/status?status=true"}],"valid":true}`,
		},
	}
	for action, tt := range calls {
		t.Run(action, func(t *testing.T) {
			t.Parallel()
			result, err := conn.Execute(t.Context(), connector.Call{Action: action, DryRun: true, Input: []byte(tt.in)})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(sorted(t, tt.want), sorted(t, string(result.Output))); diff != "" {
				t.Errorf("plan (-want +got):\n%s", diff)
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

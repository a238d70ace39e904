package users_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/actions/actionstest"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

const servicePath = "/v1/users/services"

// userID is the id of the nth user of acme.
func userID(n int) string { return fmt.Sprintf("1P01ACME%028d", n) }

// person is a record that acme accepts; changes are laid over it, and a nil
// takes a field away.
func person(name string, changes map[string]any) map[string]any {
	return actionstest.With(map[string]any{
		"SFDCUserName": name + "@example.com", "Email": name + "@example.com", "Name": "Sam Example",
	}, changes)
}

func input(t *testing.T, options map[string]any, records ...map[string]any) string {
	t.Helper()
	in := map[string]any{"records": records}
	if options != nil {
		in["options"] = options
	}
	b, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func execute(t *testing.T, conn *host.Connection, action, in string) (connector.Result, error) {
	t.Helper()
	return conn.Execute(t.Context(), connector.Call{Action: action, Input: json.RawMessage(in)})
}

// outcome is what a test compares of a record's result.
type outcome struct{ Status, Reason, Code, ID string }

func outcomes(t *testing.T, output map[string]any) []outcome {
	t.Helper()
	var got []outcome
	for _, r := range actionstest.Results(t, output) {
		got = append(got, outcome{r.Status, r.Reason, r.Code, r.ID})
	}
	return got
}

// user reads a user back.
func user(t *testing.T, tenant *sandbox.Tenant, key, value string) map[string]any {
	t.Helper()
	for _, u := range tenant.Users() {
		if u[key] == value {
			return u
		}
	}
	t.Fatalf("no user has %s %q", key, value)
	return nil
}

// writes returns the queries of the writes that arrived.
func writes(tenant *sandbox.Tenant) []string {
	var queries []string
	for _, r := range tenant.Requests() {
		if strings.HasPrefix(r.Path, servicePath) {
			queries = append(queries, r.Query)
		}
	}
	return queries
}

func TestCreatedUserIsInTheTenant(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		options map[string]any
		query   string
	}{
		"no mail unless asked for": {nil, "notify=false"},
		"mail":                     {map[string]any{"notify": true}, "notify=true"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant := sandbox.New(sandbox.Acme(), nil)
			conn := actionstest.Connect(t, tenant, nil)
			_, output := actionstest.Run(t, conn, "user.create", input(t, tt.options, person("sam", map[string]any{
				"referenceId": "hr-1", "LicenseType": "Viewer", "CompanyName": "Aurora Labs", "ManagerEmail": "Ada.Berg@example.com",
				"permissionBundles": []string{"CSM Bundle"}, "Department__gc": "Success",
			})))
			made := user(t, tenant, "SFDCUserName", "sam@example.com")
			for field, want := range map[string]any{
				"LicenseType": "Viewer", "CompanyID": "1P02ACME0000000000000000000000000002", "Manager": userID(1),
				"IsActiveUser": true, "IsSuperAdmin": false, "Department__gc": "Success",
			} {
				if made[field] != want {
					t.Errorf("%s is %v, want %v", field, made[field], want)
				}
			}
			if diff := cmp.Diff([]string{"CSM Bundle"}, made["permissionBundles"]); diff != "" {
				t.Errorf("bundles (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff([]outcome{{Status: "succeeded", ID: made["Gsid"].(string)}}, outcomes(t, output)); diff != "" {
				t.Errorf("results (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff([]string{tt.query}, writes(tenant)); diff != "" {
				t.Errorf("queries (-want +got):\n%s", diff)
			}
		})
	}
}

func TestUpdate(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		options map[string]any
		record  map[string]any
		query   string
	}{
		"by user name":    {nil, map[string]any{"SFDCUserName": "ben.costa@example.com"}, "key=SFDCUserName"},
		"by Gainsight id": {map[string]any{"key": "Gsid"}, map[string]any{"Gsid": userID(2)}, "key=Gsid"},
		"by Salesforce id": {
			map[string]any{"key": "SfdcUserId"}, map[string]any{"SfdcUserId": "0055e00000EXMP0001"}, "key=SfdcUserId",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant := sandbox.New(sandbox.Acme(), nil)
			conn := actionstest.Connect(t, tenant, nil)
			before := user(t, tenant, "Gsid", userID(2))
			tt.record["Title"], tt.record["Timezone"] = "Director", nil
			_, output := actionstest.Run(t, conn, "user.update", input(t, tt.options, tt.record))
			after := user(t, tenant, "Gsid", userID(2))
			if after["Title"] != "Director" || after["Timezone"] != nil || after["Email"] != before["Email"] {
				t.Errorf("the user is %v, want another title, no time zone and the same e-mail", after)
			}
			if got := outcomes(t, output); got[0].Status != "succeeded" || got[0].ID != userID(2) {
				t.Errorf("results %+v", got)
			}
			if diff := cmp.Diff([]string{tt.query}, writes(tenant)); diff != "" {
				t.Errorf("queries (-want +got):\n%s", diff)
			}
		})
	}
}

// TestBundles: what a user has stays unless told otherwise.
func TestBundles(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		options map[string]any
		want    []string
	}{
		"not told":  {nil, []string{"CSM Bundle", "Analyst Bundle"}},
		"append":    {map[string]any{"permissionBundleAction": "append"}, []string{"CSM Bundle", "Analyst Bundle"}},
		"overwrite": {map[string]any{"permissionBundleAction": "overwrite"}, []string{"Analyst Bundle"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant := sandbox.New(sandbox.Acme(), nil)
			conn := actionstest.Connect(t, tenant, nil)
			give := func(options map[string]any, bundle string) {
				result, _ := actionstest.Run(t, conn, "user.update", input(t, options, map[string]any{
					"SFDCUserName": "ben.costa@example.com", "permissionBundles": []string{bundle},
				}))
				if result.Records.Succeeded != 1 {
					t.Fatalf("not written: %s", result.Output)
				}
			}
			give(nil, "CSM Bundle")
			give(tt.options, "Analyst Bundle")
			if diff := cmp.Diff(tt.want, user(t, tenant, "Gsid", userID(2))["permissionBundles"]); diff != "" {
				t.Errorf("bundles (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSetStatus(t *testing.T) {
	t.Parallel()
	for _, active := range []bool{true, false} {
		t.Run(strconv.FormatBool(active), func(t *testing.T) {
			t.Parallel()
			tenant := sandbox.New(sandbox.Acme(), nil)
			conn := actionstest.Connect(t, tenant, nil)
			_, output := actionstest.Run(t, conn, "user.set_status", input(t, map[string]any{"status": active},
				map[string]any{"Gsid": userID(13), "referenceId": "x"}, map[string]any{"Gsid": userID(99)},
				map[string]any{"Gsid": userID(2)},
			))
			want := []outcome{
				{Status: "succeeded", ID: userID(13)}, {Status: "failed", Reason: "INVALID_INPUT"}, {Status: "succeeded", ID: userID(2)},
			}
			if diff := cmp.Diff(want, outcomes(t, output)); diff != "" {
				t.Errorf("results (-want +got):\n%s", diff)
			}
			for _, n := range []int{2, 13} {
				if got := user(t, tenant, "Gsid", userID(n))["IsActiveUser"]; got != active {
					t.Errorf("user %d: active is %v", n, got)
				}
			}
			if diff := cmp.Diff([]string{fmt.Sprintf("status=%t", active)}, writes(tenant)); diff != "" {
				t.Errorf("queries (-want +got):\n%s", diff)
			}
		})
	}
}

func TestInvalidRecordsNeverLeave(t *testing.T) {
	t.Parallel()
	const secret = "CANARY-value-4711"
	list := func(records ...map[string]any) []map[string]any { return records }
	tests := map[string]struct {
		action  string
		options map[string]any
		records []map[string]any
		want    []string // pointers
	}{
		"an empty user": {
			"user.create", nil, list(map[string]any{}), []string{"/records/0/SFDCUserName", "/records/0/Email", "/records/0/Name"},
		},
		"half a name": {
			"user.create", nil, list(person("a", map[string]any{"Name": nil, "FirstName": secret})), []string{"/records/0/Name"},
		},
		"an external without company": {
			"user.create", nil, list(map[string]any{"SystemType": "External"}), []string{"/records/0/CompanyID"},
		},
		"super admin": {
			"user.create", nil, list(person("a", map[string]any{"IsSuperAdmin": true})), []string{"/records/0/IsSuperAdmin"},
		},
		"one user twice": {
			"user.create", nil, list(person("a", nil), person("b", nil), person("A", nil)), []string{"/records/2/SFDCUserName"},
		},
		"an e-mail that is none": {"user.create", nil, list(person("a", map[string]any{"Email": secret})), []string{"/records/0/Email"}},
		"bundles that are no list": {
			"user.create", nil, list(person("a", map[string]any{"permissionBundles": secret})), []string{"/records/0/permissionBundles"},
		},
		"the bundle action in a record": {
			"user.update", nil, list(map[string]any{"SFDCUserName": "a", "permissionBundleAction": "append"}),
			[]string{"/records/0/permissionBundleAction"},
		},
		"no key": {"user.update", nil, list(map[string]any{"Title": secret}), []string{"/records/0/SFDCUserName"}},
		"another key": {
			"user.update", map[string]any{"key": "Gsid"}, list(map[string]any{"SFDCUserName": secret}), []string{"/records/0/Gsid"},
		},
		"an id beside the key": {
			"user.update", nil, list(map[string]any{"SFDCUserName": "a", "Gsid": userID(1)}), []string{"/records/0/Gsid"},
		},
		"a key that is none": {
			"user.update", map[string]any{"key": "Email"}, list(map[string]any{"SFDCUserName": "a"}), []string{"/options/key"},
		},
		"super admin by an update": {
			"user.update", nil, list(map[string]any{"SFDCUserName": "a", "IsSuperAdmin": true}), []string{"/records/0/IsSuperAdmin"},
		},
		"no status": {"user.set_status", map[string]any{}, list(map[string]any{"Gsid": userID(1)}), []string{"/options/status"}},
		"one id twice": {
			"user.set_status", map[string]any{"status": true}, list(map[string]any{"Gsid": userID(1)}, map[string]any{"Gsid": userID(1)}),
			[]string{"/records/1/Gsid"},
		},
	}
	tenant := sandbox.New(sandbox.Acme(), nil)
	conn := actionstest.Connect(t, tenant, nil)
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := execute(t, conn, tt.action, input(t, tt.options, tt.records...))
			if !errors.Is(err, connector.ReasonInvalidInput) {
				t.Fatalf("error %v, want INVALID_INPUT", err)
			}
			var got []string
			for _, v := range connector.AsError(err).Violations {
				got = append(got, v.Pointer)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("pointers (-want +got):\n%s", diff)
			}
			if strings.Contains(err.Error(), secret) {
				t.Errorf("the error repeats a value: %v", err)
			}
		})
	}
	t.Cleanup(func() {
		if sent := writes(tenant); len(sent) > 0 {
			t.Errorf("%d requests were sent", len(sent))
		}
	})
}

func TestSuperAdminIsNotOffered(t *testing.T) {
	t.Parallel()
	conn := actionstest.Connect(t, sandbox.New(sandbox.Acme(), nil), nil)
	for _, action := range []string{"user.create", "user.update"} {
		d, err := conn.Describe(t.Context(), connector.DescribeRequest{Action: action})
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(d.Input), "IsSuperAdmin") {
			t.Errorf("%s offers IsSuperAdmin", action)
		}
		if !strings.Contains(string(d.Input), "Department__gc") {
			t.Errorf("%s does not offer the tenant's own field", action)
		}
	}
}

func TestMoreThanARequestTakes(t *testing.T) {
	t.Parallel()
	for _, n := range []int{50, 51, 120} {
		t.Run(strconv.Itoa(n), func(t *testing.T) {
			t.Parallel()
			tenant := sandbox.New(sandbox.Acme(), nil)
			conn := actionstest.Connect(t, tenant, nil)
			records := make([]map[string]any, n)
			for i := range records {
				records[i] = person(fmt.Sprintf("user%d", i), nil)
			}
			records[n-1]["SFDCUserName"] = "ada.berg@example.com" // exists
			result, output := actionstest.Run(t, conn, "user.create", input(t, nil, records...))
			if want := (&connector.RecordSummary{Total: n, Succeeded: n - 1, Failed: 1}); !cmp.Equal(want, result.Records) {
				t.Errorf("summary %+v, want %+v", result.Records, want)
			}
			for i, o := range outcomes(t, output)[:n-1] {
				if o.ID != user(t, tenant, "SFDCUserName", fmt.Sprintf("user%d@example.com", i))["Gsid"] {
					t.Fatalf("result %d has the id of another user", i)
				}
			}
			if got, want := len(writes(tenant)), (n+49)/50; got != want {
				t.Errorf("%d requests, want %d", got, want)
			}
		})
	}
}

func TestMoreStatusesThanARequestTakes(t *testing.T) {
	t.Parallel()
	for n, requests := range map[int]int{50: 1, 51: 2} {
		t.Run(strconv.Itoa(n), func(t *testing.T) {
			t.Parallel()
			tenant := sandbox.New(sandbox.Acme(), nil)
			conn := actionstest.Connect(t, tenant, nil)
			records, want := make([]map[string]any, n), make([]outcome, n)
			for i := range records {
				id := userID(1000 + i) // unknown to the tenant
				records[i], want[i] = map[string]any{"Gsid": id}, outcome{Status: "failed", Reason: "INVALID_INPUT"}
			}
			records[n-1]["Gsid"], want[n-1] = userID(2), outcome{Status: "succeeded", ID: userID(2)}
			_, output := actionstest.Run(t, conn, "user.set_status", input(t, map[string]any{"status": false}, records...))
			if diff := cmp.Diff(want, outcomes(t, output)); diff != "" {
				t.Errorf("results (-want +got):\n%s", diff)
			}
			if got := len(writes(tenant)); got != requests {
				t.Errorf("%d requests, want %d", got, requests)
			}
		})
	}
}

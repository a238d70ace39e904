package actions_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/actions/actionstest"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

// changing is a tenant whose administrator changes the fields of a CTA while
// the connection to it is open.
type changing struct {
	current atomic.Pointer[sandbox.Tenant]
	fields  []map[string]any
	object  map[string]any
	conn    *host.Connection
	now     atomic.Pointer[time.Time]
}

func (c *changing) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.current.Load().ServeHTTP(w, r)
}

// connectChanging connects to a tenant that tells the ids of its fields.
func connectChanging(t *testing.T, settings actionstest.Settings) *changing {
	t.Helper()
	c := &changing{}
	begun := time.Date(2026, 12, 15, 10, 0, 0, 0, time.UTC)
	c.now.Store(&begun)
	c.describe(t)
	c.change(t, func(name string, f map[string]any) bool {
		f["fieldId"] = "id of " + name
		return true
	})
	server := httptest.NewServer(c)
	t.Cleanup(server.Close)
	p := actionstest.HostWith(t, actions.Options{Clock: func() time.Time { return *c.now.Load() }}, nil)
	c.conn = actionstest.Open(t, p, c.current.Load(), server.URL, settings)
	return c
}

// describe takes the fields from another tenant.
func (c *changing) describe(t *testing.T) {
	t.Helper()
	original := actionstest.Connect(t, sandbox.New(sandbox.Acme(), nil), nil)
	_, output := actionstest.Run(t, original, "object.describe", `{"objectName":"call_to_action"}`)
	records, _ := output["records"].([]any)
	c.object, _ = records[0].(map[string]any)
	fields, _ := c.object["fields"].([]any)
	for _, f := range fields {
		field, _ := f.(map[string]any)
		c.fields = append(c.fields, field)
	}
}

// change edits every field and drops those of which edit reports false.
func (c *changing) change(t *testing.T, edit func(name string, f map[string]any) bool) {
	t.Helper()
	c.fields = slices.DeleteFunc(c.fields, func(f map[string]any) bool {
		name, _ := f["fieldName"].(string)
		return !edit(name, f)
	})
	c.object["fields"] = c.fields
	described, err := json.Marshal(c.object)
	if err != nil {
		t.Fatal(err)
	}
	seed := sandbox.Twin(sandbox.Original{Name: "acme", Objects: []json.RawMessage{described}})
	c.current.Store(sandbox.New(seed, &sandbox.Options{Limits: &sandbox.Limits{}}))
	later := c.now.Load().Add(time.Hour) // when nothing is left of what the connector knew
	c.now.Store(&later)
}

// reform is what the administrator does.
func reform(name string, f map[string]any) bool {
	meta, _ := f["meta"].(map[string]any)
	switch name {
	case "Short_Text__gc":
		return false
	case "Long_Note__gc":
		f["fieldName"], f["label"] = "Narrative__gc", "Narrative"
	case "Affected_Seats__gc":
		f["dataType"] = "STRING"
	case "Contact_Email__gc":
		meta["required"] = true
	case "Severity__gc":
		options, _ := f["options"].([]any)
		f["options"] = slices.DeleteFunc(options, func(o any) bool {
			option, _ := o.(map[string]any)
			return option["label"] == "High"
		})
	}
	return true
}

// built describes an action and returns its fingerprint.
func (c *changing) built(t *testing.T, req connector.DescribeRequest) string {
	t.Helper()
	if req.Fingerprint = true; req.Action == "" {
		req.Action = "cta.create"
	}
	d, err := c.conn.Describe(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	return d.Fingerprint
}

// writes counts the requests that could have written a CTA.
func (c *changing) writes() int {
	n := 0
	for _, r := range c.current.Load().Requests() {
		if r.Method == http.MethodPost && strings.HasPrefix(r.Path, "/v2/cockpit/cta") {
			n++
		}
	}
	return n
}

const (
	common = `"Name":"Late parts","CompanyName":"Aurora Labs","OwnerEmail":"ada.berg@example.com",
		"DueDate":"2026-12-15","type":"Risk","reason":"Other","status":"New","priority":"High"`
	// unaffected uses nothing that changes.
	unaffected = `{"records":[{` + common + `,"Customer_Visible__gc":true,"Severity__gc":"Low","Contact_Email__gc":"a@example.com"}]}`
	// affected uses all that changes.
	affected = `{"records":[{` + common + `,"Short_Text__gc":"x","Long_Note__gc":"y","Affected_Seats__gc":3,"Severity__gc":"High"}]}`
)

// reformed are the changes that affected meets.
func reformed() []string {
	return []string{
		"drift:retyped /records/0/Affected_Seats__gc Affected Seats (Affected_Seats__gc) was a number and is now a string",
		"drift:required /records/0/Contact_Email__gc Contact Email (Contact_Email__gc) is now required",
		"drift:renamed /records/0/Long_Note__gc Narrative (Long_Note__gc) is now called Narrative__gc",
		"drift:options-gone /records/0/Severity__gc Severity (Severity__gc) no longer has the option chosen",
		"drift:removed /records/0/Short_Text__gc Short_Text__gc was removed",
	}
}

func TestDriftOfATenant(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		usedBy, input string
		policy        connector.DriftPolicy
		reason        connector.Reason
	}{
		"what is not used, held":   {input: unaffected, policy: connector.DriftHold},
		"hold":                     {input: affected, policy: connector.DriftHold, reason: connector.ReasonSchemaDrift},
		"hold, of a part":          {usedBy: affected, input: affected, policy: connector.DriftHold, reason: connector.ReasonSchemaDrift},
		"fail":                     {input: affected, policy: connector.DriftFail, reason: connector.ReasonInvalidInput},
		"warn, and the input fits": {input: `{"records":[{` + common + `}]}`, policy: connector.DriftWarn},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := connectChanging(t, nil)
			built := c.built(t, connector.DescribeRequest{UsedBy: json.RawMessage(tt.usedBy)})
			c.change(t, reform)
			result, err := c.conn.Execute(t.Context(), connector.Call{
				Action: "cta.create", Input: json.RawMessage(tt.input), BuiltWith: built, Drift: tt.policy,
			})
			if tt.reason == "" {
				if err != nil || result.Records.Succeeded != 1 {
					t.Errorf("result = %+v, %v", result, err)
				}
				return
			}
			if !errors.Is(err, tt.reason) {
				t.Fatalf("error = %v, want %s", err, tt.reason)
			}
			var got []string
			for _, v := range connector.AsError(err).Violations {
				got = append(got, v.Keyword+" "+v.Pointer+" "+v.Message)
			}
			if diff := cmp.Diff(reformed(), got); diff != "" {
				t.Errorf("violations (-want +got):\n%s", diff)
			}
			if n := c.writes(); n != 0 {
				t.Errorf("%d requests were made that could have written", n)
			}
		})
	}
}

// Of a CTA with the fields of every type a fingerprint is small.
func TestFingerprintOfATenantIsSmall(t *testing.T) {
	t.Parallel()
	c := connectChanging(t, nil)
	whole, part := c.built(t, connector.DescribeRequest{}), c.built(t, connector.DescribeRequest{UsedBy: json.RawMessage(affected)})
	if len(whole) > 6<<10 || len(part) >= len(whole) {
		t.Errorf("it has %d bytes, that of what is used %d", len(whole), len(part))
	}
}

// What a call that goes on is refused for says what has changed.
func TestDriftOfATenantExplains(t *testing.T) {
	t.Parallel()
	c := connectChanging(t, nil)
	built := c.built(t, connector.DescribeRequest{})
	c.change(t, reform)
	_, err := c.conn.Execute(t.Context(), connector.Call{Action: "cta.create", Input: json.RawMessage(affected), BuiltWith: built})
	hint := connector.AsError(err).Hint
	if !errors.Is(err, connector.ReasonInvalidInput) || !strings.Contains(hint, "is now called Narrative__gc") {
		t.Errorf("error = %v, hint %q", err, hint)
	}
}

func TestDriftSetting(t *testing.T) {
	t.Parallel()
	c := connectChanging(t, actionstest.Settings{"drift": "hold"})
	built := c.built(t, connector.DescribeRequest{})
	c.change(t, reform)
	run := func(action, input, built string, policy connector.DriftPolicy) error {
		_, err := c.conn.Execute(t.Context(), connector.Call{
			Action: action, Input: json.RawMessage(input), BuiltWith: built, Drift: policy,
		})
		return err
	}
	if err := run("cta.create", affected, built, ""); !errors.Is(err, connector.ReasonSchemaDrift) {
		t.Errorf("by the setting: %v", err)
	}
	if err := run("cta.create", affected, built, connector.DriftIgnore); !errors.Is(err, connector.ReasonInvalidInput) {
		t.Errorf("ignored: %v", err)
	}
	err := run("cta.update", affected, built, "")
	if !errors.Is(err, connector.ReasonInvalidInput) || !strings.Contains(err.Error(), "another action") {
		t.Errorf("of another action: %v", err)
	}
}

// An update leaves what it does not name, so that it lacks nothing when the
// tenant's metadata come to require a field.
func TestDriftOfAnUpdate(t *testing.T) {
	t.Parallel()
	c := connectChanging(t, nil)
	built := c.built(t, connector.DescribeRequest{Action: "cta.update"})
	c.change(t, reform)
	id, _ := c.current.Load().CTAs()[0]["Gsid"].(string)
	run := func(field, value string) error {
		_, err := c.conn.Execute(t.Context(), connector.Call{
			Action: "cta.update", Input: json.RawMessage(actionstest.Input(t, map[string]any{"Gsid": id, field: value})),
			BuiltWith: built, Drift: connector.DriftHold,
		})
		return err
	}
	if err := run("Comments", "late"); err != nil {
		t.Errorf("of a field that has not changed: %v", err)
	}
	if err := run("Short_Text__gc", "late"); !errors.Is(err, connector.ReasonSchemaDrift) {
		t.Errorf("of a field that is gone: %v", err)
	}
}

// A list is told of the fields that it names and that are gone.
func TestDriftOfAList(t *testing.T) {
	t.Parallel()
	c := connectChanging(t, nil)
	built := c.built(t, connector.DescribeRequest{Action: "cta.list"})
	c.change(t, reform)
	tests := map[string]struct{ input, want string }{
		"of fields that have stayed": {
			`{"select":["Name","Affected_Seats__gc"],"where":{"conditions":[{"name":"Name","operator":"EQ","value":["x"]}]}}`, "",
		},
		"of one that it selects": {`{"select":["Name","Short_Text__gc"]}`, "drift:options-gone /select/1"},
		"of one in a condition": {
			`{"select":["Name"],"where":{"conditions":[{"name":"Long_Note__gc","operator":"IS_NULL"}]}}`,
			"drift:options-gone /where/conditions/0/name",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := c.conn.Execute(t.Context(), connector.Call{
				Action: "cta.list", Input: json.RawMessage(tt.input), BuiltWith: built, Drift: connector.DriftHold,
			})
			if tt.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			e := connector.AsError(err)
			if !errors.Is(err, connector.ReasonSchemaDrift) || len(e.Violations) != 1 ||
				e.Violations[0].Keyword+" "+e.Violations[0].Pointer != tt.want {
				t.Errorf("error = %+v, want %s", e, tt.want)
			}
		})
	}
}

// A fingerprint costs the tenant nothing that the call does not cost anyway.
func TestDriftAsksForNothingMore(t *testing.T) {
	t.Parallel()
	for action, input := range map[string]string{
		"cta.create": unaffected, "cta.list": `{"select":["Name"],"limit":5}`, "object.list": `{}`,
	} {
		t.Run(action, func(t *testing.T) {
			t.Parallel()
			built := connectChanging(t, nil).built(t, connector.DescribeRequest{Action: action})
			without, with := asked(t, action, input, ""), asked(t, action, input, built)
			slices.Sort(without) // a list reads the metadata that it needs before it is sent
			slices.Sort(with)
			if diff := cmp.Diff(without, with); diff != "" {
				t.Errorf("requests (-without +with a fingerprint):\n%s", diff)
			}
		})
	}
}

// asked returns the requests of a call that is the first on its connection.
func asked(t *testing.T, action, input, built string) []string {
	t.Helper()
	c := connectChanging(t, nil)
	_, err := c.conn.Execute(t.Context(), connector.Call{Action: action, Input: json.RawMessage(input), BuiltWith: built})
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, r := range c.current.Load().Requests() {
		paths = append(paths, r.Method+" "+r.Path)
	}
	return paths
}

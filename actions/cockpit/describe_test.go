package cockpit_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
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

// property is what a test reads of a field's schema.
type property struct {
	Title     string
	Type      any
	Format    string
	MaxLength int
	OneOf     []struct {
		Const any
		Title string
	}
	Items     *property
	Connector struct {
		Label    string
		Custom   bool
		Encoding string
		Lookup   *struct {
			Pointer string
		}
		Options []struct {
			Value    string
			Inactive bool
		}
	} `json:"x-connector"`
}

func record(t *testing.T, d connector.Description) map[string]property {
	t.Helper()
	var document struct {
		Defs struct {
			Record struct {
				Properties map[string]property
			}
		} `json:"$defs"`
	}
	if err := json.Unmarshal(d.Input, &document); err != nil {
		t.Fatal(err)
	}
	return document.Defs.Record.Properties
}

func describe(t *testing.T, conn *host.Connection, action string, selectors map[string]string) connector.Description {
	t.Helper()
	d, err := conn.Describe(t.Context(), connector.DescribeRequest{Action: action, Selectors: selectors})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// choice is one option of a picklist field.
type choice struct{ name, value, label string }

// picklists finds a picklist and a multi-select that the tenant made.
func picklists(t *testing.T, conn *host.Connection) (pick, multi choice) {
	t.Helper()
	for name, p := range record(t, describe(t, conn, "cta.create", nil)) {
		switch {
		case p.Connector.Custom && p.Items != nil && len(p.Items.OneOf) > 0:
			multi = choice{name, p.Items.OneOf[0].Const.(string), p.Items.OneOf[0].Title}
		case p.Connector.Custom && len(p.OneOf) > 0 && len(p.Connector.Options) == 0:
			pick = choice{name, p.OneOf[0].Const.(string), p.OneOf[0].Title}
		}
	}
	if pick.name == "" || multi.name == "" {
		t.Fatal("the tenant has no picklist or no multi-select")
	}
	return pick, multi
}

func names(p property) []string {
	var all []string
	for _, o := range p.OneOf {
		all = append(all, o.Title)
	}
	return all
}

func TestTenantsDiffer(t *testing.T) {
	t.Parallel()
	acme := record(t, describe(t, actionstest.Connect(t, sandbox.New(sandbox.Acme(), nil), nil), "cta.create", nil))
	globex := record(t, describe(t, actionstest.Connect(t, sandbox.New(sandbox.Globex(), nil), nil), "cta.create", nil))
	if diff := cmp.Diff([]string{"High", "Medium", "Low"}, names(acme["priority"])); diff != "" {
		t.Errorf("acme's priorities (-want +got):\n%s", diff)
	}
	if got := names(globex["priority"]); !strings.Contains(strings.Join(got, " "), "Critical") {
		t.Errorf("globex's priorities are %v, want Critical among them", got)
	}
	custom := func(all map[string]property) int {
		n := 0
		for name, p := range all {
			if p.Connector.Custom != strings.HasSuffix(name, "__gc") {
				t.Errorf("%s: custom is %v", name, p.Connector.Custom)
			}
			if p.Connector.Custom {
				n++
			}
		}
		return n
	}
	if a, g := custom(acme), custom(globex); a == 0 || g == 0 || a == g {
		t.Errorf("%d and %d custom fields, want some and not the same", a, g)
	}
	for _, hidden := range []string{"TypeId", "ReasonId", "StatusId", "PriorityId", "CreatedDate", "Gsid"} {
		if _, ok := acme[hidden]; ok {
			t.Errorf("%s is offered on create", hidden)
		}
	}
}

func TestSelectedTypeNarrowsReasons(t *testing.T) {
	t.Parallel()
	conn := actionstest.Connect(t, sandbox.New(sandbox.Acme(), nil), nil)
	all := names(record(t, describe(t, conn, "cta.create", nil))["reason"])
	risk := names(record(t, describe(t, conn, "cta.create", map[string]string{"type": "Risk"}))["reason"])
	if diff := cmp.Diff([]string{"Bugs Risk", "Support Risk", "Habits", "Sponsor Change", "Other"}, risk); diff != "" {
		t.Errorf("reasons of Risk (-want +got):\n%s", diff)
	}
	if len(all) <= len(risk) {
		t.Errorf("without a type there are %v", all)
	}
	for _, selectors := range []map[string]string{{"typ": "Risk"}, {"type": "Rsk"}} {
		_, err := conn.Describe(t.Context(), connector.DescribeRequest{Action: "cta.create", Selectors: selectors})
		if !errors.Is(err, connector.ReasonInvalidInput) || !strings.HasPrefix(connector.AsError(err).Hint, "did you mean") {
			t.Errorf("%v: error %v, want one that proposes another", selectors, err)
		}
	}
}

func TestDescribeIsConditional(t *testing.T) {
	t.Parallel()
	tenant := sandbox.New(sandbox.Acme(), nil)
	conn := actionstest.Connect(t, tenant, nil)
	first := describe(t, conn, "cta.create", nil)
	asked := len(tenant.Requests())
	again, err := conn.Describe(t.Context(), connector.DescribeRequest{Action: "cta.create", IfNoneMatch: first.ETag})
	if err != nil {
		t.Fatal(err)
	}
	if !again.NotModified || len(again.Input) > 0 || again.ETag != first.ETag {
		t.Errorf("the second answer is not a bare 'not modified': %+v", again)
	}
	if n := len(tenant.Requests()) - asked; n != 0 {
		t.Errorf("the second description cost %d requests", n)
	}
	if asked != 2 {
		t.Errorf("the first description cost %d requests, want one for the object and one for the configuration", asked)
	}
	if first.FetchedAt.IsZero() || first.MaxAge == 0 {
		t.Error("the description does not tell its age")
	}
	other := describe(t, conn, "cta.update", nil)
	if other.ETag == first.ETag {
		t.Error("two schemas share an ETag")
	}
}

func TestOptions(t *testing.T) {
	t.Parallel()
	conn := actionstest.Connect(t, sandbox.New(sandbox.Acme(), nil), nil)
	pick, _ := picklists(t, conn)
	tests := map[string]struct {
		req  connector.OptionsRequest
		want []string
		next bool
	}{
		"priorities": {connector.OptionsRequest{Pointer: "/records/*/priority"}, []string{"High", "Medium", "Low"}, false},
		"an index stands for any": {
			connector.OptionsRequest{Pointer: "/records/3/priority"}, []string{"High", "Medium", "Low"}, false,
		},
		"reasons of a type": {
			connector.OptionsRequest{Pointer: "/records/*/reason", Selectors: map[string]string{"type": "Lifecycle"}},
			[]string{"Onboarding", "Kickoff", "Other"}, false,
		},
		"searched": {
			connector.OptionsRequest{Pointer: "/records/*/reason", Query: "RISK bug"}, []string{"Bugs Risk"}, false,
		},
		"a page": {
			connector.OptionsRequest{Pointer: "/records/*/priority", PageSize: 2}, []string{"High", "Medium"}, true,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tt.req.Action = "cta.create"
			page, err := conn.Options(t.Context(), tt.req)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, o := range page.Options {
				got = append(got, o.Label)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("options (-want +got):\n%s", diff)
			}
			if (page.NextPageToken != "") != tt.next {
				t.Errorf("next page token %q", page.NextPageToken)
			}
		})
	}
	t.Run("the next page", func(t *testing.T) {
		t.Parallel()
		req := connector.OptionsRequest{Action: "cta.create", Pointer: "/records/*/priority", PageSize: 2}
		first, err := conn.Options(t.Context(), req)
		if err != nil {
			t.Fatal(err)
		}
		req.PageToken = first.NextPageToken
		page, err := conn.Options(t.Context(), req)
		if err != nil || len(page.Options) != 1 || page.Options[0].Value != "Low" || page.NextPageToken != "" {
			t.Errorf("%+v, error %v, want Low alone", page, err)
		}
	})
	t.Run("a custom picklist", func(t *testing.T) {
		t.Parallel()
		page, err := conn.Options(t.Context(), connector.OptionsRequest{Action: "cta.create", Pointer: "/records/*/" + pick.name})
		if err != nil || len(page.Options) == 0 || page.Options[0].Value != pick.value {
			t.Errorf("options %+v, error %v, want %q first", page.Options, err, pick.value)
		}
	})
	t.Run("a field without options", func(t *testing.T) {
		t.Parallel()
		_, err := conn.Options(t.Context(), connector.OptionsRequest{Action: "cta.create", Pointer: "/records/*/prioritty"})
		if !errors.Is(err, connector.ReasonNotFound) || !strings.Contains(connector.AsError(err).Hint, "/records/*/priority") {
			t.Errorf("error %v, want NOT_FOUND that proposes priority", err)
		}
	})
}

// TestOptionsOfCategory: globex's metadata have picklists without options, so
// they come from the category.
func TestOptionsOfCategory(t *testing.T) {
	t.Parallel()
	tenant := sandbox.New(sandbox.Globex(), nil)
	conn := actionstest.Connect(t, tenant, nil)
	_, described := actionstest.Run(t, conn, "object.describe", `{"objectName":"call_to_action"}`)
	var field string
	for _, f := range described["records"].([]any)[0].(map[string]any)["fields"].([]any) {
		m := f.(map[string]any)
		if options, ok := m["options"].([]any); ok && len(options) == 0 && strings.HasSuffix(m["fieldName"].(string), "__gc") {
			field = m["fieldName"].(string)
		}
	}
	if field == "" {
		t.Fatal("globex has no picklist with empty options")
	}
	page, err := conn.Options(t.Context(), connector.OptionsRequest{Action: "cta.create", Pointer: "/records/*/" + field})
	if err != nil {
		t.Fatal(err)
	}
	if len(page.Options) == 0 || page.Options[0].Label == "" || !strings.HasPrefix(page.Options[0].Value, "1I00") {
		t.Errorf("options of %s: %+v", field, page.Options)
	}
}

// TestExamplesFit: what a form is filled in with is valid for this tenant and
// these selectors.
func TestExamplesFit(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		seed      sandbox.Seed
		selectors map[string]string
		want      int
	}{
		"acme":                     {sandbox.Acme(), nil, 2},
		"acme, another type":       {sandbox.Acme(), map[string]string{"type": "Opportunity"}, 0},
		"globex, with other words": {sandbox.Globex(), nil, 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := describe(t, actionstest.Connect(t, sandbox.New(tt.seed, nil), nil), "cta.create", tt.selectors)
			var document struct{ Examples []json.RawMessage }
			if err := json.Unmarshal(d.Input, &document); err != nil {
				t.Fatal(err)
			}
			if len(document.Examples) != tt.want {
				t.Errorf("%d examples, want %d", len(document.Examples), tt.want)
			}
		})
	}
}

// TestSchemaChangedIsTold: a host learns that a tenant's fields have changed.
func TestSchemaChangedIsTold(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 12, 15, 10, 0, 0, 0, time.UTC)
	var clock atomic.Pointer[time.Time]
	clock.Store(&now)
	told := make(chan connector.Event, 1)
	p := actionstest.HostWith(t, actions.Options{Clock: func() time.Time { return *clock.Load() }},
		&host.Options{Events: func(_ *host.Connection, e connector.Event) { told <- e }})
	var current atomic.Pointer[sandbox.Tenant]
	current.Store(sandbox.New(sandbox.Acme(), nil))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { current.Load().ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	conn := actionstest.Open(t, p, current.Load(), server.URL, nil)
	before := describe(t, conn, "cta.create", nil)

	other := sandbox.Globex()
	other.AccessKey = sandbox.Acme().AccessKey
	current.Store(sandbox.New(other, nil))
	later := now.Add(time.Hour)
	clock.Store(&later)
	if after := describe(t, conn, "cta.create", nil); after.ETag == before.ETag {
		t.Fatal("the schema has not changed")
	}
	if diff := cmp.Diff(connector.Event(connector.SchemaChanged{Action: "cta.create"}), <-told); diff != "" {
		t.Errorf("event (-want +got):\n%s", diff)
	}
}

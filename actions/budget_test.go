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

// midday is a moment with 18 seconds left in its minute.
var midday = time.Date(2026, time.November, 24, 12, 0, 42, 0, time.UTC)

// budgeted is a connector and a tenant that live by one clock.
type budgeted struct {
	*host.Connection

	clock  *actionstest.Clock
	tenant *sandbox.Tenant
	plugin *host.Plugin
	server *httptest.Server
}

func newBudgeted(t *testing.T, opts sandbox.Options, settings actionstest.Settings) *budgeted {
	t.Helper()
	b := &budgeted{clock: actionstest.NewClock(midday)}
	opts.Clock, opts.ExportRows = b.clock.Now, 45_000
	b.tenant = sandbox.New(sandbox.Acme(), &opts)
	b.server = httptest.NewServer(b.tenant)
	t.Cleanup(b.server.Close)
	b.plugin = actionstest.HostWith(t, actions.Options{Clock: b.clock.Now, Sleep: b.clock.Sleep}, nil)
	b.Connection = actionstest.Open(t, b.plugin, b.tenant, b.server.URL, settings)
	return b
}

// throttled counts the requests that the tenant refused for its budget.
func (b *budgeted) throttled() int {
	n := 0
	for _, r := range b.tenant.Requests() {
		if r.Status == http.StatusTooManyRequests {
			n++
		}
	}
	return n
}

// TestNeverThrottled: a connector that knows the tenant's budgets gives it no
// reason to refuse a call.
func TestNeverThrottled(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		limits   *sandbox.Limits
		settings actionstest.Settings
		action   string
		input    string
		lasts    time.Duration
	}{
		"by default": {nil, nil, "cta.config", `{}`, 79 * time.Second},
		"user management": {
			nil, nil, "user.set_status", `{"records":[{"Gsid":"1P01ACME0000000000000000000000000005"}],"options":{"status":false}}`,
			time.Hour + 59*time.Minute + 19*time.Second,
		},
		"fewer": {
			&sandbox.Limits{PerMinute: 30, PerDay: 1000},
			actionstest.Settings{"limits": map[string]any{"synchronous": map[string]any{"per_minute": 30}}},
			"cta.config", `{}`, 8*time.Minute + 19*time.Second,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBudgeted(t, sandbox.Options{Limits: tt.limits}, tt.settings)
			for range 300 {
				actionstest.Run(t, b.Connection, tt.action, tt.input)
			}
			if n := b.throttled(); n > 0 {
				t.Errorf("%d calls were throttled", n)
			}
			if took := b.clock.Now().Sub(midday); took != tt.lasts {
				t.Errorf("it took %s, want %s", took, tt.lasts)
			}
		})
	}
}

// TestLargeWriteLeavesAReserve: 120 records, a request each, wait for the next
// minute after 90, and every record is written.
func TestLargeWriteLeavesAReserve(t *testing.T) {
	t.Parallel()
	b := newBudgeted(t, sandbox.Options{}, nil)
	var records []string
	for i := range 120 {
		records = append(records, fmt.Sprintf(
			`{"referenceId":"r%d","Name":"Call %d","CompanyName":"Ace Manufacturing","OwnerEmail":"dana.reyes@acme.example",`+
				`"type":"Risk","reason":"Bugs Risk","status":"New","priority":"High","DueDate":"2026-12-24"}`, i, i))
	}
	result, err := b.Execute(t.Context(), connector.Call{
		Action: "cta.create", Input: json.RawMessage(`{"records":[` + strings.Join(records, ",") + `]}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	if result.Records.Total != 120 || result.Records.Unknown != 0 || b.throttled() > 0 {
		t.Errorf("records %+v, %d throttled", result.Records, b.throttled())
	}
	first := 0
	for _, r := range b.tenant.Requests() {
		if r.Path == "/v2/cockpit/cta/" && r.Time.Truncate(time.Minute).Equal(midday.Truncate(time.Minute)) {
			first++
		}
	}
	if first < 85 || first > 90 { // describing the object has taken some as well
		t.Errorf("%d requests in the first minute, want the reserve kept", first)
	}
	if result.Stats.Queued != 19*time.Second {
		t.Errorf("queued for %s", result.Stats.Queued)
	}
}

// TestWriteEndsWithTheBudget: what was written before a budget was spent is
// told, and of the rest that it was not sent.
func TestWriteEndsWithTheBudget(t *testing.T) {
	t.Parallel()
	b := newBudgeted(t, sandbox.Options{}, actionstest.Settings{
		"limits": map[string]any{"timeline": map[string]any{"per_minute": 2}, "longest_wait_seconds": 5},
	})
	_, output := actionstest.Run(t, b.Connection, "activity.delete", `{"records":[{"ActivityId":"a"},{"ActivityId":"b"},{"ActivityId":"c"}]}`)
	var spent []bool
	for _, r := range output["results"].([]any) {
		failure, _ := r.(map[string]any)["error"].(map[string]any)
		spent = append(spent, failure["reason"] == "RATE_LIMITED" && strings.Contains(failure["message"].(string), "not sent"))
	}
	if diff := cmp.Diff([]bool{false, false, true}, spent); diff != "" {
		t.Errorf("without room in the budget (-want +got):\n%s\n%v", diff, output)
	}
	if n := b.throttled(); n > 0 {
		t.Errorf("%d calls were throttled", n)
	}
}

// TestEveryBulkCallCounts: at a tenant that counts questions about a job as jobs
// (open question 16) a setting says so.
func TestEveryBulkCallCounts(t *testing.T) {
	t.Parallel()
	jobs := map[string]any{"budgets": []string{"asynchronous"}}
	b := newBudgeted(t, sandbox.Options{Forms: sandbox.Forms{BulkCountsAll: true}}, actionstest.Settings{
		"endpoints": map[string]any{"bulk.status": jobs, "bulk.chunk": jobs},
	})
	for range 3 {
		summary, err := b.Download(t.Context(), connector.Call{
			Action: "bulk.export", Input: json.RawMessage(`{"objectName":"usage__gc","select":["Gsid"]}`),
		}, io.Discard, nil)
		if err != nil || summary.Records != 45_000 {
			t.Fatalf("got %+v, %v", summary, err)
		}
	}
	if n := b.throttled(); n > 0 {
		t.Errorf("%d calls were throttled", n)
	}
}

// TestConnectionsShareBudgets: two connections of one process to one tenant.
func TestConnectionsShareBudgets(t *testing.T) {
	t.Parallel()
	b := newBudgeted(t, sandbox.Options{}, nil)
	second := actionstest.Open(t, b.plugin, b.tenant, b.server.URL+"/", actionstest.Settings{
		"limits": map[string]any{"longest_wait_seconds": 0},
	})
	for range 50 {
		actionstest.Run(t, b.Connection, "cta.config", `{}`)
		actionstest.Run(t, second, "cta.config", `{}`)
	}
	_, err := second.Execute(t.Context(), connector.Call{Action: "cta.config", Input: json.RawMessage(`{}`)})
	e := connector.AsError(err)
	if !errors.Is(err, connector.ReasonRateLimited) || e.RetryAfter != 19*time.Second || !strings.Contains(e.Message, "not sent") ||
		!strings.Contains(e.Hint, "/limits/synchronous/per_minute") {
		t.Errorf("got %+v", e)
	}
	if n := len(b.tenant.Requests()); n != 100 {
		t.Errorf("%d requests arrived", n)
	}
}

// TestRowsWithoutRoomToDescribe: a list keeps its rows if the budget has no
// call left for the object's metadata, and says what form their values have.
func TestRowsWithoutRoomToDescribe(t *testing.T) {
	t.Parallel()
	b := newBudgeted(t, sandbox.Options{}, actionstest.Settings{
		"limits": map[string]any{"synchronous": map[string]any{"per_minute": 1}, "longest_wait_seconds": 0},
	})
	result, output := actionstest.Run(t, b.Connection, "cta.list", `{"select":["Name"],"limit":1}`)
	if rows := output["records"].([]any); len(rows) != 1 {
		t.Errorf("got %v", output)
	}
	if len(result.Diagnostics) != 1 || !strings.Contains(result.Diagnostics[0].Summary, "the tenant's own form") ||
		!strings.Contains(result.Diagnostics[0].Summary, "/limits/synchronous/per_minute") {
		t.Errorf("diagnostics %+v", result.Diagnostics)
	}
}

func TestBudgetsAreVisible(t *testing.T) {
	t.Parallel()
	b := newBudgeted(t, sandbox.Options{}, actionstest.Settings{"limits": map[string]any{"users": nil}})
	result, _ := actionstest.Run(t, b.Connection, "cta.config", `{}`)
	want := []connector.BudgetState{
		{Name: "synchronous", Limit: 100, Remaining: 99, Window: time.Minute, ResetsIn: 18 * time.Second},
		{
			Name: "synchronous", Limit: 50_000, Remaining: 49_999, Window: 24 * time.Hour,
			ResetsIn: 11*time.Hour + 59*time.Minute + 18*time.Second,
		},
	}
	if diff := cmp.Diff(want, result.Stats.Budgets); diff != "" {
		t.Errorf("budgets in the stats (-want +got):\n%s", diff)
	}

	b.tenant.Inject(sandbox.Fault{Path: "/v1/ant/es/activity/bulk", Kind: sandbox.FaultThrottled, Times: 1})
	upload, err := b.Upload(t.Context(), connector.Call{Action: "activity.update_bulk"}, "application/x-ndjson",
		strings.NewReader(`{"ExternalId":"e-1","Subject":"Call"}`))
	if err != nil || !slices.ContainsFunc(upload.Diagnostics, func(d connector.Diagnostic) bool {
		return strings.Contains(d.Summary, "held to 4 calls an hour") && strings.Contains(d.Summary, "/limits/timeline_bulk/per_hour")
	}) {
		t.Errorf("got %+v, %v", upload.Diagnostics, err)
	}
	check, err := b.Check(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	type row struct {
		Name, Window, Source, Setting string
		Limit, Spent, Left            int
		Ends                          time.Time
	}
	var report struct{ Budgets []row }
	if err := json.Unmarshal(check.Report, &report); err != nil {
		t.Fatal(err)
	}
	minute := time.Date(2026, time.November, 24, 12, 2, 0, 0, time.UTC)
	hour := time.Date(2026, time.November, 24, 13, 0, 0, 0, time.UTC)
	midnight := time.Date(2026, time.November, 25, 0, 0, 0, 0, time.UTC)
	rows := []row{
		{"synchronous", "minute", "counted", "/limits/synchronous/per_minute", 100, 1, 99, minute},
		{"synchronous", "day", "counted", "/limits/synchronous/per_day", 50_000, 3, 49_997, midnight},
		{"asynchronous", "hour", "counted", "/limits/asynchronous/per_hour", 10, 0, 10, hour},
		{"asynchronous", "day", "counted", "/limits/asynchronous/per_day", 100, 0, 100, midnight},
		{"timeline", "minute", "counted", "/limits/timeline/per_minute", 200, 0, 200, minute},
		{"timeline_bulk", "hour", "tenant", "/limits/timeline_bulk/per_hour", 4, 2, 2, hour},
	}
	if diff := cmp.Diff(rows, report.Budgets); diff != "" {
		t.Errorf("budgets in the check (-want +got):\n%s", diff)
	}
}

// TestDownloadSaysThatItWaits: an export that has to wait for a budget gives a
// sign of life.
func TestDownloadSaysThatItWaits(t *testing.T) {
	t.Parallel()
	b := newBudgeted(t, sandbox.Options{}, actionstest.Settings{"limits": map[string]any{"synchronous": map[string]any{"per_minute": 2}}})
	var messages []string
	var out bytes.Buffer
	summary, err := b.Download(t.Context(), connector.Call{
		Action: "bulk.export", Input: json.RawMessage(`{"objectName":"usage__gc","select":["Gsid"]}`),
	}, &out, func(p connector.Progress) { messages = append(messages, p.Message) })
	if err != nil || summary.Records != 45_000 || b.throttled() > 0 {
		t.Fatalf("got %+v, %v", summary, err)
	}
	if !slices.ContainsFunc(messages, func(m string) bool {
		return strings.HasPrefix(m, "waiting ") && strings.HasSuffix(m, `s for the tenant's call budget "synchronous"`)
	}) {
		t.Errorf("progress %q", messages)
	}
	if summary.Stats.Queued < time.Minute || len(summary.Stats.Budgets) != 4 {
		t.Errorf("stats %+v", summary.Stats)
	}
}

// TestLimitsAreChecked: what is wrong with them is said where it is.
func TestLimitsAreChecked(t *testing.T) {
	t.Parallel()
	p := actionstest.Host(t)
	tenant := sandbox.New(sandbox.Acme(), nil)
	tests := map[string]struct{ limits, pointer, message string }{
		"unknown budget":   {`{"synchronus":{}}`, "/limits/synchronus", "did you mean synchronous or"},
		"unknown window":   {`{"users":{"per_hours":1}}`, "/limits/users/per_hours", "did you mean per_hour?"},
		"zero":             {`{"users":{"per_hour":0}}`, "/limits/users/per_hour", "at least 1"},
		"a fraction":       {`{"users":{"per_hour":1.5}}`, "/limits/users/per_hour", "integer"},
		"all reserved":     {`{"users":{"reserve_percent":100}}`, "/limits/users/reserve_percent", "at most 90"},
		"a wait below 0":   {`{"longest_wait_seconds":-1}`, "/limits/longest_wait_seconds", "at least 0"},
		"a week":           {`{"throttled_wait_seconds":604800}`, "/limits/throttled_wait_seconds", "at most 86400"},
		"a number for all": {`{"users":5}`, "/limits/users", "object"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := p.Open(t.Context(), connector.Settings{
				Tenant: "acme", Config: json.RawMessage(`{"base_url":"acme","auth":{"type":"access_key"},"limits":` + tt.limits + `}`),
				Secrets: map[string]connector.Secret{"/auth/access_key": connector.NewSecret(tenant.AccessKey())},
			})
			e := connector.AsError(err)
			if !errors.Is(err, connector.ReasonInvalidConnection) || len(e.Violations) != 1 {
				t.Fatalf("got %v", err)
			}
			if v := e.Violations[0]; v.Pointer != tt.pointer || !strings.Contains(v.Message, tt.message) {
				t.Errorf("violation %+v", v)
			}
		})
	}
}

// TestDefaultsInTheSchema: the connection schema shows the defaults that are in
// force.
func TestDefaultsInTheSchema(t *testing.T) {
	t.Parallel()
	manifest, err := actionstest.Host(t).Manifest(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	type budget struct {
		PerMinute      int `json:"per_minute"`
		PerHour        int `json:"per_hour"`
		PerDay         int `json:"per_day"`
		ReservePercent int `json:"reserve_percent"`
	}
	var document struct {
		Properties struct {
			Limits struct {
				Properties map[string]struct{ Default json.RawMessage }
			}
		}
		Defs struct {
			Endpoint struct {
				Properties struct {
					Budgets struct{ Items struct{ Enum []string } }
				}
			}
		} `json:"$defs"`
	}
	if err := json.Unmarshal(manifest.ConnectionSchema, &document); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, b := range gainsight.Budgets() {
		names = append(names, b.Name)
		want := budget{b.Calls[gainsight.PerMinute], b.Calls[gainsight.PerHour], b.Calls[gainsight.PerDay], b.ReservePercent}
		var got budget
		if err := json.Unmarshal(document.Properties.Limits.Properties[b.Name].Default, &got); err != nil || got != want {
			t.Errorf("%s: the schema has %+v, in force is %+v: %v", b.Name, got, want, err)
		}
	}
	if diff := cmp.Diff(names, document.Defs.Endpoint.Properties.Budgets.Items.Enum); diff != "" {
		t.Errorf("names of an endpoint's budgets (-want +got):\n%s", diff)
	}
}

// TestRatesInTheCatalog: they are those of the budgets that the action spends.
func TestRatesInTheCatalog(t *testing.T) {
	t.Parallel()
	manifest, err := actionstest.Host(t).Manifest(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	synchronous := []connector.RateLimit{{Calls: 100, Window: time.Minute}, {Calls: 50_000, Window: 24 * time.Hour}}
	asynchronous := []connector.RateLimit{{Calls: 10, Window: time.Hour}, {Calls: 100, Window: 24 * time.Hour}}
	own := map[string][]connector.RateLimit{
		"bulk.submit": asynchronous, "bulk.export": asynchronous,
		"activity.save_bulk": {{Calls: 12, Window: time.Hour}}, "activity.update_bulk": {{Calls: 12, Window: time.Hour}},
	}
	for _, id := range []string{"activity.save", "activity.update", "activity.delete", "activity.list_deleted"} {
		own[id] = []connector.RateLimit{{Calls: 200, Window: time.Minute}}
	}
	for _, id := range []string{"user.create", "user.update", "user.set_status", "user.list"} {
		own[id] = append(append([]connector.RateLimit{}, synchronous...),
			connector.RateLimit{Calls: 100, Window: time.Hour}, connector.RateLimit{Calls: 1_000, Window: 24 * time.Hour})
	}
	for _, a := range manifest.Actions {
		want, other := own[a.ID]
		if !other {
			want = synchronous
		}
		if diff := cmp.Diff(want, a.Limits.Rates); diff != "" {
			t.Errorf("%s (-want +got):\n%s", a.ID, diff)
		}
	}
}

package wire_test

import (
	"encoding/json"
	"log/slog"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

// encoded sends a message as gRPC does.
func encoded[M proto.Message](t *testing.T, m, into M) M {
	t.Helper()
	data, err := proto.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	if err := proto.Unmarshal(data, into); err != nil {
		t.Fatal(err)
	}
	return into
}

func TestManifestRoundTrip(t *testing.T) {
	t.Parallel()
	want := connector.Manifest{
		Name: "n", Version: "1", Title: "t", Description: "d", APIVersion: "10.7", APIType: "REST",
		Authentication: []string{"OAuth 2.0"}, Prerequisites: []string{"a key"}, DocumentationURL: "https://docs",
		ConnectionSchema: json.RawMessage(`{}`),
	}
	full := connector.Action{
		ID: "a", Title: "A", Group: "G / H", Summary: "s", DocumentationURL: "https://docs/a", Selectors: []string{"entityType"},
		Settings: []string{"/endpoints/a"},
		Limits: connector.ActionLimits{
			RecordsPerRequest: 50, PageSize: 1000, BytesPerRequest: math.MaxUint64,
			Rates: []connector.RateLimit{{Calls: 100, Window: time.Minute}},
		},
	}
	for _, mode := range []connector.Mode{connector.ModeExecute, connector.ModeDownload, connector.ModeUpload} {
		for _, effect := range []connector.Effect{connector.EffectRead, connector.EffectIdempotentWrite, connector.EffectUnsafeWrite} {
			a := full
			a.Mode, a.Effect, a.DoctypeLookup, a.Evidence, a.SchemaScope =
				mode, effect, connector.DoctypeYes, connector.EvidenceObserved, connector.ScopeStatic
			want.Actions = append(want.Actions, a)
		}
	}
	grades := []connector.Evidence{connector.EvidenceDocumented, connector.EvidenceObserved, connector.EvidenceInferred}
	for _, flag := range []connector.DoctypeLookup{connector.DoctypeNotApplicable, connector.DoctypeNo, connector.DoctypeYes} {
		for _, evidence := range grades {
			for _, scope := range []connector.SchemaScope{connector.ScopeStatic, connector.ScopeConnection} {
				a := full
				a.Mode, a.Effect = connector.ModeExecute, connector.EffectRead
				a.DoctypeLookup, a.Evidence, a.SchemaScope = flag, evidence, scope
				want.Actions = append(want.Actions, a)
			}
		}
	}
	got := wire.ManifestFrom(encoded(t, wire.ManifestTo(want), &connectorv1.Manifest{}))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("manifest (-want +got):\n%s", diff)
	}
}

// What an action does not say, or says in words from a later release, reads as
// the safe choice.
func TestActionReadsSafely(t *testing.T) {
	t.Parallel()
	safe := connector.Action{
		ID: "a", Mode: connector.ModeExecute, Effect: connector.EffectUnsafeWrite, DoctypeLookup: connector.DoctypeNo,
		Evidence: connector.EvidenceInferred, SchemaScope: connector.ScopeConnection,
	}
	tests := map[string]*connectorv1.Action{
		"says nothing": {Id: "a"},
		"from a later release": {
			Id: "a", Mode: 99, Effect: 99, DoctypeLookup: 99, Evidence: 99, SchemaScope: 99, Limits: &connectorv1.ActionLimits{},
		},
		"below zero": {Id: "a", Mode: -1, Effect: -1, DoctypeLookup: -1, Evidence: -1, SchemaScope: -1},
		"unknown words": wire.ManifestTo(connector.Manifest{Actions: []connector.Action{
			{ID: "a", Mode: "teleport", Effect: "none", DoctypeLookup: "perhaps", Evidence: "hearsay", SchemaScope: "galaxy"},
		}}).GetActions()[0],
	}
	for name, action := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := wire.ManifestFrom(&connectorv1.Manifest{Actions: []*connectorv1.Action{action}})
			if diff := cmp.Diff([]connector.Action{safe}, got.Actions); diff != "" {
				t.Errorf("actions (-want +got):\n%s", diff)
			}
		})
	}
}

// No enum of the contract has a value that the conversions above leave out.
func TestEnumsAreCovered(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ got, want int }{
		"ActionMode":    {connectorv1.ActionMode(0).Descriptor().Values().Len(), 4},
		"Effect":        {connectorv1.Effect(0).Descriptor().Values().Len(), 4},
		"DoctypeLookup": {connectorv1.DoctypeLookup(0).Descriptor().Values().Len(), 4},
		"Evidence":      {connectorv1.Evidence(0).Descriptor().Values().Len(), 4},
		"SchemaScope":   {connectorv1.SchemaScope(0).Descriptor().Values().Len(), 3},
		"ErrorOrigin":   {connectorv1.ErrorOrigin(0).Descriptor().Values().Len(), 5},
		"Retry":         {connectorv1.Retry(0).Descriptor().Values().Len(), 4},
		"LogLevel":      {connectorv1.LogLevel(0).Descriptor().Values().Len(), 5},
		"Severity":      {connectorv1.Severity(0).Descriptor().Values().Len(), 3},
	} {
		if tt.got != tt.want {
			t.Errorf("%s has %d values, the tests know %d", name, tt.got, tt.want)
		}
	}
}

func TestDescriptionRoundTrip(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]connector.Description{
		"full": {
			Input: json.RawMessage(`{"a":1}`), Output: json.RawMessage(`{}`), ETag: "e", MaxAge: time.Hour,
			FetchedAt:   time.Date(2026, 2, 3, 4, 5, 6, 7, time.UTC),
			Diagnostics: []connector.Diagnostic{{Severity: connector.SeverityInfo, Summary: "s", Pointer: "/p"}},
			Fingerprint: "fp1.x",
		},
		"not modified": {NotModified: true, ETag: "e"},
		"empty":        {},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := wire.DescriptionFrom(encoded(t, wire.DescriptionTo(want), &connectorv1.DescribeActionResponse{}))
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("description (-want +got):\n%s", diff)
			}
		})
	}
}

func TestDriftRoundTrip(t *testing.T) {
	t.Parallel()
	if n := connectorv1.DriftPolicy(0).Descriptor().Values().Len(); n != len(connector.DriftPolicies())+1 {
		t.Errorf("the contract has %d policies beside UNSPECIFIED, want %d", n-1, len(connector.DriftPolicies()))
	}
	for _, policy := range append(connector.DriftPolicies(), "") {
		if got := wire.DriftFrom(wire.DriftTo(policy)); got != policy {
			t.Errorf("%q came back as %q", policy, got)
		}
	}
	if got := wire.DriftFrom(99); got != "" {
		t.Errorf("an unknown policy came back as %q", got)
	}
}

func TestOptionsRoundTrip(t *testing.T) {
	t.Parallel()
	want := connector.OptionPage{
		Options: []connector.Option{{Value: "1", Label: "One"}, {Value: "2", Label: "Two", Inactive: true, ID: "i"}}, NextPageToken: "n",
	}
	got := wire.OptionsFrom(encoded(t, wire.OptionsTo(want), &connectorv1.ListOptionsResponse{}))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("page (-want +got):\n%s", diff)
	}
}

func TestResultPartsRoundTrip(t *testing.T) {
	t.Parallel()
	stats := connector.Stats{
		Calls: 3, Retries: 1, Waited: 1500 * time.Millisecond, Queued: 41 * time.Second, RequestIDs: []string{"a", "b"},
		Budgets: []connector.BudgetState{
			{Name: "synchronous", Limit: 100, Remaining: 57, Window: time.Minute, ResetsIn: 18 * time.Second},
			{Name: "users", Limit: 100, Window: time.Hour, ResetsIn: time.Minute, Throttled: true},
		},
		Requests: []connector.DownstreamRequest{
			{
				Operation: "cta.list", Method: "POST", Route: "/v2/{a}", Status: 429, Attempt: 2,
				Began: time.Unix(1, 2).UTC(), Took: time.Second, RequestID: "r",
			},
			{},
		},
	}
	if diff := cmp.Diff(stats, wire.StatsFrom(encoded(t, wire.StatsTo(stats), &connectorv1.CallStats{}))); diff != "" {
		t.Errorf("stats (-want +got):\n%s", diff)
	}
	records := &connector.RecordSummary{Total: 10, Succeeded: 7, Failed: 2, Unknown: 1}
	if diff := cmp.Diff(records, wire.RecordsFrom(encoded(t, wire.RecordsTo(records), &connectorv1.RecordSummary{}))); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
	if wire.RecordsTo(nil) != nil || wire.RecordsFrom(nil) != nil {
		t.Error("no records became some")
	}
	remarks := []connector.Diagnostic{
		{Severity: connector.SeverityInfo, Summary: "i"}, {Severity: connector.SeverityWarning, Summary: "w", Pointer: "/a"},
	}
	if diff := cmp.Diff(remarks, wire.DiagnosticsFrom(wire.DiagnosticsTo(remarks))); diff != "" {
		t.Errorf("diagnostics (-want +got):\n%s", diff)
	}
	safe := []connector.Diagnostic{{Severity: connector.SeverityInfo}}
	if diff := cmp.Diff(safe, wire.DiagnosticsFrom([]*connectorv1.Diagnostic{{Severity: 99}})); diff != "" {
		t.Errorf("a severity from a later release (-want +got):\n%s", diff)
	}
}

func TestStatsAreBounded(t *testing.T) {
	t.Parallel()
	s := connector.Stats{Calls: -1, Retries: math.MaxInt, RequestIDs: strings.Split("a b c d e f g h i j k l", " ")}
	got := wire.StatsFrom(wire.StatsTo(s))
	if got.Calls != 0 || got.Retries != math.MaxInt32 {
		t.Errorf("stats = %+v", got)
	}
	if want := strings.Split("c d e f g h i j k l", " "); !cmp.Equal(want, got.RequestIDs) {
		t.Errorf("request ids = %v, want the newest ten", got.RequestIDs)
	}
	s.Requests = make([]connector.DownstreamRequest, 100)
	s.Requests[99].Attempt = 7
	if got := wire.StatsFrom(wire.StatsTo(s)).Requests; len(got) != connector.MaxRequests || got[connector.MaxRequests-1].Attempt != 7 {
		t.Errorf("%d requests, the last one %+v", len(got), got[len(got)-1])
	}
	failed := connector.AsError(wire.FromStatus(wire.ToStatus(&connector.Error{Reason: connector.ReasonConflict, Stats: &s}, "")))
	if got := failed.Stats.Requests; len(got) != 16 || got[15].Attempt != 7 || failed.Stats.Retries != math.MaxInt32 {
		t.Errorf("an error tells of %d requests: %+v", len(got), failed.Stats)
	}
	negative := wire.RecordsFrom(wire.RecordsTo(&connector.RecordSummary{Total: -1, Succeeded: -1, Failed: -1, Unknown: -1}))
	if *negative != (connector.RecordSummary{}) {
		t.Errorf("records = %+v", negative)
	}
}

func TestLevels(t *testing.T) {
	t.Parallel()
	for level, want := range map[slog.Level]slog.Level{
		slog.LevelDebug - 4: slog.LevelDebug, slog.LevelDebug: slog.LevelDebug, slog.LevelInfo: slog.LevelInfo,
		slog.LevelWarn: slog.LevelWarn, slog.LevelError: slog.LevelError, slog.LevelError + 1: slog.LevelError,
	} {
		if got := wire.LevelFrom(wire.LevelTo(level)); got != want {
			t.Errorf("%v became %v, want %v", level, got, want)
		}
	}
	for _, level := range []connectorv1.LogLevel{0, 99, -1} {
		if got := wire.LevelFrom(level); got != slog.LevelInfo {
			t.Errorf("%v reads as %v", level, got)
		}
	}
}

func TestSettingsRoundTrip(t *testing.T) {
	t.Parallel()
	want := connector.Settings{
		Tenant: "acme", Config: json.RawMessage(`{}`), Secrets: map[string]connector.Secret{"/auth/key": connector.NewSecret("k\xff")},
	}
	got := wire.SettingsFrom(encoded(t, wire.SettingsTo(want), &connectorv1.OpenConnectionRequest{}))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("settings (-want +got):\n%s", diff)
	}
	limits := connector.Limits{InlineBytes: 1, ChunkBytes: 2, MessageBytes: 3}
	if got := wire.LimitsFrom(encoded(t, wire.LimitsTo(limits), &connectorv1.Limits{})); got != limits {
		t.Errorf("limits = %+v, want %+v", got, limits)
	}
}

func TestEventsRoundTrip(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]connector.Event{
		"one action":  connector.SchemaChanged{Action: "cta.create"},
		"all actions": connector.SchemaChanged{},
		"secrets":     connector.SecretRotated{Secrets: map[string]connector.Secret{"/auth/refresh_token": connector.NewSecret("r")}},
		"no secrets":  connector.SecretRotated{Secrets: map[string]connector.Secret{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			handle, got := wire.EventFrom(encoded(t, wire.EventTo("h", want), &connectorv1.WatchEventsResponse{}))
			if diff := cmp.Diff(want, got); diff != "" || handle != "h" {
				t.Errorf("event of %q (-want +got):\n%s", handle, diff)
			}
		})
	}
	if handle, e := wire.EventFrom(&connectorv1.WatchEventsResponse{}); handle != "" || e != nil {
		t.Errorf("an event from a later release reads as %v", e)
	}
	if m := wire.EventTo("h", nil); m != nil {
		t.Errorf("no event became %v", m)
	}
}

func TestIDs(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 1000 {
		id := wire.NewID()
		if len(id) != 26 || seen[id] {
			t.Fatalf("id %q is short or not new", id)
		}
		seen[id] = true
	}
}

func TestThoroughCheckRoundTrip(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]connector.ThoroughCheck{
		"full": {Groups: []string{"tasks", "goals"}, Object: "company", Writes: true, Jobs: true}, "empty": {},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := wire.ThoroughFrom(encoded(t, wire.ThoroughTo(want), &connectorv1.ThoroughCheck{}))
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("thorough check (-want +got):\n%s", diff)
			}
		})
	}
}

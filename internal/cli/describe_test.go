package cli_test

import (
	"strings"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

// property returns the schema of a field of a record in printed JSON.
func property(t *testing.T, text, name string) map[string]any {
	t.Helper()
	record, _ := decoded(t, text)["$defs"].(map[string]any)["record"].(map[string]any)
	p, _ := record["properties"].(map[string]any)[name].(map[string]any)
	return p
}

func TestDescribe(t *testing.T) {
	t.Parallel()
	_, first := acme(t)
	_, second := serve(t, sandbox.Globex())
	tests := map[string]struct {
		args       []string
		wants      []string
		has, lacks string
	}{
		"static": {nil, []string{"without a tenant's own fields"}, "Name", "Severity__gc"},
		"acme": {
			[]string{"--connection", first},
			[]string{"the schema of tenant acme", "metadata were read", "GEOPOINT"}, "Severity__gc", "Penalty__gc",
		},
		"globex": {[]string{"--connection", second}, []string{"the schema of tenant"}, "Penalty__gc", "Severity__gc"},
		"selected": {
			[]string{"--connection", first, "--select", "type=Risk", "--json"},
			[]string{`"schema":{"tenant":"acme","fetchedAt":`, `"etag":"`}, "reason", "Penalty__gc",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := run(t, append([]string{"describe", "cta.create"}, tt.args...)...)
			o.wants(t, 0, tt.wants...)
			if property(t, o.stdout, tt.has) == nil || property(t, o.stdout, tt.lacks) != nil {
				t.Errorf("the schema has not %s, or has %s", tt.has, tt.lacks)
			}
		})
	}
}

func TestDescribeOutput(t *testing.T) {
	t.Parallel()
	o := run(t, "describe", "cta.list", "--side", "output")
	o.wants(t, 0)
	if properties, _ := decoded(t, o.stdout)["properties"].(map[string]any); properties["nextCursor"] == nil {
		t.Errorf("not the schema of a list:\n%s", o.stdout)
	}
}

func TestOptions(t *testing.T) {
	t.Parallel()
	_, connection := acme(t)
	args := func(more ...string) []string {
		return append([]string{"options", "cta.create", "/records/*/reason", "--connection", connection}, more...)
	}
	labels := func(t *testing.T, o outcome) (all []any) {
		t.Helper()
		o.wants(t, 0)
		options, _ := decoded(t, o.stdout)["options"].([]any)
		for _, option := range options {
			all = append(all, option.(map[string]any)["label"])
		}
		return all
	}
	if got := labels(t, run(t, args("--select", "type=Lifecycle")...)); len(got) == 0 || got[0] != "Onboarding" {
		t.Errorf("reasons of Lifecycle = %v", got)
	}
	if got := labels(t, run(t, args("--query", "sponsor")...)); len(got) != 1 || got[0] != "Sponsor Change" {
		t.Errorf("found = %v", got)
	}
	none := run(t, args("--query", "no such reason")...)
	if got := labels(t, none); len(got) > 0 || !strings.Contains(none.stdout, `"options": []`) {
		t.Errorf("found %v for nothing: %s", got, none.stdout)
	}
	page := run(t, args("--page-size", "2")...)
	token, _ := decoded(t, page.stdout)["nextPageToken"].(string)
	if got := labels(t, page); len(got) != 2 || token == "" {
		t.Errorf("first page = %v, token %q", got, token)
	}
	if got := labels(t, run(t, args("--page-size", "2", "--page-token", token)...)); len(got) != 2 {
		t.Errorf("second page = %v", got)
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	_, connection := acme(t)
	o := run(t, "check", "--connection", connection)
	o.wants(t, 0, "1 request to the tenant", "request id ", "left of the call budget, as this process counts: synchronous 99 of 100 a minute")
	report := decoded(t, o.stdout)
	if budgets, _ := report["budgets"].([]any); report["tenant"] != "acme" || len(budgets) != 8 {
		t.Errorf("report = %v", report)
	}
}

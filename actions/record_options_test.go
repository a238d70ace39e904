package actions_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/actions/actionstest"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

const queryPrefix = "/v1/data/objects/query/"

// inPages are settings with which a tenant gives its records n at a time, so
// that a list of a few is a long one.
func inPages(n int) actionstest.Settings {
	return actionstest.Settings{"endpoints": map[string]any{"object.query": map[string]any{"page_size": n}}}
}

// labels lists all options of a field, page by page.
func labels(t *testing.T, conn *host.Connection, req connector.OptionsRequest) []string {
	t.Helper()
	var all []string
	for range 100 {
		page, err := conn.Options(t.Context(), req)
		if err != nil {
			t.Fatal(err)
		}
		if req.PageSize > 0 && len(page.Options) > req.PageSize {
			t.Errorf("%d options where %d were asked for", len(page.Options), req.PageSize)
		}
		for _, o := range page.Options {
			all = append(all, o.Label)
		}
		if req.PageToken = page.NextPageToken; req.PageToken == "" {
			return all
		}
	}
	t.Fatal("the list has no end")
	return nil
}

// queries counts the object queries that reached the tenant.
func queries(tenant *sandbox.Tenant) int {
	n := 0
	for _, r := range tenant.Requests() {
		if strings.HasPrefix(r.Path, queryPrefix) {
			n++
		}
	}
	return n
}

func TestRecordsAreSearched(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		pointer, query string
		want           []string
	}{
		"companies by any case":    {"/records/*/CompanyId", "nORTHWIND", []string{"Northwind Traders", "Northwind Traders"}},
		"names of companies, once": {"/records/*/CompanyName", "NORTHwind", []string{"Northwind Traders"}},
		"letters beyond ASCII":     {"/records/*/CompanyId", "MÜLLER", []string{"Müller & Söhne"}},
		"several words":            {"/records/*/CompanyId", "cloud nim", []string{"Nimbus Cloud"}},
		"users by e-mail":          {"/records/*/OwnerEmail", "Ada.BERG@", []string{"Ada Berg (ada.berg@example.com)"}},
		"users by name": {"/records/*/OwnerId", "kim", []string{
			"Alex Kim (alex.kim@example.com)", "Alex Kim (alex.kim11@example.com)",
		}},
		"a lookup of the tenant":     {"/records/*/PartnerName", "zephyr", []string{"Zephyr Mobility"}},
		"a user of a tenant's own":   {"/records/*/Executive_Sponsor__gc", "mia", []string{"Mia Rossi (mia.rossi@example.com)"}},
		"a long list without a find": {"/records/*/CompanyId", "nobody", nil},
	}
	for name, settings := range map[string]actionstest.Settings{"in one piece": nil, "in pieces": inPages(10)} {
		conn := actionstest.Connect(t, sandbox.New(sandbox.Acme(), &sandbox.Options{Limits: &sandbox.Limits{}}), settings)
		for what, tt := range tests {
			t.Run(name+"/"+what, func(t *testing.T) {
				t.Parallel()
				got := labels(t, conn, connector.OptionsRequest{Action: "cta.create", Pointer: tt.pointer, Query: tt.query})
				if diff := cmp.Diff(tt.want, got); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			})
		}
	}
}

// TestRecordsArePaged: pages of any size add up to one list, in the order of the
// names.
func TestRecordsArePaged(t *testing.T) {
	t.Parallel()
	req := connector.OptionsRequest{Action: "cta.create", Pointer: "/records/*/CompanyId"}
	whole := labels(t, actionstest.Connect(t, sandbox.New(sandbox.Acme(), nil), nil), req)
	if len(whole) != 32 || whole[0] != "Amber Analytics" {
		t.Fatalf("%d companies, the first is %q", len(whole), whole[0])
	}
	for name, rows := range map[string]int{"of a short list": 1000, "of a long list": 7} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn := actionstest.Connect(t, sandbox.New(sandbox.Acme(), &sandbox.Options{Limits: &sandbox.Limits{}}), inPages(rows))
			for _, size := range []int{1, 5, 7, 30, 1000} {
				req := req
				req.PageSize = size
				if diff := cmp.Diff(whole, labels(t, conn, req)); diff != "" {
					t.Errorf("in pages of %d (-want +got):\n%s", size, diff)
				}
			}
		})
	}
}

// TestRecordsCostFewCalls: a list that is known costs none, and a page of a long
// one is short rather than dear.
func TestRecordsCostFewCalls(t *testing.T) {
	t.Parallel()
	t.Run("a short list is asked for once", func(t *testing.T) {
		t.Parallel()
		tenant := sandbox.New(sandbox.Acme(), nil)
		conn := actionstest.Connect(t, tenant, nil)
		for _, query := range []string{"", "n", "no", "nor", "northwind"} {
			labels(t, conn, connector.OptionsRequest{Action: "cta.create", Pointer: "/records/*/CompanyId", Query: query, PageSize: 4})
		}
		if n := queries(tenant); n != 1 {
			t.Errorf("%d queries, want one", n)
		}
	})
	t.Run("a page of a long one costs four at most", func(t *testing.T) {
		t.Parallel()
		tenant := sandbox.New(sandbox.Acme(), nil)
		conn := actionstest.Connect(t, tenant, inPages(2))
		page, err := conn.Options(t.Context(), connector.OptionsRequest{
			Action: "cta.create", Pointer: "/records/*/CompanyId", PageSize: 1000,
		})
		if err != nil {
			t.Fatal(err)
		}
		if n := queries(tenant); n > 4 {
			t.Errorf("%d queries, want at most 4", n)
		}
		if len(page.Options) != 6 || page.NextPageToken == "" {
			t.Errorf("%d options and token %q, want 6 and one", len(page.Options), page.NextPageToken)
		}
	})
}

func TestInactiveOptions(t *testing.T) {
	t.Parallel()
	conn := actionstest.Connect(t, sandbox.New(sandbox.Acme(), nil), nil)
	tests := map[string]struct {
		action, pointer, query string
		want                   connector.Option
	}{
		"a user": {"cta.create", "/records/*/OwnerEmail", "mia", connector.Option{
			Value: "mia.rossi@example.com", Label: "Mia Rossi (mia.rossi@example.com)", Inactive: true,
			ID: "1P01ACME0000000000000000000000000013",
		}},
		"a type":     {"cta.create", "/records/*/type", "campaign", connector.Option{Value: "Campaign", Label: "Campaign", Inactive: true}},
		"a playbook": {"cta.create", "/records/*/PlaybookId", "retired", connector.Option{Label: "Retired save plan", Inactive: true}},
		"an item":    {"cta.create", "/records/*/Severity__gc", "", connector.Option{Inactive: true}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			page, err := conn.Options(t.Context(), connector.OptionsRequest{Action: tt.action, Pointer: tt.pointer, Query: tt.query})
			if err != nil {
				t.Fatal(err)
			}
			for _, o := range page.Options {
				if !o.Inactive {
					continue
				}
				if tt.want.Value != "" && o.Value != tt.want.Value || tt.want.Label != "" && o.Label != tt.want.Label ||
					tt.want.ID != "" && o.ID != tt.want.ID || o.ID == o.Value {
					t.Errorf("%+v, want %+v", o, tt.want)
				}
				return
			}
			t.Errorf("no inactive one among %+v", page.Options)
		})
	}
}

func TestPageTokens(t *testing.T) {
	t.Parallel()
	conn := actionstest.Connect(t, sandbox.New(sandbox.Acme(), nil), nil)
	req := connector.OptionsRequest{Action: "cta.create", Pointer: "/records/*/CompanyId", Query: "a", PageSize: 1}
	first, err := conn.Options(t.Context(), req)
	if err != nil || first.NextPageToken == "" {
		t.Fatalf("%+v, %v", first, err)
	}
	tests := map[string]struct {
		change func(*connector.OptionsRequest)
		want   string
	}{
		"another field":   {func(r *connector.OptionsRequest) { r.Pointer = "/records/*/OwnerId" }, "belongs to another"},
		"another query":   {func(r *connector.OptionsRequest) { r.Query = "b" }, "belongs to another"},
		"other selectors": {func(r *connector.OptionsRequest) { r.Selectors = map[string]string{"type": "Risk"} }, "belongs to another"},
		"made up":         {func(r *connector.OptionsRequest) { r.PageToken = "1" }, "not one that"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			other := req
			other.PageToken = first.NextPageToken
			tt.change(&other)
			_, err := conn.Options(t.Context(), other)
			if !errors.Is(err, connector.ReasonInvalidInput) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %s that says %q", err, connector.ReasonInvalidInput, tt.want)
			}
		})
	}
	second := req
	second.PageToken, second.PageSize = first.NextPageToken, 2
	if _, err := conn.Options(t.Context(), second); err != nil {
		t.Errorf("a page of another size: %v", err)
	}
}

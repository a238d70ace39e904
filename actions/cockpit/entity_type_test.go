package cockpit_test

import (
	"encoding/json"
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

// relationshipID is one of acme's.
const relationshipID = "1X00ACME0000000000000000000000000001"

// twofold connects to acme with the configuration of globex for CTAs of
// relationships.
func twofold(t *testing.T) *host.Connection {
	t.Helper()
	companies, relationships := sandbox.New(sandbox.Acme(), nil), sandbox.New(sandbox.Globex(), nil)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("et") == actions.EntityRelationship {
			r.Header.Set("accesskey", sandbox.Globex().AccessKey)
			relationships.ServeHTTP(w, r)
			return
		}
		companies.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return actionstest.Open(t, actionstest.Host(t), companies, server.URL, nil)
}

// TestSelectedEntityAsksForItsOwn: a tenant has other reasons for CTAs on
// relationships than for those on companies.
func TestSelectedEntityAsksForItsOwn(t *testing.T) {
	t.Parallel()
	conn := twofold(t)
	reasons := func(conn *host.Connection, entity string) []string {
		return names(record(t, describe(t, conn, "cta.create", map[string]string{"entityType": entity}))["reason"])
	}
	other := actionstest.Connect(t, sandbox.New(sandbox.Globex(), nil), nil)
	want := map[string][]string{
		actions.EntityCompany:      reasons(actionstest.Connect(t, sandbox.New(sandbox.Acme(), nil), nil), actions.EntityCompany),
		actions.EntityRelationship: reasons(other, actions.EntityRelationship),
	}
	got := map[string][]string{}
	for entity := range want {
		got[entity] = reasons(conn, entity)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("reasons (-want +got):\n%s", diff)
	}
	if cmp.Equal(got[actions.EntityCompany], got[actions.EntityRelationship]) {
		t.Error("both entity types have the same reasons, which proves nothing")
	}
}

// TestRecordIsHeldToItsEntityType: the type of a CTA must be one of the record's
// own entity type.
func TestRecordIsHeldToItsEntityType(t *testing.T) {
	t.Parallel()
	conn := twofold(t)
	ofCompany := map[string]any{"type": "Opportunity", "reason": "Other"}
	ofRelationship := map[string]any{"type": "Expansion", "reason": "Other"}
	related := map[string]any{"EntityType": "RELATIONSHIP", "RelationshipId": relationshipID}
	wrong := []connector.Violation{{Pointer: "/records/0/type", Keyword: "oneOf"}}
	for name, tt := range map[string]struct {
		record map[string]any
		want   []connector.Violation
	}{
		"a company's":                    {good(ofCompany), nil},
		"a relationship's":               {actionstest.With(good(ofRelationship), related), nil},
		"a company's of a relationship":  {actionstest.With(good(ofCompany), related), wrong},
		"a relationship's of a company":  {good(ofRelationship), wrong},
		"a relationship's, said company": {actionstest.With(good(ofRelationship), map[string]any{"EntityType": "COMPANY"}), wrong},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			call := connector.Call{Action: "cta.create", Input: json.RawMessage(input(t, tt.record)), DryRun: true}
			_, err := conn.Execute(t.Context(), call)
			if tt.want == nil {
				if err != nil {
					t.Error(err, connector.AsError(err).Violations)
				}
				return
			}
			if diff := cmp.Diff(tt.want, actionstest.Violations(t, err)); diff != "" {
				t.Errorf("violations (-want +got):\n%s", diff)
			}
		})
	}
}

// TestEntityTypesDoNotMix: the records of a call share the entity type. One that
// is new and has none is of a company; one that is changed may be of either.
func TestEntityTypesDoNotMix(t *testing.T) {
	t.Parallel()
	conn := actionstest.Connect(t, sandbox.New(sandbox.Acme(), nil), nil)
	company := map[string]any{"EntityType": "COMPANY"}
	related := map[string]any{"EntityType": "RELATIONSHIP", "RelationshipId": relationshipID}
	planet := map[string]any{"EntityType": "PLANET"}
	cta := map[string]any{"Gsid": "1S01ACME0000000000000000000000000001"}
	plan := map[string]any{
		"Name": "Onboarding plan", "CompanyName": "Aurora Labs", "OwnerEmail": "ada.berg@example.com",
		"DueDate": "2027-06-01", "SuccessPlanType": "Onboarding",
	}
	for name, tt := range map[string]struct {
		action  string
		records []map[string]any
		want    []string
	}{
		"none":            {"cta.create", []map[string]any{good(nil), good(company)}, nil},
		"relationships":   {"cta.create", []map[string]any{good(related), good(related)}, nil},
		"mixed":           {"cta.create", []map[string]any{good(related), good(company), good(related)}, []string{"/records/1/EntityType"}},
		"mixed with none": {"cta.create", []map[string]any{good(nil), good(related), good(related)}, []string{"/records/1/EntityType", "/records/2/EntityType"}},
		"none after":      {"cta.create", []map[string]any{good(related), good(nil)}, []string{"/records/1/EntityType"}},
		"no entity type":  {"cta.create", []map[string]any{good(planet)}, []string{"/records/0/EntityType"}},
		"changes":         {"cta.update", []map[string]any{cta, actionstest.With(cta, map[string]any{"EntityType": "RELATIONSHIP"})}, nil},
		"mixed changes":   {"cta.update", []map[string]any{actionstest.With(cta, company), actionstest.With(cta, map[string]any{"EntityType": "RELATIONSHIP"})}, []string{"/records/1/EntityType"}},
		"mixed plans":     {"success_plan.create", []map[string]any{plan, actionstest.With(plan, map[string]any{"EntityType": "RELATIONSHIP"})}, []string{"/records/1/EntityType"}},
		"plans of one":    {"success_plan.create", []map[string]any{plan, actionstest.With(plan, company)}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			call := connector.Call{Action: tt.action, Input: json.RawMessage(input(t, tt.records...)), DryRun: true}
			_, err := conn.Execute(t.Context(), call)
			if tt.want == nil {
				if err != nil {
					t.Error(err, connector.AsError(err).Violations)
				}
				return
			}
			var got []string
			for _, v := range actionstest.Violations(t, err) {
				got = append(got, v.Pointer)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("violations (-want +got):\n%s", diff)
			}
		})
	}
	t.Run("says to split", func(t *testing.T) {
		t.Parallel()
		_, err := execute(t, conn, input(t, good(related), good(nil)))
		if e := connector.AsError(err); e == nil || len(e.Violations) != 1 || !strings.Contains(e.Violations[0].Message, "split the call") {
			t.Errorf("error %v, want one violation that says to split the call", err)
		}
	})
}

// TestRelationshipIsNeeded: a CTA of a relationship says which, unless a lookup
// does or the operator knows better.
func TestRelationshipIsNeeded(t *testing.T) {
	t.Parallel()
	waived := actionstest.Settings{"required": map[string]any{"cta.create": map[string]any{"RelationshipId": false}}}
	related := func(changes map[string]any) map[string]any {
		return actionstest.With(good(map[string]any{"EntityType": "RELATIONSHIP"}), changes)
	}
	lookup := map[string]any{"RelationshipId": map[string]any{"fields": map[string]any{"plant": "Name"}, "objectName": "relationship"}}
	for name, tt := range map[string]struct {
		settings actionstest.Settings
		record   map[string]any
		lookups  map[string]any
		want     []connector.Violation
	}{
		"none":         {nil, related(nil), nil, []connector.Violation{{Pointer: "/records/0/RelationshipId"}}},
		"given":        {nil, related(map[string]any{"RelationshipId": relationshipID}), nil, nil},
		"looked up":    {nil, related(map[string]any{"plant": "Platform"}), lookup, nil},
		"waived":       {waived, related(nil), nil, nil},
		"of a company": {nil, good(map[string]any{"EntityType": "COMPANY"}), nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn := actionstest.Connect(t, sandbox.New(sandbox.Acme(), nil), tt.settings)
			whole := map[string]any{"records": []any{tt.record}}
			if tt.lookups != nil {
				whole["lookups"] = tt.lookups
			}
			in, err := json.Marshal(whole)
			if err != nil {
				t.Fatal(err)
			}
			_, err = conn.Execute(t.Context(), connector.Call{Action: "cta.create", Input: in, DryRun: true})
			if tt.want == nil {
				if err != nil {
					t.Error(err, connector.AsError(err).Violations)
				}
				return
			}
			if diff := cmp.Diff(tt.want, actionstest.Violations(t, err)); diff != "" {
				t.Errorf("violations (-want +got):\n%s", diff)
			}
		})
	}
}

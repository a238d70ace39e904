package cockpit_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/actions/actionstest"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

func gsids(t *testing.T, output map[string]any) []string {
	t.Helper()
	var ids []string
	for _, r := range output["records"].([]any) {
		ids = append(ids, r.(map[string]any)["Gsid"].(string))
	}
	return ids
}

func TestListWalksPagesAndResumes(t *testing.T) {
	t.Parallel()
	tenant := sandbox.New(sandbox.Acme(), nil)
	total := len(tenant.CTAs())
	tests := map[string]struct{ limit, page int }{
		"one page for all":            {limit: 1000, page: 1000},
		"pages smaller than a limit":  {limit: 25, page: 10},
		"limit a multiple of a page":  {limit: 20, page: 10},
		"limit smaller than a page":   {limit: 7, page: 1000},
		"one row at a time":           {limit: 1, page: 1},
		"a limit that is all of them": {limit: total, page: total},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn := actionstest.Connect(t, sandbox.New(sandbox.Acme(), nil), actionstest.Settings{"endpoints": map[string]any{
				"cta.list": map[string]any{"page_size": tt.page},
			}})
			seen := map[string]bool{}
			for cursor := ""; ; {
				in := fmt.Sprintf(`{"select":["Name"],"limit":%d%s}`, tt.limit, cursor)
				_, output := actionstest.Run(t, conn, "cta.list", in)
				ids := gsids(t, output)
				if len(ids) > tt.limit {
					t.Fatalf("%d rows for a limit of %d", len(ids), tt.limit)
				}
				for _, id := range ids {
					if seen[id] {
						t.Fatalf("%s came twice", id)
					}
					seen[id] = true
				}
				next, more := output["nextCursor"].(string)
				if !more {
					break
				}
				cursor = fmt.Sprintf(`,"cursor":%q`, next)
			}
			if len(seen) != total {
				t.Errorf("%d rows in all, want %d", len(seen), total)
			}
		})
	}
}

func TestListFilters(t *testing.T) {
	t.Parallel()
	conn := actionstest.Connect(t, sandbox.New(sandbox.Acme(), nil), nil)
	tests := map[string]struct {
		where string
		check func(row map[string]any) bool
	}{
		"by one condition": {
			`{"conditions":[{"name":"IsClosed","operator":"EQ","value":[true]}]}`,
			func(r map[string]any) bool { return r["IsClosed"] == true },
		},
		"conditions without an expression all hold": {
			`{"conditions":[{"name":"IsClosed","operator":"EQ","value":[false]},{"name":"PriorityId__gr.Name","operator":"EQ","value":["High"]}]}`,
			func(r map[string]any) bool { return r["IsClosed"] == false && r["PriorityId__gr.Name"] == "High" },
		},
		"either": {
			`{"conditions":[{"name":"PriorityId__gr.Name","operator":"EQ","value":["High"],"alias":"X"},
				{"name":"PriorityId__gr.Name","operator":"EQ","value":["Low"],"alias":"Y"}],"expression":"X OR Y"}`,
			func(r map[string]any) bool { return r["PriorityId__gr.Name"] != "Medium" },
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, output := actionstest.Run(t, conn, "cta.list", `{"select":["Name"],"limit":1000,"where":`+tt.where+`}`)
			rows := output["records"].([]any)
			if len(rows) == 0 {
				t.Error("no rows")
			}
			for _, r := range rows {
				if !tt.check(r.(map[string]any)) {
					t.Errorf("a row that does not match: %v", r)
				}
			}
		})
	}
}

// TestEmptyResults: the three forms in which a tenant says that it found
// nothing (common.md, form G).
func TestEmptyResults(t *testing.T) {
	t.Parallel()
	for name, form := range map[string]sandbox.EmptyForm{
		"an empty list": sandbox.EmptyTrue, "a failure with a message": sandbox.EmptyFalse, "GSOBJ_1011": sandbox.EmptyError,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn := actionstest.Connect(t, sandbox.New(sandbox.Acme(), &sandbox.Options{Forms: sandbox.Forms{EmptyList: form}}), nil)
			_, output := actionstest.Run(t, conn, "cta.list",
				`{"select":["Name"],"where":{"conditions":[{"name":"Name","operator":"EQ","value":["nobody has this name"]}]}}`)
			if rows, ok := output["records"].([]any); !ok || len(rows) != 0 || output["nextCursor"] != nil {
				t.Errorf("output %v, want no rows and no cursor", output)
			}
		})
	}
}

// TestRowsUnderRecords: the other place of the rows in an answer (open question
// 29).
func TestRowsUnderRecords(t *testing.T) {
	t.Parallel()
	conn := actionstest.Connect(t, sandbox.New(sandbox.Acme(), &sandbox.Options{Forms: sandbox.Forms{RecordsKey: true}}), nil)
	_, output := actionstest.Run(t, conn, "cta.list", `{"select":["Name"],"limit":3}`)
	if n := len(gsids(t, output)); n != 3 {
		t.Errorf("%d rows, want 3", n)
	}
}

func TestRefusedQueries(t *testing.T) {
	t.Parallel()
	conn := actionstest.Connect(t, sandbox.New(sandbox.Acme(), nil), nil)
	tests := map[string]struct{ input, pointer, message string }{
		"an unknown field in select": {
			`{"select":["Name","Coments"]}`, "/select/1", "did you mean Comments?",
		},
		"an unknown field in a condition": {
			`{"select":["Name"],"where":{"conditions":[{"name":"IsClosd","operator":"EQ","value":[true]}]}}`,
			"/where/conditions/0/name", "did you mean IsClosed?",
		},
		"an unknown field behind a lookup": {
			`{"select":["OwnerId__gr.Emial"]}`, "/select/0", "gsuser has no field Emial; did you mean Email?",
		},
		"an unknown lookup": {
			`{"select":["Ownr__gr.Name"]}`, "/select/0", "has no field Ownr",
		},
		"an alias that is none": {
			`{"select":["Name"],"where":{"conditions":[{"name":"Name","operator":"EQ","value":["x"]}],"expression":"A AND B"}}`,
			"/where/expression", "neither the alias of a condition",
		},
		"an operator that is none": {
			`{"select":["Name"],"where":{"conditions":[{"name":"Name","operator":"LIKE","value":["x"]}]}}`,
			"/where/conditions/0/operator", "must be one of",
		},
		"no select": {`{}`, "/select", "is required"},
		"a cursor of nobody": {
			`{"select":["Name"],"cursor":"abc"}`, "/cursor", "is not one that this action gave out",
		},
		"a cursor of another query": {
			`{"select":["Name"],"cursor":"` + someCursor(t, conn) + `"}`, "/cursor", "belongs to another query",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := conn.Execute(t.Context(), connector.Call{Action: "cta.list", Input: json.RawMessage(tt.input)})
			if !errors.Is(err, connector.ReasonInvalidInput) {
				t.Fatalf("error %v, want INVALID_INPUT", err)
			}
			found := false
			for _, v := range connector.AsError(err).Violations {
				found = found || v.Pointer == tt.pointer && strings.Contains(v.Message, tt.message)
			}
			if !found {
				t.Errorf("error %v, want %q at %s", err, tt.message, tt.pointer)
			}
		})
	}
}

func someCursor(t *testing.T, conn *host.Connection) string {
	t.Helper()
	_, output := actionstest.Run(t, conn, "cta.list", `{"select":["Name","Comments"],"limit":1}`)
	return output["nextCursor"].(string)
}

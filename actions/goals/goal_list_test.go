package goals_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/actions/actionstest"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

// walk lists all goals, limit at a time, and returns their ids.
func walk(t *testing.T, conn *host.Connection, limit int) []string {
	t.Helper()
	var ids []string
	for cursor := ""; ; {
		_, output := actionstest.Run(t, conn, "goal.list", fmt.Sprintf(`{"select":["Name"],"limit":%d%s}`, limit, cursor))
		rows := output["records"].([]any)
		if len(rows) > limit {
			t.Fatalf("%d rows for a limit of %d", len(rows), limit)
		}
		for _, r := range rows {
			ids = append(ids, r.(map[string]any)["Gsid"].(string))
		}
		next, more := output["nextCursor"].(string)
		if !more {
			return ids
		}
		cursor = fmt.Sprintf(`,"cursor":%q`, next)
		if len(ids) > 100 {
			t.Fatal("the list does not end")
		}
	}
}

// TestListWalks: every goal comes once, whether or not the tenant cuts pages,
// which is inferred.
func TestListWalks(t *testing.T) {
	t.Parallel()
	for _, forms := range []sandbox.Forms{{}, {RecordsKey: true}, {PagesIgnored: true}} {
		for _, size := range []struct{ limit, page int }{{7, 100}, {30, 30}, {30, 10}, {29, 29}, {31, 31}} {
			t.Run(fmt.Sprintf("%v/%v/%v", forms.RecordsKey, forms.PagesIgnored, size), func(t *testing.T) {
				t.Parallel()
				tenant, conn := rig(t, forms, endpoint("goal.list", map[string]any{"page_size": size.page}))
				ids := walk(t, conn, size.limit)
				seen := map[string]bool{}
				for _, id := range ids {
					seen[id] = true
				}
				if total := len(tenant.Goals()); len(ids) != total || len(seen) != total {
					t.Errorf("%d rows, %d different; want %d", len(ids), len(seen), total)
				}
			})
		}
	}
}

func TestListFilters(t *testing.T) {
	t.Parallel()
	_, conn := rig(t, sandbox.Forms{}, nil)
	_, output := actionstest.Run(t, conn, "goal.list",
		`{"select":["gsid","StatusName"],"where":{"conditions":[{"name":"StatusName","operator":"EQ","value":["Achieved"]}]}}`)
	rows := output["records"].([]any)
	for _, r := range rows {
		if row := r.(map[string]any); row["StatusName"] != "Achieved" || len(row) != 2 {
			t.Errorf("row %v", r)
		}
	}
	if len(rows) == 0 {
		t.Error("no rows")
	}
}

func TestEmptyResults(t *testing.T) {
	t.Parallel()
	for _, form := range []sandbox.EmptyForm{sandbox.EmptyTrue, sandbox.EmptyFalse, sandbox.EmptyError} {
		_, conn := rig(t, sandbox.Forms{EmptyList: form}, nil)
		_, output := actionstest.Run(t, conn, "goal.list",
			`{"select":["Name"],"where":{"conditions":[{"name":"Name","operator":"EQ","value":["nobody has this name"]}]}}`)
		if rows, ok := output["records"].([]any); !ok || len(rows) != 0 || output["nextCursor"] != nil {
			t.Errorf("form %d: output %v, want no rows and no cursor", form, output)
		}
	}
}

func TestRefusedQueries(t *testing.T) {
	t.Parallel()
	_, conn := rig(t, sandbox.Forms{}, nil)
	tests := map[string]struct{ input, pointer, message string }{
		"an unknown field": {`{"select":["StatsName"]}`, "/select/0", "did you mean StatusName?"},
		"no select":        {`{}`, "/select", "is required"},
		"an order":         {`{"select":["Name"],"orderBy":{"Name":"asc"}}`, "/orderBy", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := execute(t, conn, "goal.list", tt.input)
			found := false
			for _, v := range connector.AsError(err).Violations {
				found = found || v.Pointer == tt.pointer && strings.Contains(v.Message, tt.message)
			}
			if !errors.Is(err, connector.ReasonInvalidInput) || !found {
				t.Errorf("error %v, want %q at %s", err, tt.message, tt.pointer)
			}
		})
	}
}

func TestFieldOptions(t *testing.T) {
	t.Parallel()
	_, conn := rig(t, sandbox.Forms{}, nil)
	page, err := conn.Options(t.Context(), connector.OptionsRequest{
		Action: "goal.list", Pointer: "/select/0", Query: "status", PageSize: 10,
	})
	if err != nil || len(page.Options) != 1 || page.Options[0].Value != "StatusName" {
		t.Errorf("options %v, error %v; want StatusName", page.Options, err)
	}
}

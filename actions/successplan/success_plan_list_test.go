package successplan_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/actions/actionstest"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

func rows(output map[string]any) []map[string]any {
	var all []map[string]any
	for _, r := range output["records"].([]any) {
		all = append(all, r.(map[string]any))
	}
	return all
}

func TestListWalksPagesAndResumes(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ limit, page int }{{1000, 100}, {7, 3}, {6, 3}, {20, 20}, {1, 1}} {
		t.Run(fmt.Sprintf("%d rows in pages of %d", tt.limit, tt.page), func(t *testing.T) {
			t.Parallel()
			tenant, conn := connect(t, sandbox.Forms{}, map[string]any{"success_plan.list": map[string]any{"page_size": tt.page}})
			seen := map[any]bool{}
			for cursor := ""; ; {
				in := fmt.Sprintf(`{"select":["Name"],"limit":%d%s}`, tt.limit, cursor)
				_, output := actionstest.Run(t, conn, "success_plan.list", in)
				for _, r := range rows(output) {
					if seen[r["Gsid"]] {
						t.Fatalf("%v came twice", r["Gsid"])
					}
					seen[r["Gsid"]] = true
				}
				next, more := output["nextCursor"].(string)
				if !more {
					break
				}
				cursor = fmt.Sprintf(`,"cursor":%q`, next)
			}
			if want := len(tenant.Plans()); len(seen) != want {
				t.Errorf("%d rows in all, want %d", len(seen), want)
			}
		})
	}
}

func TestListByName(t *testing.T) {
	t.Parallel()
	for name, forms := range map[string]sandbox.Forms{
		"canonical keys": {}, "under records": {RecordsKey: true}, "echoed keys": {EchoKeys: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, conn := connect(t, forms, nil)
			_, output := actionstest.Run(t, conn, "success_plan.list",
				`{"select":["Name","StatusName","TypeName","CompanyId__gr.Name"],"where":{"conditions":[
					{"name":"StatusName","operator":"EQ","value":["Active"]},{"name":"TypeName","operator":"NE","value":["Renewal"]}]}}`)
			found := rows(output)
			if len(found) == 0 {
				t.Fatal("no rows")
			}
			for _, r := range found {
				if r["StatusName"] != "Active" || r["TypeName"] == "Renewal" || r["CompanyId__gr.Name"] == nil {
					t.Errorf("row %v", r)
				}
			}
		})
	}
}

// TestDeletedPlans: two ways to them are told of; a connection can choose.
func TestDeletedPlans(t *testing.T) {
	t.Parallel()
	listPath := map[string]any{"success_plan.list_deleted": map[string]any{"path": "/v2/successPlan/list/", "page_size": 2}}
	tests := map[string]struct {
		forms     sandbox.Forms
		endpoints map[string]any
		path      string
	}{
		"by the path of their own":   {sandbox.Forms{}, nil, "/v2/successPlan/deleted/list"},
		"by it, the flag is ignored": {sandbox.Forms{PlanFlagIgnored: true}, nil, "/v2/successPlan/deleted/list"},
		"by the flag of the list":    {sandbox.Forms{}, listPath, "/v2/successPlan/list/"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant, conn := connect(t, tt.forms, tt.endpoints)
			_, output := actionstest.Run(t, conn, "success_plan.list", `{"select":["Name"],"includeonlyDeletedRecords":true}`)
			var got []any
			for _, r := range rows(output) {
				got = append(got, r["Gsid"])
			}
			var want []any
			for n := 21; n <= 23; n++ {
				want = append(want, fmt.Sprintf("%s%04d", strings.TrimSuffix(planID, "0001"), n))
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("deleted plans (-want +got):\n%s", diff)
			}
			if requests := tenant.Requests(); requests[0].Path != tt.path {
				t.Errorf("asked %s, want %s", requests[0].Path, tt.path)
			}
			_, output = actionstest.Run(t, conn, "success_plan.list", `{"select":["Name"],"includeonlyDeletedRecords":false}`)
			if n := len(rows(output)); n != len(tenant.Plans()) {
				t.Errorf("%d plans that exist, want %d", n, len(tenant.Plans()))
			}
		})
	}
}

func TestEmptyResults(t *testing.T) {
	t.Parallel()
	for name, form := range map[string]sandbox.EmptyForm{
		"an empty list": sandbox.EmptyTrue, "a failure with a message": sandbox.EmptyFalse, "GSOBJ_1011": sandbox.EmptyError,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, conn := connect(t, sandbox.Forms{EmptyList: form}, nil)
			_, output := actionstest.Run(t, conn, "success_plan.list",
				`{"select":["Name"],"where":{"conditions":[{"name":"Name","operator":"EQ","value":["nobody has this name"]}]}}`)
			if list, ok := output["records"].([]any); !ok || len(list) != 0 || output["nextCursor"] != nil {
				t.Errorf("output %v, want no rows and no cursor", output)
			}
		})
	}
}

func TestRefusedQueries(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		input string
		want  map[string]string
	}{
		"an unknown field beside a name": {
			`{"select":["StatusName","Nmae"]}`, map[string]string{"/select/1": "did you mean Name?"},
		},
		"a name that is misspelt": {`{"select":["StatusNme"]}`, map[string]string{"/select/0": "did you mean StatusName"}},
		"in a condition": {
			`{"select":["Name"],"where":{"conditions":[{"name":"TypName","operator":"EQ","value":["x"]}]}}`,
			map[string]string{"/where/conditions/0/name": "did you mean TypeName?"},
		},
		"no select": {`{}`, map[string]string{"/select": "is required"}},
		"an order":  {`{"select":["Name"],"orderBy":{"Name":"asc"}}`, map[string]string{"/orderBy": ""}},
	}
	_, conn := connect(t, sandbox.Forms{}, nil)
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := execute(t, conn, "success_plan.list", tt.input)
			if !errors.Is(err, connector.ReasonInvalidInput) {
				t.Fatalf("error %v, want INVALID_INPUT", err)
			}
			violations := connector.AsError(err).Violations
			if len(violations) != len(tt.want) {
				t.Errorf("violations %v, want %v", violations, tt.want)
			}
			for _, v := range violations {
				if message, ok := tt.want[v.Pointer]; !ok || !strings.Contains(v.Message, message) {
					t.Errorf("violation %+v, want %v", v, tt.want)
				}
			}
		})
	}
}

func TestListOptions(t *testing.T) {
	t.Parallel()
	_, conn := connect(t, sandbox.Forms{}, nil)
	for _, pointer := range []string{"/select/0", "/where/conditions/2/name"} {
		page, err := conn.Options(t.Context(), connector.OptionsRequest{Action: "success_plan.list", Pointer: pointer})
		if err != nil {
			t.Fatal(err)
		}
		var first []string
		for _, o := range page.Options[:3] {
			first = append(first, o.Value)
		}
		if diff := cmp.Diff([]string{"StatusName", "TypeName", "Gsid"}, first); diff != "" {
			t.Errorf("first options of %s (-want +got):\n%s", pointer, diff)
		}
	}
}

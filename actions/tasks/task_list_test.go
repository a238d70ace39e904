package tasks_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/actions/actionstest"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

// walk lists what a query asks for, limit at a time, and returns the ids sorted.
func walk(t *testing.T, conn *host.Connection, query string, limit int) []string {
	t.Helper()
	ids := []string{}
	for cursor := ""; ; {
		_, output := actionstest.Run(t, conn, "task.list", fmt.Sprintf(`{%s,"select":["Name"],"limit":%d%s}`, query, limit, cursor))
		for _, r := range output["records"].([]any) {
			ids = append(ids, r.(map[string]any)["Gsid"].(string))
		}
		next, more := output["nextCursor"].(string)
		if !more {
			slices.Sort(ids)
			return ids
		}
		cursor = fmt.Sprintf(`,"cursor":%q`, next)
		if len(ids) > 200 {
			t.Fatal("the list does not end")
		}
	}
}

// tasksOf returns the ids of the tasks that a test wants, sorted.
func tasksOf(tenant *sandbox.Tenant, want func(task map[string]any) bool) []string {
	ids := []string{}
	for _, task := range tenant.Tasks() {
		if want(task) {
			ids = append(ids, task["Gsid"].(string))
		}
	}
	slices.Sort(ids)
	return ids
}

// TestForms: three clients list tasks in three forms, and an object query
// gives the same rows (open question 3).
func TestForms(t *testing.T) {
	t.Parallel()
	const query = "/v1/data/objects/query/cs_task"
	list, ofCTA := "/v2/cockpit/task/list", "/v2/cockpit/task/list/"+ctaID(3)
	all := func(map[string]any) bool { return true }
	one := func(task map[string]any) bool { return task["CtaId"] == ctaID(3) }
	cta := fmt.Sprintf(`"ctaId":%q`, ctaID(3))
	tests := map[string]struct {
		tenant sandbox.TaskListForm
		form   string
		query  string
		want   func(map[string]any) bool
		paths  []string // of the first page
	}{
		"auto, all":                {sandbox.TaskListPost, "", `"limit":1`, all, []string{list}},
		"auto, of a CTA":           {sandbox.TaskListPost, "", cta, one, []string{ofCTA}},
		"auto, falls back":         {sandbox.TaskListNone, "", `"limit":1`, all, []string{list, query}},
		"auto, falls back, of one": {sandbox.TaskListPostPlain, "auto", cta, one, []string{ofCTA, query}},
		"post, all":                {sandbox.TaskListPostPlain, "post", `"limit":1`, all, []string{list}},
		"post, of a CTA":           {sandbox.TaskListPostPlain, "post", cta, one, []string{list}},
		"post-with-cta":            {sandbox.TaskListPost, "post-with-cta", cta, one, []string{ofCTA}},
		"get-with-cta":             {sandbox.TaskListGet, "get-with-cta", cta, one, []string{ofCTA}},
		"object-query, all":        {sandbox.TaskListNone, "object-query", `"limit":1`, all, []string{query}},
		"object-query, of a CTA":   {sandbox.TaskListNone, "object-query", cta, one, []string{query}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			settings := actionstest.Settings{}
			if tt.form != "" {
				settings = endpoint("task.list", map[string]any{"form": tt.form})
			}
			tenant, conn := rig(t, sandbox.Forms{TaskList: tt.tenant}, settings)
			query := tt.query
			if query == `"limit":1` {
				query = `"where":{"conditions":[]}`
			}
			for _, limit := range []int{1000, 20, 1} {
				if diff := cmp.Diff(tasksOf(tenant, tt.want), walk(t, conn, query, limit)); diff != "" {
					t.Errorf("tasks, %d at a time (-want +got):\n%s", limit, diff)
				}
			}
			var paths []string
			for _, r := range tenant.Requests()[:len(tt.paths)] {
				paths = append(paths, r.Path)
			}
			if diff := cmp.Diff(tt.paths, paths); diff != "" {
				t.Errorf("paths (-want +got):\n%s", diff)
			}
		})
	}
}

// TestFallBackIsRemembered: the missing list is asked for once, not in every
// call.
func TestFallBackIsRemembered(t *testing.T) {
	t.Parallel()
	tenant, conn := rig(t, sandbox.Forms{TaskList: sandbox.TaskListNone}, nil)
	for range 3 {
		actionstest.Run(t, conn, "task.list", `{"select":["Name"],"limit":1}`)
	}
	if n := posts(tenant); n != 4 {
		t.Errorf("%d requests for three lists, want one more than that", n)
	}
}

func TestFallBackIsSaid(t *testing.T) {
	t.Parallel()
	_, conn := rig(t, sandbox.Forms{TaskList: sandbox.TaskListNone}, nil)
	result, _ := actionstest.Run(t, conn, "task.list", `{"select":["Name"]}`)
	if len(result.Diagnostics) != 1 || !strings.Contains(result.Diagnostics[0].Summary, "object-query") {
		t.Errorf("diagnostics %v, want one that names the form", result.Diagnostics)
	}
}

// TestFiltersInEveryForm: the condition on the CTA joins those of the caller.
func TestFiltersInEveryForm(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		where string
		want  func(name any) bool
	}{
		"no expression": {
			`{"conditions":[{"name":"Name","operator":"CONTAINS","value":["summary"]}]}`,
			func(name any) bool { return strings.Contains(name.(string), "summary") },
		},
		"either": {
			`{"conditions":[{"name":"Name","operator":"CONTAINS","value":["summary"],"alias":"Z"},
				{"name":"Name","operator":"CONTAINS","value":["review"]}],"expression":"Z OR A"}`,
			func(name any) bool {
				return strings.Contains(name.(string), "summary") || strings.Contains(name.(string), "review")
			},
		},
		"both": {
			`{"conditions":[{"name":"Name","operator":"CONTAINS","value":["the"]},
				{"name":"Name","operator":"CONTAINS","value":["usage"]}],"expression":"A AND B"}`,
			func(name any) bool { return strings.Contains(name.(string), "usage") },
		},
	} {
		for _, form := range []string{"post", "post-with-cta", "object-query"} {
			for _, rows := range []bool{false, true} {
				t.Run(fmt.Sprint(name, "/", form, "/", rows), func(t *testing.T) {
					t.Parallel()
					forms := sandbox.Forms{RecordsKey: rows}
					tenant, conn := rig(t, forms, endpoint("task.list", map[string]any{"form": form}))
					for cta := 1; cta <= 2; cta++ {
						want := tasksOf(tenant, func(task map[string]any) bool {
							return task["CtaId"] == ctaID(cta) && tt.want(task["Name"])
						})
						got := walk(t, conn, fmt.Sprintf(`"ctaId":%q,"where":%s`, ctaID(cta), tt.where), 1000)
						if diff := cmp.Diff(want, got); diff != "" {
							t.Errorf("tasks of CTA %d (-want +got):\n%s", cta, diff)
						}
					}
				})
			}
		}
	}
}

func TestEmptyResults(t *testing.T) {
	t.Parallel()
	for _, form := range []sandbox.EmptyForm{sandbox.EmptyTrue, sandbox.EmptyFalse, sandbox.EmptyError} {
		for _, own := range []string{"post", "object-query"} {
			_, conn := rig(t, sandbox.Forms{EmptyList: form}, endpoint("task.list", map[string]any{"form": own}))
			if got := walk(t, conn, `"where":{"conditions":[{"name":"Name","operator":"EQ","value":["nobody has this name"]}]}`, 10); len(got) > 0 {
				t.Errorf("form %d, %s: rows %v, want none", form, own, got)
			}
		}
	}
}

// TestWithoutPages: one client of the list sends no paging keys, so the tenant
// may not cut pages.
func TestWithoutPages(t *testing.T) {
	t.Parallel()
	tenant, conn := rig(t, sandbox.Forms{PagesIgnored: true}, nil)
	all := tasksOf(tenant, func(map[string]any) bool { return true })
	for _, limit := range []int{len(all), len(all) + 1, len(all) - 1, 10} {
		if diff := cmp.Diff(all, walk(t, conn, `"where":{"conditions":[]}`, limit)); diff != "" {
			t.Errorf("tasks, %d at a time (-want +got):\n%s", limit, diff)
		}
	}
}

func TestRefusedLists(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		form, input, pointer, message string
	}{
		"an unknown field":         {"auto", `{"select":["Nmae"]}`, "/select/0", "did you mean Name?"},
		"an unknown field, query":  {"object-query", `{"select":["Nmae"]}`, "/select/0", "did you mean Name?"},
		"no CTA for its form":      {"post-with-cta", `{"select":["Name"]}`, "/ctaId", "post-with-cta"},
		"a filter in a GET":        {"get-with-cta", `{"select":["Name"],"ctaId":"x","where":{"conditions":[]}}`, "/where", "get-with-cta"},
		"a cursor of another list": {"post", `{"select":["Name"],"ctaId":"x","cursor":"e30"}`, "/cursor", "not one that this action gave out"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, conn := rig(t, sandbox.Forms{}, endpoint("task.list", map[string]any{"form": tt.form}))
			_, err := execute(t, conn, "task.list", tt.input)
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

// TestNoListAtAll: where the fall-back is missing too, the error is about the
// list.
func TestNoListAtAll(t *testing.T) {
	t.Parallel()
	tenant, conn := rig(t, sandbox.Forms{TaskList: sandbox.TaskListNone}, endpoint("task.query", map[string]any{"path": "/v1/nowhere"}))
	_, err := execute(t, conn, "task.list", `{"select":["Name"]}`)
	e := connector.AsError(err)
	if !errors.Is(err, connector.ReasonNotFound) || !strings.Contains(e.Hint, `endpoints."task.list"`) || posts(tenant) != 2 {
		t.Errorf("error %v after %d requests", err, posts(tenant))
	}
}

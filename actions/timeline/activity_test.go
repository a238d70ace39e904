package timeline_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/actions/actionstest"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

func TestUpdate(t *testing.T) {
	t.Parallel()
	const gsid = "1X04ACME0000000000000000000000000003"
	for name, forms := range replies() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant := sandbox.New(sandbox.Acme(), &sandbox.Options{Forms: forms})
			conn := actionstest.Connect(t, tenant, nil)
			_, output := actionstest.Run(t, conn, "activity.update", input(t,
				map[string]any{"ExternalId": "acme-activity-0001", "Subject": "one"},
				map[string]any{"ActivityId": "acme-a-0002", "Subject": "two"},
				map[string]any{"Gsid": gsid, "Subject": "three", "Author": "ben.costa@example.com"},
				map[string]any{"ExternalId": "nobody", "Subject": "four"},
			))
			want := []outcome{
				{Ref: "acme-activity-0001", Status: "succeeded"}, {Ref: actionstest.Made, Status: "succeeded"},
				{Ref: actionstest.Made, Status: "succeeded"}, {Ref: "nobody", Status: "failed", Code: "GS_TL_10_0213"},
			}
			if diff := cmp.Diff(want, outcomes(t, output)); diff != "" {
				t.Errorf("results (-want +got):\n%s", diff)
			}
			before := activity(sandbox.New(sandbox.Acme(), nil), "acme-activity-0002")
			for i, subject := range []string{"one", "two", "three"} {
				a := activity(tenant, fmt.Sprintf("acme-activity-000%d", i+1))
				if a["Subject"] != subject {
					t.Errorf("subject %v, want %s", a["Subject"], subject)
				}
				if i == 1 && (a["AuthorId"] != before["AuthorId"] || a["Notes"] != before["Notes"]) {
					t.Error("a field that was not given has changed")
				}
			}
		})
	}
}

func TestUpdateIsRepeated(t *testing.T) {
	t.Parallel()
	tenant := sandbox.New(sandbox.Acme(), nil)
	conn := actionstest.Connect(t, tenant, nil)
	tenant.Inject(sandbox.Fault{Method: http.MethodPut, Kind: sandbox.FaultLostAnswer, Times: 1})
	result, _ := actionstest.Run(t, conn, "activity.update", input(t, map[string]any{"ExternalId": "acme-activity-0001", "Subject": "x"}))
	if result.Records.Succeeded != 1 || result.Stats.Retries != 1 {
		t.Errorf("%+v after %d retries, want one success after one", result.Records, result.Stats.Retries)
	}
}

func TestUpdateNeedsAnID(t *testing.T) {
	t.Parallel()
	conn := actionstest.Connect(t, sandbox.New(sandbox.Acme(), nil), nil)
	_, err := execute(t, conn, "activity.update", `{"records":[{"Subject":"x"}]}`)
	if v := connector.AsError(err).Violations; len(v) != 1 || v[0].Pointer != "/records/0/ExternalId" {
		t.Errorf("error %v, want one violation at /records/0/ExternalId", err)
	}
}

// TestDelete: in every form in which the ids may have to be sent (open question
// 7), and with every reply.
func TestDelete(t *testing.T) {
	t.Parallel()
	carriers := map[string]sandbox.ActivityDelete{
		"records": sandbox.DeleteRecords, "ids": sandbox.DeleteIDs, "list": sandbox.DeleteList, "query": sandbox.DeleteQuery,
	}
	for form, carrier := range carriers {
		for reply, forms := range replies() {
			if form != "records" && reply != "maps" {
				continue // how the ids are sent and what comes back do not depend on each other
			}
			t.Run(form+"/"+reply, func(t *testing.T) {
				t.Parallel()
				forms.ActivityDelete = carrier
				tenant := sandbox.New(sandbox.Acme(), &sandbox.Options{Forms: forms})
				conn := actionstest.Connect(t, tenant, with("activity.delete", map[string]any{"form": form}))
				_, output := actionstest.Run(t, conn, "activity.delete",
					`{"records":[{"ActivityId":"acme-a-0001"},{"ActivityId":"nobody"},{"ActivityId":"acme-a-0002"}]}`)
				want := []outcome{
					{Ref: "acme-a-0001", Status: "succeeded"}, {Ref: "nobody", Status: "failed", Code: "GS_TL_10_0213"},
					{Ref: "acme-a-0002", Status: "succeeded"},
				}
				if diff := cmp.Diff(want, outcomes(t, output)); diff != "" {
					t.Errorf("results (-want +got):\n%s", diff)
				}
				if activity(tenant, "acme-activity-0001") != nil || activity(tenant, "acme-activity-0003") == nil {
					t.Error("the wrong activities are gone")
				}
			})
		}
	}
}

// TestRepeatedDelete: what the second request does not find is what the first
// has deleted.
func TestRepeatedDelete(t *testing.T) {
	t.Parallel()
	tenant := sandbox.New(sandbox.Acme(), nil)
	conn := actionstest.Connect(t, tenant, nil)
	tenant.Inject(sandbox.Fault{Method: http.MethodDelete, Kind: sandbox.FaultLostAnswer, Times: 1})
	result, _ := actionstest.Run(t, conn, "activity.delete", `{"records":[{"ActivityId":"acme-a-0001"}]}`)
	if result.Records.Succeeded != 1 || result.Stats.Retries != 1 {
		t.Errorf("%+v after %d retries, want one success after one", result.Records, result.Stats.Retries)
	}
}

// TestRepeatedInAnotherProcess: what a process that ended has done, or may have
// done, has not failed because the tenant refuses it now.
func TestRepeatedInAnotherProcess(t *testing.T) {
	t.Parallel()
	const succeeded, failed, unknown = "succeeded", "failed", "unknown"
	there, fresh := good("acme-activity-0001", nil), good("r1", nil)
	bad := good("r2", map[string]any{"TypeName": "Nothing"})
	tests := map[string]struct {
		action  string
		records []map[string]any
		fault   *sandbox.Fault
		first   []string
		again   []string
	}{
		"a save": {
			"activity.save", []map[string]any{there, fresh, bad}, nil,
			[]string{failed, succeeded, failed}, []string{succeeded, succeeded, failed},
		},
		"a deletion": {
			"activity.delete", []map[string]any{{"ActivityId": "acme-a-0001"}, {"ActivityId": "nowhere"}}, nil,
			[]string{succeeded, failed}, []string{succeeded, succeeded},
		},
		"a save cut short": {
			"activity.save", []map[string]any{fresh, good("r3", nil), good("r4", nil)},
			&sandbox.Fault{Path: activityPath, Kind: sandbox.FaultUnauthorized, After: 1},
			[]string{succeeded, failed, failed}, []string{succeeded, unknown, unknown},
		},
	}
	for name, tt := range tests {
		for repeated, want := range map[bool][]string{false: tt.first, true: tt.again} {
			t.Run(fmt.Sprintf("%s, repeated %v", name, repeated), func(t *testing.T) {
				t.Parallel()
				tenant := sandbox.New(sandbox.Acme(), nil)
				conn := actionstest.Connect(t, tenant, nil)
				if tt.fault != nil {
					tenant.Inject(*tt.fault)
				}
				result, err := conn.Execute(t.Context(), connector.Call{
					Action: tt.action, Input: json.RawMessage(input(t, tt.records...)), Repeated: repeated,
				})
				if err != nil {
					t.Fatal(err)
				}
				var output map[string]any
				if err := json.Unmarshal(result.Output, &output); err != nil {
					t.Fatal(err)
				}
				var got []string
				for _, o := range outcomes(t, output) {
					got = append(got, o.Status)
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("statuses (-want +got):\n%s", diff)
				}
				for _, r := range output["results"].([]any) {
					e, _ := r.(map[string]any)["error"].(map[string]any)
					if isUnknown := r.(map[string]any)["status"] == unknown; e != nil && (e["outcomeUnknown"] == true) != isUnknown {
						t.Errorf("result %v", r)
					}
				}
			})
		}
	}
}

func TestListDeleted(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		forms    sandbox.Forms
		override map[string]any
	}{
		"as assumed":        {sandbox.Forms{}, map[string]any{}},
		"other keys":        {sandbox.Forms{DeletedRange: [2]string{"from", "to"}}, map[string]any{"field_names": map[string]any{"deletedFrom": "from", "deletedTo": "to"}}},
		"a condition":       {sandbox.Forms{DeletedWhere: true}, map[string]any{"form": "where"}},
		"rows under a key":  {sandbox.Forms{RecordsKey: true}, map[string]any{}},
		"nothing, as false": {sandbox.Forms{EmptyList: sandbox.EmptyFalse}, map[string]any{}},
		"nothing, as error": {sandbox.Forms{EmptyList: sandbox.EmptyError}, map[string]any{}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant := sandbox.New(sandbox.Acme(), &sandbox.Options{Forms: tt.forms})
			conn := actionstest.Connect(t, tenant, with("activity.list_deleted", tt.override))
			const since = `{"deletedFrom":"2020-01-01T01:00:00+01:00"}`
			_, output := actionstest.Run(t, conn, "activity.list_deleted", since)
			if rows := output["records"].([]any); len(rows) != 0 || output["nextCursor"] != nil {
				t.Errorf("output %v, want no rows", output)
			}
			actionstest.Run(t, conn, "activity.delete", `{"records":[{"ActivityId":"acme-a-0001"}]}`)
			_, output = actionstest.Run(t, conn, "activity.list_deleted", since)
			rows := output["records"].([]any)
			if len(rows) != 1 || rows[0].(map[string]any)["activityId"] != "acme-a-0001" {
				t.Errorf("rows %v, want that of acme-a-0001", rows)
			}
			_, output = actionstest.Run(t, conn, "activity.list_deleted", `{"deletedFrom":"2020-01-01T00:00:00Z","deletedTo":"2021-01-01T00:00:00Z"}`)
			if rows := output["records"].([]any); len(rows) != 0 {
				t.Errorf("rows %v of another time", rows)
			}
		})
	}
}

func TestListDeletedBackwards(t *testing.T) {
	t.Parallel()
	conn := actionstest.Connect(t, sandbox.New(sandbox.Acme(), nil), nil)
	_, err := execute(t, conn, "activity.list_deleted", `{"deletedFrom":"2026-01-02T00:00:00Z","deletedTo":"2026-01-01T00:00:00Z"}`)
	if v := connector.AsError(err).Violations; len(v) != 1 || v[0].Pointer != "/deletedTo" {
		t.Errorf("error %v, want one violation at /deletedTo", err)
	}
}

func TestReadWalksPagesAndResumes(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ limit, page int }{
		"one page": {1000, 5000}, "pages smaller than the limit": {20, 7}, "a row at a time": {1, 1}, "all of them": {25, 25},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn := actionstest.Connect(t, sandbox.New(sandbox.Acme(), nil), with("activity.read", map[string]any{"page_size": tt.page}))
			var seen []string
			for cursor := ""; ; {
				_, output := actionstest.Run(t, conn, "activity.read",
					fmt.Sprintf(`{"select":["ExternalId"],"orderBy":{"ExternalId":"desc"},"limit":%d%s}`, tt.limit, cursor))
				for _, r := range output["records"].([]any) {
					seen = append(seen, r.(map[string]any)["ExternalId"].(string))
				}
				next, more := output["nextCursor"].(string)
				if !more {
					break
				}
				cursor = fmt.Sprintf(`,"cursor":%q`, next)
			}
			if len(seen) != 25 || seen[0] != "acme-activity-0025" || seen[24] != "acme-activity-0001" {
				t.Errorf("%d rows from %s, want 25 in order", len(seen), seen[0])
			}
		})
	}
}

func TestReadFiltersAndForms(t *testing.T) {
	t.Parallel()
	const sample = `{"select":["ExternalId","contextname","AuthorId__gr.Email"],
		"where":{"conditions":[{"name":"ExternalId","operator":"EQ","value":["acme-activity-0003"],"alias":"A"}],"expression":"A"}}`
	for name, forms := range map[string]sandbox.Forms{
		"under data.records": {}, "under data": {ObjectRowsInData: true}, "milliseconds": {Dates: sandbox.DatesMillis},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn := actionstest.Connect(t, sandbox.New(sandbox.Acme(), &sandbox.Options{Forms: forms}), nil)
			_, output := actionstest.Run(t, conn, "activity.read", sample)
			want := []any{map[string]any{
				"ExternalId": "acme-activity-0003", "contextname": "Company", "AuthorId__gr.Email": "chloe.dubois@example.com",
			}}
			if diff := cmp.Diff(want, output["records"]); diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReadFindsNothing(t *testing.T) {
	t.Parallel()
	for name, form := range map[string]sandbox.EmptyForm{
		"an empty list": sandbox.EmptyTrue, "a failure": sandbox.EmptyFalse, "GSOBJ_1011": sandbox.EmptyError,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn := actionstest.Connect(t, sandbox.New(sandbox.Acme(), &sandbox.Options{Forms: sandbox.Forms{EmptyList: form}}), nil)
			_, output := actionstest.Run(t, conn, "activity.read",
				`{"select":["Gsid"],"where":{"conditions":[{"name":"ExternalId","operator":"EQ","value":["x"]}]}}`)
			if rows, ok := output["records"].([]any); !ok || len(rows) != 0 || output["nextCursor"] != nil {
				t.Errorf("output %v, want no rows", output)
			}
		})
	}
}

func TestReadNamesTheUnknownField(t *testing.T) {
	t.Parallel()
	conn := actionstest.Connect(t, sandbox.New(sandbox.Acme(), nil), nil)
	_, err := execute(t, conn, "activity.read", `{"select":["Gsid"],"where":{"conditions":[{"name":"ModifiedDate","operator":"IS_NOT_NULL"}]}}`)
	v := connector.AsError(err).Violations
	if !errors.Is(err, connector.ReasonInvalidInput) || len(v) != 1 || v[0].Pointer != "/where/conditions/0/name" {
		t.Errorf("error %v, want one violation at the field", err)
	}
}

func TestAbort(t *testing.T) {
	t.Parallel()
	t.Run("by path", func(t *testing.T) {
		t.Parallel()
		tenant := sandbox.New(sandbox.Acme(), nil)
		conn := actionstest.Connect(t, tenant, nil)
		id := start(t, conn, "activity.save_bulk", `{}`, lines(t, good("never", nil)))
		_, output := actionstest.Run(t, conn, "activity.abort_job", `{"jobId":"`+id+`"}`)
		if output["jobStatus"] != "ABORTED" || output["done"] != true || activity(tenant, "never") != nil {
			t.Errorf("output %v, want ABORTED and no activity", output)
		}
	})
	t.Run("by ids", func(t *testing.T) {
		t.Parallel()
		tenant := sandbox.New(sandbox.Acme(), &sandbox.Options{Forms: sandbox.Forms{ActivityAbort: sandbox.AbortByIDs}})
		conn := actionstest.Connect(t, tenant, with("activity.abort_job", map[string]any{"form": "ids"}))
		_, output := actionstest.Run(t, conn, "activity.abort_job", `{"jobId":"acme-job-running"}`)
		if output["jobStatus"] != "ABORTED" {
			t.Errorf("output %v, want ABORTED", output)
		}
	})
	t.Run("no such path", func(t *testing.T) {
		t.Parallel()
		tenant := sandbox.New(sandbox.Acme(), &sandbox.Options{Forms: sandbox.Forms{ActivityAbort: sandbox.AbortNowhere}})
		conn := actionstest.Connect(t, tenant, nil)
		_, err := execute(t, conn, "activity.abort_job", `{"jobId":"acme-job-running"}`)
		if !errors.Is(err, connector.ReasonNotFound) || !strings.Contains(err.Error(), "the abort path of this tenant is not confirmed") ||
			!strings.Contains(connector.AsError(err).Hint, `endpoints."activity.abort_job"`) {
			t.Errorf("error %v, want NOT_FOUND with what to set", err)
		}
	})
}

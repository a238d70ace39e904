package timeline_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/actions/actionstest"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

// TestUploadRequestOverrides: what a connection puts beside the records of an
// upload, and into its lookups and dates, is in its request.
func TestUploadRequestOverrides(t *testing.T) {
	t.Parallel()
	conn := actionstest.Connect(t, sandbox.New(sandbox.Acme(), nil), with("activity.save_bulk", map[string]any{
		"body": map[string]any{"source": "flow", "a": nil}, "date_form": "plain_offset",
		"lookups": map[string]any{"AuthorId": map[string]any{"onNoMatch": nil, "fallback": "x"}, "OwnerId": map[string]any{"a": 1}},
	}))
	result, err := conn.Execute(t.Context(), connector.Call{
		Action: "activity.save_bulk", DryRun: true, Input: json.RawMessage(input(t, good("o-1", map[string]any{"companyName": nil, "GsCompanyId": nil}))),
	})
	if err != nil {
		t.Fatal(err)
	}
	var planned struct {
		Requests []struct {
			Body map[string]any `json:"body"`
		} `json:"requests"`
	}
	if err := json.Unmarshal(result.Output, &planned); err != nil || len(planned.Requests) != 1 {
		t.Fatalf("%v: %s", err, result.Output)
	}
	body := planned.Requests[0].Body
	record, _ := body["records"].([]any)[0].(map[string]any)
	got := map[string]any{"source": body["source"], "lookups": body["lookups"], "date": record["ActivityDate"]}
	want := map[string]any{
		"source": "flow", "date": "2026-10-01T09:30:00.000+0000",
		"lookups": map[string]any{"AuthorId": map[string]any{
			"fields": map[string]any{"Author": "Email"}, "lookupField": "Gsid", "objectName": "GsUser",
			"multiMatchOption": "FIRSTMATCH", "fallback": "x",
		}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("request (-want +got):\n%s", diff)
	}
	if _, sent := body["a"]; sent {
		t.Error("a null was sent")
	}
}

// TestUploadRecords: an upload of more records than the connection allows is
// refused before anything is sent; without the setting the tenant refuses it.
func TestUploadRecords(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		override map[string]any
		reason   connector.Reason
		sent     bool
	}{
		"without": {map[string]any{}, connector.ReasonInvalidInput, true},
		"with":    {map[string]any{"records_per_request": 2}, connector.ReasonTooLarge, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant := sandbox.New(sandbox.Acme(), &sandbox.Options{Forms: sandbox.Forms{ActivityRecords: 2}})
			conn := actionstest.Connect(t, tenant, with("activity.save_bulk", tt.override))
			content := lines(t, good("n-1", nil), good("n-2", nil), good("n-3", nil))
			_, err := conn.Upload(t.Context(), connector.Call{Action: "activity.save_bulk", Input: json.RawMessage(`{}`)},
				"application/x-ndjson", strings.NewReader(content))
			if e := connector.AsError(err); e == nil || e.Reason != tt.reason {
				t.Errorf("got %v, want %s", err, tt.reason)
			}
			sent := false
			for _, r := range tenant.Requests() {
				sent = sent || strings.HasSuffix(r.Path, "/bulk")
			}
			if sent != tt.sent {
				t.Errorf("sent: %t", sent)
			}
		})
	}
}

// TestBodyBesideAList: a body that is no object takes nothing beside it, and the
// error says whose setting that is.
func TestBodyBesideAList(t *testing.T) {
	t.Parallel()
	conn := actionstest.Connect(t, sandbox.New(sandbox.Acme(), nil), with("activity.delete", map[string]any{
		"form": "list", "body": map[string]any{"hard": true},
	}))
	_, err := conn.Execute(t.Context(), connector.Call{
		Action: "activity.delete", Input: json.RawMessage(`{"records":[{"ActivityId":"a"}]}`),
	})
	e := connector.AsError(err)
	if e == nil || e.Reason != connector.ReasonInvalidConnection || !strings.Contains(e.Message, `endpoints."activity.delete".body`) {
		t.Errorf("got %v", err)
	}
}

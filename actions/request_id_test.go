package actions_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/actions/actionstest"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

// TestRequestIDOfARecord: whoever asks the vendor about a record without a good
// outcome can name the request, also where the answer does not name the record.
func TestRequestIDOfARecord(t *testing.T) {
	t.Parallel()
	const answer = `{"result":true,"requestId":"r-7","data":{"success":[{"1":"1S01ACME0000000000000000000000000001"}],
		"failure":[{"2":"COCKPIT_9700: Missing mandatory fields for create - Name"}]}}`
	tenant := sandbox.New(sandbox.Acme(), nil)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost || r.URL.Path != "/v2/cockpit/cta/" {
			tenant.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, answer)
	}))
	t.Cleanup(server.Close)
	conn := actionstest.Open(t, actionstest.Host(t), tenant, server.URL, nil)

	type told struct{ Status, RequestID string }
	var got []told
	var records []string
	for _, ref := range []string{"1", "2", "3"} {
		records = append(records, strings.Replace(ctaOfAcme, "{", `{"referenceId":"`+ref+`",`, 1))
	}
	result, _ := actionstest.Run(t, conn, "cta.create", `{"records":[`+strings.Join(records, ",")+`]}`)
	var output struct {
		Results []struct {
			Status string
			Error  *connector.Error
		}
	}
	if err := json.Unmarshal(result.Output, &output); err != nil {
		t.Fatal(err)
	}
	for _, r := range output.Results {
		one := told{Status: r.Status}
		if r.Error != nil {
			one.RequestID = r.Error.Downstream.RequestID
		}
		got = append(got, one)
	}
	want := []told{{"succeeded", ""}, {"failed", "r-7"}, {"unknown", "r-7"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("results (-want +got):\n%s\n%s", diff, result.Output)
	}
}

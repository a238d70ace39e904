package bulk_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/actions/actionstest"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

// TestExport: the stream is what the tenant's chunks hold, with one header.
func TestExport(t *testing.T) {
	t.Parallel()
	r := connect(t, sandbox.Options{}, nil, actions.Options{})
	got, summary, err := r.export(t.Context(), usage)
	if err != nil {
		t.Fatal(err)
	}
	var want strings.Builder
	chunks := r.job(t, usage)["chunks"].([]any)
	for i, c := range chunks {
		text := r.get(t, c.(map[string]any)["chunkUrl"].(string))
		if i > 0 {
			_, text, _ = strings.Cut(text, "\n")
		}
		want.WriteString(text)
	}
	if len(chunks) != 3 || got != want.String() {
		t.Errorf("got %d bytes, the %d chunks hold %d", len(got), len(chunks), want.Len())
	}
	if summary.Records != 45_000 || summary.ContentType != "text/csv; charset=utf-8" || summary.Bytes != uint64(len(got)) {
		t.Errorf("summary %+v", summary)
	}
	// One submit, three questions, three chunks; chunks have no request id.
	if summary.Stats.Calls != 7 || summary.Stats.Retries != 0 || len(summary.Stats.RequestIDs) != 4 {
		t.Errorf("stats %+v", summary.Stats)
	}
}

// TestExportForms: every form of the replies that is open gives the same rows.
func TestExportForms(t *testing.T) {
	t.Parallel()
	plain, _, err := connect(t, sandbox.Options{}, nil, actions.Options{}).export(t.Context(), companies)
	if err != nil || !strings.HasPrefix(plain, "Name\r\n") {
		t.Fatalf("got %q, %v", plain, err)
	}
	key := func(endpoint, key, path string) actionstest.Settings {
		return actionstest.Settings{"endpoints": map[string]any{endpoint: map[string]any{"keys": map[string]any{key: []string{path}}}}}
	}
	header := actionstest.Settings{"endpoints": map[string]any{
		"bulk.submit": map[string]any{"auth_header": "authentication"},
		"bulk.status": map[string]any{"auth_header": "authentication"},
		"bulk.chunk":  map[string]any{"auth_header": "authentication"},
	}}
	tests := map[string]struct {
		forms    sandbox.Forms
		settings actionstest.Settings
	}{
		"rooted URLs":            {sandbox.Forms{URLs: sandbox.URLRooted}, nil},
		"absolute URLs":          {sandbox.Forms{URLs: sandbox.URLAbsolute}, nil},
		"another key":            {sandbox.Forms{StatusURLKey: "statusUrl"}, nil},
		"a key of its own":       {sandbox.Forms{StatusURLKey: "pollAt"}, key("bulk.submit", "status_url", "data.pollAt")},
		"totals at the top":      {sandbox.Forms{TotalsAtTop: true}, nil},
		"byte-order mark":        {sandbox.Forms{CSVMark: true}, nil},
		"LF":                     {sandbox.Forms{CSVNewline: true}, nil},
		"header authentication":  {sandbox.Forms{BulkHeader: sandbox.BulkHeaderAuthentication}, header},
		"either header, default": {sandbox.Forms{BulkHeader: sandbox.BulkHeaderEither}, nil},
		"either header, other":   {sandbox.Forms{BulkHeader: sandbox.BulkHeaderEither}, header},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, summary, err := connect(t, sandbox.Options{Forms: tt.forms}, tt.settings, actions.Options{}).export(t.Context(), companies)
			if err != nil {
				t.Fatal(err)
			}
			want := plain
			if tt.forms.CSVNewline {
				want = strings.ReplaceAll(plain, "\r\n", "\n")
			}
			if diff := cmp.Diff(want, got); diff != "" || summary.Records == 0 {
				t.Errorf("%d records (-want +got):\n%s", summary.Records, diff)
			}
		})
	}
	t.Run("the other header is refused", func(t *testing.T) {
		t.Parallel()
		r := connect(t, sandbox.Options{Forms: sandbox.Forms{BulkHeader: sandbox.BulkHeaderAuthentication}}, nil, actions.Options{})
		_, _, err := r.export(t.Context(), companies)
		if e := connector.AsError(err); !errors.Is(err, connector.ReasonAuthFailed) ||
			!strings.Contains(e.Hint, `endpoints."bulk.submit".auth_header`) {
			t.Errorf("got %+v", e)
		}
	})
	t.Run("an unknown key", func(t *testing.T) {
		t.Parallel()
		r := connect(t, sandbox.Options{Forms: sandbox.Forms{StatusURLKey: "pollAt"}}, nil, actions.Options{})
		_, _, err := r.export(t.Context(), companies)
		if e := connector.AsError(err); !errors.Is(err, connector.ReasonDownstreamContract) || !strings.Contains(e.Hint, "status_url") {
			t.Errorf("got %+v", e)
		}
	})
}

func TestExportOfNothing(t *testing.T) {
	t.Parallel()
	const none = `{"objectName":"company","select":["Name","Gsid"],"where":{"conditions":[{"name":"Name","operator":"EQ","value":["none"]}]}}`
	for name, tt := range map[string]struct {
		forms sandbox.Forms
		want  string
	}{
		"no chunks": {sandbox.Forms{}, ""}, "a header alone": {sandbox.Forms{HeaderOnlyChunk: true}, "Name,Gsid\r\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, summary, err := connect(t, sandbox.Options{Forms: tt.forms}, nil, actions.Options{}).export(t.Context(), none)
			if err != nil || got != tt.want || summary.Records != 0 {
				t.Errorf("got %q, %+v, %v", got, summary, err)
			}
		})
	}
}

func TestExportOfAFailedJob(t *testing.T) {
	t.Parallel()
	for _, state := range []sandbox.JobState{sandbox.JobFailed, sandbox.JobAborted} {
		t.Run(string(state), func(t *testing.T) {
			t.Parallel()
			r := connect(t, sandbox.Options{JobOutcomes: map[string]sandbox.JobState{"company": state}}, nil, actions.Options{})
			got, _, err := r.export(t.Context(), companies)
			e := connector.AsError(err)
			if !errors.Is(err, connector.ReasonDownstreamUnavailable) || !strings.Contains(e.Message, string(state)) || got != "" {
				t.Errorf("got %q, %+v", got, e)
			}
			if job := r.job(t, companies); job["jobStatus"] != string(state) || len(job["chunks"].([]any)) != 0 ||
				job["totalRecords"] != nil {
				t.Errorf("bulk.status says %v", job)
			}
		})
	}
}

// TestExportBreaks: a fault is an error and never a shorter export.
// TestExportHeals: what passes costs time only; a job is submitted once.
// TestSubmitIsNotRepeated: a lost answer may stand for a job that runs.
// TestPolling: questions about a job come ever less often.
// TestThrottledSubmit: a spent budget is the caller's to wait for.
// TestThrottledJob: a job that runs is not given up for a spent budget.
// TestCancel: the caller's cancellation ends what runs at the tenant.
// TestRefusals: what is wrong with a query comes back with where and what.
// TestSubmitStatusChunk does by hand what bulk.export does by itself.
// TestAddresses: an address that leads elsewhere, or to what is no chunk, is
// refused before or after the call.
// TestDryRun: nothing is submitted, and what would be is shown.

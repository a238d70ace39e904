package cli

import (
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
)

func TestWriteError(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		err  *connector.Error
		want string
	}{
		"violations": {
			connector.Invalid("not valid", []connector.Violation{{Pointer: "/a", Message: "is required"}}).WithHint("read the schema"),
			"error: not valid\n  /a: is required\nhint: read the schema\n",
		},
		"of the tenant": {
			&connector.Error{Message: "no", Downstream: connector.Downstream{Status: 500, Code: "X_1", RequestID: "r-1"}, Retry: connector.RetryLater},
			"error: no\nthe tenant answered 500, code X_1, request id r-1\nthe same call may succeed later\n",
		},
		"over a limit": {
			&connector.Error{Message: "no", Retry: connector.RetryLater, RetryAfter: 90 * time.Second},
			"error: no\nthe same call may succeed in 1m30s\n",
		},
		"an answer lost": {
			&connector.Error{Message: "no", OutcomeUnknown: true, Retry: connector.RetryLater, Downstream: connector.Downstream{RequestID: "r-2"}},
			"error: no\nthe tenant answered, request id r-2\n" +
				"the outcome is unknown: the write may have been applied; look before you repeat it\n",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var b strings.Builder
			writeError(&b, tt.err)
			if diff := cmp.Diff(tt.want, b.String()); diff != "" {
				t.Errorf("text (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReportLines(t *testing.T) {
	t.Parallel()
	r := report{
		Diagnostics: []connector.Diagnostic{{Severity: connector.SeverityWarning, Summary: "is old", Pointer: "/a"}, {Severity: connector.SeverityInfo, Summary: "hello"}},
		Records:     &connector.RecordSummary{Total: 1200, Succeeded: 1000, Failed: 150, Unknown: 50},
		Download:    &downloadNote{Bytes: 13_900_000, Records: new(uint64(100_000)), SHA256: "abc"},
		Stats: &connector.Stats{
			Calls: 25, Retries: 2, Waited: 1500 * time.Millisecond, Queued: 41 * time.Second, RequestIDs: []string{"r-1", "r-2"},
			Budgets: []connector.BudgetState{
				{Name: "users", Limit: 100, Remaining: 0, Window: time.Hour, ResetsIn: 18 * time.Second, Throttled: true},
				{Name: "users", Limit: 1000, Remaining: 957, Window: 24 * time.Hour, ResetsIn: time.Hour},
			},
		},
	}
	want := `warning: /a: is old
info: hello
1,200 records: 1,000 succeeded, 150 failed, 50 unknown: they may have been written
100,000 rows, 13.9 MB, sha256 abc
25 requests to the tenant, 2 of them repeats, 1.5 s waiting for it, 41.0 s waiting for its call budget, last request id r-2
left of the call budget, as this process counts: users 0 of 100 an hour (the tenant says so; more in 18.0 s), users 957 of 1,000 a day
`
	var b strings.Builder
	r.write(&b)
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("text (-want +got):\n%s", diff)
	}
}

func TestLaunchFailureIsNotWorthARepeat(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		launch host.LaunchError
		retry  connector.Retry
	}{
		"ended by itself":    {host.LaunchError{Cause: host.ErrExited, ExitCode: 7}, connector.RetryNever},
		"ended from outside": {host.LaunchError{Cause: host.ErrExited, ExitCode: -1}, connector.RetryLater},
		"slow":               {host.LaunchError{Cause: host.ErrStartTimeout, ExitCode: -1}, connector.RetryLater},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := asError(&tt.launch).Retry; got != tt.retry {
				t.Errorf("retry = %q, want %q", got, tt.retry)
			}
		})
	}
}

func TestEmptyReportIsNotWritten(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	(&report{}).write(&b)
	(&report{}).writeJSON(&b)
	if b.Len() > 0 {
		t.Errorf("wrote %q", b.String())
	}
}

func TestQuantities(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ got, want string }{
		"small count":     {count(999), "999"},
		"large count":     {count(1_234_567), "1,234,567"},
		"below zero":      {count(-123_456), "-123,456"},
		"one":             {plural(1, "row"), "1 row"},
		"none":            {plural(0, "row"), "0 rows"},
		"bytes":           {size(999), "999 B"},
		"kilobytes":       {size(1000), "1.0 kB"},
		"almost megabyte": {size(999_960), "1.0 MB"},
		"gigabytes":       {size(2_340_000_000), "2.3 GB"},
		"no time":         {duration(500 * time.Microsecond), "<1 ms"},
		"a moment":        {duration(999 * time.Millisecond), "999 ms"},
		"seconds":         {duration(1440 * time.Millisecond), "1.4 s"},
		"minutes":         {duration(125_400 * time.Millisecond), "2m5s"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if tt.got != tt.want {
				t.Errorf("got %q, want %q", tt.got, tt.want)
			}
		})
	}
}

func TestVersionLine(t *testing.T) {
	t.Parallel()
	info := &debug.BuildInfo{GoVersion: "go1.26.0", Settings: []debug.BuildSetting{
		{Key: "vcs.revision", Value: "abc123"}, {Key: "vcs.modified", Value: "true"},
	}}
	if got := versionOf(info).String(); !strings.HasSuffix(got, ", go1.26.0, revision abc123 with changes") {
		t.Errorf("line = %q", got)
	}
	if got := versionOf(nil).String(); strings.Contains(got, ",") {
		t.Errorf("line without build information = %q", got)
	}
}

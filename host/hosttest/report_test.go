package hosttest_test

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/host/hosttest"
)

func report() *hosttest.Report {
	return &hosttest.Report{
		Name: "notes", Version: "1", Took: 2 * time.Second,
		Results: []hosttest.Result{
			{ID: "manifest/ids", Group: "manifest", Name: "ids", Proves: "Ids.", Outcome: hosttest.Passed, Took: time.Second},
			{ID: "streams/total", Group: "streams", Name: "total", Proves: "Totals <&>.", Outcome: hosttest.Failed, Reason: "one\ntwo"},
			{ID: "streams/digest", Group: "streams", Name: "digest", Proves: "Sums.", Outcome: hosttest.Skipped, Reason: "no sample"},
		},
	}
}

func TestReportText(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	if err := report().WriteText(&b); err != nil {
		t.Fatal(err)
	}
	want := "fail  streams/total\n      Totals <&>.\n      one\n      two\nskip  streams/digest\n      no sample\n1 passed, 1 failed, 1 skipped\n"
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A connector that does not start skips all cases but one for the one reason.
func TestReportTextUnstarted(t *testing.T) {
	t.Parallel()
	target := binary(t, "chatty")
	all, err := hosttest.Check(t.Context(), target, nil)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := all.WriteText(&b); err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf("skip  %d cases: the connector does not start\n0 passed, 1 failed, %[1]d skipped\n", len(hosttest.Cases())-1)
	if text := b.String(); !strings.HasPrefix(text, "fail  lifecycle/starts\n") || !strings.HasSuffix(text, want) || strings.Count(text, "skip ") != 1 {
		t.Errorf("text = %s", text)
	}
}

func TestReportJSON(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	if err := report().WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Passed, Failed, Skipped, TookMS int
		Results                         []struct {
			ID, Outcome, Reason string
			TookMS              int
		}
	}
	if err := json.Unmarshal([]byte(b.String()), &got); err != nil {
		t.Fatal(err)
	}
	if got.Passed != 1 || got.Failed != 1 || got.Skipped != 1 || got.TookMS != 2000 {
		t.Errorf("JSON = %+v", got)
	}
	if got.Results[0].TookMS != 1000 || got.Results[1].Reason != "one\ntwo" {
		t.Errorf("results = %+v", got.Results)
	}
}

func TestReportJUnit(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	if err := report().WriteJUnit(&b); err != nil {
		t.Fatal(err)
	}
	type message struct {
		Message string `xml:"message,attr"`
		Text    string `xml:",chardata"`
	}
	var got struct {
		Tests  int `xml:"tests,attr"`
		Suites []struct {
			Name  string `xml:"name,attr"`
			Cases []struct {
				Name    string   `xml:"name,attr"`
				Failure *message `xml:"failure"`
				Skipped *message `xml:"skipped"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	if err := xml.Unmarshal([]byte(b.String()), &got); err != nil {
		t.Fatal(err)
	}
	if got.Tests != 3 || len(got.Suites) != 2 || got.Suites[1].Name != "streams" {
		t.Fatalf("JUnit = %+v", got)
	}
	failed, skipped := got.Suites[1].Cases[0], got.Suites[1].Cases[1]
	if diff := cmp.Diff(&message{"Totals <&>.", "one\ntwo"}, failed.Failure); diff != "" {
		t.Errorf("failure (-want +got):\n%s", diff)
	}
	if skipped.Skipped == nil || skipped.Skipped.Message != "no sample" || skipped.Failure != nil {
		t.Errorf("skipped = %+v", skipped)
	}
}

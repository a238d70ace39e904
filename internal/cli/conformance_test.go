package cli_test

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The command runs the kit against this connector, and says how it went in
// every form. That all of the kit passes is for the test of the program.
func TestConformance(t *testing.T) {
	t.Parallel()
	junit := filepath.Join(t.TempDir(), "report.xml")
	o := run(t, "conformance", "--json", "--junit", junit, "--run", "^manifest/|^isolation/own-data$")
	o.wants(t, 0, `"cases":{"passed":`, `"failed":0`)
	var report struct {
		Name    string
		Passed  int
		Results []struct{ ID, Outcome, Reason string }
	}
	if err := json.Unmarshal([]byte(o.stdout), &report); err != nil {
		t.Fatalf("stdout is not the report: %v", err)
	}
	if report.Name != "gainsight" || report.Passed < 10 {
		t.Errorf("%d cases of %q passed", report.Passed, report.Name)
	}
	for _, r := range report.Results {
		if r.Outcome == "skip" && r.Reason == "" || r.Outcome == "fail" {
			t.Errorf("%s: %s: %q", r.ID, r.Outcome, r.Reason)
		}
	}
	var suites struct {
		Tests    int `xml:"tests,attr"`
		Failures int `xml:"failures,attr"`
	}
	if err := xml.Unmarshal([]byte(content(t, junit)), &suites); err != nil || suites.Tests != len(report.Results) || suites.Failures != 0 {
		t.Errorf("JUnit: %+v, %v", suites, err)
	}
}

func TestConformanceOfOthers(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		args   []string
		code   int
		stdout string
		stderr string
	}{
		"fails":         {[]string{pluginNamed(t, "chatty"), "--group", "lifecycle"}, 3, "fail  lifecycle/starts", ""},
		"is not there":  {[]string{filepath.Join(t.TempDir(), "none")}, 1, "", "did not start"},
		"no such group": {[]string{"--group", "stream"}, 2, "", "did you mean streams?"},
		"no such case":  {[]string{"--run", "^nothing$"}, 2, "", "--run ^nothing$: it matches the id of no case\n"},
		"none in group": {
			[]string{"--run", "^nothing$", "--group", "limits"}, 2, "", "--run ^nothing$: it matches the id of no case in --group limits\n",
		},
		"lists nothing": {[]string{"--list", "--run", "^nothing$"}, 2, "", "it matches the id of no case"},
		"bad pattern":   {[]string{"--run", "("}, 2, "", "--run (: error parsing regexp"},
		"no profile":    {[]string{"x", "--profile", "none.json"}, 2, "", "--profile none.json: no such file"},
		"no folder":     {[]string{"--junit", "none/report.xml"}, 2, "", "--junit none/report.xml: no such file"},
		"junit folder":  {[]string{"--junit", "."}, 2, "", "--junit .: is a directory"},
		"bad profile": {
			[]string{pluginNamed(t, "uploader"), "--profile", file(t, "p.json", `{"conections":[]}`)}, 1, "",
			"/conections: is not a known property; did you mean connections?",
		},
		"empty profile": {
			[]string{pluginNamed(t, "uploader"), "--profile", file(t, "p.json", "\n")}, 2, "", "p.json is empty; go doc ./host/hosttest.ReadProfile",
		},
		"profile of others": {
			[]string{pluginNamed(t, "uploader"), "--profile", file(t, "p.json", `{"skip":{"lifecycle/stop":"it"}}`)}, 1, "",
			`there is no case "lifecycle/stop"; did you mean lifecycle/stops, `,
		},
		"one too many": {[]string{"a", "b"}, 2, "", "error: unexpected argument \"b\"\nhint: gainsight-connector conformance --help\n"},
		"list":         {[]string{"--list", "--group", "limits"}, 0, "limits/input-over", ""},
		"without tenant": {
			[]string{pluginNamed(t, "uploader"), "--run", "^(lifecycle/stops|isolation/own-data)$"}, 0, "1 passed, 0 failed, 1 skipped", "",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := run(t, append([]string{"conformance"}, tt.args...)...)
			o.wants(t, tt.code, tt.stderr)
			if !strings.Contains(o.stdout, tt.stdout) {
				t.Errorf("stdout lacks %q:\n%s", tt.stdout, o.stdout)
			}
		})
	}
}

// A profile that cannot be used is a mistake of the person who wrote it.
func TestConformanceBlamesTheProfile(t *testing.T) {
	t.Parallel()
	for name, content := range map[string]string{"an array": `[]`, "not JSON": `{`, "more": `{} {}`, "empty": ``} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := run(t, "conformance", "--json", pluginNamed(t, "uploader"), "--profile", file(t, "p.json", content))
			o.wants(t, o.code, `{"error":{"reason":"INVALID_INPUT","message":"`, `p.json`, `"origin":"caller"`)
			if o.code == 0 || strings.Contains(o.stderr, "hosttest.profileFile") {
				t.Errorf("exit code = %d, stderr = %s", o.code, o.stderr)
			}
		})
	}
}

// A program that is no connector is told from a connector in few words, and
// which cases were chosen does not matter.
func TestConformanceOfNoConnector(t *testing.T) {
	t.Parallel()
	self := pluginNamed(t, "chatty")
	all := run(t, "conformance", self)
	all.wants(t, 3)
	want := regexp.MustCompile(`^fail  lifecycle/starts\n(      .*\n)+skip  \d{3} cases: the connector does not start\n0 passed, 1 failed, \d{3} skipped\n$`)
	if !want.MatchString(all.stdout) {
		t.Errorf("stdout = %s", all.stdout)
	}
	some := run(t, "conformance", self, "--group", "streams")
	some.wants(t, 1, "did not start: it printed something else than a connector's handshake")
	if some.stdout != "" {
		t.Errorf("stdout = %s", some.stdout)
	}
}

// A program can read the list, too.
func TestConformanceListsAsJSON(t *testing.T) {
	t.Parallel()
	o := run(t, "conformance", "--list", "--json", "--run", "^limits/input-(at|over)$")
	o.wants(t, 0)
	var got []struct{ ID, Group, Name, Proves string }
	if err := json.Unmarshal([]byte(o.stdout), &got); err != nil {
		t.Fatalf("stdout is not JSON: %v\n%s", err, o.stdout)
	}
	if len(got) != 2 || got[0].ID != "limits/input-at" || got[0].Group != "limits" || got[0].Name != "input-at" || got[0].Proves == "" {
		t.Errorf("cases = %+v", got)
	}
}

// An interrupted run reports no cases: those that it cut short prove nothing.
func TestConformanceIsInterrupted(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	o := runWith(ctx, "", "conformance", pluginNamed(t, "uploader"), "--group", "manifest")
	o.wants(t, 1, "error: testing the connector was interrupted\n")
	if o.stdout != "" {
		t.Errorf("stdout = %s", o.stdout)
	}
}

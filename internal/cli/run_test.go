package cli_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

const export = `{"objectName":"usage__gc","select":["Gsid","Row_Number__gc","Note__gc"]}`

func TestRunWrite(t *testing.T) {
	t.Parallel()
	tenant, connection := acme(t)
	before := len(tenant.CTAs())
	good, bad := record(nil), record(map[string]any{"CompanyName": "No Such Company"})
	tests := map[string]struct {
		input string
		code  int
		wants []string
		made  float64
	}{
		"all written":  {records(t, good, good), 0, []string{"2 records: 2 succeeded, 0 failed", "to the tenant"}, 2},
		"some refused": {records(t, good, bad, good), 3, []string{"3 records: 2 succeeded, 1 failed"}, 2},
		"all refused":  {records(t, bad), 3, []string{"1 record: 0 succeeded, 1 failed"}, 0},
	}
	made := 0
	for name, tt := range tests { // one after the other: they count the tenant's records
		o := runWith(t.Context(), tt.input, "run", "cta.create", "--connection", connection, "--input", "-")
		o.wants(t, tt.code, tt.wants...)
		summary, _ := decoded(t, o.stdout)["summary"].(map[string]any)
		if summary["succeeded"] != tt.made {
			t.Errorf("%s: summary = %v", name, summary)
		}
		made += int(tt.made)
	}
	if got := len(tenant.CTAs()) - before; got != made {
		t.Errorf("the tenant has %d more CTAs, want %d", got, made)
	}
}

func TestRunSaysWhatMayHaveBeenWritten(t *testing.T) {
	t.Parallel()
	tenant, connection := acme(t)
	tenant.Inject(sandbox.Fault{Method: "POST", Path: "/v2/cockpit/cta", Kind: sandbox.FaultLostAnswer})
	o := runWith(t.Context(), records(t, record(nil)), "run", "cta.create", "--connection", connection, "--input", "-")
	o.wants(t, 3, "1 unknown: they may have been written")
}

func TestRunDry(t *testing.T) {
	t.Parallel()
	tenant, connection := acme(t)
	before := len(tenant.CTAs())
	o := runWith(t.Context(), records(t, record(nil)), "run", "cta.create", "--connection", connection, "--input", "-", "--dry-run")
	o.wants(t, 0)
	if out := decoded(t, o.stdout); out["valid"] != true || out["requests"] == nil {
		t.Errorf("output = %v", out)
	}
	o = runWith(t.Context(), export, "run", "bulk.export", "--connection", connection, "--input", "-", "--dry-run")
	o.wants(t, 0)
	if out := decoded(t, o.stdout); out["valid"] != true {
		t.Errorf("output of a download = %v", out)
	}
	if got := len(tenant.CTAs()); got != before {
		t.Errorf("the dry run wrote %d CTAs", got-before)
	}
}

func TestRunReport(t *testing.T) {
	t.Parallel()
	_, connection := acme(t)
	o := runWith(t.Context(), records(t, record(nil)), "run", "cta.create", "--connection", connection, "--input", "-", "--json")
	o.wants(t, 0)
	report := decoded(t, o.stderr)
	if report["records"] == nil || report["stats"] == nil || report["error"] != nil {
		t.Errorf("report = %v", report)
	}
}

func TestRunReportOfADownload(t *testing.T) {
	t.Parallel()
	_, connection := acme(t)
	o := runWith(t.Context(), export, "run", "bulk.export", "--connection", connection, "--input", "-", "--json")
	o.wants(t, 0)
	report := decoded(t, o.stderr)
	download, _ := report["download"].(map[string]any)
	if download["records"] != 50_000.0 || download["sha256"] == nil || download["stats"] != nil || report["stats"] == nil {
		t.Errorf("report = %v", report)
	}
}

func TestRunResultFile(t *testing.T) {
	t.Parallel()
	_, connection := acme(t)
	input := file(t, "input.json", `{"select":["Name"],"limit":2}`)
	path := file(t, "result.json", strings.Repeat("old and longer than the new one ", 1000))
	o := run(t, "run", "cta.list", "--connection", connection, "--input", input, "--output", path)
	o.wants(t, 0)
	if list, _ := decoded(t, content(t, path))["records"].([]any); len(list) != 2 || o.stdout != "" {
		t.Errorf("file = %s, stdout = %q", content(t, path), o.stdout)
	}

	missing := filepath.Join(t.TempDir(), "result.json")
	run(t, "run", "cta.lst", "--connection", connection, "--output", missing).wants(t, 1, "did you mean cta.list")
	if _, err := os.Stat(missing); !os.IsNotExist(err) {
		t.Errorf("a failed run left a file: %v", err)
	}
	run(t, "run", "cta.list", "--connection", connection, "--output", filepath.Join(missing, "x")).wants(t, 2, "--output")
}

func TestRunDownload(t *testing.T) {
	t.Parallel()
	_, connection := acme(t)
	path := filepath.Join(t.TempDir(), "usage.csv")
	streamed := runWith(t.Context(), export, "run", "bulk.export", "--connection", connection, "--input", "-")
	streamed.wants(t, 0)
	sum := sha256.Sum256([]byte(streamed.stdout))
	digest := hex.EncodeToString(sum[:])
	streamed.wants(t, 0, "50,000 rows, ", "sha256 "+digest)

	saved := runWith(t.Context(), export, "run", "bulk.export", "--connection", connection, "--input", "-", "--output", path)
	saved.wants(t, 0, "sha256 "+digest)
	if content(t, path) != streamed.stdout || saved.stdout != "" {
		t.Errorf("the file is not the stream of %d bytes, or stdout has some of it: %d", len(streamed.stdout), len(saved.stdout))
	}
}

func TestRunDownloadNeedsARegularFile(t *testing.T) {
	t.Parallel()
	_, connection := acme(t)
	args := []string{"run", "bulk.export", "--connection", connection, "--input", "-", "--output"}
	runWith(t.Context(), export, append(args, os.DevNull)...).
		wants(t, 2, "an export is written to a regular file only; use > "+os.DevNull)
	runWith(t.Context(), export, append(args, t.TempDir())...).wants(t, 2, ": is a directory")
	runWith(t.Context(), export, append(args, filepath.Join(t.TempDir(), "no", "x.csv"))...).wants(t, 2, "x.csv: no such file or directory")
}

// TestRunDownloadKeepsTheJob: before the first row is there, the job is known.
func TestRunDownloadKeepsTheJob(t *testing.T) {
	t.Parallel()
	tenant, connection := acme(t)
	remove := tenant.Inject(sandbox.Fault{Path: "/v3/exports/data/bulk/chunk", Kind: sandbox.FaultUnauthorized})
	path := filepath.Join(t.TempDir(), "usage.csv")
	args := []string{"run", "bulk.export", "--connection", connection, "--input", "-", "--output", path}
	o := runWith(t.Context(), export, args...)
	o.wants(t, 1, "chunk 1 of 3", "The export is begun and its job known; the same command with --resume goes on from there.")
	wantKept(t, path)

	remove()
	tenant.Inject(sandbox.Fault{Path: "/v3/exports", Kind: sandbox.FaultExpired}) // the job is gone, too
	runWith(t.Context(), export, append(args, "--resume")...).
		wants(t, 1, "\nhint: the same command without --resume begins anew\n")
}

// An export that finds nothing says so: nothing may be what somebody looks for.
func TestRunDownloadOfNothing(t *testing.T) {
	t.Parallel()
	_, connection := acme(t)
	nothing := `{"objectName":"company","select":["Name"],"where":{"conditions":[{"name":"Name","operator":"EQ","value":["nobody"]}]}}`
	args := []string{"run", "bulk.export", "--connection", connection, "--input", "-"}
	runWith(t.Context(), "\uFEFF"+nothing, args...).wants(t, 0, "0 rows, ")
	runWith(t.Context(), nothing, append(args, "--json")...).wants(t, 0, `"records":0`)
}

// TestRunResume: an export that broke off says how to go on, and does.
func TestRunResume(t *testing.T) {
	t.Parallel()
	tenant, connection := acme(t)
	path := filepath.Join(t.TempDir(), "usage.csv")
	args := []string{"run", "bulk.export", "--connection", connection, "--input", "-", "--output", path}
	remove := tenant.Inject(sandbox.Fault{Path: "/v3/exports/data/bulk/chunk", After: 2, Kind: sandbox.FaultTruncated, Bytes: 5})
	runWith(t.Context(), export, args...).
		wants(t, 1, "broke before the whole answer came", " are kept in "+path+".part; the same command with --resume goes on from there")
	remove()
	other := strings.Replace(export, "Note__gc", "Day__gc", 1)
	runWith(t.Context(), other, append(args, "--resume")...).wants(t, 1, "or of another input", "begin the download anew")
	runWith(t.Context(), export, append(args, "--resume")...).wants(t, 0, "50,000 rows, ")
	streamed := runWith(t.Context(), export, args[:6]...)
	if content(t, path) != streamed.stdout {
		t.Errorf("the file is not the stream of %d bytes", len(streamed.stdout))
	}
	if left, err := os.ReadDir(filepath.Dir(path)); err != nil || len(left) != 1 {
		t.Errorf("left behind: %v, %v", left, err)
	}

	run(t, append(args[:6], "--resume")...).wants(t, 2, "--resume goes with --output FILE")
	run(t, "run", "cta.list", "--connection", connection, "--output", path, "--resume").wants(t, 2, "--resume is for exports, which cta.list is not")
}

func TestRunUpload(t *testing.T) {
	t.Parallel()
	_, connection := acme(t)
	tests := map[string]struct{ name, contentType string }{
		"by its name": {"content.html", "text/html; charset=utf-8"},
		"by default":  {"content", "application/json"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			upload := file(t, tt.name, strings.Repeat("0123456789", 100_000))
			o := run(t, "run", "fake.upload", "--plugin", pluginNamed(t, "uploader"), "--connection", connection, "--content", upload)
			o.wants(t, 0)
			if out := decoded(t, o.stdout); out["bytes"] != 1e6 || out["contentType"] != tt.contentType {
				t.Errorf("the connector got %v", out)
			}
		})
	}
}

// TestRunUploadWithLookups: the input has what is not a record.
func TestRunUploadWithLookups(t *testing.T) {
	t.Parallel()
	tenant, connection := acme(t)
	note := `{"ExternalId":"cli-1","ContextName":"Company","TypeName":"Update","Subject":"a","Notes":"b","ActivityDate":"2026-12-15T09:30:00Z",` +
		`"writer":"ada.berg@example.com","companyName":"Aurora Labs"}`
	lookups := `{"lookups":{"AuthorId":{"fields":{"writer":"Email"},"objectName":"gsuser"}}}`
	args := []string{"run", "activity.save_bulk", "--connection", connection, "--content"}
	started := runWith(t.Context(), note, append(args, "-", "--input", file(t, "lookups.json", lookups))...)
	started.wants(t, 0)
	job := fmt.Sprintf(`{"jobId":%q}`, decoded(t, started.stdout)["jobId"])
	for done, tries := false, 0; !done && tries < 5; tries++ {
		state := runWith(t.Context(), job, "run", "activity.job_status", "--connection", connection, "--input", "-")
		state.wants(t, 0)
		done = decoded(t, state.stdout)["done"] == true
	}
	all := tenant.Activities()
	if last := all[len(all)-1]; last["ExternalId"] != "cli-1" {
		t.Errorf("the last activity is %v", last)
	}
}

func TestRunContent(t *testing.T) {
	t.Parallel()
	_, connection := acme(t)
	content := file(t, "content.json", `[]`)
	tests := map[string]struct {
		args  []string
		wants string
	}{
		"none for an upload":    {[]string{"activity.save_bulk", "--input", content}, "--content FILE is missing: activity.save_bulk takes"},
		"for no upload":         {[]string{"cta.list", "--content", content}, "--content is for uploads; the input of cta.list goes in --input"},
		"for a dry run":         {[]string{"activity.save_bulk", "--content", content, "--dry-run"}, "cannot be given to a dry run"},
		"not there":             {[]string{"activity.save_bulk", "--content", "no.json"}, "--content no.json: no such file"},
		"stdin for both inputs": {[]string{"activity.save_bulk", "--content", "-", "--input", "-"}, "cannot both be stdin"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run(t, append([]string{"run", "--connection", connection}, tt.args...)...).wants(t, 2, tt.wants)
		})
	}
}

func TestVerbose(t *testing.T) {
	t.Parallel()
	run(t, "catalog", "--verbose").wants(t, 0, `msg="connector started" connector_path=`, `msg="connector ended"`)
}

package bulk_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

// wide is an export of some megabytes in each format.
const wide = `{"objectName":"usage__gc","format":%q,"select":[
	"Gsid","Row_Number__gc","Company__gc","Day__gc","Recorded_At__gc","Revenue__gc","Score__gc","Active__gc","Note__gc","Feature__gc"]}`

const wideRows = 25_000

func wideCall(format string) connector.Call {
	return connector.Call{Action: "bulk.export", Input: json.RawMessage(fmt.Sprintf(wide, format))}
}

// checkpoints keeps the output and the places to go on from.
type checkpoints struct {
	bytes.Buffer

	kept []connector.Checkpoint
}

func (c *checkpoints) Checkpoint(at connector.Checkpoint) error {
	c.kept = append(c.kept, at)
	return nil
}

// TestResumeAnywhere: from every checkpoint, another process writes what the
// first one wrote, with no more than the job's address.
func TestResumeAnywhere(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"csv", "ndjson"} {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			r := connect(t, sandbox.Options{ExportRows: wideRows, JobPolls: -1}, nil, actions.Options{})
			var whole checkpoints
			first, err := r.Download(t.Context(), wideCall(format), &whole, nil)
			if err != nil || len(whole.kept) < 3 || whole.kept[0].Offset != 0 {
				t.Fatalf("%d checkpoints, %v", len(whole.kept), err)
			}
			other := r.again(t)
			for _, at := range []connector.Checkpoint{whole.kept[0], whole.kept[len(whole.kept)/2], whole.kept[len(whole.kept)-1]} {
				if at.Offset > 0 && whole.Bytes()[at.Offset-1] != '\n' {
					t.Errorf("the checkpoint at byte %d is within a row", at.Offset)
				}
				call := wideCall(format)
				call.Resume = &at
				var rest bytes.Buffer
				summary, err := other.Download(t.Context(), call, &rest, nil)
				if err != nil || summary.Records != first.Records || summary.Offset != at.Offset {
					t.Fatalf("at byte %d: %+v, %v", at.Offset, summary, err)
				}
				if !bytes.Equal(rest.Bytes(), whole.Bytes()[at.Offset:]) {
					t.Errorf("at byte %d: the rest is another", at.Offset)
				}
			}
			if n := r.count(exportPath + "usage__gc"); n != 1 {
				t.Errorf("%d jobs were submitted", n)
			}
		})
	}
}

// TestBrokenAnywhere: wherever the connection to the tenant breaks for good,
// the file is the same in the end.
func TestBrokenAnywhere(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"csv", "ndjson"} {
		plain, _, err := connect(t, sandbox.Options{ExportRows: wideRows, JobPolls: -1}, nil, actions.Options{}).
			export(t.Context(), fmt.Sprintf(wide, format))
		if err != nil {
			t.Fatal(err)
		}
		// Of two chunks: the first byte and the middle, the header and the end.
		for after, sizes := range [][]int{{1, 2_000_000}, {60, 20_000_000}} {
			for _, size := range sizes {
				t.Run(fmt.Sprintf("%s/chunk %d at byte %d", format, after, size), func(t *testing.T) {
					t.Parallel()
					r := connect(t, sandbox.Options{ExportRows: wideRows, JobPolls: -1}, nil, actions.Options{})
					remove := r.tenant.Inject(sandbox.Fault{Path: chunkPath, After: after, Kind: sandbox.FaultTruncated, Bytes: size})
					path := filepath.Join(t.TempDir(), "out")
					_, err := r.DownloadFile(t.Context(), wideCall(format), path, nil)
					if !errors.Is(err, connector.ReasonDownstreamUnavailable) {
						t.Fatalf("got %v", err)
					}
					remove()
					if _, err := r.again(t).ResumeFile(t.Context(), wideCall(format), path, nil); err != nil {
						t.Fatal(err)
					}
					if got, err := os.ReadFile(path); err != nil || string(got) != plain { //nolint:gosec // a test's own file
						t.Errorf("%d bytes that are not the %d of an export at rest: %v", len(got), len(plain), err)
					}
				})
			}
		}
	}
}

// TestBrokenChunkGoesOn: within a call, a chunk that breaks is fetched again,
// or its rest where the tenant gives parts of it.
func TestBrokenChunkGoesOn(t *testing.T) {
	t.Parallel()
	for name, forms := range map[string]sandbox.Forms{"whole": {}, "in ranges": {ChunkRanges: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			plain, _, err := connect(t, sandbox.Options{JobPolls: -1}, nil, actions.Options{}).export(t.Context(), usage)
			if err != nil {
				t.Fatal(err)
			}
			r := connect(t, sandbox.Options{JobPolls: -1, Forms: forms}, nil, actions.Options{})
			r.tenant.Inject(sandbox.Fault{Path: chunkPath, Times: 3, Kind: sandbox.FaultTruncated, Bytes: 300_000})
			got, summary, err := r.export(t.Context(), usage)
			if err != nil || got != plain || summary.Records != 45_000 {
				t.Errorf("%d bytes of %d, %+v, %v", len(got), len(plain), summary, err)
			}
		})
	}
}

// TestExpiredAddresses: chunks whose addresses have expired are asked for at
// new ones.
func TestExpiredAddresses(t *testing.T) {
	t.Parallel()
	r := connect(t, sandbox.Options{ExportRows: wideRows, JobPolls: -1, ChunkUses: 1}, nil, actions.Options{})
	var whole checkpoints
	if _, err := r.Download(t.Context(), wideCall("csv"), &whole, nil); err != nil {
		t.Fatal(err)
	}
	call := wideCall("csv")
	call.Resume = &whole.kept[1]
	var rest bytes.Buffer
	if _, err := r.Download(t.Context(), call, &rest, nil); err != nil || !bytes.Equal(rest.Bytes(), whole.Bytes()[call.Resume.Offset:]) {
		t.Errorf("resumed: %d bytes, %v", rest.Len(), err)
	}
	// Each chunk breaks once, by which time its address has expired.
	r = connect(t, sandbox.Options{ExportRows: wideRows, JobPolls: -1, ChunkUses: 1}, nil, actions.Options{})
	r.tenant.Inject(sandbox.Fault{Path: chunkPath, Times: 2, Kind: sandbox.FaultTruncated, Bytes: 300_000})
	var broken bytes.Buffer
	if _, err := r.Download(t.Context(), wideCall("csv"), &broken, nil); err != nil || !bytes.Equal(broken.Bytes(), whole.Bytes()) {
		t.Errorf("broken: %d bytes, %v", broken.Len(), err)
	}
}

// TestGoneJob: a job that is known no longer ends clearly, with what was kept.
func TestGoneJob(t *testing.T) {
	t.Parallel()
	r := connect(t, sandbox.Options{ExportRows: wideRows, JobPolls: -1}, nil, actions.Options{})
	path := filepath.Join(t.TempDir(), "out")
	// The first chunk comes; then chunks and the job are known no longer.
	r.tenant.Inject(sandbox.Fault{Path: chunkPath, After: 1, Kind: sandbox.FaultExpired})
	r.tenant.Inject(sandbox.Fault{Path: statusPath, After: 1, Kind: sandbox.FaultExpired})
	check := func(when string, err error) {
		e := connector.AsError(err)
		if !errors.Is(err, connector.ReasonNotFound) || !strings.Contains(e.Message, "knows the export job no longer") ||
			!strings.Contains(e.Hint, "anew") {
			t.Errorf("%s: %+v", when, e)
		}
		if part := (*host.PartialError)(nil); !errors.As(err, &part) || part.Bytes < 1<<20 {
			t.Errorf("%s: kept %+v", when, part)
		}
	}
	_, err := r.DownloadFile(t.Context(), wideCall("csv"), path, nil)
	check("at first", err)
	_, err = r.again(t).ResumeFile(t.Context(), wideCall("csv"), path, nil)
	check("when resumed", err)
}

// TestForeignCheckpoints: a checkpoint of something else is refused before
// anything is written.
func TestForeignCheckpoints(t *testing.T) {
	t.Parallel()
	r := connect(t, sandbox.Options{ExportRows: wideRows, JobPolls: -1}, nil, actions.Options{})
	var whole checkpoints
	if _, err := r.Download(t.Context(), wideCall("ndjson"), &whole, nil); err != nil {
		t.Fatal(err)
	}
	good := whole.kept[1]
	change := func(name string, value any) connector.Checkpoint {
		var members map[string]any
		if err := json.Unmarshal(good.Token, &members); err != nil {
			t.Fatal(err)
		}
		members[name] = value
		token, err := json.Marshal(members)
		if err != nil {
			t.Fatal(err)
		}
		return connector.Checkpoint{Offset: good.Offset, Token: token}
	}
	tests := map[string]struct {
		format string
		at     connector.Checkpoint
		reason connector.Reason
	}{
		"no token":              {"ndjson", connector.Checkpoint{Offset: 1}, connector.ReasonConflict},
		"another input":         {"csv", good, connector.ReasonConflict},
		"another host":          {"ndjson", change("s", "https://evil.example.com/v3/x"), connector.ReasonPermissionDenied},
		"a chunk too many":      {"ndjson", change("c", 99), connector.ReasonConflict},
		"another size":          {"ndjson", change("n", 7), connector.ReasonConflict},
		"another total":         {"ndjson", change("t", 7), connector.ReasonConflict},
		"other types":           {"ndjson", change("k", []byte("x")), connector.ReasonConflict},
		"other untyped fields":  {"ndjson", change("u", []int{1}), connector.ReasonConflict},
		"another sum":           {"ndjson", change("x", 1), connector.ReasonDownstreamContract},
		"another header":        {"ndjson", change("h", []byte("x")), connector.ReasonDownstreamContract},
		"more rows than it has": {"ndjson", change("r", 30_000), connector.ReasonDownstreamContract},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			call := wideCall(tt.format)
			call.Resume = &tt.at
			var rest bytes.Buffer
			_, err := r.Download(t.Context(), call, &rest, nil)
			if !errors.Is(err, tt.reason) || rest.Len() > 0 {
				t.Errorf("%d bytes, %v, want %s", rest.Len(), err, tt.reason)
			}
		})
	}
}

// TestResumeKeepsTheTypes: values do not change their form midway. A field that
// was text for want of metadata stays so; if a type cannot be had now, the same
// command works later.
func TestResumeKeepsTheTypes(t *testing.T) {
	t.Parallel()
	tenant := sandbox.New(sandbox.Acme(), &sandbox.Options{Limits: &sandbox.Limits{}, ExportRows: wideRows, JobPolls: -1})
	var down atomic.Bool
	r := connectTo(t, tenant, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if down.Load() && strings.HasPrefix(r.URL.Path, "/v1/meta/") {
			http.Error(w, "down", http.StatusForbidden)
			return
		}
		tenant.ServeHTTP(w, r)
	}), nil, actions.Options{})
	for name, untyped := range map[string]bool{"typed": false, "untyped": true} {
		down.Store(untyped)
		var whole checkpoints
		if _, err := r.again(t).Download(t.Context(), wideCall("ndjson"), &whole, nil); err != nil {
			t.Fatal(err)
		}
		call := wideCall("ndjson")
		call.Resume = &whole.kept[1]
		var rest bytes.Buffer
		down.Store(!untyped)
		_, err := r.again(t).Download(t.Context(), call, &rest, nil)
		if !untyped && (!errors.Is(err, connector.ReasonPermissionDenied) || rest.Len() > 0) {
			t.Errorf("%s: %d bytes, %v", name, rest.Len(), err)
		}
		if !untyped {
			down.Store(false)
			_, err = r.again(t).Download(t.Context(), call, &rest, nil)
		}
		if err != nil || !bytes.Equal(rest.Bytes(), whole.Bytes()[call.Resume.Offset:]) {
			t.Errorf("%s: %d bytes, %v", name, rest.Len(), err)
		}
	}
}

// TestMisfitsSurviveAResume: the remark at the end counts them all.
func TestMisfitsSurviveAResume(t *testing.T) {
	t.Parallel()
	forms := sandbox.Forms{CSVDates: sandbox.CSVDatesDayFirst}
	r := connect(t, sandbox.Options{ExportRows: wideRows, JobPolls: -1, Forms: forms}, nil, actions.Options{})
	var whole checkpoints
	first, err := r.Download(t.Context(), wideCall("ndjson"), &whole, nil)
	if err != nil {
		t.Fatal(err)
	}
	call := wideCall("ndjson")
	call.Resume = &whole.kept[1]
	second, err := r.Download(t.Context(), call, &bytes.Buffer{}, nil)
	if err != nil || len(first.Diagnostics) != 2 || fmt.Sprint(first.Diagnostics) != fmt.Sprint(second.Diagnostics) {
		t.Errorf("%v and %v, %v", first.Diagnostics, second.Diagnostics, err)
	}
}

// TestJobIsTakenUp: an export that ends while it waits for its job is gone on
// with, by another process too, without a second job.
func TestJobIsTakenUp(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"csv", "ndjson"} {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			r := connect(t, sandbox.Options{ExportRows: wideRows, JobPolls: -1}, nil, actions.Options{})
			path := filepath.Join(t.TempDir(), "out")
			r.tenant.Inject(sandbox.Fault{Path: statusPath, Times: 3, Kind: sandbox.FaultUnavailable})
			_, err := r.DownloadFile(t.Context(), wideCall(format), path, nil)
			if part := (*host.PartialError)(nil); !errors.As(err, &part) || part.Bytes != 0 {
				t.Fatalf("got %v", err)
			}
			if _, err := r.again(t).ResumeFile(t.Context(), wideCall(format), path, nil); err != nil {
				t.Fatal(err)
			}
			var whole bytes.Buffer
			if _, err := r.Download(t.Context(), wideCall(format), &whole, nil); err != nil {
				t.Fatal(err)
			}
			if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, whole.Bytes()) { //nolint:gosec // a test's own file
				t.Errorf("%d bytes of %d, %v", len(got), whole.Len(), err)
			}
			if n := r.count(exportPath + "usage__gc"); n != 2 {
				t.Errorf("%d jobs were submitted for two exports", n)
			}
		})
	}
}

// TestFailedJobIsNotTakenUp: nothing is kept of a job that came to nothing.
func TestFailedJobIsNotTakenUp(t *testing.T) {
	t.Parallel()
	r := connect(t, sandbox.Options{JobOutcomes: map[string]sandbox.JobState{"company": sandbox.JobFailed}}, nil, actions.Options{})
	dir := t.TempDir()
	_, err := r.DownloadFile(t.Context(), connector.Call{Action: "bulk.export", Input: json.RawMessage(companies)}, filepath.Join(dir, "out"), nil)
	if part := (*host.PartialError)(nil); errors.As(err, &part) || !errors.Is(err, connector.ReasonDownstreamUnavailable) {
		t.Errorf("got %v", err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

package cli_test

import (
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
	"github.com/gainsight-connector/gainsight-connector/internal/snapshot"
)

// TestSnapshotOfCategories: the items of picklists that the tenant describes
// without options are saved, and a simulated tenant made of them lists them.
func TestSnapshotOfCategories(t *testing.T) {
	t.Parallel()
	tenant, connection := serve(t, sandbox.Globex())
	path := filepath.Join(t.TempDir(), "tenant.snapshot.json")
	run(t, "describe", "cta.create", "--save", path, "--connection", connection).wants(t, 0)

	saved, err := snapshot.Read([]byte(content(t, path)))
	if err != nil {
		t.Fatal(err)
	}
	var asked []string
	for _, r := range tenant.Requests() {
		if id, ok := strings.CutPrefix(r.Path, "/v1/meta/services/dropdowns/"); ok {
			asked = append(asked, id)
		}
	}
	slices.Sort(asked)
	if diff := cmp.Diff(slices.Sorted(maps.Keys(saved.Dropdowns)), asked); diff != "" || len(asked) == 0 {
		t.Errorf("%d categories were asked for (-saved +asked):\n%s", len(asked), diff)
	}
	twin := sandboxed(t, 1, "--from", path)["acme"]
	for field, item := range map[string]string{"Plant__gc": "Lyon", "Skills_Needed__gc": "Training"} {
		live := run(t, "options", "cta.create", "/records/*/"+field, "--connection", connection)
		live.wants(t, 0)
		if !strings.Contains(live.stdout, `"label": "`+item+`"`) {
			t.Errorf("%s: the tenant does not list %s:\n%s", field, item, live.stdout)
		}
		again := run(t, "options", "cta.create", "/records/*/"+field, "--connection", twin)
		again.wants(t, 0)
		if diff := cmp.Diff(live.stdout, again.stdout); diff != "" {
			t.Errorf("options of %s (-tenant +twin):\n%s", field, diff)
		}
	}
}

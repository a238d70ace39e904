package cli_test

import (
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
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
	if asked := categoriesAsked(tenant); len(asked) == 0 || !slices.Equal(asked, slices.Sorted(maps.Keys(saved.Dropdowns))) {
		t.Errorf("asked for the categories %v, saved %v", asked, slices.Sorted(maps.Keys(saved.Dropdowns)))
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

// TestSharedCategoryIsAskedForOnce, however many objects have it.
func TestSharedCategoryIsAskedForOnce(t *testing.T) {
	t.Parallel()
	tenant, connection := serve(t, sandbox.Globex())
	path := filepath.Join(t.TempDir(), "tenant.snapshot.json")
	run(t, "describe", "cta.create", "--save", path, "--connection", connection).wants(t, 0)
	ids := categoriesAsked(tenant)
	if len(ids) < 2 {
		t.Fatalf("asked for the categories %v, want some", ids)
	}

	// The same tenant with one category for all of these fields.
	again := sandbox.New(sandbox.Globex(), &sandbox.Options{Limits: &sandbox.Limits{}})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := httptest.NewRecorder()
		again.ServeHTTP(answer, r)
		text := answer.Body.String()
		for _, id := range ids {
			text = strings.ReplaceAll(text, id, ids[0])
		}
		w.Header().Set("Content-Type", answer.Header().Get("Content-Type"))
		w.WriteHeader(answer.Code)
		_, _ = io.WriteString(w, text)
	}))
	t.Cleanup(server.Close)
	connection = file(t, "connection.json", connectionTo(t, server.URL, again.AccessKey()))
	run(t, "describe", "cta.create", "--save", path, "--connection", connection).wants(t, 0)
	if asked := categoriesAsked(again); !slices.Equal(asked, ids[:1]) {
		t.Errorf("asked for the categories %v, want %v", asked, ids[:1])
	}
}

// categoriesAsked are the ids of the categories that a tenant was asked for.
func categoriesAsked(tenant *sandbox.Tenant) []string {
	var ids []string
	for _, r := range tenant.Requests() {
		if id, ok := strings.CutPrefix(r.Path, "/v1/meta/services/dropdowns/"); ok {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

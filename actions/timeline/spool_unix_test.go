//go:build unix

package timeline_test

import (
	"net/http"
	"os"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

// TestSpoolHasNoName looks for the temporary file while the tenant is answering,
// and after: a process that is killed must not leave records behind.
func TestSpoolHasNoName(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	looked := false
	look := func() {
		if found, err := os.ReadDir(dir); err != nil || len(found) > 0 {
			t.Errorf("there are %v, %v", found, err)
		}
	}
	tenant := sandbox.New(sandbox.Acme(), &sandbox.Options{Limits: &sandbox.Limits{}})
	conn := connectTo(t, tenant, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == bulkPath {
			looked = true
			look()
		}
		tenant.ServeHTTP(w, r)
	}))
	start(t, conn, "activity.save_bulk", `{}`, lines(t, good("s", nil)))
	look()
	if !looked {
		t.Error("no request came")
	}
}

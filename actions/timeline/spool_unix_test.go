//go:build unix

package timeline_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

// TestSpoolIsPrivateAndGone looks at the temporary file while the tenant is
// answering, and after.
func TestSpoolIsPrivateAndGone(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	var modes []string
	tenant := sandbox.New(sandbox.Acme(), &sandbox.Options{Limits: &sandbox.Limits{}})
	look := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == bulkPath {
			files, _ := filepath.Glob(filepath.Join(dir, "*"))
			for _, f := range files {
				info, err := os.Stat(f)
				modes = append(modes, fmt.Sprint(info.Mode(), err))
			}
		}
		tenant.ServeHTTP(w, r)
	})
	conn := connectTo(t, tenant, look)
	start(t, conn, "activity.save_bulk", `{}`, lines(t, good("s", nil)))
	if diff := cmp.Diff([]string{"-rw------- <nil>"}, modes); diff != "" {
		t.Errorf("files during the call (-want +got):\n%s", diff)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

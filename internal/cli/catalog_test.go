package cli_test

import (
	"encoding/json"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/actions/catalog"
	"github.com/gainsight-connector/gainsight-connector/connector"
)

func TestCatalog(t *testing.T) {
	t.Parallel()
	o := run(t, "catalog")
	o.wants(t, 0)
	golden(t, "catalog.txt", o.stdout)
}

// TestCatalogMarkdown also holds the page of the documentation to the catalog.
func TestCatalogMarkdown(t *testing.T) {
	t.Parallel()
	o := run(t, "catalog", "--markdown")
	o.wants(t, 0)
	golden(t, filepath.Join("..", "..", "..", "docs", "actions.md"), o.stdout)
}

func TestCatalogJSON(t *testing.T) {
	t.Parallel()
	o := run(t, "catalog", "--json")
	o.wants(t, 0)
	var got connector.Manifest
	if err := json.Unmarshal([]byte(o.stdout), &got); err != nil {
		t.Fatal(err)
	}
	want := catalog.Connector(actions.Options{}).Manifest()
	if got.Version != want.Version || len(got.ConnectionSchema) == 0 {
		t.Errorf("version = %q, connection schema of %d bytes", got.Version, len(got.ConnectionSchema))
	}
	ids := func(m connector.Manifest) (all []string) {
		for _, a := range m.Actions {
			all = append(all, a.ID)
		}
		return all
	}
	if diff := cmp.Diff(ids(want), ids(got)); diff != "" {
		t.Errorf("actions (-want +got):\n%s", diff)
	}
}

package catalog_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/actions/actionstest"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/indent"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestTenantSchemas holds the schema that each simulated tenant gives each
// action whose fields are the tenant's, of the output if it reads: $defs alone,
// one property to a line. What differs between the files of one action is what
// the tenants have made of their object.
func TestTenantSchemas(t *testing.T) {
	t.Parallel()
	for name, seed := range map[string]sandbox.Seed{"acme": sandbox.Acme(), "globex": sandbox.Globex()} {
		conn := actionstest.Connect(t, sandbox.New(seed, nil), nil)
		for _, action := range manifest(t).Actions {
			if action.SchemaScope != connector.ScopeConnection {
				continue
			}
			t.Run(name+"/"+action.ID, func(t *testing.T) {
				t.Parallel()
				d, err := conn.Describe(t.Context(), connector.DescribeRequest{Action: action.ID})
				if err != nil {
					t.Fatal(err)
				}
				document := d.Input
				if action.Effect == connector.EffectRead {
					document = d.Output
				}
				golden(t, filepath.Join("testdata", name, action.ID+".json"), definitions(t, document))
			})
		}
	}
}

// definitions returns the $defs of a schema, laid out for comparison.
func definitions(t *testing.T, document json.RawMessage) []byte {
	t.Helper()
	var schema struct {
		Defs json.RawMessage `json:"$defs"`
	}
	if err := json.Unmarshal(document, &schema); err != nil {
		t.Fatal(err)
	}
	text, err := indent.JSON(schema.Defs, 3)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func golden(t *testing.T, file string, got []byte) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file) //nolint:gosec // a file of this package
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("(-want +got), -update rewrites the file:\n%s", diff)
	}
}

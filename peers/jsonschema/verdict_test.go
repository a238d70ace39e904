package jsonschema_test

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/actions/actionstest"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/doctype"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
	"github.com/gainsight-connector/gainsight-connector/schema"
	other "github.com/google/jsonschema-go/jsonschema"
)

// valuesPerSchema is how many values each schema is tried with.
const valuesPerSchema = 300

// TestSameVerdict holds that both validators take and refuse the same values,
// for every input schema of both simulated tenants.
func TestSameVerdict(t *testing.T) {
	t.Parallel()
	for name, seed := range map[string]sandbox.Seed{"acme": sandbox.Acme(), "globex": sandbox.Globex()} {
		conn := actionstest.Connect(t, sandbox.New(seed, &sandbox.Options{Limits: &sandbox.Limits{}}), nil)
		for _, action := range actionsOf(t) {
			t.Run(name+"/"+action.ID, func(t *testing.T) {
				t.Parallel()
				d, err := conn.Describe(t.Context(), connector.DescribeRequest{Action: action.ID})
				if err != nil {
					t.Fatal(err)
				}
				compare(t, d.Input)
			})
		}
	}
}

// TestSameVerdictOnMetadata does the same for the metadata that the tests of
// package doctype have, odd ones included, in every use.
func TestSameVerdictOnMetadata(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"custom_object", "tolerant"} {
		data, err := os.ReadFile("../../doctype/testdata/" + name + ".json") //nolint:gosec // a file of this repository
		if err != nil {
			t.Fatal(err)
		}
		objects, _, err := doctype.ParseDescribe(data)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range objects {
			for use, what := range []string{doctype.Create: "create", doctype.Update: "update", doctype.Read: "read"} {
				t.Run(name+"/"+o.Name+"/"+what, func(t *testing.T) {
					t.Parallel()
					properties := map[string]*schema.Node{}
					for _, f := range doctype.Writable(o, doctype.Use(use)) {
						properties[f.Name], _ = doctype.FieldNode(f, doctype.Use(use))
					}
					document, err := schema.Overlay(json.RawMessage(`{"type":"object"}`), "", properties, true)
					if err != nil {
						t.Fatal(err)
					}
					compare(t, document)
				})
			}
		}
	}
}

func actionsOf(t *testing.T) []connector.Action {
	t.Helper()
	manifest, err := actionstest.Host(t).Manifest(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return manifest.Actions
}

// compare tries both validators with values made from the schema. Some of each
// verdict must be among them, else nothing is shown.
func compare(t *testing.T, document json.RawMessage) {
	t.Helper()
	var root map[string]any
	if err := json.Unmarshal(document, &root); err != nil {
		t.Fatal(err)
	}
	withoutFormats(root)
	text, err := json.Marshal(root)
	if err != nil {
		t.Fatal(err)
	}
	ours, err := schema.Compile(text)
	if err != nil {
		t.Fatal(err)
	}
	var foreign other.Schema
	if err := json.Unmarshal(text, &foreign); err != nil {
		t.Fatalf("the other validator does not read the schema: %v", err)
	}
	theirs, err := foreign.Resolve(nil)
	if err != nil {
		t.Fatalf("the other validator does not take the schema: %v", err)
	}
	g := generator{root: root, random: rand.New(rand.NewPCG(1, 2))} //nolint:gosec // the same values every time
	verdicts := map[bool]int{}
	for n := range valuesPerSchema {
		g.oddity = []float64{0, 0.01, 0.1}[n%3]
		text, err := json.Marshal(g.value(root, 0))
		if err != nil {
			t.Fatal(err)
		}
		value, err := schema.Decode(text)
		if err != nil {
			t.Fatal(err)
		}
		var plain any
		if err := json.Unmarshal(text, &plain); err != nil {
			t.Fatal(err)
		}
		violations, refusal := ours.Validate(value), theirs.Validate(plain)
		if (len(violations) == 0) != (refusal == nil) {
			t.Fatalf("%s\nours: %v\ntheirs: %v", text, violations, refusal)
		}
		verdicts[len(violations) == 0]++
	}
	if len(root["properties"].(map[string]any)) > 0 && (verdicts[true] == 0 || verdicts[false] == 0) {
		t.Errorf("%d values were valid and %d were not; some of each are needed", verdicts[true], verdicts[false])
	}
}

// withoutFormats takes the formats out of a schema: the other validator
// remarks on none, as the standard allows.
func withoutFormats(node any) {
	switch v := node.(type) {
	case map[string]any:
		if _, ok := v["format"].(string); ok {
			delete(v, "format")
		}
		for _, inner := range v {
			withoutFormats(inner)
		}
	case []any:
		for _, inner := range v {
			withoutFormats(inner)
		}
	}
}

package cli_test

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

// TestRequiredFields: from a refusal that nobody could foresee to a file that
// foresees it.
func TestRequiredFields(t *testing.T) {
	t.Parallel()
	_, connection := serve(t, sandbox.Globex())
	with := func(settings map[string]any) string {
		all := decoded(t, content(t, connection))
		maps.Copy(all, settings)
		text, err := json.Marshal(all)
		if err != nil {
			t.Fatal(err)
		}
		return file(t, "with.json", string(text))
	}
	input := records(t, map[string]any{
		"Name": "Late parts", "CompanyName": "Fjord Power", "OwnerEmail": "olga.peters@example.com", "DueDate": "2026-12-15",
		"type": "Risk", "reason": "Usage", "status": "New", "priority": "High", "Penalty__gc": 5,
	})
	write := func(connection string) outcome {
		return runWith(t.Context(), input, "run", "cta.create", "--connection", connection, "--input", "-")
	}

	write(connection).wants(t, 3, "/records/0/Business_Impact__gc", "counts as required from now on", `observed."cta.create"`)

	impact := map[string]any{"Business_Impact__gc": map[string]any{"code": "COCKPIT_9700"}}
	seen := map[string]any{"observed": map[string]any{"cta.create": impact}}
	write(with(seen)).wants(t, 3, "the tenant refused this before: COCKPIT_9700", "the record is sent nevertheless")
	seen["validation"] = "strict"
	strict := with(seen)
	write(strict).wants(t, 1, "/records/0/Business_Impact__gc", "the tenant refused this before: COCKPIT_9700")

	o := run(t, "check", "--connection", strict)
	o.wants(t, 0)
	if observed, _ := decoded(t, o.stdout)["observed"].(map[string]any); observed["cta.create"] == nil {
		t.Errorf("the report lists %v", observed)
	}
	o = run(t, "describe", "cta.create", "--connection", strict)
	o.wants(t, 0)
	annotation, _ := property(t, o.stdout, "Business_Impact__gc")["x-connector"].(map[string]any)
	if required, _ := annotation["required"].(map[string]any); required["observed"] != true || required["metadata"] != false {
		t.Errorf("required is %v", required)
	}

	o = run(t, "describe", "cta.create", "--connection", with(map[string]any{
		"required": map[string]any{"cta.create": map[string]any{"Busines_Impact__gc": true}},
	}))
	o.wants(t, 1, "/required/cta.create/Busines_Impact__gc")
	if !strings.Contains(o.stderr, "did you mean Business_Impact__gc?") {
		t.Errorf("no near name:\n%s", o.stderr)
	}
}

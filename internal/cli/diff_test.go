package cli_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

// saved saves the metadata of a tenant and returns the file.
func saved(t *testing.T, connection string, args ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "saved.snapshot.json")
	run(t, append([]string{"describe", "--save", path, "--connection", connection}, args...)...).wants(t, 0)
	return path
}

// edited returns a copy of a snapshot with the fields of CTAs changed: what
// edit reports false of is dropped.
func edited(t *testing.T, path string, edit func(name string, f map[string]any) bool) string {
	t.Helper()
	snapshot := decoded(t, content(t, path))
	objects, _ := snapshot["objects"].([]any)
	for _, o := range objects {
		object, _ := o.(map[string]any)
		if object["objectName"] != "call_to_action" {
			continue
		}
		fields, _ := object["fields"].([]any)
		object["fields"] = slices.DeleteFunc(fields, func(f any) bool {
			field, _ := f.(map[string]any)
			name, _ := field["fieldName"].(string)
			return !edit(name, field)
		})
	}
	data, err := json.Marshal(snapshot)
	if err != nil {
		t.Fatal(err)
	}
	return file(t, "edited.snapshot.json", string(data))
}

func identify(name string, f map[string]any) bool {
	f["fieldId"] = "id of " + name
	return true
}

// reform is what an administrator does to the fields.
func reform(name string, f map[string]any) bool {
	switch name {
	case "Short_Text__gc":
		return false
	case "Long_Note__gc":
		f["fieldName"] = "Narrative__gc"
	case "Affected_Seats__gc":
		f["dataType"] = "STRING"
	}
	return true
}

func TestDiffOfSnapshots(t *testing.T) {
	t.Parallel()
	tenant, connection := acme(t)
	older := edited(t, saved(t, connection), identify)
	newer := edited(t, older, reform)
	run(t, "diff", older, older).wants(t, 0, "nothing differs")
	got := run(t, "diff", older, newer, "--action", "cta.create,cta.list,user.create")
	got.wants(t, 3, "changes in 2 schemas")
	golden(t, "diff.txt", got.stdout)

	got = run(t, "diff", older, newer, "--action", "cta.create", "--json")
	got.wants(t, 3, `"diff":{"changes":3,"schemas":1}`)
	differences, _ := decoded(t, got.stdout)["differences"].([]any)
	if len(differences) != 1 || !strings.Contains(got.stdout, `"kind": "renamed"`) {
		t.Errorf("differences:\n%s", got.stdout)
	}

	asked := len(tenant.Requests())
	run(t, "diff", older, "--connection", connection, "--action", "cta.create").wants(t, 0, "nothing differs")
	if len(tenant.Requests()) == asked {
		t.Error("the tenant was not asked")
	}
	run(t, "diff", newer, "--connection", connection, "--action", "cta.create").wants(t, 3)
}

// Of an object that nobody saved nothing is told.
func TestDiffOfASmallSnapshot(t *testing.T) {
	t.Parallel()
	_, connection := acme(t)
	run(t, "diff", saved(t, connection, "user.create"), "--connection", connection).
		wants(t, 0, "the input of cta.create is not compared: the older snapshot does not have the object call_to_action", "nothing differs")
}

func TestDiffOfSchemas(t *testing.T) {
	t.Parallel()
	_, connection := acme(t)
	schema := run(t, "describe", "cta.create", "--connection", connection)
	older := file(t, "older.json", schema.stdout)
	newer := file(t, "newer.json", strings.Replace(schema.stdout, `"Short_Text__gc"`, `"Brief_Text__gc"`, 1))
	fingerprint := run(t, "describe", "cta.create", "--connection", connection, "--fingerprint")
	fingerprint.wants(t, 0)
	taken := file(t, "taken", fingerprint.stdout)
	run(t, "diff", older, newer).wants(t, 3)
	run(t, "diff", taken, newer).wants(t, 3)
	run(t, "diff", taken, older).wants(t, 0)
	run(t, "diff", taken, "--connection", connection).wants(t, 0, "nothing differs")
	run(t, "diff", older, "--connection", connection, "--action", "cta.create").wants(t, 0)
	run(t, "diff", newer, "--connection", connection, "--action", "cta.create").wants(t, 3)
}

func TestDiffRefusals(t *testing.T) {
	t.Parallel()
	_, connection := acme(t)
	schema, strange := file(t, "schema.json", `{"type":"object"}`), file(t, "strange.json", `{"type":7}`)
	snapshot := file(t, "snapshot.json", `{"version":1,"takenAt":"2026-11-02T09:00:00Z","objects":[]}`)
	later, spoilt := file(t, "later.json", `{"version":99}`), file(t, "spoilt.json", `{"version":1,"objects":7}`)
	undated, empty := file(t, "undated.json", `{"version":1}`), file(t, "empty.json", "")
	taken := run(t, "describe", "cta.create", "--fingerprint").stdout
	fingerprint, broken := file(t, "taken", taken), file(t, "broken", taken[:20])
	tests := map[string]struct {
		args []string
		code int
		want string
	}{
		"one file":            {[]string{schema}, 2, "OLD and NEW"},
		"three":               {[]string{schema, schema, "--connection", connection}, 2, "OLD and NEW"},
		"no such file":        {[]string{schema, "nowhere.json"}, 2, "nowhere.json"},
		"neither":             {[]string{schema, strange}, 2, "neither a snapshot"},
		"nothing in it":       {[]string{empty, schema}, 2, "empty.json is empty"},
		"a connection":        {[]string{connection, schema}, 2, "hint: --connection FILE compares"},
		"no word of a schema": {[]string{schema, file(t, "any.json", `{"a":1}`)}, 2, "it has no keyword of JSON Schema"},
		"a list":              {[]string{schema, file(t, "list.json", `[]`)}, 2, "it is no object"},
		"half a file":         {[]string{schema, file(t, "half.json", `{"type":`)}, 2, "malformed JSON at line 1, column 9"},
		"a later snapshot":    {[]string{later, later}, 2, "later.json is a snapshot of version 99; this program reads version 1"},
		"a spoilt snapshot":   {[]string{snapshot, spoilt}, 2, `"objects" is of type number`},
		"an undated snapshot": {[]string{undated, snapshot}, 2, "does not say when it was taken"},
		"nothing":             {nil, 2, "OLD is missing"},
		"too many":            {[]string{schema, schema, schema}, 2, "unexpected argument"},
		"an unknown selector": {
			[]string{schema, "--connection", connection, "--action", "cta.create", "--select", "typ=Risk"}, 1,
			"did you mean type or entityType?",
		},
		"a selector of none":      {[]string{snapshot, snapshot, "--select", "typ=Risk"}, 2, "no action that is compared has such a selector"},
		"two kinds":               {[]string{schema, snapshot}, 2, "two of a kind"},
		"a new fingerprint":       {[]string{schema, fingerprint}, 2, "can only be OLD"},
		"a broken fingerprint":    {[]string{broken, schema}, 2, "cut off"},
		"whose schema":            {[]string{schema, "--connection", connection}, 2, "--action ID is missing"},
		"an action of schemas":    {[]string{schema, schema, "--action", "cta.create"}, 2, "--action and --select go with"},
		"an action of its own":    {[]string{fingerprint, "--connection", connection, "--action", "cta.create"}, 2, "says its action"},
		"no such connection":      {[]string{schema, "--connection", "nowhere.json"}, 2, "nowhere.json"},
		"an unknown action":       {[]string{snapshot, snapshot, "--action", "cta.crate"}, 1, "did you mean cta.create"},
		"an unknown live action":  {[]string{schema, "--connection", connection, "--action", "cta.crate"}, 1, "did you mean cta.create"},
		"a selector without user": {[]string{schema, schema, "--select", "type=Risk"}, 2, "go with a snapshot"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run(t, append([]string{"diff"}, tt.args...)...).wants(t, tt.code, tt.want)
		})
	}
}

// TestRunBuiltWith: a step that was built with a schema, and the tenant changes.
func TestRunBuiltWith(t *testing.T) {
	t.Parallel()
	_, original := acme(t)
	older := edited(t, saved(t, original, "cta.create"), identify)
	newer := edited(t, older, reform)
	tenants := map[string]*sandbox.Tenant{}
	for _, path := range []string{older, newer} {
		tenants[path] = twin(t, path)
	}
	var now atomic.Pointer[sandbox.Tenant]
	now.Store(tenants[older])
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { now.Load().ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	connection := file(t, "connection.json", connectionTo(t, server.URL, tenants[older].AccessKey()))
	step := records(t, record(map[string]any{"Short_Text__gc": "x", "Long_Note__gc": "y", "reason": "Bugs Risk"}))
	input := file(t, "step.json", step)
	built := run(t, "describe", "cta.create", "--connection", connection, "--fingerprint", "--used-by", input)
	built.wants(t, 0)
	taken := file(t, "step.fingerprint", built.stdout)
	args := []string{"run", "cta.create", "--connection", connection, "--input", input, "--built-with", taken}
	run(t, append(args, "--drift", "hold")...).wants(t, 0, "1 record: 1 succeeded")

	now.Store(tenants[newer])
	for policy, texts := range map[string][]string{
		"":       {"Long_Note__gc", "is now called Narrative__gc", "the input is not valid"},
		"ignore": {"the input is not valid"},
		"warn":   {"is now called Narrative__gc"},
		"hold":   {"/records/0/Long_Note__gc", "is now called Narrative__gc", "Short_Text__gc was removed", "nothing was sent"},
		"fail":   {"is now called Narrative__gc", "nothing was sent"},
	} {
		got := run(t, slices.Concat(args, []string{"--drift", policy})...)
		got.wants(t, 1, texts...)
		if policy == "ignore" && strings.Contains(got.stderr, "Narrative") {
			t.Errorf("ignored changes are told:\n%s", got.stderr)
		}
	}
	run(t, slices.Concat(args, []string{"--drift", "hold", "--json"})...).wants(t, 1, `"SCHEMA_DRIFT"`, `"drift:renamed"`)
	run(t, slices.Concat(args, []string{"--drift", "fail", "--json"})...).wants(t, 1, `"INVALID_INPUT"`, `"drift:renamed"`)
	run(t, "diff", taken, "--connection", connection).wants(t, 3)
}

// twin serves nothing yet: it is a tenant made of the CTAs of a snapshot.
func twin(t *testing.T, path string) *sandbox.Tenant {
	t.Helper()
	var s struct {
		Objects        []json.RawMessage
		Configurations map[string]json.RawMessage
	}
	if err := json.Unmarshal([]byte(content(t, path)), &s); err != nil {
		t.Fatal(err)
	}
	seed := sandbox.Twin(sandbox.Original{Name: "acme", Objects: s.Objects, CTAs: s.Configurations["cta.config"]})
	return sandbox.New(seed, &sandbox.Options{Limits: &sandbox.Limits{}})
}

func TestBuiltWithRefusals(t *testing.T) {
	t.Parallel()
	_, connection := acme(t)
	empty, foreign := file(t, "empty", "\n"), file(t, "foreign", run(t, "describe", "cta.update", "--fingerprint").stdout)
	list, save := file(t, "list.json", "[]"), []string{"describe", "--connection", connection, "--save"}
	create := []string{"run", "cta.create", "--connection", connection}
	for name, tt := range map[string]struct {
		args []string
		code int
		want string
	}{
		"no policy":           {append(create[:4:4], "--built-with", foreign, "--drift", "perhaps"), 2, "ignore, warn, hold or fail"},
		"a policy alone":      {append(create[:4:4], "--drift", "hold"), 2, "--built-with FILE"},
		"no file":             {append(create[:4:4], "--built-with", "nowhere"), 2, "nowhere"},
		"an empty file":       {append(create[:4:4], "--built-with", empty), 2, "is empty"},
		"another action":      {append(create[:4:4], "--built-with", foreign), 1, "of another action"},
		"no fingerprint":      {append(create[:4:4], "--built-with", connection), 1, "cannot be read"},
		"of the output":       {[]string{"describe", "cta.create", "--fingerprint", "--side", "output"}, 2, "of the input schema"},
		"used by, alone":      {[]string{"describe", "cta.create", "--used-by", empty}, 2, "--used-by goes with --fingerprint"},
		"used by no file":     {[]string{"describe", "cta.create", "--fingerprint", "--used-by", "nowhere"}, 2, "nowhere"},
		"used by nothing":     {[]string{"describe", "cta.create", "--fingerprint", "--used-by", empty}, 2, "is empty"},
		"used by a list":      {[]string{"describe", "cta.create", "--fingerprint", "--used-by", list}, 2, "is an object"},
		"named by nothing":    {append(create[:4:4], "--built-with", ""), 2, "--built-with names no FILE: its value is empty"},
		"saved with a side":   {append(save[:4:4], "x.json", "--side", "output"), 2, "not with --save"},
		"saved in no folder":  {append(save[:4:4], "no/x.json"), 2, "--save no/x.json: no such file"},
		"an unknown selector": {[]string{"describe", "cta.create", "--select", "typ=Risk"}, 1, "did you mean type or entityType?"},
		"used by what is not": {
			[]string{"describe", "cta.create", "--fingerprint", "--used-by", foreign}, 2, "--used-by " + foreign + ": malformed JSON",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run(t, tt.args...).wants(t, tt.code, tt.want)
		})
	}
}

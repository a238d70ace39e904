package hosttest

import (
	"bytes"
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/gainsight-connector/gainsight-connector/connector"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
	"github.com/gainsight-connector/gainsight-connector/schema"
)

// manifestCases are about what a catalog shows.
func manifestCases() []Case {
	return []Case{
		{"manifest", "answers", "The connector tells its manifest without a connection.", nil, manifestAnswers},
		{"manifest", "stable", "The manifest is the same every time and in every process.", nil, manifestStable},
		{"manifest", "named", "The manifest has a machine name, a version, a title and a description.", nil, manifestNamed},
		{"manifest", "actions", "There are actions, and no two have one id.", nil, manifestActions},
		{"manifest", "ids", "The id of every action is of small letters, digits, _ and dots.", nil, manifestIDs},
		{"manifest", "titles", "Every action has a title that no other has, a group and a summary.", nil, manifestTitles},
		{"manifest", "stated", "Every action states its mode, effect, doctype lookup, evidence and schema scope.", nil, manifestStated},
		{"manifest", "selectors", "The selectors of an action have names, each once.", nil, manifestSelectors},
		{"manifest", "rates", "Every rate limit allows calls in a window of some length.", nil, manifestRates},
		{"manifest", "links", "Every link is an absolute https address.", nil, manifestLinks},
		{"manifest", "settings-schema", "The connection schema is JSON Schema 2020-12 of an object.", nil, manifestSettings},
		{"manifest", "settings-titles", "Every setting has a title or a description.", nil, manifestSettingTitles},
		{"manifest", "settings-secrets", "Every setting that sounds like a credential is a writeOnly string.", nil, manifestSettingSecrets},
		{"manifest", "settings-fit", "The settings of the profile fit the connection schema.", []Need{NeedTenant}, manifestSettingsFit},
	}
}

// raw returns the manifest as it is on the wire.
func (t *trial) raw(in *instance) *connectorv1.Manifest {
	resp, err := in.GetManifest(t.ctx, &connectorv1.GetManifestRequest{})
	t.must(err, "reading the manifest")
	return resp.GetManifest()
}

func manifestAnswers(t *trial) {
	if t.raw(t.start()) == nil {
		t.errorf("the answer has no manifest")
	}
}

func manifestStable(t *trial) {
	in := t.start()
	first := t.raw(in)
	if !proto.Equal(first, t.raw(in)) {
		t.errorf("the manifest changed from one call to the next")
	}
	if !proto.Equal(first, t.raw(t.start())) {
		t.errorf("the manifest of a second instance is another one")
	}
}

func manifestNamed(t *trial) {
	if m := t.manifest; !regexp.MustCompile(`^[a-z][a-z0-9_-]*$`).MatchString(m.Name) {
		t.errorf("the name %q is not of small letters, digits, _ and -", m.Name)
	}
	for what, text := range map[string]string{
		"version": t.manifest.Version, "title": t.manifest.Title, "description": t.manifest.Description,
	} {
		if strings.TrimSpace(text) == "" {
			t.errorf("there is no %s", what)
		}
	}
}

func manifestActions(t *trial) {
	if len(t.manifest.Actions) == 0 {
		t.errorf("there are no actions")
	}
	seen := map[string]bool{}
	for _, a := range t.manifest.Actions {
		if seen[a.ID] {
			t.errorf("two actions have the id %q", a.ID)
		}
		seen[a.ID] = true
	}
}

func manifestIDs(t *trial) {
	form := regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$`)
	for _, a := range t.manifest.Actions {
		if !form.MatchString(a.ID) {
			t.errorf("the id %q has another form", a.ID)
		}
	}
}

func manifestTitles(t *trial) {
	seen := map[string]string{}
	for _, a := range t.manifest.Actions {
		if a.Title == "" || a.Group == "" || a.Summary == "" {
			t.errorf("action %s lacks its title, group or summary", a.ID)
		}
		if other, twice := seen[a.Title]; twice && a.Title != "" && other != a.ID {
			t.errorf("actions %s and %s have one title", other, a.ID)
		}
		seen[a.Title] = a.ID
	}
}

func manifestStated(t *trial) {
	for _, a := range t.raw(t.start()).GetActions() {
		for what, value := range map[string]int32{
			"mode": int32(a.GetMode()), "effect": int32(a.GetEffect()), "doctype lookup": int32(a.GetDoctypeLookup()),
			"evidence": int32(a.GetEvidence()), "schema scope": int32(a.GetSchemaScope()),
		} {
			if value == 0 {
				t.errorf("action %s does not state its %s", a.GetId(), what)
			}
		}
	}
}

func manifestSelectors(t *trial) {
	for _, a := range t.manifest.Actions {
		names := slices.Sorted(slices.Values(a.Selectors))
		if slices.Contains(names, "") || len(slices.Compact(names)) != len(a.Selectors) {
			t.errorf("the selectors of action %s are %q", a.ID, a.Selectors)
		}
	}
}

func manifestRates(t *trial) {
	for _, a := range t.manifest.Actions {
		for _, r := range a.Limits.Rates {
			if r.Calls == 0 || r.Window <= 0 {
				t.errorf("action %s has a rate of %d calls in %s", a.ID, r.Calls, r.Window)
			}
		}
	}
}

func manifestLinks(t *trial) {
	links := map[string]string{"the manifest": t.manifest.DocumentationURL}
	for _, a := range t.manifest.Actions {
		links["action "+a.ID] = a.DocumentationURL
	}
	for of, link := range links {
		if u, err := url.Parse(link); link != "" && (err != nil || u.Scheme != "https" || u.Host == "") {
			t.errorf("the link of %s is %q", of, link)
		}
	}
}

// settings compiles the connection schema.
func (t *trial) settings() (*schema.Schema, error) {
	return schema.Compile(t.manifest.ConnectionSchema)
}

func manifestSettings(t *trial) {
	if _, err := t.settings(); err != nil {
		t.fatalf("the connection schema does not compile: %v", err)
	}
	if kind := typeOf(t.manifest.ConnectionSchema); kind != "object" {
		t.errorf("the connection schema is of type %q", kind)
	}
}

// typeOf returns the type that a schema gives at its root, if it is one.
func typeOf(document []byte) string {
	var root struct {
		Type any `json:"type"`
	}
	_ = json.Unmarshal(document, &root)
	kind, _ := root.Type.(string)
	return kind
}

// setting is a property of the connection schema.
type setting struct {
	pointer string
	node    map[string]any
}

// each visits the properties of a schema, those of inner objects as well.
func each(node any, pointer string, visit func(setting)) {
	object, _ := node.(map[string]any)
	properties, _ := object["properties"].(map[string]any)
	for name, property := range properties {
		if inner, ok := property.(map[string]any); ok {
			visit(setting{pointer + "/" + name, inner})
			each(inner, pointer+"/"+name, visit)
		}
	}
	for _, keyword := range []string{"oneOf", "anyOf", "allOf"} {
		branches, _ := object[keyword].([]any)
		for _, branch := range branches {
			each(branch, pointer, visit)
		}
	}
}

func (t *trial) eachSetting(visit func(setting)) {
	var root any
	if err := json.Unmarshal(t.manifest.ConnectionSchema, &root); err != nil {
		t.skipf("the connection schema is not JSON, which manifest/settings-schema tells")
	}
	each(root, "", visit)
}

func manifestSettingTitles(t *trial) {
	t.eachSetting(func(s setting) {
		_, constant := s.node["const"]
		if s.node["title"] == nil && s.node["description"] == nil && s.node["$ref"] == nil && !constant {
			t.errorf("the setting %s has neither a title nor a description", s.pointer)
		}
	})
}

func manifestSettingSecrets(t *trial) {
	sounds := regexp.MustCompile(`(?i)(password|passphrase|secret|token|api_?key|access_?key|private_?key)$`)
	t.eachSetting(func(s setting) {
		if kind, _ := s.node["type"].(string); kind == "string" && sounds.MatchString(s.pointer) && s.node["writeOnly"] != true {
			t.errorf("the setting %s is not writeOnly", s.pointer)
		}
	})
}

func manifestSettingsFit(t *trial) {
	compiled, err := t.settings()
	if err != nil {
		t.skipf("the connection schema does not compile, which manifest/settings-schema tells")
	}
	for _, tenant := range t.profile.Tenants {
		whole, err := restored(tenant.Settings)
		if err != nil {
			t.fatalf("the settings of %s: %v", tenant.Settings.Tenant, err)
		}
		value, err := schema.Decode(whole)
		if err != nil {
			t.fatalf("the settings of %s: %v", tenant.Settings.Tenant, err)
		}
		for _, v := range compiled.Validate(value) {
			t.errorf("the settings of %s: %s: %s", tenant.Settings.Tenant, v.Pointer, v.Message)
		}
	}
}

// restored returns settings with a stand-in at the place of every secret.
func restored(s connector.Settings) ([]byte, error) {
	config := s.Config
	if len(bytes.TrimSpace(config)) == 0 {
		config = []byte("{}")
	}
	for pointer := range s.Secrets {
		var err error
		if config, err = with(config, pointer, "stand-in"); err != nil {
			return nil, err
		}
	}
	return config, nil
}

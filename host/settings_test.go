package host_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
)

// connectionSchema marks secrets in every way that a schema can.
const connectionSchema = `{
	"type": "object",
	"properties": {
		"tenant": {"type": "string"},
		"url": {"type": "string"},
		"top": {"type": "string", "writeOnly": true},
		"auth": {"$ref": "#/$defs/auth"},
		"list": {"type": "array", "items": {"$ref": "#/$defs/secret"}},
		"pair": {"type": "array", "prefixItems": [{"type": "string"}, {"$ref": "#/$defs/secret"}]},
		"headers": {"type": "object", "additionalProperties": {"$ref": "#/$defs/secret"}},
		"patterned": {
			"properties": {"open_key": {"type": "string"}},
			"patternProperties": {"_key$": {"$ref": "#/$defs/secret"}},
			"additionalProperties": {"type": "string"}
		},
		"odd": {"patternProperties": {"(?<=x)y": {"$ref": "#/$defs/secret"}}},
		"a/b~c": {"$ref": "#/$defs/sec%72et"},
		"ring": {"$ref": "#/$defs/ring"},
		"text": {"type": "string", "contentMediaType": "application/json"}
	},
	"$defs": {
		"secret": {"type": "string", "writeOnly": true},
		"auth": {"oneOf": [
			{"properties": {"type": {"const": "key"}, "key": {"$ref": "#/$defs/secret"}}},
			{"allOf": [{"properties": {"type": {"const": "oauth"}, "client": {"$ref": "#/$defs/client"}}}]}
		]},
		"client": {"anyOf": [{"properties": {"secret": {"$ref": "#/$defs/secret"}}}]},
		"ring": {
			"allOf": [{"$ref": "#/$defs/ring"}],
			"properties": {"secret": {"$ref": "#/$defs/secret"}, "next": {"$ref": "#/$defs/ring"}}
		}
	}
}`

func manifest(schema string) connector.Manifest {
	return connector.Manifest{ConnectionSchema: json.RawMessage(schema)}
}

// connectionFile writes a connection file that its owner alone can read.
func connectionFile(tb testing.TB, text string) string {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), "acme.json")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		tb.Fatal(err)
	}
	return path
}

func TestReadSettings(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		file    string
		tenant  string
		config  string
		secrets map[string]string
	}{
		"no secret":  {file: `{"tenant":"a","n":9007199254740993,"s":"<&>"}`, tenant: "a", config: `{"n":9007199254740993,"s":"<&>","tenant":"a"}`},
		"name":       {file: `{"tenant":7}`, tenant: "acme", config: `{"tenant":7}`},
		"byte order": {file: "\uFEFF{}", tenant: "acme", config: `{}`},
		"top":        {file: `{"top":"x"}`, tenant: "acme", config: `{}`, secrets: map[string]string{"/top": "x"}},
		"not a text": {file: `{"top":5}`, tenant: "acme", config: `{"top":5}`},
		"first form": {
			file: `{"auth":{"type":"key","key":"x"}}`, tenant: "acme", config: `{"auth":{"type":"key"}}`,
			secrets: map[string]string{"/auth/key": "x"},
		},
		"second form": {
			file: `{"auth":{"client":{"secret":"x"}}}`, tenant: "acme", config: `{"auth":{"client":{}}}`,
			secrets: map[string]string{"/auth/client/secret": "x"},
		},
		"list": {file: `{"list":["x","y"]}`, tenant: "acme", config: `{"list":[null,null]}`, secrets: map[string]string{"/list/0": "x", "/list/1": "y"}},
		"pair": {file: `{"pair":["x","y"]}`, tenant: "acme", config: `{"pair":["x",null]}`, secrets: map[string]string{"/pair/1": "y"}},
		"map": {
			file: `{"headers":{"X-Key":"x"}}`, tenant: "acme", config: `{"headers":{}}`, secrets: map[string]string{"/headers/X-Key": "x"},
		},
		"pattern": {
			file: `{"patterned":{"open_key":"x","a_key":"y","z":"z"}}`, tenant: "acme", config: `{"patterned":{"z":"z"}}`,
			secrets: map[string]string{"/patterned/open_key": "x", "/patterned/a_key": "y"},
		},
		"pattern that Go does not know": {
			file: `{"odd":{"a":"x"}}`, tenant: "acme", config: `{"odd":{}}`, secrets: map[string]string{"/odd/a": "x"},
		},
		"escapes": {file: `{"a/b~c":"x"}`, tenant: "acme", config: `{}`, secrets: map[string]string{"/a~1b~0c": "x"}},
		"ring": {
			file: `{"ring":{"secret":"x","next":{"next":{"secret":"y"}}}}`, tenant: "acme", config: `{"ring":{"next":{"next":{}}}}`,
			secrets: map[string]string{"/ring/secret": "x", "/ring/next/next/secret": "y"},
		},
		"variable": {file: `{"top":"env:` + grantedEnv + `"}`, tenant: "acme", config: `{}`, secrets: map[string]string{"/top": "value-of-" + grantedEnv}},
		"content":  {file: `{"text":"{}"}`, tenant: "acme", config: `{"text":"{}"}`},
		"no variable outside of secrets": {
			file: `{"url":"env:` + grantedEnv + `"}`, tenant: "acme", config: `{"url":"env:` + grantedEnv + `"}`,
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, remarks, err := host.ReadSettings(connectionFile(t, tc.file), manifest(connectionSchema))
			if err != nil || len(remarks) != 0 {
				t.Fatalf("ReadSettings: %v, %v", remarks, err)
			}
			if got.Tenant != tc.tenant || string(got.Config) != tc.config {
				t.Errorf("settings = %q %s, want %q %s", got.Tenant, got.Config, tc.tenant, tc.config)
			}
			if diff := cmp.Diff(tc.secrets, revealed(got)); diff != "" {
				t.Errorf("secrets (-want +got):\n%s", diff)
			}
		})
	}
}

func revealed(s connector.Settings) map[string]string {
	var m map[string]string
	for pointer, secret := range s.Secrets {
		if m == nil {
			m = map[string]string{}
		}
		m[pointer] = secret.Reveal()
	}
	return m
}

func TestReadSettingsFromFiles(t *testing.T) {
	t.Parallel()
	path := connectionFile(t, `{"top":"file:keys/top"}`)
	key := filepath.Join(filepath.Dir(path), "keys", "top")
	if err := os.Mkdir(filepath.Dir(key), 0o700); err != nil {
		t.Fatal(err)
	}
	for content, want := range map[string]string{"s3cret": "s3cret", "s3cret\n": "s3cret", "s3cret\r\n": "s3cret", "s3\n\n": "s3\n"} {
		if err := os.WriteFile(key, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		got, remarks, err := host.ReadSettings(path, manifest(connectionSchema))
		if err != nil || len(remarks) != 0 || got.Secrets["/top"].Reveal() != want {
			t.Errorf("%q: secret = %q, %v, %v; want %q", content, got.Secrets["/top"].Reveal(), remarks, err, want)
		}
	}
}

// TestReadSettingsWithContents: a content may be in a file, of a bounded size and
// anybody may read it; what is neither content nor secret is no file.
func TestReadSettingsWithContents(t *testing.T) {
	t.Parallel()
	path := connectionFile(t, `{"text":"file:content","url":"file:content"}`)
	content := filepath.Join(filepath.Dir(path), "content")
	if err := os.WriteFile(content, []byte("{\"a\":1}\n"), 0o644); err != nil { //nolint:gosec // it is no secret
		t.Fatal(err)
	}
	got, remarks, err := host.ReadSettings(path, manifest(connectionSchema))
	if err != nil || len(remarks) != 0 {
		t.Fatalf("ReadSettings: %v, %v", remarks, err)
	}
	if want := `{"text":"{\"a\":1}","url":"file:content"}`; string(got.Config) != want || len(got.Secrets) != 0 {
		t.Errorf("settings = %s, want %s", got.Config, want)
	}
	if err := os.Truncate(content, 16<<20+1); err != nil {
		t.Fatal(err)
	}
	_, _, err = host.ReadSettings(path, manifest(connectionSchema))
	wantReason(t, err, connector.ReasonInvalidConnection)
	if !strings.Contains(err.Error(), "more than 16777216 bytes") {
		t.Errorf("error %v, want one that tells the bound", err)
	}
}

func TestReadSettingsWarnsOfFile(t *testing.T) {
	t.Parallel()
	needsModes(t)
	path := connectionFile(t, `{"top":"file:top"}`)
	key := filepath.Join(filepath.Dir(path), "top")
	if err := os.WriteFile(key, []byte("s3cret"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(key, 0o640); err != nil { //nolint:gosec // it is to be found out
		t.Fatal(err)
	}
	_, remarks, err := host.ReadSettings(path, manifest(connectionSchema))
	if err != nil || len(remarks) != 1 || remarks[0].Pointer != "/top" || !strings.Contains(remarks[0].Summary, key) {
		t.Errorf("remarks = %v, %v; want one on %s", remarks, err, key)
	}
}

func TestReadSettingsWarnsOfLiteral(t *testing.T) {
	t.Parallel()
	needsModes(t)
	path := connectionFile(t, `{"top":"s3cret","auth":{"key":"env:`+grantedEnv+`"}}`)
	if err := os.Chmod(path, 0o604); err != nil { //nolint:gosec // it is to be found out
		t.Fatal(err)
	}
	_, remarks, err := host.ReadSettings(path, manifest(connectionSchema))
	if err != nil || len(remarks) != 1 || remarks[0].Severity != connector.SeverityWarning || remarks[0].Pointer != "/top" {
		t.Errorf("remarks = %v, %v; want one on /top", remarks, err)
	}
}

func TestReadSettingsFailures(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		file, schema string
		reason       connector.Reason
		texts        []string
	}{
		"not JSON":      {file: "{\n  \"url\": tru\n}", reason: connector.ReasonInvalidConnection, texts: []string{"acme.json:2:13:"}},
		"cut short":     {file: "{\"ü\":\n\"", reason: connector.ReasonInvalidConnection, texts: []string{"acme.json:2:"}},
		"more than one": {file: "{}\n{}", reason: connector.ReasonInvalidConnection, texts: []string{"acme.json:2:1:"}},
		"empty":         {file: "", reason: connector.ReasonInvalidConnection, texts: []string{"acme.json:1:1:"}},
		"no object":     {file: `[1]`, reason: connector.ReasonInvalidConnection, texts: []string{"JSON object"}},
		"null":          {file: `null`, reason: connector.ReasonInvalidConnection, texts: []string{"JSON object"}},
		"broken schema": {file: `{}`, schema: `{`, reason: connector.ReasonInternal, texts: []string{"connection schema"}},
		"all secrets at once": {
			file:   `{"top":"env:HOST_TEST_UNSET","auth":{"key":"file:/nowhere/key"}}`,
			reason: connector.ReasonInvalidConnection, texts: []string{"/top: ", `"HOST_TEST_UNSET"`, "/auth/key: ", `"/nowhere/key"`},
		},
		"no content": {
			file: `{"text":"file:/nowhere/text"}`, reason: connector.ReasonInvalidConnection, texts: []string{"/text: ", `"/nowhere/text"`},
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			schema := tc.schema
			if schema == "" {
				schema = connectionSchema
			}
			_, _, err := host.ReadSettings(connectionFile(t, tc.file), manifest(schema))
			wantReason(t, err, tc.reason)
			for _, text := range tc.texts {
				if !strings.Contains(err.Error(), text) {
					t.Errorf("error %q does not contain %q", err, text)
				}
			}
		})
	}
	t.Run("no file", func(t *testing.T) {
		t.Parallel()
		_, _, err := host.ReadSettings(filepath.Join(t.TempDir(), "none.json"), connector.Manifest{})
		wantReason(t, err, connector.ReasonInvalidConnection)
	})
}

// FuzzReadSettings looks for a secret that stays in the settings, and for
// settings that change on their way.
func FuzzReadSettings(f *testing.F) {
	f.Add(`{"top":"x","auth":{"key":"y"},"list":["z",1]}`, connectionSchema)
	f.Add(`{"a":{"a":{}}}`, `{"additionalProperties":{"$ref":"#"}}`)
	f.Add(`{"a":[{"a":"b"}]}`, `{"$ref":"#/anyOf/0","anyOf":[{"$ref":"#/anyOf/-1"},true]}`)
	f.Fuzz(func(t *testing.T, file, schema string) {
		if strings.Contains(file, "env:") || strings.Contains(file, "file:") || strings.Contains(file, `\`) {
			return // reading what a fuzzer names is no good idea
		}
		got, _, err := host.ReadSettings(connectionFile(t, file), manifest(schema))
		if err != nil {
			return
		}
		var rest any
		if err := json.Unmarshal(got.Config, &rest); err != nil {
			t.Fatalf("the settings are not JSON: %v", err)
		}
		for pointer := range got.Secrets {
			if text, ok := lookup(rest, pointer); ok && text != nil {
				t.Fatalf("%s is a secret and still there", pointer)
			}
		}
	})
}

// lookup follows a JSON Pointer.
func lookup(v any, pointer string) (any, bool) {
	for _, token := range strings.Split(pointer, "/")[1:] {
		switch node := v.(type) {
		case map[string]any:
			next, ok := node[strings.NewReplacer("~1", "/", "~0", "~").Replace(token)]
			if !ok {
				return nil, false
			}
			v = next
		case []any:
			v = nil
			for i, e := range node {
				if itoa(i) == token {
					v = e
				}
			}
		default:
			return nil, false
		}
	}
	return v, true
}

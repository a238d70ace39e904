package host

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

// ReadSettings reads the connection file at path: a JSON object that fits the
// manifest's connection schema. Each string at a place that the schema marks
// "writeOnly" is taken out of the settings and becomes a secret. It may be the
// secret itself, env:NAME for a variable of the environment, or file:PATH for
// a file, whose last line end is dropped; a relative PATH starts at the folder
// of the connection file. A string at a place that the schema gives a
// "contentMediaType" may be file:PATH as well, for a file of at most 16 MiB,
// whose content takes its place.
//
// The tenant's name is the string at "tenant", else the name of the file
// without its extension. Whether the settings fit the schema is for the
// connector to say, in [Plugin.Open].
//
// Secrets at the JSON Pointers without are left out unread: they are about to be
// replaced.
//
// The diagnostics warn of secrets in files that others can read. Every error
// is a [connector.Error]: [connector.ReasonInvalidConnection] lists all secrets
// and files that cannot be read, by variable or file and never by value.
func ReadSettings(path string, m connector.Manifest, without ...string) (connector.Settings, []connector.Diagnostic, error) {
	config, err := readObject(path)
	if err != nil {
		return connector.Settings{}, nil, err
	}
	places, contents, err := secretPlaces(m.ConnectionSchema, config)
	if err != nil {
		return connector.Settings{}, nil, err
	}
	name, _ := config["tenant"].(string)
	if name == "" {
		name = strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
	}
	r := secretReader{path: path, places: places, contents: contents, without: without, secrets: map[string]connector.Secret{}}
	stripped, _ := r.strip(config, "")
	if len(r.violations) > 0 {
		e := connector.Errorf(connector.ReasonInvalidConnection, "what connection file %s refers to cannot be read", path)
		e.Violations = r.violations[:min(len(r.violations), connector.MaxViolations)]
		e.Omitted = len(r.violations) - len(e.Violations)
		return connector.Settings{}, nil, e
	}
	encoded, err := encode(stripped)
	if err != nil {
		return connector.Settings{}, nil, connector.Errorf(connector.ReasonInternal, "encode the settings of %s: %w", path, err)
	}
	return connector.Settings{Tenant: name, Config: encoded, Secrets: r.secrets}, r.warnings, nil
}

// readObject reads the connection file at path.
func readObject(path string) (map[string]any, error) {
	data, err := os.ReadFile(path) //nolint:gosec // the caller names the file
	if err != nil {
		return nil, connector.Errorf(connector.ReasonInvalidConnection, "the connection file cannot be read: %w", err)
	}
	return decodeObject(path, bytes.TrimPrefix(data, []byte("\uFEFF")))
}

// decodeObject reads a JSON object, its numbers untouched.
func decodeObject(path string, data []byte) (map[string]any, error) {
	if err := json.Unmarshal(data, new(json.RawMessage)); err != nil {
		line, column := 1, 1
		if at := (*json.SyntaxError)(nil); errors.As(err, &at) {
			line, column = position(data, at.Offset)
		}
		return nil, connector.Errorf(connector.ReasonInvalidConnection, "%s:%d:%d: not JSON: %w", path, line, column, err)
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var object map[string]any
	if err := dec.Decode(&object); err != nil || object == nil {
		return nil, connector.Errorf(connector.ReasonInvalidConnection, "%s:1:1: a connection file holds a JSON object", path)
	}
	return object, nil
}

// position returns the line and column, both from 1, of the last of the first
// offset bytes.
func position(data []byte, offset int64) (line, column int) {
	before := data[:min(max(offset-1, 0), int64(len(data)))]
	start := bytes.LastIndexByte(before, '\n') + 1
	return bytes.Count(before, []byte{'\n'}) + 1, utf8.RuneCount(before[start:]) + 1
}

func encode(v any) (json.RawMessage, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("encode: %w", err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte{'\n'}), nil
}

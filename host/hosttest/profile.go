package hosttest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
)

// Profile is what the kit is told of a connector beyond its manifest. The zero
// value runs the cases that need no tenant.
type Profile struct {
	// Tenants are connections; the first two serve. They should lead to two
	// tenants that may be written to, such as simulated ones.
	Tenants []Tenant
	// Address is the JSON Pointer of the string in the settings that is the
	// tenant's address, with a scheme. The connector must accept http:// and a
	// loopback address there, for that is where the kit's relay is. Empty: there
	// is none, and the cases that need a relay are skipped.
	Address string
	// Read is the id of the action that cases use to read something. Empty: the
	// first of the manifest that reads and has a sample. If the tenants have
	// marks, its output must hold them.
	Read string
	// Samples are inputs by action id. An action without an entry has the
	// examples of its input schema as samples.
	Samples map[string][]Sample
	// Omit says of an action why it has no samples, e.g. that its input is the
	// id of a job that runs.
	Omit map[string]string
	// Skip says of a case, by its id, why it does not apply.
	Skip map[string]string
}

// Tenant is one connection.
type Tenant struct {
	// Settings are what the connection is opened with.
	Settings connector.Settings
	// Mark is a text that is in the output of [Profile.Read] for this tenant
	// and for no other. Empty: none is known.
	Mark string
}

// Sample is one input of an action.
type Sample struct {
	// Input fits the action's input schema.
	Input json.RawMessage `json:"input"`
	// Content is what an action of mode upload is given. Without it such an
	// action has no sample.
	Content string `json:"content,omitempty"`
	// ContentType is the media type of Content.
	ContentType string `json:"contentType,omitempty"`
}

// Static returns p for [Options.Profile].
func Static(p Profile) func(connector.Manifest) (Profile, error) {
	return func(connector.Manifest) (Profile, error) { return p, nil }
}

// profileFile is the JSON form of a profile.
type profileFile struct {
	Connections []struct {
		File string `json:"file"`
		Mark string `json:"mark"`
	} `json:"connections"`
	Address string              `json:"address"`
	Read    string              `json:"read"`
	Samples map[string][]Sample `json:"samples"`
	Omit    map[string]string   `json:"omit"`
	Skip    map[string]string   `json:"skip"`
}

// ReadProfile returns a function for [Options.Profile] that reads a file:
//
//	{
//	  "connections": [{"file": "acme.json", "mark": "Aurora"}, {"file": "globex.json", "mark": "Borealis"}],
//	  "address": "/base_url",
//	  "read": "note.list",
//	  "samples": {"note.import": [{"input": {}, "content": "{}\n", "contentType": "application/x-ndjson"}]},
//	  "omit": {"job.status": "its input is the id of a job"},
//	  "skip": {"errors/credentials": "the simulated tenant takes any key"}
//	}
//
// The fields are those of [Profile], and all may be left out. A connection is a
// file as [host.ReadSettings] reads it; relative paths start at the folder of
// the profile.
func ReadProfile(path string) func(connector.Manifest) (Profile, error) {
	return func(m connector.Manifest) (Profile, error) {
		data, err := os.ReadFile(path) //nolint:gosec // the caller names the file
		if err != nil {
			return Profile{}, fmt.Errorf("read the profile: %w", err)
		}
		var f profileFile
		dec := json.NewDecoder(bytes.NewReader(data))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&f); err != nil {
			return Profile{}, fmt.Errorf("read the profile %s: %w", path, err)
		}
		p := Profile{Address: f.Address, Read: f.Read, Samples: f.Samples, Omit: f.Omit, Skip: f.Skip}
		for _, c := range f.Connections {
			file := c.File
			if !filepath.IsAbs(file) {
				file = filepath.Join(filepath.Dir(path), file)
			}
			settings, _, err := host.ReadSettings(file, m)
			if err != nil {
				return Profile{}, fmt.Errorf("read the profile %s: %w", path, err)
			}
			p.Tenants = append(p.Tenants, Tenant{Settings: settings, Mark: c.Mark})
		}
		return p, nil
	}
}

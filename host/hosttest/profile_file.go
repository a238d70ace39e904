package hosttest

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
	"github.com/gainsight-connector/gainsight-connector/schema"
)

// ErrEmptyProfile says that there is nothing in the file of a profile.
var ErrEmptyProfile = errors.New("the file is empty")

//go:embed profile.schema.json
var profileSchema []byte

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
//
// Every error is a [connector.Error]: [connector.ReasonInvalidInput] for the
// profile itself, [ErrEmptyProfile] if there is nothing in it, and what
// [host.ReadSettings] says of a connection.
func ReadProfile(path string) func(connector.Manifest) (Profile, error) {
	return func(m connector.Manifest) (Profile, error) {
		f, err := readProfile(path)
		if err != nil {
			return Profile{}, err
		}
		p := Profile{Address: f.Address, Read: f.Read, Samples: f.Samples, Omit: f.Omit, Skip: f.Skip}
		for _, c := range f.Connections {
			file := c.File
			if !filepath.IsAbs(file) {
				file = filepath.Join(filepath.Dir(path), file)
			}
			settings, _, err := host.ReadSettings(file, m)
			if err != nil {
				return Profile{}, inProfile(path, err)
			}
			p.Tenants = append(p.Tenants, Tenant{Settings: settings, Mark: c.Mark})
		}
		return p, nil
	}
}

func readProfile(path string) (profileFile, error) {
	data, err := os.ReadFile(path) //nolint:gosec // the caller names the file
	if err != nil {
		return profileFile{}, connector.Errorf(connector.ReasonInvalidInput, "the profile cannot be read: %w", err)
	}
	data = bytes.TrimPrefix(data, []byte("\uFEFF"))
	if len(bytes.TrimSpace(data)) == 0 {
		return profileFile{}, connector.Errorf(connector.ReasonInvalidInput, "profile %s: %w", path, ErrEmptyProfile)
	}
	value, err := schema.Decode(data)
	if err != nil {
		return profileFile{}, inProfile(path, err)
	}
	form, err := schema.Compile(profileSchema)
	if err != nil {
		return profileFile{}, fmt.Errorf("the schema of profiles: %w", err)
	}
	if wrong := form.Validate(value); len(wrong) > 0 {
		return profileFile{}, connector.Invalid("profile "+path+" is not valid", wrong)
	}
	var f profileFile
	if err := json.Unmarshal(data, &f); err != nil {
		return profileFile{}, connector.Errorf(connector.ReasonInvalidInput, "profile %s: %w", path, err)
	}
	return f, nil
}

// inProfile adds the path of the profile to what is wrong in it.
func inProfile(path string, err error) error {
	e := *connector.AsError(err)
	e.Message = "profile " + path + ": " + e.Message
	return &e
}

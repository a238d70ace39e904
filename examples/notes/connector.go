// Package notes is a connector for a small HTTP service of notes: the template
// for a connector of your own. docs/write-a-connector.md walks through it.
package notes

import (
	"context"
	"embed"
	"encoding/json"
	"net/http"
	"net/url"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/plugin"
	"github.com/gainsight-connector/gainsight-connector/schema"
)

//go:embed *.json
var documents embed.FS

// notes is the connector: its catalog and the schemas of its actions.
type notes struct {
	manifest connector.Manifest
	schemas  map[string]document
}

// document is the JSON document of one action and its input schema, compiled.
type document struct {
	*schema.Document

	input *schema.Schema
}

// New returns the connector. It fails only if an embedded document is wrong.
func New() (_ plugin.Connector, err error) {
	n := &notes{schemas: map[string]document{}, manifest: connector.Manifest{
		Name: "notes", Version: "1.0.0", Title: "Notes", Description: "Lists, adds, exports and imports the notes of a notebook.",
		APIType: "REST", Authentication: []string{"API key"}, Actions: []connector.Action{
			action("note.list", "List Notes", "Lists the notes that have a tag.", connector.ModeExecute, connector.EffectRead),
			action("note.create", "Create Note", "Adds a note.", connector.ModeExecute, connector.EffectUnsafeWrite),
			action("note.export", "Export Notes", "Streams all notes, one a line.", connector.ModeDownload, connector.EffectRead),
			action("note.import", "Import Notes", "Adds the notes of a stream.", connector.ModeUpload, connector.EffectUnsafeWrite),
		},
	}}
	n.manifest.ConnectionSchema, err = documents.ReadFile("connection.json")
	for _, a := range n.manifest.Actions {
		if err == nil {
			n.schemas[a.ID], err = load(a.ID + ".json")
		}
	}
	return n, err
}

func action(id, title, summary string, mode connector.Mode, effect connector.Effect) connector.Action {
	return connector.Action{
		ID: id, Title: title, Group: "Notes", Summary: summary, Mode: mode, Effect: effect,
		DoctypeLookup: connector.DoctypeNo, Evidence: connector.EvidenceDocumented, SchemaScope: connector.ScopeStatic,
	}
}

func load(name string) (d document, err error) {
	data, err := documents.ReadFile(name)
	if err != nil {
		return d, err
	}
	if d.Document, err = schema.ParseDocument(data, nil); err != nil {
		return d, err
	}
	d.input, err = schema.Compile(d.Input())
	return d, err
}

func (n *notes) Manifest() connector.Manifest { return n.manifest }

func (n *notes) Describe(_ context.Context, req connector.DescribeRequest) (connector.Description, error) {
	d := n.schemas[req.Action] // package plugin has looked the action up
	return connector.Description{Input: d.Input(), Output: d.Output()}, nil
}

// Open looks at the settings and calls nobody.
func (n *notes) Open(_ context.Context, s connector.Settings, _ func(connector.Event)) (plugin.Connection, error) {
	var settings map[string]string
	err := json.Unmarshal(s.Config, &settings)
	key := s.Secrets["/api_key"]
	if base, urlErr := url.Parse(settings["address"]); err != nil || urlErr != nil || base.Host == "" || key.Empty() {
		return nil, connector.Errorf(connector.ReasonInvalidConnection, "the settings need an address, such as http://127.0.0.1:8090, and an api_key")
	}
	return &notebook{n.schemas, &client{settings["address"], key, &http.Client{Transport: &http.Transport{}}}}, nil
}

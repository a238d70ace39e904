package actions

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/doctype"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
	"github.com/gainsight-connector/gainsight-connector/internal/snapshot"
)

// settingSnapshot is the setting with the content of a snapshot. The file is the
// host's to read.
const settingSnapshot = "snapshot"

// takeSnapshot takes the snapshot out of a connection's settings: it is large,
// and needed once. Nil: there is none.
func takeSnapshot(settings connector.Settings) (connector.Settings, *snapshot.Snapshot, error) {
	var config map[string]json.RawMessage
	if len(settings.Config) == 0 {
		return settings, nil, nil
	}
	if err := json.Unmarshal(settings.Config, &config); err != nil {
		return settings, nil, unusable(err)
	}
	if config[settingSnapshot] == nil {
		return settings, nil, nil
	}
	var text string
	if err := json.Unmarshal(config[settingSnapshot], &text); err != nil {
		return settings, nil, unusable(err)
	}
	saved, err := snapshot.Read([]byte(text))
	if err != nil {
		return settings, nil, unusable(err)
	}
	delete(config, settingSnapshot)
	settings.Config, err = json.Marshal(config)
	return settings, saved, err
}

// unusable is the error for a snapshot that cannot be used.
func unusable(err error) error {
	e := connector.Invalid("the settings of the connection cannot be used", []connector.Violation{
		{Pointer: "/" + settingSnapshot, Message: err.Error()},
	})
	e.Reason = connector.ReasonInvalidConnection
	return e.WithHint("It is the content of a file that describe --save wrote; a connection file names it as file:PATH.")
}

// warm makes what a snapshot has known of the tenant, as old as it is: it serves
// while the tenant cannot be asked.
func (t *Tenant) warm(s *snapshot.Snapshot, entries map[string]*entry) error {
	for _, raw := range s.Objects {
		objects, diagnostics, err := doctype.ParseDescribe(slices.Concat([]byte{'['}, raw, []byte{']'}))
		if err != nil {
			return err
		}
		for _, o := range objects {
			t.treat(o)
			if err := t.objects.Put(o, slices.Concat(diagnostics, t.foreign(s)), s.TakenAt, t.namesOf(o)...); err != nil {
				return err
			}
		}
	}
	for id, raw := range s.Dropdowns {
		options, err := parseCategory(raw)
		if err != nil {
			return err
		}
		t.facts.Put(categoryKey(id), factOf(options), s.TakenAt)
	}
	for _, e := range entries {
		if e.Doctype == nil || e.Doctype.recall == nil {
			continue
		}
		key, f, err := e.Doctype.recall(s)
		if err != nil {
			return err
		}
		if key != "" {
			t.facts.Put(key, f, s.TakenAt)
		}
	}
	return nil
}

// foreign warns of a snapshot that has the name of another tenant. It may be
// the same one by another name, so it serves.
func (t *Tenant) foreign(s *snapshot.Snapshot) []connector.Diagnostic {
	own := t.client.Config().Tenant
	if s.Tenant == own {
		return nil
	}
	return []connector.Diagnostic{{Severity: connector.SeverityWarning, Summary: fmt.Sprintf(
		"the fields are those of the snapshot of tenant %q, which the settings of tenant %q name, until the tenant itself tells them", s.Tenant, own)}}
}

// namesOf returns the names that [Tenant.Object] knows an object by: those of
// the actions' objects for which the connection has its name, of
// [gainsight.LabelledObjects] also those that it has the label for, and its own,
// unless the connection has another for that.
func (t *Tenant) namesOf(o doctype.Object) []string {
	config := t.client.Config()
	names := config.Renamed(o.Name)
	if config.Object(o.Name) == "" {
		names = append(names, o.Name)
	}
	info := ObjectInfo{Name: o.Name, Label: o.Label, Type: o.Type}
	for name, labels := range gainsight.LabelledObjects() {
		if config.Object(name) == "" && slices.ContainsFunc(labels, info.labelled) {
			names = append(names, name)
		}
	}
	return names
}

package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
	"github.com/gainsight-connector/gainsight-connector/internal/snapshot"
)

// configurations are the actions that tell what a tenant's administrator made
// up, and that schemas and a simulated tenant need.
func configurations() []string {
	return []string{"cta.config", "success_plan.config", "playbook.config"}
}

// saveSnapshot writes what the schemas of some actions come from, of all actions
// if none are named, and some objects beside them.
func (a *app) saveSnapshot(ctx context.Context, connection, path string, actions, objects []string) error {
	file, err := openResult("save", path)
	if err != nil {
		return err
	}
	defer file.done()
	return a.withConnection(ctx, connection, func(s *session) error {
		t := taker{app: a, session: s, taken: snapshot.New(s.conn.Tenant(), a.now())}
		if err := t.take(ctx, actions, objects); err != nil {
			return err
		}
		data, err := t.taken.Encode()
		if err != nil {
			return err
		}
		if err := file.write(data); err != nil {
			return err
		}
		a.report.Snapshot = &snapshotNote{
			Tenant: t.taken.Tenant, Objects: len(t.taken.Objects), Bytes: uint64(len(data)), File: path,
		}
		return nil
	})
}

// snapshotNote says what was saved.
type snapshotNote struct {
	Tenant  string `json:"tenant"`
	Objects int    `json:"objects"`
	Bytes   uint64 `json:"bytes"`
	File    string `json:"file"`
}

func (n *snapshotNote) line() string {
	if n == nil {
		return ""
	}
	return fmt.Sprintf("the metadata of tenant %s, %s, are in %s (%s); it holds no credentials and no records",
		n.Tenant, plural(n.Objects, "object"), n.File, size(n.Bytes))
}

// taker takes a snapshot through the connector's own actions.
type taker struct {
	app     *app
	session *session
	taken   *snapshot.Snapshot
}

func (t *taker) take(ctx context.Context, actions, objects []string) error {
	if len(actions) == 0 {
		for _, action := range t.session.manifest.Actions {
			if action.SchemaScope == connector.ScopeConnection {
				actions = append(actions, action.ID)
			}
		}
	}
	behind, err := t.behind(ctx, actions)
	if err != nil {
		return err
	}
	for _, name := range objects {
		if err := t.describe(ctx, name); err != nil {
			return err
		}
	}
	for _, name := range behind {
		if err := t.describe(ctx, name); err != nil {
			t.missed("object "+name, err)
		}
	}
	if err := t.dropdowns(ctx); err != nil {
		return err
	}
	for _, id := range configurations() {
		output, err := t.run(ctx, id, `{}`)
		if err != nil {
			t.missed("the configuration of "+id, err)
			continue
		}
		t.taken.Configurations[id] = output
	}
	for _, u := range inUse() {
		if slices.Contains(actions, u.action) {
			t.values(ctx, u)
		}
	}
	if err := t.taken.Keep(t.session.settings.Config); err != nil {
		return err
	}
	return ctx.Err()
}

// used is a field whose values are names that no call lists.
type used struct{ name, action, pointer string }

func inUse() []used {
	return []used{
		{snapshot.ActivityTypes, "activity.save", "/records/*/TypeName"},
		{snapshot.TaskTypes, "task.create", "/records/*/type"},
		{snapshot.TaskStatuses, "task.create", "/records/*/status"},
		{snapshot.TaskPriorities, "task.create", "/records/*/priority"},
		{snapshot.GoalStatuses, "goal.create", "/records/*/StatusName"},
	}
}

func (t *taker) values(ctx context.Context, u used) {
	page, err := t.session.conn.Options(ctx, connector.OptionsRequest{
		Action: u.action, Pointer: u.pointer, PageSize: connector.MaxPageSize,
	})
	if err != nil {
		t.missed(strings.ReplaceAll(u.name, "_", " "), err)
		return
	}
	if t.taken.Values == nil {
		t.taken.Values = map[string][]string{}
	}
	for _, o := range page.Options {
		t.taken.Values[u.name] = append(t.taken.Values[u.name], o.Value)
	}
}

// behind returns the objects that the schemas of actions name: where their
// fields come from, and what those look up.
func (t *taker) behind(ctx context.Context, actions []string) ([]string, error) {
	names := map[string]bool{}
	for _, id := range actions {
		if _, err := t.session.action(id); err != nil {
			return nil, err
		}
		d, err := t.session.conn.Describe(ctx, connector.DescribeRequest{Action: id})
		if err != nil {
			return nil, err
		}
		for _, side := range []json.RawMessage{d.Input, d.Output} {
			var document any
			if err := json.Unmarshal(side, &document); err != nil {
				return nil, fmt.Errorf("the schema of %s is not JSON: %w", id, err)
			}
			named(document, names, "source", "lookup")
		}
	}
	return slices.Sorted(maps.Keys(names)), nil
}

// named collects the objects of some parts of all x-connector blocks of a
// schema.
func named(schema any, names map[string]bool, parts ...string) {
	switch v := schema.(type) {
	case map[string]any:
		annotation, _ := v["x-connector"].(map[string]any)
		for _, key := range parts {
			block, _ := annotation[key].(map[string]any)
			if name, ok := block["object"].(string); ok && name != "" {
				names[strings.ToLower(name)] = true
			}
		}
		for _, inner := range v {
			named(inner, names, parts...)
		}
	case []any:
		for _, inner := range v {
			named(inner, names, parts...)
		}
	}
}

func (t *taker) describe(ctx context.Context, name string) error {
	input, err := json.Marshal(map[string]any{"objectName": name})
	if err != nil {
		return err
	}
	output, err := t.run(ctx, "object.describe", string(input))
	if err != nil {
		return err
	}
	var described struct {
		Records []json.RawMessage `json:"records"`
	}
	if err := json.Unmarshal(output, &described); err != nil {
		return err
	}
	for _, object := range described.Records {
		if err := t.taken.Add(object); err != nil {
			return err
		}
	}
	return nil
}

// dropdowns asks for the categories of picklists that are described without
// options, where the connection has them.
func (t *taker) dropdowns(ctx context.Context) error {
	config, err := gainsight.ParseConfig(t.session.settings)
	if err != nil {
		return err
	}
	endpoint := config.Endpoint(gainsight.Dropdown)
	for _, object := range t.taken.Objects {
		for _, id := range snapshot.Bare(object) {
			if _, known := t.taken.Dropdowns[id]; known {
				continue
			}
			if t.taken.Dropdowns[id], err = t.dropdown(ctx, endpoint, id); err != nil {
				delete(t.taken.Dropdowns, id)
				t.missed("picklist category "+id, err)
			}
		}
	}
	return nil
}

func (t *taker) dropdown(ctx context.Context, e gainsight.Endpoint, id string) (json.RawMessage, error) {
	path := strings.ReplaceAll(e.Path, "{categoryId}", url.PathEscape(id))
	if e.Query != "" {
		path += "?" + e.Query
	}
	input, err := json.Marshal(map[string]any{"method": e.Method, "path": path, "idempotent": true})
	if err != nil {
		return nil, err
	}
	output, err := t.run(ctx, "api.request", string(input))
	if err != nil {
		return nil, err
	}
	var answer struct {
		Data json.RawMessage `json:"data"`
	}
	err = json.Unmarshal(output, &answer)
	return answer.Data, err
}

func (t *taker) run(ctx context.Context, action, input string) (json.RawMessage, error) {
	result, err := t.session.conn.Execute(ctx, connector.Call{Action: action, Input: json.RawMessage(input)})
	t.app.remark(result.Diagnostics...)
	return result.Output, err
}

// missed says what is not in the snapshot.
func (t *taker) missed(what string, err error) {
	t.app.remark(connector.Diagnostic{
		Severity: connector.SeverityWarning, Summary: fmt.Sprintf("%s is not in the snapshot: %v", what, err),
	})
}

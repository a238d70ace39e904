package cli

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/nearest"
	"github.com/gainsight-connector/gainsight-connector/internal/snapshot"
	"github.com/gainsight-connector/gainsight-connector/schema"
)

// edition is a file to compare, by what it is: one of its fields is set.
type edition struct {
	snapshot    *snapshot.Snapshot
	fingerprint *schema.Fingerprint
	schema      json.RawMessage
}

// readEdition reads a file that OLD or NEW names.
func readEdition(path string) (*edition, error) {
	data, err := readNamed("", path)
	if err != nil {
		return nil, err
	}
	if text := strings.TrimSpace(string(data)); strings.HasPrefix(text, "fp") {
		f, err := schema.ParseFingerprint(text)
		if err != nil {
			return nil, wrongUsage("%s: %v", path, err)
		}
		return &edition{fingerprint: f}, nil
	}
	switch s, err := snapshot.Read(data); {
	case err == nil:
		return &edition{snapshot: s}, nil
	case !errors.Is(err, snapshot.ErrNone):
		return nil, wrongUsage("%s %v", path, err)
	}
	if err := isSchema(data); err != nil {
		e := wrongUsage("%s is neither a snapshot, nor a fingerprint, nor a schema: %v", path, err)
		if errors.Is(err, errConnection) {
			e.hint = "--connection FILE compares with the tenant of a connection"
		}
		return nil, e
	}
	return &edition{schema: data}, nil
}

// errConnection is about a file that leads to a tenant.
var errConnection = errors.New("it is a connection file")

// isSchema refuses JSON that is no schema. An object without a word of JSON
// Schema is a schema by the letter, of which nothing could ever differ.
func isSchema(data []byte) error {
	value, err := schema.Decode(data)
	if err != nil {
		return err
	}
	object, ok := value.(map[string]any)
	switch {
	case !ok:
		return errors.New("it is no object")
	case object["base_url"] != nil:
		return errConnection
	}
	for _, keyword := range []string{
		"$schema", "$id", "$ref", "$defs", "type", "properties", "items", "allOf", "anyOf", "oneOf", "enum", "const",
	} {
		if _, ok := object[keyword]; ok {
			_, err := schema.Compile(data)
			return err
		}
	}
	return errors.New("it has no keyword of JSON Schema")
}

// changes compares a schema or fingerprint with a newer schema.
func (e *edition) changes(newer json.RawMessage) ([]schema.Change, error) {
	if e.fingerprint != nil {
		return e.fingerprint.Diff(newer)
	}
	return schema.Diff(e.schema, newer)
}

// single compares two files that have a schema each.
func (r *diffRun) single(older, newer *edition) ([]difference, error) {
	if len(r.actions) > 0 || len(r.selectors) > 0 {
		return nil, wrongUsage("--action and --%s go with a snapshot or a connection", selectFlag)
	}
	changes, err := older.changes(newer.schema)
	return []difference{{Changes: changes}}, err
}

// live compares a schema with that of the tenant.
func (r *diffRun) live(ctx context.Context, older *edition) ([]difference, error) {
	req := connector.DescribeRequest{Selectors: r.selectors}
	switch f := older.fingerprint; {
	case f != nil && len(r.actions)+len(r.selectors) > 0:
		return nil, wrongUsage("a fingerprint says its action and selectors itself")
	case f != nil:
		_, req.Action, _ = strings.Cut(f.Of, "/")
		req.Selectors = f.Selectors
	case len(r.actions) != 1:
		return nil, wrongUsage("--action ID is missing, one: a schema does not say whose it is")
	default:
		req.Action = r.actions[0]
	}
	d, err := r.app.describe(ctx, r.connection, req)
	if err != nil {
		return nil, err
	}
	changes, err := older.changes(d.Input)
	return []difference{{Action: req.Action, Side: sideInput, Changes: changes}}, err
}

// snapshots compares the schemas that a snapshot gives with those of another
// one or of the tenant.
func (r *diffRun) snapshots(ctx context.Context, older, newer *edition) ([]difference, error) {
	before, err := r.app.describeAll(ctx, older.snapshot, r.asks)
	if err != nil {
		return nil, err
	}
	var after map[string]connector.Description
	if newer != nil {
		after, err = r.app.describeAll(ctx, newer.snapshot, r.asks)
	} else {
		err = r.app.withConnection(ctx, r.connection, func(s *session) (err error) {
			after, err = r.asks(ctx, s)
			return err
		})
	}
	if err != nil {
		return nil, err
	}
	return r.pairs(older.snapshot, before, after)
}

// asks describes the actions that are to be compared.
func (r *diffRun) asks(ctx context.Context, s *session) (map[string]connector.Description, error) {
	actions := r.actions
	if len(actions) == 0 {
		for _, a := range s.manifest.Actions {
			if a.SchemaScope == connector.ScopeConnection {
				actions = append(actions, a.ID)
			}
		}
	}
	all, known := make(map[string]connector.Description, len(actions)), map[string]bool{}
	for _, id := range actions {
		a, err := s.action(id)
		if err != nil {
			return nil, err
		}
		req := connector.DescribeRequest{Action: id, Selectors: map[string]string{}}
		for _, name := range a.Selectors {
			known[name] = true
			if value, given := r.selectors[name]; given {
				req.Selectors[name] = value
			}
		}
		if all[id], err = s.conn.Describe(ctx, req); err != nil {
			return nil, err
		}
	}
	for name := range r.selectors {
		if !known[name] {
			e := wrongUsage("--%s %s: no action that is compared has such a selector", selectFlag, name)
			e.hint = nearest.Hint(name, slices.Sorted(maps.Keys(known)))
			return nil, e
		}
	}
	return all, nil
}

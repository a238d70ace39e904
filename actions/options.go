package actions

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/nearest"
	"github.com/gainsight-connector/gainsight-connector/schema"
)

// options returns one page of the values that a field can take: what the
// action lists for the field, else the options of a picklist of the tenant,
// else the records that a lookup of the action's schema can name.
func (t *Tenant) options(ctx context.Context, a *entry, req connector.OptionsRequest) (connector.OptionPage, error) {
	pattern := patternOf(req.Pointer)
	w, err := windowOf(pattern, req)
	if err != nil {
		return connector.OptionPage{}, err
	}
	list, others, err := t.listed(ctx, a, pattern)
	if err != nil {
		return connector.OptionPage{}, err
	}
	if list != nil {
		all, err := list(ctx, t, req.Selectors)
		return w.cut(all), err
	}
	lookups, err := t.lookups(ctx, a)
	if err != nil {
		return connector.OptionPage{}, err
	}
	if l, ok := lookups[pattern]; ok && l.Object != "" {
		return t.records(ctx, l, w)
	}
	return connector.OptionPage{}, noOptions(pattern, slices.AppendSeq(others, maps.Keys(lookups)))
}

// listed returns what lists a field's options in one piece. Nil: nothing does,
// but of the fields others something does.
func (t *Tenant) listed(ctx context.Context, a *entry, pattern string) (list Choices, others []string, err error) {
	if list, ok := a.Options[pattern]; ok {
		return list, nil, nil
	}
	others = slices.Collect(maps.Keys(a.Options))
	if a.Doctype == nil {
		return nil, others, nil
	}
	object, err := t.Object(ctx, a.Doctype.Object)
	if err != nil && !a.Doctype.spares(err) {
		return nil, nil, err
	}
	for _, f := range object.Object.Fields {
		if len(f.Options) == 0 && f.CategoryID == "" {
			continue
		}
		if pattern == recordPattern(f.Name) {
			return func(ctx context.Context, t *Tenant, _ map[string]string) ([]connector.Option, error) {
				return t.picklist(ctx, f)
			}, nil, nil
		}
		others = append(others, recordPattern(f.Name))
	}
	return nil, others, nil
}

// lookups returns the lookups of an action's input, as the tenant has it, by
// pointer.
func (t *Tenant) lookups(ctx context.Context, a *entry) (map[string]schema.Lookup, error) {
	input, err := t.inputOf(ctx, a)
	if err != nil {
		return nil, err
	}
	found, err := schema.Lookups(input)
	if err != nil {
		return nil, connector.Errorf(connector.ReasonInternal, "the input schema is no JSON: %w", err)
	}
	return found, nil
}

func (t *Tenant) inputOf(ctx context.Context, a *entry) (json.RawMessage, error) {
	if a.Doctype != nil {
		s, err := t.describe(ctx, a, nil)
		if err != nil {
			return nil, err
		}
		return s.input, nil
	}
	document, err := a.document()
	if err != nil {
		return nil, err
	}
	return document.Input(), nil
}

// noOptions says which fields have options.
func noOptions(pattern string, known []string) error {
	const most = 40
	e := connector.Errorf(connector.ReasonNotFound, "there are no options for %s", pattern)
	if len(known) == 0 {
		return e.WithHint("No field of the action has any.")
	}
	slices.Sort(known)
	known = slices.Compact(known)
	hint := nearest.Hint(pattern, known)
	listed := strings.Join(known[:min(len(known), most)], ", ")
	if more := len(known) - most; more > 0 {
		listed += fmt.Sprintf(" and %d more", more)
	}
	return e.WithHint("%s", strings.TrimSpace(hint+" There are options for "+listed+"."))
}

// recordPattern is the pattern of a field of the records in an input.
func recordPattern(field string) string { return "/records/*/" + field }

// patternOf turns a pointer into a pattern: every array index, and "-",
// becomes "*".
func patternOf(pointer string) string {
	tokens := strings.Split(pointer, "/")
	for i, token := range tokens {
		if _, err := strconv.ParseUint(token, 10, 32); err == nil || token == "-" {
			tokens[i] = "*"
		}
	}
	return strings.Join(tokens, "/")
}

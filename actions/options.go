package actions

import (
	"context"
	"strconv"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/nearest"
)

// options returns one page of the values that a field can take: what the
// action lists for the field, else the options of a picklist of the tenant.
func (t *Tenant) options(ctx context.Context, a *entry, req connector.OptionsRequest) (connector.OptionPage, error) {
	pattern := patternOf(req.Pointer)
	all, err := t.allOptions(ctx, a, pattern, req.Selectors)
	if err != nil {
		return connector.OptionPage{}, in(a, err)
	}
	return page(matching(all, req.Query), req)
}

func (t *Tenant) allOptions(ctx context.Context, a *entry, pattern string, selectors map[string]string) ([]connector.Option, error) {
	if list, ok := a.Options[pattern]; ok {
		return list(ctx, t, selectors)
	}
	known := make([]string, 0, len(a.Options))
	for p := range a.Options {
		known = append(known, p)
	}
	if d := a.Doctype; d != nil {
		name, isField := strings.CutPrefix(pattern, "/records/*/")
		object, err := t.Object(ctx, d.Object)
		if err != nil && !d.spares(err) {
			return nil, err
		}
		for _, f := range object.Object.Fields {
			if len(f.Options) == 0 && f.CategoryID == "" {
				continue
			}
			if isField && f.Name == name {
				return t.picklist(ctx, f)
			}
			known = append(known, "/records/*/"+f.Name)
		}
	}
	e := connector.Errorf(connector.ReasonNotFound, "there are no options for %s", pattern)
	e.Hint = nearest.Hint(pattern, known)
	return nil, e
}

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

// matching returns the options whose label or value contains every word of a
// query, regardless of case.
func matching(options []connector.Option, query string) []connector.Option {
	words := strings.Fields(strings.ToLower(query))
	var found []connector.Option
	for _, o := range options {
		text := strings.ToLower(o.Label + " " + o.Value)
		ok := true
		for _, w := range words {
			ok = ok && strings.Contains(text, w)
		}
		if ok {
			found = append(found, o)
		}
	}
	return found
}

// page cuts a page out of options; the token is the number of options before
// it.
func page(options []connector.Option, req connector.OptionsRequest) (connector.OptionPage, error) {
	start := 0
	if req.PageToken != "" {
		n, err := strconv.Atoi(req.PageToken)
		if err != nil || n < 0 {
			return connector.OptionPage{}, connector.Errorf(connector.ReasonInvalidInput, "the page token is not one that this field gave out")
		}
		start = min(n, len(options))
	}
	end := min(start+req.PageSize, len(options))
	p := connector.OptionPage{Options: options[start:end]}
	if end < len(options) {
		p.NextPageToken = strconv.Itoa(end)
	}
	return p, nil
}

package actions

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/doctype"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
	"github.com/gainsight-connector/gainsight-connector/internal/nearest"
)

// ExplainQuery adds to a refused query which of its fields the object does not
// have, with the nearest names. columns are what the operation knows beside
// the fields. Other errors pass, and metadata that cannot be had explain
// nothing.
func (t *Tenant) ExplainQuery(ctx context.Context, err error, q gainsight.Query, object string, columns ...string) error {
	if !errors.Is(err, connector.ReasonInvalidInput) {
		return err
	}
	metadata, metaErr := t.Object(ctx, object)
	if metaErr != nil {
		return err
	}
	e := *connector.AsError(err)
	e.Violations = append(slices.Clone(e.Violations), t.unknownFields(ctx, q, withColumns(metadata.Object, columns))...)
	return &e
}

// withColumns returns an object that has columns beside its fields.
func withColumns(object doctype.Object, columns []string) doctype.Object {
	fields := make([]doctype.Field, 0, len(columns)+len(object.Fields))
	for _, name := range columns {
		fields = append(fields, doctype.Field{Name: name})
	}
	object.Fields = append(fields, object.Fields...)
	return object
}

// unknownFields points at every field of a query that its object does not
// have.
func (t *Tenant) unknownFields(ctx context.Context, q gainsight.Query, object doctype.Object) []connector.Violation {
	var violations []connector.Violation
	check := func(pointer, field string) {
		if message := t.unknownField(ctx, field, object); message != "" {
			violations = append(violations, connector.Violation{Pointer: pointer, Message: message})
		}
	}
	for i, f := range q.Select {
		check(fmt.Sprintf("/select/%d", i), f)
	}
	for _, f := range slices.Sorted(maps.Keys(q.OrderBy)) {
		check("/orderBy/"+f, f)
	}
	if q.Where != nil {
		for i, c := range q.Where.Conditions {
			if !c.AssociatedRecord {
				check(fmt.Sprintf("/where/conditions/%d/name", i), c.Name)
			}
		}
	}
	return violations
}

// unknownField says which part of a field's name is wrong; empty if none is.
func (t *Tenant) unknownField(ctx context.Context, field string, object doctype.Object) string {
	_, err := t.follow(ctx, field, object)
	gap, ok := errors.AsType[*gapError](err)
	if !ok {
		return "" // what cannot be looked up explains nothing
	}
	names := make([]string, len(gap.object.Fields))
	for i, f := range gap.object.Fields {
		names[i] = f.Name
	}
	hint := nearest.Hint(gap.name, names)
	if hint == "" {
		hint = "action object.describe lists its fields"
	}
	return gap.Error() + "; " + hint
}

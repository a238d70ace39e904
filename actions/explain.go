package actions

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
	"github.com/gainsight-connector/gainsight-connector/internal/nearest"
)

// ExplainQuery adds to a refused query which of its fields the object does not
// have, with the nearest names. Other errors pass, and metadata that cannot be
// had explain nothing.
func (t *Tenant) ExplainQuery(ctx context.Context, err error, q gainsight.Query, object string) error {
	if !errors.Is(err, connector.ReasonInvalidInput) {
		return err
	}
	metadata, metaErr := t.Object(ctx, object)
	if metaErr != nil {
		return err
	}
	names := make([]string, len(metadata.Object.Fields))
	for i, f := range metadata.Object.Fields {
		names[i] = f.Name
	}
	e := *connector.AsError(err)
	e.Violations = append(slices.Clone(e.Violations), unknownFields(q, names, object)...)
	return &e
}

// unknownFields points at every field of a query that is not among names. Of a
// path such as OwnerId__gr.Name the lookup field counts (common.md, 7.3).
func unknownFields(q gainsight.Query, names []string, object string) []connector.Violation {
	var violations []connector.Violation
	check := func(pointer, field string) {
		base, _, path := strings.Cut(field, ".")
		if path {
			base = strings.TrimSuffix(base, "__gr")
		}
		known := slices.ContainsFunc(names, func(n string) bool {
			return strings.EqualFold(n, base) || path && strings.EqualFold(n, base+"__gc")
		})
		if !known {
			violations = append(violations, connector.Violation{
				Pointer: pointer,
				Message: strings.TrimRight(fmt.Sprintf("%s has no field %s; %s", object, base, nearest.Hint(base, names)), "; "),
			})
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

package actions

import (
	"cmp"
	"context"
	"slices"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

// ObjectOptions lists the tenant's objects, by label.
func ObjectOptions(ctx context.Context, t *Tenant, _ map[string]string) ([]connector.Option, error) {
	list, err := t.ObjectList(ctx)
	if err != nil {
		return nil, err
	}
	options := make([]connector.Option, len(list))
	for i, o := range list {
		options[i] = connector.Option{Value: o.Name, Label: cmp.Or(o.Label, o.Name)}
	}
	slices.SortFunc(options, func(a, b connector.Option) int {
		return cmp.Or(cmp.Compare(a.Label, b.Label), cmp.Compare(a.Value, b.Value))
	})
	return options, nil
}

// SelectObject is the selector that names an object.
const SelectObject = "objectName"

// FieldOptions lists the fields of the object that the selector "objectName"
// names, in the tenant's order.
func FieldOptions(ctx context.Context, t *Tenant, selectors map[string]string) ([]connector.Option, error) {
	name := selectors[SelectObject]
	if name == "" {
		return nil, connector.Errorf(connector.ReasonInvalidInput, "the fields depend on the object: give selector %s", SelectObject)
	}
	return FieldsOf(name)(ctx, t, nil)
}

// FieldsOf lists the fields of one object, in the tenant's order.
func FieldsOf(name string) Choices {
	return func(ctx context.Context, t *Tenant, _ map[string]string) ([]connector.Option, error) {
		object, err := t.Object(ctx, name)
		if err != nil {
			return nil, err
		}
		options := make([]connector.Option, len(object.Object.Fields))
		for i, f := range object.Object.Fields {
			options[i] = connector.Option{Value: f.Name, Label: cmp.Or(f.Label, f.Name)}
		}
		return options, nil
	}
}

// QueryOptions lists what a query can name, wherever it names it.
func QueryOptions(names Choices) map[string]Choices {
	return map[string]Choices{"/select/*": names, "/where/conditions/*/name": names, "/orderBy/*": names}
}

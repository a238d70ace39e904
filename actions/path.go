package actions

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/doctype"
)

// errOpenLookup says that a path goes through a lookup whose object the
// metadata do not tell.
var errOpenLookup = errors.New("the metadata do not say where the lookup leads")

// gapError says where a path ends early: an object has no such field.
type gapError struct {
	object doctype.Object
	name   string
}

func (e *gapError) Error() string { return fmt.Sprintf("%s has no field %s", e.object.Name, e.name) }

// Field returns the field of an object that a name, or a path through lookups
// such as OwnerId__gr.Name, leads to. One that the metadata do not have is a
// [connector.ReasonNotFound] error.
func (t *Tenant) Field(ctx context.Context, object, path string) (doctype.Field, error) {
	snapshot, err := t.Object(ctx, object)
	if err != nil {
		return doctype.Field{}, err
	}
	field, err := t.follow(ctx, path, snapshot.Object)
	if _, gap := errors.AsType[*gapError](err); gap || errors.Is(err, errOpenLookup) {
		err = connector.Errorf(connector.ReasonNotFound, "%w", err)
	}
	return field, err
}

// follow returns the field at the end of a path such as OwnerId__gr.Name, which
// goes through lookups: the name of each is the one that the metadata give it,
// or that of its field, with __gr at its end or in place of __gc (common.md,
// 7.3). The error is a [gapError], [errOpenLookup], or that of an object whose
// metadata cannot be had.
func (t *Tenant) follow(ctx context.Context, path string, object doctype.Object) (doctype.Field, error) {
	name, rest, through := strings.Cut(path, ".")
	for _, f := range object.Fields {
		switch {
		case through && !leads(f, name), !through && !strings.EqualFold(f.Name, name):
			continue
		case !through:
			return f, nil
		case f.Lookup == nil || len(f.Lookup.Objects) == 0:
			return doctype.Field{}, errOpenLookup
		}
		target, err := t.Object(ctx, f.Lookup.Objects[0])
		if err != nil {
			return doctype.Field{}, err
		}
		return t.follow(ctx, rest, target.Object)
	}
	if through {
		name = strings.TrimSuffix(name, "__gr")
	}
	return doctype.Field{}, &gapError{object, name}
}

// leads reports whether a path goes through a field by this name.
func leads(f doctype.Field, name string) bool {
	if f.Lookup != nil && f.Lookup.Name != "" && strings.EqualFold(f.Lookup.Name, name) {
		return true
	}
	name = strings.TrimSuffix(name, "__gr")
	return strings.EqualFold(f.Name, name) || strings.EqualFold(f.Name, name+"__gc")
}

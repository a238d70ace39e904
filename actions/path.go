package actions

import (
	"context"
	"errors"
	"fmt"
	"strings"

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

// follow returns the field at the end of a path such as OwnerId__gr.Name, which
// goes through lookups: the name of each is that of its field, with __gr at its
// end or in place of __gc (common.md, 7.3). The error is a [gapError],
// [errOpenLookup], or that of an object whose metadata cannot be had.
func (t *Tenant) follow(ctx context.Context, path string, object doctype.Object) (doctype.Field, error) {
	name, rest, through := strings.Cut(path, ".")
	if through {
		name = strings.TrimSuffix(name, "__gr")
	}
	for _, f := range object.Fields {
		switch {
		case !strings.EqualFold(f.Name, name) && (!through || !strings.EqualFold(f.Name, name+"__gc")):
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
	return doctype.Field{}, &gapError{object, name}
}

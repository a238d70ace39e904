package bulk

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/doctype"
	"github.com/gainsight-connector/gainsight-connector/internal/delimited"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

// fieldTypes are what the tenant's metadata say of fields that are exported.
type fieldTypes struct {
	// fields are in the order of their names. What is not known of a field is
	// zero: its values are text.
	fields []doctype.Field
	// gaps are why a field is not known, by its place.
	gaps map[int]error
}

// typesOf asks for the types of fields of an object: one question for each
// object on the way, unless it is known. Fields at the places in untyped are
// left out.
func typesOf(ctx context.Context, t *actions.Tenant, object string, names []string, untyped []int) fieldTypes {
	f := fieldTypes{fields: make([]doctype.Field, len(names)), gaps: map[int]error{}}
	times := timesOf(t.Client().Config())
	for i, name := range names {
		if slices.Contains(untyped, i) {
			continue
		}
		var err error
		if f.fields[i], err = t.Field(ctx, object, name); err != nil {
			f.gaps[i] = err
			continue
		}
		f.fields[i].Times = times
	}
	return f
}

// timesOf says how dates and times are read in CSV, which may have them in a
// form of its own (open question 17).
func timesOf(config gainsight.Config) *doctype.Times {
	form := cmp.Or(config.Endpoint(gainsight.BulkChunk).CSV.Dates, config.Answers().Dates)
	return &doctype.Times{Zone: config.Zone, Form: doctype.TimeForm(form)}
}

// remark says which fields are not known, and returns their places.
func (f fieldTypes) remark(c *actions.Call, names []string) []int {
	unknown := slices.Sorted(maps.Keys(f.gaps))
	for _, i := range unknown {
		c.Remark(connector.SeverityWarning, fmt.Sprintf("/select/%d", i),
			fmt.Sprintf("the type of %s is not known, so that its values are text: %s", names[i], connector.AsError(f.gaps[i]).Message))
	}
	return unknown
}

// digest changes with whatever decides how values are written.
func (f fieldTypes) digest() []byte {
	h := sha256.New()
	for _, field := range f.fields {
		_, _ = fmt.Fprintf(h, "%q %v\n", field.DataType, field.Times)
		options := slices.SortedFunc(slices.Values(field.Options), func(a, b doctype.Option) int { return cmp.Compare(a.Value, b.Value) })
		for _, o := range options {
			_, _ = fmt.Fprintf(h, " %q %q\n", o.Value, o.Label)
		}
	}
	return h.Sum(nil)[:15]
}

// same checks that the types are still those of a digest: a file does not change
// its form midway. What cannot be had at the moment may be had later.
func (f fieldTypes) same(digest []byte) error {
	for _, i := range slices.Sorted(maps.Keys(f.gaps)) {
		if err := f.gaps[i]; !errors.Is(err, connector.ReasonNotFound) {
			return err
		}
	}
	if !slices.Equal(f.digest(), digest) {
		return connector.Errorf(connector.ReasonConflict, "the export cannot go on: the tenant has changed the fields since").
			WithHint("Begin the export anew.")
	}
	return nil
}

// columns returns the columns of the fields.
func (f fieldTypes) columns(names []string) []delimited.Column {
	columns := make([]delimited.Column, len(names))
	for i, name := range names {
		columns[i] = delimited.Column{Name: name, Values: doctype.NewColumn(f.fields[i])}
	}
	return columns
}

// textColumns returns columns of text.
func textColumns(names []string) []delimited.Column {
	columns := make([]delimited.Column, len(names))
	for i, name := range names {
		columns[i] = delimited.Column{Name: name}
	}
	return columns
}

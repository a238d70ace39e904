package actions

import (
	"context"
	"maps"
	"slices"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

// sampleRows is how many of the newest records are asked for their values.
const sampleRows = 5000

// InUse lists the values that fields have in the newest records of an object,
// where no public call lists all that they can have (open question 45).
type InUse struct {
	// Object is the API name of the object, or one of
	// [gainsight.LabelledObjects].
	Object string
	// Endpoint is an object query that reads it.
	Endpoint string
	// Fields are the fields, or paths through lookups. One request asks for all.
	Fields []string
	// Newest is the date by which records are sorted.
	Newest string
}

// Of lists the values of one of the fields, sorted.
func (u InUse) Of(field string) Choices {
	return func(ctx context.Context, t *Tenant, _ map[string]string) ([]connector.Option, error) {
		all, err := Fact(ctx, t, "in use/"+u.Object, func(ctx context.Context, s Session) (map[string][]string, error) {
			return u.fetch(ctx, t, s)
		})
		options := make([]connector.Option, 0, len(all[field]))
		for _, value := range all[field] {
			options = append(options, connector.Option{Value: value, Label: value})
		}
		return options, err
	}
}

// fetch returns the values by field.
func (u InUse) fetch(ctx context.Context, t *Tenant, s Session) (map[string][]string, error) {
	object, err := t.objectName(ctx, u.Object)
	if err != nil {
		return nil, err
	}
	q := gainsight.Query{Select: u.Fields, OrderBy: map[string]string{u.Newest: "desc"}}
	endpoint := t.client.Config().Endpoint(u.Endpoint)
	body, err := gainsight.DialectObject.Encode(q, &gainsight.Page{Size: max(1, min(sampleRows, endpoint.PageSize))})
	if err != nil {
		return nil, err
	}
	answer, err := s.Do(ctx, gainsight.Request{
		Endpoint: u.Endpoint, Path: map[string]string{"object": object}, Effect: connector.EffectRead, Body: body,
	})
	if gainsight.IsEmptyResult(err) {
		return nil, nil //nolint:nilnil // no record has no values
	}
	if err != nil {
		return nil, err
	}
	rows, err := RowsOf(endpoint, answer)
	seen := map[string]map[string]bool{}
	for _, raw := range rows {
		row := newRow(raw)
		for _, field := range u.Fields {
			if seen[field] == nil {
				seen[field] = map[string]bool{}
			}
			if value := row.text(field); value != "" {
				seen[field][value] = true
			}
		}
	}
	values := map[string][]string{}
	for field, set := range seen {
		values[field] = slices.Sorted(maps.Keys(set))
	}
	return values, err
}

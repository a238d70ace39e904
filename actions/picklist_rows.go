package actions

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

// PicklistRows are categories of a configuration as the object da_picklist has
// them (common.md, section 12, LIVE).
type PicklistRows struct {
	// Endpoint is the query of the object. Its keys name the tenant's
	// categories.
	Endpoint string
	// Column is the column with the type that an item goes with.
	Column string
	// Type is the category of types.
	Type string
	// Categories are the connector's names of the categories, by the keys of
	// the endpoint.
	Categories map[string]string
}

// Fill adds the categories that a configuration lacks. A tenant that refuses
// the query, or knows no such category, leaves them empty.
func (p PicklistRows) Fill(ctx context.Context, s Session, c Configuration) error {
	endpoint := s.Client().Config().Endpoint(p.Endpoint)
	ours := map[string]string{} // by the tenant's name of the category
	for key, category := range p.Categories {
		for _, name := range endpoint.Keys[key] {
			if len(c[category]) == 0 {
				ours[name] = category
			}
		}
	}
	if len(ours) == 0 {
		return nil
	}
	query := p.Query(slices.Sorted(maps.Keys(ours)))
	body, err := gainsight.DialectObject.Encode(query, &gainsight.Page{Size: endpoint.PageSize})
	if err != nil {
		return err
	}
	answer, err := s.Do(ctx, gainsight.Request{Endpoint: p.Endpoint, Body: body, Effect: connector.EffectRead})
	switch {
	case errors.Is(err, connector.ReasonInvalidInput), errors.Is(err, connector.ReasonNotFound),
		errors.Is(err, connector.ReasonPermissionDenied):
		return nil
	case err != nil:
		return err
	}
	p.add(c, answer.Find(endpoint.Keys[gainsight.KeyRecords]), ours)
	return nil
}

// Query asks for the items of any of some of the tenant's categories.
func (p PicklistRows) Query(categories []string) gainsight.Query {
	where := &gainsight.Where{}
	aliases := make([]string, len(categories))
	for i, name := range categories {
		aliases[i] = fmt.Sprintf("C%d", i+1)
		where.Conditions = append(where.Conditions, gainsight.Condition{
			Name: "Category", Operator: "EQ", Value: []any{name}, Alias: aliases[i],
		})
	}
	where.Expression = strings.Join(aliases, " OR ")
	return gainsight.Query{Select: []string{fieldGSID, "Name", "Category", "IsActive", "Deleted", p.Column}, Where: where}
}

// add adds rows. One that cannot be read is left out. The type that an item
// goes with may be told by name or, as picklist values are read, by id
// (INFERRED).
func (p PicklistRows) add(c Configuration, list json.RawMessage, ours map[string]string) {
	var rows []json.RawMessage
	if json.Unmarshal(list, &rows) != nil {
		return
	}
	types := map[string]string{}
	for _, t := range c[p.Type] {
		types[t.GSID] = t.Name
	}
	for _, raw := range rows {
		row := newRow(raw)
		category, name := ours[row.text("Category")], row.text("Name")
		if category == "" || name == "" || strings.EqualFold(row.text("Deleted"), "true") {
			continue
		}
		if category == p.Type {
			types[row.text(fieldGSID)] = name
		}
		c[category] = append(c[category], ConfigurationItem{
			Name: name, GSID: row.text(fieldGSID), TypeName: row.name(p.Column),
			Active: strings.EqualFold(cmp.Or(row.text("IsActive"), "true"), "true"),
		})
	}
	for _, category := range ours {
		for i, item := range c[category] {
			c[category][i].TypeName = cmp.Or(types[item.TypeName], item.TypeName)
		}
	}
}

package successplan

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

// Categories of the configuration. Only that of the types is documented
// (success_plan.md, DOC2 summary); the others are the names of this connector
// for what the tenant's picklists hold.
const (
	categoryType      = "SUCCESS_PLAN_TYPE"
	categoryStatus    = "SUCCESS_PLAN_STATUS"
	categoryObjective = "OBJECTIVE_CATEGORY"
)

// configured are the fields of a plan that take names.
func configured() actions.Configured {
	return actions.Configured{
		Object: object, Type: "SuccessPlanType",
		Fields: []actions.ConfiguredField{
			{Name: "SuccessPlanType", Category: categoryType, Stored: "SuccessPlanTypeId"},
			{Name: "status", Category: categoryStatus, Stored: "StatusId", ByType: true},
		},
		Fetch: fetchConfiguration,
	}
}

// fetchConfiguration asks for the configuration of an entity type, and for the
// categories that are not in the answer among the tenant's picklists.
func fetchConfiguration(ctx context.Context, s actions.Session, entityType string) (actions.Configuration, error) {
	endpoint := s.Client().Config().Endpoint(gainsight.SuccessPlanConfig)
	answer, err := s.Do(ctx, gainsight.Request{
		Endpoint: gainsight.SuccessPlanConfig, Effect: connector.EffectRead,
		Query: actions.ConfigurationQuery(endpoint, entityType, gainsight.KeyType),
	})
	if err != nil {
		return nil, err
	}
	c, err := actions.ParseConfiguration(answer.Data, categoryType, categoryStatus, categoryObjective)
	if err != nil {
		return nil, err
	}
	c.Rename(endpoint.Keys, map[string]string{gainsight.KeyType: categoryType})
	return c, addPicklists(ctx, s, c)
}

// addPicklists adds the categories that the configuration lacks from the object
// da_picklist (common.md, section 12, LIVE). A tenant that refuses the query,
// or knows no such category, leaves them empty.
func addPicklists(ctx context.Context, s actions.Session, c actions.Configuration) error {
	endpoint := s.Client().Config().Endpoint(gainsight.SuccessPlanPicklist)
	ours := map[string]string{} // by the tenant's name of the category
	for key, category := range map[string]string{
		gainsight.KeyStatus: categoryStatus, gainsight.KeyObjectiveCategory: categoryObjective,
	} {
		for _, name := range endpoint.Keys[key] {
			if len(c[category]) == 0 {
				ours[name] = category
			}
		}
	}
	if len(ours) == 0 {
		return nil
	}
	body, err := gainsight.DialectObject.Encode(picklistQuery(slices.Sorted(maps.Keys(ours))), &gainsight.Page{Size: endpoint.PageSize})
	if err != nil {
		return err
	}
	answer, err := s.Do(ctx, gainsight.Request{
		Endpoint: gainsight.SuccessPlanPicklist, Body: body, Effect: connector.EffectRead,
	})
	switch {
	case errors.Is(err, connector.ReasonInvalidInput), errors.Is(err, connector.ReasonNotFound),
		errors.Is(err, connector.ReasonPermissionDenied):
		return nil
	case err != nil:
		return err
	}
	addItems(c, answer.Find(endpoint.Keys[gainsight.KeyRecords]), ours)
	return nil
}

// picklistQuery asks for the items of any of some categories.
func picklistQuery(categories []string) gainsight.Query {
	where := &gainsight.Where{}
	aliases := make([]string, len(categories))
	for i, name := range categories {
		aliases[i] = fmt.Sprintf("C%d", i+1)
		where.Conditions = append(where.Conditions, gainsight.Condition{
			Name: "Category", Operator: "EQ", Value: []any{name}, Alias: aliases[i],
		})
	}
	where.Expression = strings.Join(aliases, " OR ")
	return gainsight.Query{Select: []string{"Gsid", "Name", "Category", "IsActive", "Deleted", "SpType"}, Where: where}
}

// picklistItem is a row of da_picklist.
type picklistItem struct {
	Name     string `json:"Name"`
	GSID     string `json:"Gsid"`
	Category string `json:"Category"`
	Active   any    `json:"IsActive"`
	Deleted  any    `json:"Deleted"`
	// Type is the plan type that the item goes with, by name or, as picklist
	// values are read, by id (INFERRED).
	Type any `json:"SpType"`
}

// addItems adds rows of da_picklist. A row that cannot be read is left out.
func addItems(c actions.Configuration, list json.RawMessage, ours map[string]string) {
	var rows []json.RawMessage
	if json.Unmarshal(list, &rows) != nil {
		return
	}
	types := map[string]string{}
	for _, t := range c[categoryType] {
		types[t.GSID] = t.Name
	}
	for _, row := range rows {
		var i picklistItem
		if json.Unmarshal(row, &i) != nil || ours[i.Category] == "" || i.Name == "" || isTrue(i.Deleted) {
			continue
		}
		typeName, _ := i.Type.(string)
		c[ours[i.Category]] = append(c[ours[i.Category]], actions.ConfigurationItem{
			Name: i.Name, GSID: i.GSID, Active: i.Active == nil || isTrue(i.Active), TypeName: cmp.Or(types[typeName], typeName),
		})
	}
}

// isTrue reads a boolean that may come as a JSON string.
func isTrue(v any) bool { return strings.EqualFold(fmt.Sprint(v), "true") }

package timeline

import (
	"context"
	_ "embed"
	"encoding/json"
	"slices"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

//go:embed activity_read.json
var activityReadDocument []byte

// activityRead is Read Activity: dialect 1.
func activityRead() actions.Action {
	return actions.Action{
		Info: connector.Action{
			ID: "activity.read", Title: "Read Activity", Group: group,
			Summary:          "Lists activities that match a filter, in any order.",
			DocumentationURL: documentation,
			Effect:           connector.EffectRead, DoctypeLookup: connector.DoctypeNo,
			Evidence: connector.EvidenceDocumented, Limits: connector.ActionLimits{
				PageSize: 5000,
			},
		},
		Document: activityReadDocument,
		Options: map[string]actions.Choices{
			"/select/*":                actions.FieldsOf(object),
			"/where/conditions/*/name": actions.FieldsOf(object),
		},
		List: &actions.List{
			Endpoint: gainsight.ActivityRead, Dialect: gainsight.DialectObject, Object: object,
		},
	}
}

// fieldType is the name of an activity's type.
const fieldType = "TypeName"

// options lists the types of activities that the tenant uses.
func options() map[string]actions.Choices {
	return map[string]actions.Choices{"/records/*/" + fieldType: typeNames}
}

// sampleRows is how many of the newest activities are asked for their type.
const sampleRows = 5000

// typeNames returns the types of the newest activities: no public call lists
// the types (open question 45).
func typeNames(ctx context.Context, t *actions.Tenant, _ map[string]string) ([]connector.Option, error) {
	return actions.Fact(ctx, t, "activity.types", func(ctx context.Context, s actions.Session) ([]connector.Option, error) {
		q := gainsight.Query{Select: []string{fieldType}, OrderBy: map[string]string{"CreatedDate": "desc"}}
		body, err := gainsight.DialectObject.Encode(q, &gainsight.Page{Size: sampleRows})
		if err != nil {
			return nil, err
		}
		answer, err := s.Do(ctx, gainsight.Request{Endpoint: gainsight.ActivityRead, Effect: connector.EffectRead, Body: body})
		if gainsight.IsEmptyResult(err) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		rows, err := actions.RowsOf(t.Client().Config().Endpoint(gainsight.ActivityRead), answer)
		if err != nil {
			return nil, err
		}
		var names []string
		for _, row := range rows {
			var r struct {
				TypeName string `json:"TypeName"`
			}
			if json.Unmarshal(row, &r) == nil && r.TypeName != "" {
				names = append(names, r.TypeName)
			}
		}
		slices.Sort(names)
		var all []connector.Option
		for _, name := range slices.Compact(names) {
			all = append(all, connector.Option{Value: name, Label: name})
		}
		return all, nil
	})
}

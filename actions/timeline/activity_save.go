package timeline

import (
	"context"
	_ "embed"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/doctype"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

//go:embed activity_save.json
var activitySaveDocument []byte

// activitySave is Single Activity Save API. ExternalId is required and the
// tenant's key against doubles (timeline.md, DOC), so that doing it twice
// leaves one activity: the second time is refused. After a lost answer the
// activity is therefore looked for, and sent again only if it is not there.
func activitySave() actions.Action {
	return actions.Action{
		Info: connector.Action{
			ID: "activity.save", Title: "Single Activity Save API", Group: group,
			Summary:          "Adds activities to the timeline of companies, relationships and other records.",
			DocumentationURL: documentation,
			Effect:           connector.EffectIdempotentWrite, DoctypeLookup: connector.DoctypeYes,
			Evidence: connector.EvidenceDocumented, Limits: connector.ActionLimits{RecordsPerRequest: 1},
		},
		Document: activitySaveDocument,
		Doctype:  doctypeOf(doctype.Create, gainsight.ActivitySave),
		Options:  options(),
		Write: &actions.Write{
			Endpoint: gainsight.ActivitySave, Body: body, Outcomes: outcomes, Key: fieldExternalID,
			Locate: locate, Resolvers: resolvers(true),
		},
	}
}

// locate looks for activities by their ExternalId, one by one: that is the
// query of the vendor's sample (timeline.md, Read Activity, DOC2). The id that
// it would give is not the activityId of a save, so none is told.
func locate(ctx context.Context, c *actions.Call, b actions.Batch) (map[int]string, error) {
	found := map[int]string{}
	for i, r := range b.Records {
		q := gainsight.Query{Select: []string{fieldExternalID}, Where: &gainsight.Where{Conditions: []gainsight.Condition{
			{Name: fieldExternalID, Operator: "EQ", Value: []any{r[fieldExternalID]}},
		}}}
		body, err := gainsight.DialectObject.Encode(q, &gainsight.Page{Size: 1})
		if err != nil {
			return nil, err
		}
		answer, err := c.Do(ctx, gainsight.Request{
			Endpoint: gainsight.ActivityRead, Effect: connector.EffectRead, Body: body, Private: q.Private(),
		})
		if gainsight.IsEmptyResult(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		rows, err := actions.RowsOf(c.Tenant.Client().Config().Endpoint(gainsight.ActivityRead), answer)
		if err != nil {
			return nil, err
		}
		if len(rows) > 0 {
			found[i] = ""
		}
	}
	return found, nil
}

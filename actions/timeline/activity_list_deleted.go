package timeline

import (
	"context"
	_ "embed"
	"encoding/json"
	"time"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

//go:embed activity_list_deleted.json
var activityListDeletedDocument []byte

// activityListDeleted is Fetch Deleted. Nothing is known of pages, so it
// returns what one answer holds (open question 8).
func activityListDeleted() actions.Action {
	return actions.Action{
		Info: connector.Action{
			ID: "activity.list_deleted", Title: "Fetch Deleted", Group: group,
			Summary:          "Lists the activities that were deleted in a range of time, at most 15 days back.",
			DocumentationURL: documentation,
			Effect:           connector.EffectRead, DoctypeLookup: connector.DoctypeNo,
			Evidence: connector.EvidenceInferred,
		},
		Document: activityListDeletedDocument,
		Run: func(ctx context.Context, c *actions.Call) (any, error) {
			var in deletedRange
			if err := c.Bind(&in); err != nil {
				return nil, err
			}
			return in.fetch(ctx, c)
		},
	}
}

// deletedRange is the input of Fetch Deleted.
type deletedRange struct {
	From time.Time `json:"deletedFrom"`
	To   time.Time `json:"deletedTo"`
}

// deletedPage is its output, in the shape of every list.
type deletedPage struct {
	Records    []json.RawMessage `json:"records"`
	NextCursor *string           `json:"nextCursor"`
}

func (r deletedRange) fetch(ctx context.Context, c *actions.Call) (deletedPage, error) {
	if r.To.IsZero() {
		r.To = c.Tenant.Client().Clock()
	}
	if r.To.Before(r.From) {
		return deletedPage{}, connector.Invalid("the range cannot be asked for", []connector.Violation{
			{Pointer: "/deletedTo", Message: "is before deletedFrom"},
		})
	}
	body, err := r.body(c.Tenant.Client().Config())
	if err != nil {
		return deletedPage{}, err
	}
	page := deletedPage{Records: []json.RawMessage{}}
	answer, err := c.Do(ctx, gainsight.Request{Endpoint: gainsight.ActivityListDeleted, Effect: connector.EffectRead, Body: body})
	if gainsight.IsEmptyResult(err) {
		return page, nil
	}
	if err != nil {
		return deletedPage{}, err
	}
	rows, err := actions.RowsOf(c.Tenant.Client().Config().Endpoint(gainsight.ActivityListDeleted), answer)
	if err != nil {
		return deletedPage{}, err
	}
	page.Records = append(page.Records, rows...)
	c.DecodeRows(ctx, object, nil, page.Records)
	return page, nil
}

// body asks in the endpoint's form.
func (r deletedRange) body(config gainsight.Config) (map[string]any, error) {
	e, dates := config.Endpoint(gainsight.ActivityListDeleted), config.Dates(gainsight.ActivityListDeleted)
	from, to := dates.Write(r.From.Format(time.RFC3339Nano)), dates.Write(r.To.Format(time.RFC3339Nano))
	if e.Form == gainsight.DeletedFormWhere {
		q := gainsight.Query{Where: &gainsight.Where{Conditions: []gainsight.Condition{
			{Name: e.FieldNames[gainsight.NameDeletedDate], Operator: "BTW", Value: []any{from, to}},
		}}}
		return gainsight.DialectCockpit.Encode(q, nil)
	}
	return map[string]any{e.FieldNames[gainsight.NameDeletedFrom]: from, e.FieldNames[gainsight.NameDeletedTo]: to}, nil
}

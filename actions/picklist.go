package actions

import (
	"context"
	"encoding/json"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/doctype"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

// picklist returns the items of a picklist field: those of the metadata, or of
// its category if the metadata hold none (common.md, section 12, LIVE).
func (t *Tenant) picklist(ctx context.Context, f doctype.Field) ([]connector.Option, error) {
	if len(f.Options) == 0 {
		return t.category(ctx, f.CategoryID)
	}
	options := make([]connector.Option, len(f.Options))
	for i, o := range f.Options {
		options[i] = connector.Option{Value: o.Value, Label: o.Label, Inactive: !o.Active}
	}
	return options, nil
}

func categoryKey(id string) string { return "category/" + id }

// category returns the items of a dropdown category (common.md, section 12,
// DOC2 sample).
func (t *Tenant) category(ctx context.Context, id string) ([]connector.Option, error) {
	return Fact(ctx, t, categoryKey(id), func(ctx context.Context, s Session) ([]connector.Option, error) {
		answer, err := s.Do(ctx, gainsight.Request{
			Endpoint: gainsight.Dropdown, Path: map[string]string{"categoryId": id}, Effect: connector.EffectRead,
		})
		if err != nil {
			return nil, err
		}
		return parseCategory(answer.Data)
	})
}

func parseCategory(answer json.RawMessage) ([]connector.Option, error) {
	var data struct {
		Items []struct {
			Name   string `json:"name"`
			GSID   string `json:"gsid"`
			Active bool   `json:"active"`
		} `json:"childItems"`
	}
	if err := json.Unmarshal(answer, &data); err != nil {
		return nil, connector.Errorf(connector.ReasonDownstreamContract, "the tenant's answer holds no picklist category: %w", err)
	}
	options := make([]connector.Option, len(data.Items))
	for i, item := range data.Items {
		options[i] = connector.Option{Value: item.GSID, Label: item.Name, Inactive: !item.Active}
	}
	return options, nil
}

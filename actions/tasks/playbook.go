package tasks

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"net/url"
	"slices"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

// playbook is one playbook of a tenant.
type playbook struct {
	actions.ConfigurationItem
	Category string `json:"category,omitempty"`
}

// playbookPayload is what an item may hold; the keys are matched regardless of
// case, so that those of a configuration and of an object's records both fit.
type playbookPayload struct {
	GSID       string `json:"gsid"`
	ID         string `json:"id"`
	Name       string `json:"name"`
	Active     *bool  `json:"active"`
	IsActive   *bool  `json:"isActive"`
	Category   string `json:"picklistCategory"`
	EntityType string `json:"entityType"`
	TypeName   string `json:"typeName"`
}

func (p playbookPayload) playbook(category string) playbook {
	active := cmp.Or(p.Active, p.IsActive)
	return playbook{
		ConfigurationItem: actions.ConfigurationItem{
			GSID: cmp.Or(p.GSID, p.ID), Name: p.Name, Active: active == nil || *active, EntityType: p.EntityType, TypeName: p.TypeName,
		},
		Category: cmp.Or(p.Category, category),
	}
}

// parsePlaybooks reads a list of items, or lists by category (the reply is not
// known, open question 4). What has no id or no name is no use and left out.
func parsePlaybooks(data json.RawMessage) ([]playbook, error) {
	found := []playbook{}
	add := func(category string, list []json.RawMessage) {
		for _, raw := range list {
			var payload playbookPayload
			if json.Unmarshal(raw, &payload) != nil {
				continue
			}
			if p := payload.playbook(category); p.GSID != "" && p.Name != "" {
				found = append(found, p)
			}
		}
	}
	var list []json.RawMessage
	if json.Unmarshal(data, &list) == nil {
		add("", list)
		return found, nil
	}
	var keyed map[string]json.RawMessage
	if err := json.Unmarshal(data, &keyed); err != nil {
		return nil, actions.Misplaced(gainsight.PlaybookConfig, gainsight.KeyRecords,
			"the tenant's playbook configuration is neither a list nor an object by category")
	}
	for _, key := range slices.Sorted(maps.Keys(keyed)) {
		category := key
		if key == "records" { // the way of queries, no category
			category = ""
		}
		list = nil
		if json.Unmarshal(keyed[key], &list) == nil {
			add(category, list)
		}
	}
	return found, nil
}

// fetchPlaybooks asks for the playbooks of an entity type; relationshipType may
// be empty.
func fetchPlaybooks(ctx context.Context, s actions.Session, entityType, relationshipType string) ([]playbook, error) {
	query := url.Values{"et": {entityType}}
	if relationshipType != "" {
		query.Set("etId", relationshipType)
	}
	answer, err := s.Do(ctx, gainsight.Request{Endpoint: gainsight.PlaybookConfig, Query: query, Effect: connector.EffectRead})
	if gainsight.IsEmptyResult(err) {
		return []playbook{}, nil
	}
	if err != nil {
		return nil, err
	}
	found := answer.Find(s.Client().Config().Endpoint(gainsight.PlaybookConfig).Keys[gainsight.KeyRecords])
	if found == nil {
		return []playbook{}, nil
	}
	return parsePlaybooks(found)
}

// PlaybookOptions lists the playbooks by name, for the entity type and the CTA
// type that the selectors "entityType" and "type" name.
func PlaybookOptions(ctx context.Context, t *actions.Tenant, selectors map[string]string) ([]connector.Option, error) {
	entityType, err := actions.EntityTypeOf(selectors)
	if err != nil {
		return nil, err
	}
	playbooks, err := actions.Fact(ctx, t, "playbook.config/"+entityType, func(ctx context.Context, s actions.Session) ([]playbook, error) {
		return fetchPlaybooks(ctx, s, entityType, "")
	})
	if err != nil {
		return nil, err
	}
	options := []connector.Option{}
	for _, p := range playbooks {
		if p.Suits(selectors["type"]) {
			options = append(options, connector.Option{Value: p.GSID, Label: p.Name, Inactive: !p.Active})
		}
	}
	return options, nil
}

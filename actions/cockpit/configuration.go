package cockpit

import (
	"context"
	"errors"
	"maps"
	"net/url"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/actions/tasks"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

// Categories of the configuration (cta.md, Get Call To Action Configuration).
const (
	categoryType     = "CTA_TYPE"
	categoryReason   = "CTA_REASON"
	categoryStatus   = "CTA_STATUS"
	categoryPriority = "CTA_PRIORITY"
)

// categories are ours, by the keys under which an endpoint has the tenant's.
func categories() map[string]string {
	return map[string]string{
		gainsight.KeyStatus: categoryStatus, gainsight.KeyPriority: categoryPriority,
		gainsight.KeyType: categoryType, gainsight.KeyReason: categoryReason,
	}
}

func configurationQuery(e gainsight.Endpoint, entityType string) url.Values {
	return actions.ConfigurationQuery(e, entityType, gainsight.KeyStatus, gainsight.KeyPriority, gainsight.KeyType, gainsight.KeyReason)
}

// fetchConfiguration asks for the configuration of an entity type;
// relationshipType may be empty.
func fetchConfiguration(ctx context.Context, s actions.Session, entityType, relationshipType string) (actions.Configuration, error) {
	endpoint := s.Client().Config().Endpoint(gainsight.CTAConfig)
	query := configurationQuery(endpoint, entityType)
	if relationshipType != "" {
		query.Set("etId", relationshipType)
	}
	answer, err := s.Do(ctx, gainsight.Request{Endpoint: gainsight.CTAConfig, Query: query, Effect: connector.EffectRead})
	c := actions.Configuration{}
	if err == nil {
		if c, err = actions.ParseConfiguration(answer.Data); err == nil {
			c.Rename(endpoint.Keys, categories())
		}
	}
	if len(c[categoryType]) > 0 || err != nil && !unanswered(err) {
		return c, err
	}
	return instead(ctx, s, c, err)
}

// unanswered reports whether an error means that the tenant does not tell its
// configuration, as opposed to one that cannot be asked just now.
func unanswered(err error) bool {
	return !errors.Is(err, gainsight.ErrPlanned) && (errors.Is(err, connector.ReasonNotFound) ||
		errors.Is(err, connector.ReasonPermissionDenied) || errors.Is(err, connector.ReasonInvalidInput) ||
		errors.Is(err, connector.ReasonDownstreamContract))
}

// instead returns what the object da_picklist has of a configuration without
// types (open question 44), or what there was before if it has none either.
func instead(ctx context.Context, s actions.Session, c actions.Configuration, err error) (actions.Configuration, error) {
	found := maps.Clone(c)
	if found == nil {
		found = actions.Configuration{}
	}
	rows := actions.PicklistRows{Endpoint: gainsight.CTAPicklist, Column: "CtaType", Type: categoryType, Categories: categories()}
	if rows.Fill(ctx, s, found) != nil || len(found[categoryType]) == 0 {
		return c, err
	}
	return found, nil
}

// configured are the fields of a CTA that take names.
func configured() actions.Configured {
	return actions.Configured{
		Object: object, Type: "type", Action: gainsight.CTAConfig,
		Fields: []actions.ConfiguredField{
			{Name: "type", Category: categoryType, Stored: "TypeId"},
			{Name: "reason", Category: categoryReason, Stored: "ReasonId", ByType: true},
			{Name: "status", Category: categoryStatus, Stored: "StatusId", ByType: true},
			{Name: "priority", Category: categoryPriority, Stored: "PriorityId"},
		},
		Fetch: func(ctx context.Context, s actions.Session, entityType string) (actions.Configuration, error) {
			return fetchConfiguration(ctx, s, entityType, "")
		},
	}
}

// options lists the values of a new CTA's fields, playbooks among them.
func options() map[string]actions.Choices {
	all := configured().Options()
	all["/records/*/PlaybookId"] = configured().OfType(tasks.PlaybookOptions)
	return all
}

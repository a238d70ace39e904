package cockpit

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/actions"
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

// allTypes is the typeName of items that go with every type (cta.md,
// INFERRED).
const allTypes = "ALL_CTA_TYPE"

// Entity types (cta.md; RELATIONSHIP INFERRED).
const (
	entityCompany      = "COMPANY"
	entityRelationship = "RELATIONSHIP"
)

// item is one entry of the configuration.
type item struct {
	Name       string `json:"name"`
	GSID       string `json:"gsid"`
	Active     bool   `json:"active"`
	EntityType string `json:"entityType,omitempty"`
	TypeName   string `json:"typeName,omitempty"`
}

// suits reports whether the item goes with a CTA type; every item does if none
// is given.
func (i item) suits(ctaType string) bool {
	return ctaType == "" || i.TypeName == "" || i.TypeName == allTypes || strings.EqualFold(i.TypeName, ctaType)
}

// configuration is the types, reasons, statuses and priorities of a tenant, by
// category.
type configuration map[string][]item

// parseConfiguration reads data keyed by category, or a plain list whose items
// name their category (the shape of the reply is inferred, open question 44).
// Items without a name are no use and left out.
func parseConfiguration(data json.RawMessage) (configuration, error) {
	type entry struct {
		item
		Active   *bool  `json:"active"`
		Category string `json:"picklistCategory"`
	}
	c := configuration{categoryType: {}, categoryReason: {}, categoryStatus: {}, categoryPriority: {}}
	add := func(category string, entries []entry) {
		for _, e := range entries {
			if e.Name == "" || category == "" {
				continue
			}
			e.item.Active = e.Active == nil || *e.Active
			c[category] = append(c[category], e.item)
		}
	}
	var keyed map[string][]entry
	if json.Unmarshal(data, &keyed) == nil {
		for category, entries := range keyed {
			add(category, entries)
		}
		return c, nil
	}
	var list []entry
	if err := json.Unmarshal(data, &list); err != nil {
		return nil, connector.Errorf(connector.ReasonDownstreamContract, "the tenant's CTA configuration is neither an object by category nor a list: %w", err)
	}
	for _, e := range list {
		add(e.Category, []entry{e})
	}
	return c, nil
}

// fetchConfiguration asks for the configuration of an entity type;
// relationshipType may be empty.
func fetchConfiguration(ctx context.Context, s actions.Session, entityType, relationshipType string) (configuration, error) {
	query := url.Values{"et": {entityType}}
	if relationshipType != "" {
		query.Set("etId", relationshipType)
	}
	answer, err := s.Do(ctx, gainsight.Request{Endpoint: gainsight.CTAConfig, Query: query, Effect: connector.EffectRead})
	if err != nil {
		return nil, err
	}
	return parseConfiguration(answer.Data)
}

// known is a configuration with a digest that changes with it.
type known struct {
	configuration
	digest string
}

// configurationOf returns the configuration that selectors call for, at most
// five minutes old.
func configurationOf(ctx context.Context, t *actions.Tenant, selectors map[string]string) (known, error) {
	entityType := cmp.Or(selectors[selectEntityType], entityCompany)
	return actions.Fact(ctx, t, "cta.config/"+entityType, func(ctx context.Context, s actions.Session) (known, error) {
		c, err := fetchConfiguration(ctx, s, entityType, "")
		if err != nil {
			return known{}, err
		}
		text, err := json.Marshal(c)
		if err != nil {
			return known{}, connector.Errorf(connector.ReasonInternal, "the configuration cannot be written as JSON: %w", err)
		}
		sum := sha256.Sum256(text)
		return known{c, hex.EncodeToString(sum[:])}, nil
	})
}

// names returns the names of the active items of a category that go with a
// type, in the tenant's order, each once: names repeat across types.
func (c configuration) names(category, ctaType string) []string {
	var names []string
	for _, i := range c[category] {
		if i.Active && i.suits(ctaType) && !slices.Contains(names, i.Name) {
			names = append(names, i.Name)
		}
	}
	return names
}

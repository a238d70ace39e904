package actions

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

// Entity types of what the configuration is for (cta.md and success_plan.md;
// RELATIONSHIP INFERRED).
const (
	EntityCompany      = "COMPANY"
	EntityRelationship = "RELATIONSHIP"
)

// allTypes is the typeName of items that go with every type (cta.md,
// INFERRED).
const allTypes = "ALL_CTA_TYPE"

// Configuration is what a tenant's administrator made up for an object: types,
// statuses and so on, by category.
type Configuration map[string][]ConfigurationItem

// ConfigurationItem is one entry of a configuration.
type ConfigurationItem struct {
	// Name is what records take.
	Name string `json:"name"`
	// GSID is what they store.
	GSID string `json:"gsid"`
	// Active items can be used in new records.
	Active bool `json:"active"`
	// EntityType is the kind of record that it is for. Empty: any.
	EntityType string `json:"entityType,omitempty"`
	// TypeName is the name of the type that it goes with. Empty: any.
	TypeName string `json:"typeName,omitempty"`
}

// Suits reports whether the item goes with a type; every item does if none is
// given.
func (i ConfigurationItem) Suits(typeName string) bool {
	return typeName == "" || i.TypeName == "" || i.TypeName == allTypes || strings.EqualFold(i.TypeName, typeName)
}

// ParseConfiguration reads data keyed by category, or a plain list whose items
// name their category (the shape of the reply is inferred, open question 44).
// Items without a name are no use and left out; categories are there even if
// they are empty.
func ParseConfiguration(data json.RawMessage, categories ...string) (Configuration, error) {
	type entry struct {
		ConfigurationItem
		Active   *bool  `json:"active"`
		Category string `json:"picklistCategory"`
	}
	c := Configuration{}
	for _, category := range categories {
		c[category] = []ConfigurationItem{}
	}
	add := func(category string, entries []entry) {
		for _, e := range entries {
			if e.Name == "" || category == "" {
				continue
			}
			e.ConfigurationItem.Active = e.Active == nil || *e.Active
			c[category] = append(c[category], e.ConfigurationItem)
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
		return nil, connector.Errorf(connector.ReasonDownstreamContract, "the tenant's configuration is neither an object by category nor a list: %w", err)
	}
	for _, e := range list {
		add(e.Category, []entry{e})
	}
	return c, nil
}

// ConfigurationQuery asks an endpoint for the configuration of an entity type,
// with the categories under some of its keys. A query of the connection's own
// that names categories wins.
func ConfigurationQuery(e gainsight.Endpoint, entityType string, keys ...string) url.Values {
	query := url.Values{"et": {entityType}}
	if own, err := url.ParseQuery(e.Query); err == nil && own.Has("category") {
		return query
	}
	var categories []string
	for _, key := range keys {
		categories = append(categories, e.Keys[key]...)
	}
	query.Set("category", strings.Join(categories, ","))
	return query
}

// Rename gives categories the connector's names: those of the tenant are by
// key of [gainsight.Endpoint.Keys], ours by the same key.
func (c Configuration) Rename(tenants map[string][]string, ours map[string]string) {
	for key, category := range ours {
		var items []ConfigurationItem
		for _, name := range tenants[key] {
			items = append(items, c[name]...)
			if name != category {
				delete(c, name)
			}
		}
		c[category] = append([]ConfigurationItem{}, items...)
	}
}

// Names returns the names of the active items of a category that go with a
// type, in the tenant's order, each once: names repeat across types.
func (c Configuration) Names(category, typeName string) []string {
	var names []string
	for _, i := range c[category] {
		if i.Active && i.Suits(typeName) && !slices.Contains(names, i.Name) {
			names = append(names, i.Name)
		}
	}
	return names
}

// Options returns the items of a category that go with a type, as values of a
// field that takes names. Each name is there once, with the id of the first
// item that has it, and inactive only if all of them are.
func (c Configuration) Options(category, typeName string) []connector.Option {
	var options []connector.Option
	at := map[string]int{}
	for _, i := range c[category] {
		if !i.Suits(typeName) {
			continue
		}
		if n, known := at[i.Name]; known {
			options[n].Inactive = options[n].Inactive && !i.Active
			continue
		}
		at[i.Name] = len(options)
		options = append(options, connector.Option{Value: i.Name, Label: i.Name, Inactive: !i.Active, ID: i.GSID})
	}
	return options
}

package cockpit

import (
	"context"
	_ "embed"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/connector"
)

//go:embed cta_config.json
var ctaConfigDocument []byte

// ctaConfig is Get Call To Action Configuration.
func ctaConfig() actions.Action {
	return actions.Action{
		Info: connector.Action{
			ID: "cta.config", Title: "Get Call To Action Configuration", Group: group,
			Summary:          "Returns the tenant's CTA types, reasons, statuses and priorities.",
			DocumentationURL: documentation,
			Effect:           connector.EffectRead, DoctypeLookup: connector.DoctypeNo,
			Evidence: connector.EvidenceDocumented,
		},
		Document: ctaConfigDocument,
		Run: func(ctx context.Context, c *actions.Call) (any, error) {
			in := struct {
				EntityType       string `json:"entityType"`
				RelationshipType string `json:"relationshipTypeId"`
			}{EntityType: actions.EntityCompany}
			if err := c.Bind(&in); err != nil {
				return nil, err
			}
			return fetchConfiguration(ctx, c.Session, in.EntityType, in.RelationshipType)
		},
	}
}

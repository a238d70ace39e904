package tasks

import (
	"context"
	_ "embed"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/connector"
)

//go:embed playbook_config.json
var playbookConfigDocument []byte

// playbookConfig is Get Playbook Configuration API.
func playbookConfig() actions.Action {
	return actions.Action{
		Info: connector.Action{
			ID: "playbook.config", Title: "Get Playbook Configuration API", Group: group,
			Summary:          "Returns the tenant's playbooks, which can be applied to a Call to Action when it is created.",
			DocumentationURL: documentation,
			Effect:           connector.EffectRead, DoctypeLookup: connector.DoctypeNo,
			Evidence: connector.EvidenceInferred,
		},
		Document: playbookConfigDocument,
		Run: func(ctx context.Context, c *actions.Call) (any, error) {
			in := struct {
				EntityType       string `json:"entityType"`
				RelationshipType string `json:"relationshipTypeId"`
			}{EntityType: actions.EntityCompany}
			if err := c.Bind(&in); err != nil {
				return nil, err
			}
			playbooks, err := fetchPlaybooks(ctx, c.Session, in.EntityType, in.RelationshipType)
			return map[string]any{"playbooks": playbooks}, err
		},
	}
}

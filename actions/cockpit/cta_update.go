package cockpit

import (
	_ "embed"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/doctype"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

//go:embed cta_update.json
var ctaUpdateDocument []byte

// ctaUpdate is Update Call To Action. A CTA cannot be moved into a success
// plan later (cta.md, LIVE), so the field for it is left out.
func ctaUpdate() actions.Action {
	return actions.Action{
		Info: connector.Action{
			ID: "cta.update", Title: "Update Call To Action", Group: group,
			Summary:          "Changes Calls to Action; only the fields that you give are touched.",
			DocumentationURL: documentation,
			Effect:           connector.EffectIdempotentWrite, DoctypeLookup: connector.DoctypeYes,
			Evidence: connector.EvidenceDocumented,
		},
		Document: ctaUpdateDocument,
		Doctype:  configured().Doctype(doctype.Update, "CtaGroupId"),
		Options:  configured().Options(),
		Write: &actions.Write{
			Endpoint: gainsight.CTAUpdate, Body: actions.Requests, Outcomes: actions.KeyedOutcomes,
			Identity: []string{"Gsid", "referenceId"},
			Resolvers: []actions.Resolver{
				{Field: "OwnerId", Key: "OwnerEmail", Object: "gsuser", Match: "Email"},
			},
		},
	}
}

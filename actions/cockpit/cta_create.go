package cockpit

import (
	_ "embed"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/doctype"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

//go:embed cta_create.json
var ctaCreateDocument []byte

// ctaCreate is Create Call To Action. There is no idempotency key: a repeated
// call makes a second CTA (common.md, section 14).
func ctaCreate() actions.Action {
	return actions.Action{
		Info: connector.Action{
			ID: "cta.create", Title: "Create Call To Action", Group: group,
			Summary:          "Creates Calls to Action for companies or relationships.",
			DocumentationURL: documentation,
			Effect:           connector.EffectUnsafeWrite, DoctypeLookup: connector.DoctypeYes,
			Evidence: connector.EvidenceDocumented,
		},
		Document: ctaCreateDocument,
		Doctype:  configured().Doctype(doctype.Create),
		Options:  options(),
		Write: &actions.Write{
			Endpoint: gainsight.CTACreate, Body: actions.Requests, Outcomes: actions.KeyedOutcomes,
			Resolvers: []actions.Resolver{
				{Field: "CompanyId", Key: "CompanyName", Object: "company", Match: "Name", Required: true},
				{Field: "OwnerId", Key: "OwnerEmail", Object: "gsuser", Match: "Email", Required: true},
			},
		},
	}
}

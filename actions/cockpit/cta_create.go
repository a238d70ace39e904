package cockpit

import (
	_ "embed"
	"fmt"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/doctype"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

//go:embed cta_create.json
var ctaCreateDocument []byte

// relationship is the field of the relationship that a CTA is for.
const relationship = "RelationshipId"

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
			Check: checkRelationship,
		},
	}
}

// checkRelationship wants the relationship of every CTA of one, or a lookup that
// finds it (cta.md, LIVE, MCP; the key INFERRED). Whether the API wants the type of
// the relationship too, as that tool does, is for the tenant to say.
func checkRelationship(input map[string]any) []connector.Violation {
	records, _ := input["records"].([]any)
	lookups, _ := input["lookups"].(map[string]any)
	var violations []connector.Violation
	for i, v := range records {
		r, _ := v.(map[string]any)
		if r["EntityType"] == actions.EntityRelationship && r[relationship] == nil && lookups[relationship] == nil {
			violations = append(violations, connector.Violation{
				Pointer: fmt.Sprintf("/records/%d/%s", i, relationship), Message: "is required of a CTA whose EntityType is RELATIONSHIP",
			})
		}
	}
	return violations
}

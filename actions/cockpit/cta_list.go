package cockpit

import (
	_ "embed"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

//go:embed cta_list.json
var ctaListDocument []byte

// ctaList is Fetch Call To Action: dialect 2, no order, no total.
func ctaList() actions.Action {
	return actions.Action{
		Info: connector.Action{
			ID: "cta.list", Title: "Fetch Call To Action", Group: group,
			Summary:          "Lists Calls to Action that match a filter.",
			DocumentationURL: documentation,
			Effect:           connector.EffectRead, DoctypeLookup: connector.DoctypeNo,
			Evidence: connector.EvidenceDocumented, Limits: connector.ActionLimits{
				PageSize: 1000,
			},
		},
		Document: ctaListDocument,
		Options:  actions.QueryOptions(actions.FieldsOf(object)),
		List: &actions.List{
			Endpoint: gainsight.CTAList, Dialect: gainsight.DialectCockpit,
			Pass: []string{"linkedObject"}, Object: object,
		},
	}
}

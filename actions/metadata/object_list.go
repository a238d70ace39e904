package metadata

import (
	"context"
	_ "embed"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

//go:embed object_list.json
var objectListDocument []byte

// objectList is Get Lite API Call OMD. The catalog lists it with doctype
// lookup: its result fills the object fields of the other actions.
func objectList() actions.Action {
	return actions.Action{
		Info: connector.Action{
			ID: "object.list", Title: "Get Lite API Call OMD", Group: group,
			Summary:          "Lists all objects of the tenant with their label, kind and key prefix.",
			DocumentationURL: documentation + "#Get_Lite_API_Call_OMD",
			Effect:           connector.EffectRead, DoctypeLookup: connector.DoctypeYes,
			Evidence: connector.EvidenceDocumented,
		},
		Document: objectListDocument,
		Run: func(ctx context.Context, c *actions.Call) (any, error) {
			answer, err := c.Do(ctx, gainsight.Request{Endpoint: gainsight.ObjectList, Effect: connector.EffectRead})
			if err != nil {
				return nil, err
			}
			objects, err := list(answer.Data)
			return records{Records: objects}, err
		},
	}
}

package metadata

import (
	"context"
	_ "embed"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

//go:embed object_list_filtered.json
var objectListFilteredDocument []byte

// objectListFiltered is Post Lite API Call OMD. The key by which the vendor
// filters is not known (open question 41), so the connector filters.
func objectListFiltered() actions.Action {
	return actions.Action{
		Info: connector.Action{
			ID: "object.list_filtered", Title: "Post Lite API Call OMD", Group: group,
			Summary:          "Returns the objects that you name, with their label, kind and key prefix.",
			DocumentationURL: documentation,
			Effect:           connector.EffectRead, DoctypeLookup: connector.DoctypeNo,
			Evidence: connector.EvidenceObserved,
		},
		Document: objectListFilteredDocument,
		Options:  map[string]actions.Choices{"/objectNames/*": actions.ObjectOptions},
		Run: func(ctx context.Context, c *actions.Call) (any, error) {
			var in struct {
				Names []string `json:"objectNames"`
			}
			if err := c.Bind(&in); err != nil {
				return nil, err
			}
			endpoint := c.Tenant.Client().Config().Endpoint(gainsight.ObjectListFiltered)
			body := flags(endpoint)
			if key := endpoint.FieldNames[gainsight.NameObjectNames]; key != "" {
				body[key] = in.Names
			}
			answer, err := c.Do(ctx, gainsight.Request{Endpoint: gainsight.ObjectListFiltered, Effect: connector.EffectRead, Body: body})
			if err != nil {
				return nil, err
			}
			objects, err := list(answer.Data)
			if err != nil {
				return nil, err
			}
			return pick(ctx, c.Tenant, objects, in.Names), nil
		},
	}
}

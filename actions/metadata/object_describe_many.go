package metadata

import (
	"context"
	_ "embed"
	"encoding/json"
	"slices"
	"strconv"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

//go:embed object_describe_many.json
var objectDescribeManyDocument []byte

// objectDescribeMany is Post Describe OMD.
func objectDescribeMany() actions.Action {
	return actions.Action{
		Info: connector.Action{
			ID: "object.describe_many", Title: "Post Describe OMD", Group: group,
			Summary:          "Returns the objects that you name, with all fields.",
			DocumentationURL: documentation,
			Effect:           connector.EffectRead, DoctypeLookup: connector.DoctypeNo,
			Evidence: connector.EvidenceDocumented, Limits: connector.ActionLimits{
				RecordsPerRequest: 25,
			},
		},
		Document: objectDescribeManyDocument,
		Options:  map[string]actions.Choices{"/objectNames/*": actions.ObjectOptions},
		Run: func(ctx context.Context, c *actions.Call) (any, error) {
			var in describeMany
			if err := c.Bind(&in); err != nil {
				return nil, err
			}
			size := c.Tenant.Client().Config().Endpoint(gainsight.ObjectDescribeMany).RecordsPerRequest
			var all []json.RawMessage
			for names := range slices.Chunk(in.Names, size) {
				objects, err := in.describe(ctx, c, names)
				if err != nil {
					return nil, err
				}
				all = append(all, objects...)
			}
			return pick(ctx, c.Tenant, all, in.Names), nil
		},
	}
}

type describeMany struct {
	Names    []string `json:"objectNames"`
	Picklist *bool    `json:"populatePicklistOptions"`
}

// describe asks for some objects in one request. One unknown name fails the
// whole request, so the names of a refused one are asked for one by one
// (data_management.md, INFERRED); an unknown single name is no object.
func (in describeMany) describe(ctx context.Context, c *actions.Call, names []string) ([]json.RawMessage, error) {
	answer, err := c.Do(ctx, gainsight.Request{
		Endpoint: gainsight.ObjectDescribeMany, Body: in.body(c.Tenant.Client().Config(), names), Effect: connector.EffectRead,
	})
	if gainsight.IsObjectNotFound(err) {
		var all []json.RawMessage
		for i := 0; len(names) > 1 && i < len(names); i++ {
			one, err := in.describe(ctx, c, names[i:i+1])
			if err != nil {
				return nil, err
			}
			all = append(all, one...)
		}
		return all, nil
	}
	if err != nil {
		return nil, err
	}
	return list(answer.Data)
}

// body names the objects, with the flags of the endpoint (data_management.md,
// DOC2 sample).
func (in describeMany) body(config gainsight.Config, names []string) map[string]any {
	body := flags(config.Endpoint(gainsight.ObjectDescribeMany))
	body["objectNames"] = names
	if in.Picklist != nil {
		body["populatePickListOptions"] = flag(config.Endpoint(gainsight.ObjectDescribeMany), strconv.FormatBool(*in.Picklist))
	}
	return body
}

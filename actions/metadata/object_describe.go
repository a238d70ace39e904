package metadata

import (
	"context"
	_ "embed"
	"net/url"
	"strconv"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

//go:embed object_describe.json
var objectDescribeDocument []byte

// objectDescribe is Get Describe OMD.
func objectDescribe() actions.Action {
	return actions.Action{
		Info: connector.Action{
			ID: "object.describe", Title: "Get Describe OMD", Group: group,
			Summary:          "Returns one object, and its related objects if asked for, with all fields.",
			DocumentationURL: documentation,
			Effect:           connector.EffectRead, DoctypeLookup: connector.DoctypeNo,
			Evidence: connector.EvidenceObserved,
		},
		Document: objectDescribeDocument,
		Options:  map[string]actions.Choices{"/objectName": actions.ObjectOptions},
		Run: func(ctx context.Context, c *actions.Call) (any, error) {
			var in struct {
				Name   string        `json:"objectName"`
				Levels actions.Whole `json:"childLevels"`
			}
			if err := c.Bind(&in); err != nil {
				return nil, err
			}
			answer, err := c.Do(ctx, gainsight.Request{
				Endpoint: gainsight.ObjectDescribe, Path: map[string]string{"objectName": in.Name},
				Query: children(int(in.Levels)), Effect: connector.EffectRead,
			})
			if err != nil {
				return nil, c.Tenant.ExplainObject(ctx, err, in.Name)
			}
			objects, err := list(answer.Data)
			return records{Records: objects}, err
		},
	}
}

// children asks for related objects down to a depth: flags ic and cl
// (data_management.md, LIVE).
func children(levels int) url.Values {
	if levels == 0 {
		return nil
	}
	return url.Values{"ic": {"true"}, "cl": {strconv.Itoa(levels)}}
}

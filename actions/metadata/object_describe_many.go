package metadata

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"maps"
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
			endpoint := c.Tenant.Client().Config().Endpoint(gainsight.ObjectDescribeMany)
			m := manyDescribed{call: c, flags: in.flags(endpoint)}
			for names := range slices.Chunk(in.Names, endpoint.RecordsPerRequest) {
				if err := m.add(ctx, names); err != nil {
					return nil, err
				}
			}
			told := slices.DeleteFunc(slices.Clone(in.Names), func(name string) bool { return slices.Contains(m.failed, name) })
			return pick(ctx, c.Tenant, m.objects, told), nil
		},
	}
}

type describeMany struct {
	Names    []string `json:"objectNames"`
	Picklist *bool    `json:"populatePicklistOptions"`
}

// manyDescribed collects objects over several requests.
type manyDescribed struct {
	call    *actions.Call
	flags   map[string]any // of every request
	objects []json.RawMessage
	failed  []string
}

// patience is how many objects may fail before the first that does not: then
// it is the tenant that fails.
const patience = 2

// add asks for some objects in one request. One unknown name fails the whole
// request, and so may an object that the tenant cannot describe
// (data_management.md, INFERRED and LIVE), so the names of a refused one are
// asked for one by one. An unknown single name is no object; one that fails is
// told of in a remark.
func (m *manyDescribed) add(ctx context.Context, names []string) error {
	body := maps.Clone(m.flags)
	body["objectNames"] = names
	answer, err := m.call.Do(ctx, gainsight.Request{
		Endpoint: gainsight.ObjectDescribeMany, Body: body, Effect: connector.EffectRead,
	})
	unknown, broken := gainsight.IsObjectNotFound(err), errors.Is(err, connector.ReasonDownstreamUnavailable)
	switch {
	case (unknown || broken) && len(names) > 1:
		for i := range names {
			if err := m.add(ctx, names[i:i+1]); err != nil {
				return err
			}
		}
		return nil
	case unknown:
		return nil
	case broken:
		if m.failed = append(m.failed, names[0]); len(m.failed) >= patience && len(m.objects) == 0 {
			return err
		}
		m.call.Remark(connector.SeverityWarning, "/objectNames", "object "+names[0]+" is left out: "+err.Error())
		return nil
	case err != nil:
		return err
	}
	objects, err := list(answer.Data)
	m.objects = append(m.objects, objects...)
	return err
}

// flags are those of the endpoint (data_management.md, DOC2 sample) and of the
// input.
func (in describeMany) flags(endpoint gainsight.Endpoint) map[string]any {
	all := flags(endpoint)
	if in.Picklist != nil {
		all["populatePickListOptions"] = flag(endpoint, strconv.FormatBool(*in.Picklist))
	}
	return all
}

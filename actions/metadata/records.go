package metadata

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/connector"
)

// records is the output of an action that returns objects; there are no pages.
type records struct {
	Records    []json.RawMessage `json:"records"`
	NextCursor *string           `json:"nextCursor"`
}

// found is the output of an action that is asked for objects by name.
type found struct {
	Records  []json.RawMessage `json:"records"`
	NotFound []missing         `json:"notFound"`
}

// missing is a name that the tenant does not know.
type missing struct {
	Name    string   `json:"objectName"`
	Nearest []string `json:"nearest"`
}

// list reads the data of an answer, which is a list of objects.
func list(data json.RawMessage) ([]json.RawMessage, error) {
	objects := []json.RawMessage{}
	if err := json.Unmarshal(data, &objects); err != nil {
		return nil, connector.Errorf(connector.ReasonDownstreamContract, "the tenant's answer holds no list of objects: %w", err)
	}
	return objects, nil
}

// nameOf returns the API name of an object in an answer.
func nameOf(object json.RawMessage) string {
	var o struct {
		Name string `json:"objectName"`
	}
	_ = json.Unmarshal(object, &o) // an object without a name has none that anybody asks for
	return o.Name
}

// pick returns the objects of a list that were asked for, in the order of the
// names, and the names that are not in it. Case does not matter (common.md,
// 7.4).
func pick(ctx context.Context, t *actions.Tenant, objects []json.RawMessage, names []string) found {
	byName := make(map[string]json.RawMessage, len(objects))
	for _, o := range objects {
		byName[strings.ToLower(nameOf(o))] = o
	}
	out := found{Records: []json.RawMessage{}, NotFound: []missing{}}
	for _, name := range names {
		if o, ok := byName[strings.ToLower(name)]; ok {
			out.Records = append(out.Records, o)
			continue
		}
		near := t.NearestObjects(ctx, name)
		if near == nil {
			near = []string{}
		}
		out.NotFound = append(out.NotFound, missing{Name: name, Nearest: near})
	}
	return out
}

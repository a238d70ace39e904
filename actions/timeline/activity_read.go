package timeline

import (
	_ "embed"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

//go:embed activity_read.json
var activityReadDocument []byte

// activityRead is Read Activity: dialect 1.
func activityRead() actions.Action {
	return actions.Action{
		Info: connector.Action{
			ID: "activity.read", Title: "Read Activity", Group: group,
			Summary:          "Lists activities that match a filter, in any order.",
			DocumentationURL: documentation,
			Effect:           connector.EffectRead, DoctypeLookup: connector.DoctypeNo,
			Evidence: connector.EvidenceDocumented, Limits: connector.ActionLimits{
				PageSize: 5000,
			},
		},
		Document: activityReadDocument,
		Options:  actions.QueryOptions(actions.FieldsOf(object)),
		List: &actions.List{
			Endpoint: gainsight.ActivityRead, Dialect: gainsight.DialectObject, Object: object,
		},
	}
}

// fieldType is the name of an activity's type.
const fieldType = "TypeName"

// options lists the types of activities that the tenant uses.
func options() map[string]actions.Choices {
	used := actions.InUse{Object: object, Endpoint: gainsight.ActivityRead, Fields: []string{fieldType}, Newest: "CreatedDate"}
	return map[string]actions.Choices{"/records/*/" + fieldType: used.Of(fieldType)}
}

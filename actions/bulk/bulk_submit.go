package bulk

import (
	"context"
	_ "embed"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/connector"
)

//go:embed bulk_submit.json
var bulkSubmitDocument []byte

// bulkSubmit is Submit Bulk Job. It changes no record, but it spends one of
// ten jobs an hour, so it is not repeated by itself.
func bulkSubmit() actions.Action {
	return actions.Action{
		Info: connector.Action{
			ID: "bulk.submit", Title: "Submit Bulk Job", Group: group,
			Summary:          "Starts an export job and returns the address at which to ask for its state.",
			DocumentationURL: documentation,
			Effect:           connector.EffectUnsafeWrite, DoctypeLookup: connector.DoctypeNotApplicable,
			Evidence: connector.EvidenceDocumented, Selectors: []string{actions.SelectObject},
		},
		Document: bulkSubmitDocument,
		Options:  exportOptions(),
		Run: func(ctx context.Context, c *actions.Call) (any, error) {
			var in export
			if err := c.Bind(&in); err != nil {
				return nil, err
			}
			url, err := submit(ctx, c, in)
			return map[string]string{"statusUrl": url}, err
		},
	}
}

// exportOptions lists what the input of an export can name.
func exportOptions() map[string]actions.Choices {
	all := actions.QueryOptions(actions.FieldOptions)
	all["/objectName"] = actions.ObjectOptions
	return all
}

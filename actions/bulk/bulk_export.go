package bulk

import (
	"context"
	_ "embed"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

//go:embed bulk_export.json
var bulkExportDocument []byte

// bulkExport is beyond the vendor's list: submit, wait and fetch every chunk,
// as one stream that can be resumed.
func bulkExport() actions.Action {
	return actions.Action{
		Info: connector.Action{
			ID: "bulk.export", Title: "Bulk Export", Group: group,
			Summary: "Exports rows of an object as one stream of CSV or NDJSON: submits the job, waits for it and fetches every chunk. " +
				"What breaks off can go on.",
			DocumentationURL: documentation,
			Effect:           connector.EffectRead, DoctypeLookup: connector.DoctypeNotApplicable,
			Evidence: connector.EvidenceDocumented, Selectors: []string{actions.SelectObject},
		},
		Document: bulkExportDocument,
		Spends:   gainsight.BulkSubmit,
		Options:  exportOptions(),
		Stream: func(ctx context.Context, c *actions.Call, out actions.Sink) (connector.StreamSummary, error) {
			x := &exporter{call: c, out: out}
			if err := c.Bind(&x.in); err != nil {
				return connector.StreamSummary{}, err
			}
			return x.run(ctx)
		},
	}
}
